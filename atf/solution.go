package atf

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// Certificates say how good a solution is, in numbers that can be checked
// without trusting the method.
type Certificates struct {
	// Objective is Ω̃(β) plus the loss, before the first and after every step
	// of the descent that won. It never rises. With smoothed penalties it is
	// that of the last smoothing, and at its end the objective itself.
	Objective []float64
	// Interpolation is ‖Gβ − ŷ‖ / ‖ŷ‖; with a loss it is the relative misfit
	// that the loss chose (for classification, against targets y − f₀).
	Interpolation float64
	// Stationarity is min_α ‖∇Ω̃(β) − Σ_i α_i G_i‖ / ‖∇Ω̃(β)‖, the relative
	// distance from the condition for a minimum. With a loss α = −∂L/∂g. For
	// penalties with their minimum at 0 it is the distance from the
	// subdifferential, where values below 1e-6 of ‖β‖ count as 0.
	Stationarity float64
	// Gap is the relative duality gap, (objective − dual value)/objective: no
	// solution can be better by more. NaN where the problem is not known to be
	// convex.
	Gap float64
	// Iterations counts the steps of all starts together.
	Iterations int
	// Starts are the objectives at the ends of the start M = I (or the warm
	// one) and of every other start, as Solve and Restarts say.
	Starts []float64
	// Elapsed is the wall time of Solve.
	Elapsed time.Duration
	// Stopped says why the winning descent ended.
	Stopped string
}

// Final is the last objective.
func (c Certificates) Final() float64 {
	if len(c.Objective) == 0 {
		return math.NaN()
	}
	return c.Objective[len(c.Objective)-1]
}

// Spread says in words what the starts tell of a problem that is not known to be
// convex: "not convex: best of 13 starts, spread 2.1 %", where the spread is
// that of their objectives, (largest − smallest)/smallest. It says "convex" for
// the others.
func (c Certificates) Spread() string {
	switch {
	case !math.IsNaN(c.Gap):
		return "convex"
	case len(c.Starts) < 2:
		return "not convex: one start"
	}
	least, most := slices.Min(c.Starts), slices.Max(c.Starts)
	if least == 0 {
		return fmt.Sprintf("not convex: best of %d starts, the worst %.3g", len(c.Starts), most)
	}
	words, percent := fmt.Sprintf("not convex: best of %d starts, spread ", len(c.Starts)), 100*(most-least)/math.Abs(least)
	if percent < 0.01 {
		return words + "below 0.01 %"
	}
	return words + fmt.Sprintf("%.2g %%", percent)
}

// Part is one independent part of the transformation M and what it does to its
// coefficients.
type Part struct {
	Layer     int    // the layer it belongs to, −1 for all parameters together
	Structure string // the structure with its penalties
	// Omega is Ω(M) of this part, the price of its transformation as eq. (4)
	// counts it: Σ_j ω_A(σ_j(A)) + ω_B(σ_j(B)) of a matrix, Σ_g ω(s_g) of groups,
	// 0 where M = I.
	Omega float64
	// Effective is Ω̃(β) of this part, the least of ‖θ‖² + Ω(M) over all M and θ
	// with Mθ = β, eq. (5): at a solution ‖θ‖² + Omega. The parts' sum is the
	// objective without the loss.
	Effective float64
	// Of a matrix (Theorem 2): Θ' = A Θ Bᵀ, its singular values in falling
	// order, and A = I + U diag(a−1) Uᵀ, B = I + V diag(b−1) Vᵀ. With
	// homogeneous biases Θ' has the bias as its last column.
	Beta           *mat.Dense
	SingularValues []float64
	A, B           LowRank
	// Of groups (Theorem 1, diagonal, blocks): ‖β_g‖ and s_g = η(‖β_g‖), with
	// M_g = I + (s_g − 1) β_gβ_gᵀ/‖β_g‖², without the I for a penalty with its
	// minimum at 0: M_g = s_g β_gβ_gᵀ/‖β_g‖².
	Norms, Scales []float64
}

// Directions is the number of leading singular values that hold at least the
// given share, between 0 and 1, of the sum of their squares ‖β‖²: how far the
// part is from low rank. It is 0 for a part of groups, which has none.
func (p *Part) Directions(share float64) int {
	total, sum := 0.0, 0.0
	for _, v := range p.SingularValues {
		total += v * v
	}
	for j, v := range p.SingularValues {
		if sum += v * v; sum >= share*total {
			return j + 1
		}
	}
	return len(p.SingularValues)
}

// Solution is a solved problem: the coefficients, the transformation in
// factored form, predictions, the adapted kernel and certificates.
type Solution struct {
	// Beta is β = Mθ, in the layout of the network's parameters or of the
	// feature columns, zero where frozen. For a problem from a Gram matrix, which
	// has no coordinates, it is nil.
	Beta []float64
	// Theta is θ of eq. (4), with Mθ = β.
	Theta []float64
	// Multiplier is α (nC): ∇Ω̃(β) = Σ_i α_i G_i at a solution.
	Multiplier []float64
	// Fit is the fitted change of the outputs g = Gβ at the inputs, n × C.
	Fit *mat.Dense
	// Parts are the independent parts of M, in the order of the layers.
	Parts []Part
	Certificates

	problem *Problem
	coef    []float64 // β in the solver's own order
	inputs  *features // at the problem's own inputs
}

// Fingerprint names the solution by the problem it solves.
func (s *Solution) Fingerprint() string {
	return fingerprint.New("atf.Solution/1").String(s.problem.Fingerprint()).Sum()
}

// String says in one line how well the problem was solved. The time it took,
// which no two runs share, stands apart in Elapsed.
func (s *Solution) String() string {
	text := fmt.Sprintf("objective %.6g, interpolation residual %.1e, stationarity %.1e", s.Final(), s.Interpolation, s.Stationarity)
	if !math.IsNaN(s.Gap) {
		text += fmt.Sprintf(", duality gap %.1e", s.Gap)
	} else {
		text += ", " + s.Spread()
	}
	return text + fmt.Sprintf(", %d iterations (%s)", s.Iterations, s.Stopped)
}
