package solver

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// spectral is the Kronecker structure of Theorem 2 on one out × in matrix Θ:
// Ω̃(Θ) = Σ_j ω̃(σ_j(Θ)) with ω = ω_A ⊕ ω_B.
type spectral struct {
	pen     penalty.Pair
	out, in int
	left    bool // the shorter side is out
	sharp   bool // singular values by a decomposition of Θ, not from ΘΘᵀ
	eps     float64
	work    *[]float64 // LAPACK's, shared by all that came from one part
}

// sharpBelow is the size up to which singular values come from a singular value
// decomposition rather than from the eigenvalues of ΘΘᵀ, whose small ones are
// only good to 1e-8 of the largest.
const sharpBelow = 24

// Spectral is M = B ⊗ A on one block of out × in coefficients with a penalty for
// each side.
func Spectral(omegaA, omegaB penalty.Penalty, out, in int) Part {
	return newSpectral(penalty.InfConv(omegaA, omegaB), out, in)
}

func newSpectral(pen penalty.Pair, out, in int) *spectral {
	return &spectral{
		pen: pen, out: out, in: in, left: out <= in, work: new([]float64),
		sharp: min(out, in) <= sharpBelow || pen.Minimum() == 0,
	}
}

func (p *spectral) matrix(beta []float64) blas64.General {
	return blas64.General{Rows: p.out, Cols: p.in, Stride: p.in, Data: beta}
}

// decompose gives the singular values in no order, and the singular vectors of
// the shorter side as columns.
func (p *spectral) decompose(beta []float64) (sigma []float64, vectors blas64.General, err error) {
	b, m := p.matrix(beta), min(p.out, p.in)
	if p.sharp {
		u, s, v, err := thinSVD(b)
		if !p.left {
			u = v
		}
		return s, u, err
	}
	u, sigma := linalg.New(m, m), make([]float64, m)
	if p.left {
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, b, b, 0, u)
	} else {
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, b, b, 0, u)
	}
	a := blas64.Symmetric{Uplo: blas.Upper, N: m, Stride: m, Data: u.Data}
	if *p.work == nil {
		ask := make([]float64, 1)
		lapack64.Syev(lapack.EVCompute, a, sigma, ask, -1)
		*p.work = make([]float64, int(ask[0]))
	}
	if !lapack64.Syev(lapack.EVCompute, a, sigma, *p.work, len(*p.work)) {
		return nil, u, fmt.Errorf("the eigenvalues of a layer's ΘΘᵀ (%d × %d) did not converge", m, m)
	}
	for j, v := range sigma {
		sigma[j] = math.Sqrt(math.Max(v, 0))
	}
	return sigma, u, nil
}

func (p *spectral) At(beta []float64) (State, error) {
	sigma, u, err := p.decompose(beta)
	if err != nil {
		return nil, err
	}
	s := &spectralState{spectral: p, beta: beta, sigma: sigma, u: u, square: make([]float64, len(sigma))}
	for j, v := range sigma {
		v = math.Hypot(v, p.eps)
		scale := 1 + p.pen.Excess(v)
		s.square[j] = scale * scale
		s.value += p.pen.Effective(v)
	}
	if math.IsNaN(s.value) || math.IsInf(s.value, 0) {
		return nil, fmt.Errorf("the effective penalty %s is %v at singular values up to %.3g", p.pen.Name(), s.value, largest(sigma))
	}
	return s, nil
}

func (p *spectral) Untransformed() State {
	m := min(p.out, p.in)
	s := &spectralState{spectral: p, beta: make([]float64, p.out*p.in), sigma: make([]float64, m), square: make([]float64, m), u: linalg.New(m, m)}
	for j := range m {
		s.square[j] = 1
		s.u.Data[j*m+j] = 1
	}
	return s
}

func (p *spectral) Smoothed(eps float64) Part {
	q := *p
	q.eps = eps
	return &q
}

func (p *spectral) Scaled(c float64) Part {
	a, b := p.pen.Sides()
	q := *p
	q.pen = penalty.InfConv(penalty.Scale(c, a), penalty.Scale(c, b))
	return &q
}

func (p *spectral) Sharpened() (Part, bool) {
	q := *p
	q.sharp = true
	return &q, !p.sharp
}

func (p *spectral) Fixed() bool                     { return false }
func (p *spectral) Kinked() bool                    { return p.pen.Minimum() == 0 }
func (p *spectral) Convex() bool                    { return p.pen.ConvexEffective() }
func (p *spectral) Radial() (penalty.Penalty, bool) { return nil, false }

func (p *spectral) Largest(beta []float64) (float64, error) {
	_, s, _, err := thinSVD(p.matrix(beta))
	return largest(s), err
}

func (p *spectral) Exact(beta []float64) (float64, error) {
	_, s, _, err := thinSVD(p.matrix(beta))
	t := 0.0
	for _, v := range s {
		t += p.pen.Effective(v)
	}
	return t, err
}

// Conjugate is Σ_j ω̃*(τσ_j(z)).
func (p *spectral) Conjugate(z []float64) (Conjugate, error) {
	_, s, _, err := thinSVD(p.matrix(z))
	return func(tau float64) (float64, bool) {
		t := 0.0
		for _, v := range s {
			c, finite := p.pen.Conjugate(tau * v)
			if !finite {
				return math.Inf(1), false
			}
			t += c
		}
		return t, true
	}, err
}

// Describe gives Θ = U diag(σ/(ab)) Vᵀ, A = I + U diag(a−1) Uᵀ and
// B = I + V diag(b−1) Vᵀ (Theorem 2).
func (p *spectral) Describe(beta []float64) (Description, error) {
	u, sigma, v, err := thinSVD(p.matrix(beta))
	if err != nil {
		return Description{}, err
	}
	d := Description{Matrix: true, SingularValues: sigma, Theta: make([]float64, len(beta))}
	sideA, sideB := p.pen.Sides()
	a, b := make([]float64, len(sigma)), make([]float64, len(sigma))
	for j, x := range sigma {
		a[j], b[j] = p.pen.Split(x)
		d.Omega += sideA.Value(1+a[j]) + sideB.Value(1+b[j])
		d.Effective += p.pen.Effective(x)
		if x == 0 {
			continue
		}
		x /= (1 + a[j]) * (1 + b[j])
		for o := range p.out {
			for i := range p.in {
				d.Theta[o*p.in+i] += x * u.Data[o*u.Stride+j] * v.Data[i*v.Stride+j]
			}
		}
	}
	d.A, d.B = newSide(u, a, sideA.Minimum()), newSide(v, b, sideB.Minimum())
	return d, nil
}

// AddKernel adds the kernel with B Bᵀ ⊗ A Aᵀ between.
func (p *spectral) AddKernel(k blas64.General, d Description, _ []float64, a, b []feature.Block, symmetric bool, s *feature.Scratch) {
	addKernel(k, feature.Sides{Left: d.A.Squared(), Right: d.B.Squared()}, a[0], b[0], symmetric, s)
}
