package solver

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// fixed leaves its coefficients untransformed: Ω̃(β) = ‖β‖².
type fixed struct{ blocks int }

// Fixed is M = I on the given number of blocks.
func Fixed(blocks int) Part { return fixed{blocks} }

type fixedState struct {
	fixed
	beta []float64
}

func (p fixed) At(beta []float64) (State, error) { return fixedState{p, beta}, nil }
func (p fixed) Untransformed() State             { return fixedState{fixed: p} }
func (p fixed) Smoothed(float64) Part            { return p }
func (p fixed) Scaled(float64) Part              { return p }
func (p fixed) Sharpened() (Part, bool)          { return p, false }
func (p fixed) Fixed() bool                      { return true }
func (p fixed) Kinked() bool                     { return false }
func (p fixed) Convex() bool                     { return true }
func (p fixed) Radial() (penalty.Penalty, bool)  { return nil, false }

func (p fixed) Largest(beta []float64) (float64, error) { return norm(beta), nil }
func (p fixed) Exact(beta []float64) (float64, error)   { return inner(beta, beta), nil }

// Conjugate is ‖τz‖²/4.
func (p fixed) Conjugate(z []float64) (Conjugate, error) {
	square := inner(z, z)
	return func(tau float64) (float64, bool) { return tau * tau * square / 4, true }, nil
}

func (p fixed) Describe(beta []float64) (Description, error) {
	return Description{Effective: inner(beta, beta), Theta: clone(beta)}, nil
}

func (p fixed) AddKernel(k blas64.General, _ Description, _ []float64, a, b []feature.Block, symmetric bool, s *feature.Scratch) {
	for i := range a {
		addKernel(k, feature.Scalar(1), a[i], b[i], symmetric, s)
	}
}

// addKernel adds G_a W G_bᵀ to k.
func addKernel(k blas64.General, w feature.Weight, a, b feature.Block, symmetric bool, s *feature.Scratch) {
	if symmetric {
		a.Gram(w, k, s)
	} else {
		a.Cross(b, w, k, s)
	}
}

func (s fixedState) Value() float64 {
	v := 0.0
	for _, b := range s.beta {
		v += b * b
	}
	return v
}

func (s fixedState) Gradient(grad []float64) {
	for i, b := range s.beta {
		grad[i] = 2 * b
	}
}

func (s fixedState) Weights() []feature.Weight {
	w := make([]feature.Weight, s.blocks)
	for i := range w {
		w[i] = feature.Scalar(1)
	}
	return w
}

func (s fixedState) Curvature() []feature.Weight             { return s.Weights() }
func (s fixedState) PaperWeights() ([]feature.Weight, error) { return s.Weights(), nil }

func (s fixedState) Offset(z []float64, _ float64) (float64, error) { return offset(s, z), nil }
