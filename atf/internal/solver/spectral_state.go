package solver

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// spectralState is a spectral part at Θ. Its majoriser acts on the shorter side
// alone: see the package's documentation.
type spectralState struct {
	*spectral
	beta   []float64
	sigma  []float64      // singular values, in no order
	square []float64      // (ab)²
	u      blas64.General // singular vectors of the shorter side, columns
	value  float64
}

func (s *spectralState) Value() float64 { return s.value }

// onShort is U diag(f(j)) Uᵀ.
func (s *spectralState) onShort(f func(j int) float64) blas64.General {
	m := len(s.sigma)
	scaled, w := linalg.New(m, m), linalg.New(m, m)
	for j := range m {
		c := f(j)
		for i := range m {
			scaled.Data[i*m+j] = s.u.Data[i*s.u.Stride+j] * c
		}
	}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, scaled, s.u, 0, w)
	return w
}

// Gradient is 2 U diag(1/(ab)²) Uᵀ Θ, by ω̃'(σ) = 2σ/(ab)².
func (s *spectralState) Gradient(grad []float64) {
	g := s.onShort(func(j int) float64 { return 2 / s.square[j] })
	if s.left {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, g, s.matrix(s.beta), 0, s.matrix(grad))
	} else {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, s.matrix(s.beta), g, 0, s.matrix(grad))
	}
}

func (s *spectralState) Weights() []feature.Weight {
	own := feature.Matrix(s.onShort(func(j int) float64 { return s.square[j] }))
	w := feature.Sides{Left: feature.Unchanged{}, Right: feature.Unchanged{}}
	if s.left {
		w.Left = own
	} else {
		w.Right = own
	}
	return []feature.Weight{w}
}

// Curvature gives W with entries s_i² + s_j² − s_0² in the basis of singular
// vectors: see the package's documentation.
func (s *spectralState) Curvature() []feature.Weight {
	own := s.onShort(func(j int) float64 { return s.square[j] })
	zero := 1 + s.pen.Excess(s.eps)
	base, top := zero*zero, largest(s.sigma)
	m := s.onShort(func(j int) float64 {
		v := math.Max(s.sigma[j], 1e-9*top)
		if v == 0 {
			return 0
		}
		return math.Max(s.square[j]-base, 0) / (v * v)
	})
	return []feature.Weight{feature.Corrected{Own: own, M: m, Beta: s.matrix(s.beta), OnLeft: s.left}}
}

// PaperWeights gives W = B² ⊗ A². With smoothing (a, b) are those of √(σ²+ε²),
// also where σ = 0.
func (s *spectralState) PaperWeights() ([]feature.Weight, error) {
	u, sigma, v, err := thinSVD(s.matrix(s.beta))
	if err != nil {
		return nil, err
	}
	a, b := make([]float64, len(sigma)), make([]float64, len(sigma))
	for j, x := range sigma {
		a[j], b[j] = s.pen.Split(math.Hypot(x, s.eps))
	}
	a0, b0 := s.pen.Split(s.eps) // off the singular vectors
	return []feature.Weight{feature.Sides{Left: newSide(u, a, 1+a0).Squared(), Right: newSide(v, b, 1+b0).Squared()}}, nil
}

// Offset allows, where singular values count as 0 under a kinked penalty, every
// z of spectral norm up to ω̃'(0) on what touches none of the other vectors
// (G. Watson, Characterization of the subdifferential of some matrix norms,
// Linear Algebra Appl. 170, 1992).
func (s *spectralState) Offset(z []float64, zero float64) (float64, error) {
	if !s.Kinked() {
		return offset(s, z), nil
	}
	u, sigma, v, err := thinSVD(s.matrix(s.beta))
	if err != nil {
		return 0, err
	}
	k := 0
	for k < len(sigma) && sigma[k] > zero {
		k++
	}
	rest := linalg.New(s.out, s.in)
	copy(rest.Data, z)
	if k > 0 {
		u, v = linalg.Cols(u, 0, k), linalg.Cols(v, 0, k)
		a, b := linalg.New(k, s.in), linalg.New(s.out, k)
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, u, rest, 0, a)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, -1, u, a, 1, rest)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, rest, v, 0, b)
		blas64.Gemm(blas.NoTrans, blas.Trans, -1, b, v, 1, rest)
	}
	t := 0.0
	_, off, _, err := thinSVD(rest)
	if err != nil {
		return 0, err
	}
	for _, x := range off {
		beyond := math.Max(0, x-s.pen.EffectiveSlope(0))
		t += beyond * beyond
	}
	// The other part against Σ_j ω̃'(σ_j) u_j v_jᵀ.
	for i, x := range z {
		x -= rest.Data[i]
		for j := range k {
			x -= s.pen.EffectiveSlope(sigma[j]) * u.Data[i/s.in*u.Stride+j] * v.Data[i%s.in*v.Stride+j]
		}
		t += x * x
	}
	return t, nil
}
