package solver

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A Part is one independent part of the transformation M with its effective
// penalty Ω̃ on the coefficients of consecutive blocks. Parts do not change: what
// sounds like a change gives another part. A Part serves one goroutine at a time.
type Part interface {
	// At evaluates the part at β, which the state keeps and nobody may change.
	// It is an error where Ω̃(β) is not finite.
	At(beta []float64) (State, error)
	// Untransformed is the state whose weights are those of M = I.
	Untransformed() State

	// Smoothed has √(v²+ε²) in place of every v in ω̃(v).
	Smoothed(eps float64) Part
	// Scaled has the penalty times c.
	Scaled(c float64) Part
	// Sharpened has singular values from decompositions of the matrix itself
	// only, and says whether it had others. It costs time, and lowers the noise of
	// the objective.
	Sharpened() (Part, bool)

	// Fixed says that M = I here for good.
	Fixed() bool
	// Kinked says that ω has its minimum at 0, so that ω̃ has a kink there.
	Kinked() bool
	// Convex says that Ω̃ is known to be convex.
	Convex() bool
	// Radial gives ω̃ where Ω̃(β) = ω̃(‖β‖): Theorem 1.
	Radial() (penalty.Penalty, bool)

	// Largest is the largest v that ω̃ is applied to at β.
	Largest(beta []float64) (float64, error)
	// Exact is Ω̃(β) without smoothing.
	Exact(beta []float64) (float64, error)
	// Conjugate is Ω̃* along the ray of z ≥ 0 multiples of z.
	Conjugate(z []float64) (Conjugate, error)

	// Describe gives what the part does at β, without smoothing.
	Describe(beta []float64) (Description, error)
	// AddKernel adds ∇f(x)ᵀM Mᵀ∇f(x'), eq. (7), to k for the blocks a at x and b
	// at x' and the M of Describe(beta). Where a and b are the same, symmetric
	// says that only the upper triangle of k is wanted.
	AddKernel(k blas64.General, d Description, beta []float64, a, b []feature.Block, symmetric bool, s *feature.Scratch)
}

// A State is a part at one β.
type State interface {
	// Value is Ω̃(β).
	Value() float64
	// Gradient writes ∇Ω̃(β).
	Gradient(grad []float64)
	// Weights gives one weight W for each block, such that βᵀW⁻¹β + const lies
	// above Ω̃ and touches it at β: the half-quadratic form of eq. (12).
	Weights() []feature.Weight
	// Curvature gives weights near twice the inverse Hessian of Ω̃ at β.
	Curvature() []feature.Weight
	// PaperWeights gives the weights M Mᵀ of the paper's own alternation, for
	// which βᵀW⁻¹β lies above Ω̃ too.
	PaperWeights() ([]feature.Weight, error)
	// Offset is the squared distance of z from the subdifferential of Ω̃ at β,
	// where values up to zero count as 0.
	Offset(z []float64, zero float64) (float64, error)
}

// A Conjugate gives Ω̃*(τz) and whether it is finite.
type Conjugate func(tau float64) (value float64, finite bool)

// A Description is a part of M at a solution.
type Description struct {
	Omega     float64 // Ω(M)
	Effective float64 // Ω̃(β)
	// Theta is θ of eq. (4), with Mθ = β.
	Theta []float64
	// Matrix says that M = B ⊗ A with A and B the identity plus low rank, and the
	// singular values of β in falling order.
	Matrix         bool
	SingularValues []float64
	A, B           Side
	// Norms and Scales are ‖β_g‖ and s_g = η(‖β_g‖) of groups.
	Norms, Scales []float64
}

// offset is the squared distance of z from the gradient of the state.
func offset(s State, z []float64) float64 {
	grad := make([]float64, len(z))
	s.Gradient(grad)
	t := 0.0
	for i, v := range z {
		t += (v - grad[i]) * (v - grad[i])
	}
	return t
}
