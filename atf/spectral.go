package atf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// spectralPiece is the Kronecker structure of Theorem 2 on one out × in matrix
// Θ: Ω̃(Θ) = Σ_j ω̃(σ_j(Θ)) with ω = ω_A ⊕ ω_B.
//
// Its majoriser acts on the shorter side alone, W = I ⊗ U diag((ab)²) Uᵀ: with
// φ(x) = ω̃(√x) concave (Proposition 3), Ω̃(Θ) = tr φ(ΘΘᵀ) lies below its
// tangent in ΘΘᵀ. That is at least as tight as the paper's W = B² ⊗ A² wherever
// Θ has no singular vector on the longer side, needs no singular vectors there,
// and leaves that side's Gram factor unchanged from step to step.
type spectralPiece struct {
	pen     penalty.Pair
	out, in int
	left    bool // the shorter side is out
	exact   bool // singular values by a decomposition of Θ, not from ΘΘᵀ

	eps    float64
	sigma  []float64      // singular values, in no order
	square []float64      // (ab)²
	u      blas64.General // singular vectors of the shorter side, columns
	work   []float64
	w      blas64.General
	tmp    blas64.General
}

func newSpectral(pen penalty.Pair, out, in int) *spectralPiece {
	m := min(out, in)
	return &spectralPiece{
		pen: pen, out: out, in: in, left: out <= in, exact: m <= exactBelow || pen.Minimum() == 0,
		sigma: make([]float64, m), square: make([]float64, m),
		u: linalg.New(m, m), w: linalg.New(m, m), tmp: linalg.New(m, m),
	}
}

// exactBelow is the size up to which singular values come from a singular
// value decomposition rather than from the eigenvalues of ΘΘᵀ, whose small
// ones are only good to 1e-8 of the largest.
const exactBelow = 24

func (p *spectralPiece) matrix(beta []float64) blas64.General {
	return blas64.General{Rows: p.out, Cols: p.in, Stride: p.in, Data: beta}
}

func (p *spectralPiece) decompose(beta []float64) error {
	b := p.matrix(beta)
	m := min(p.out, p.in)
	if p.exact {
		u, s, v, err := thinSVD(b)
		if err != nil {
			return err
		}
		copy(p.sigma, s)
		if p.left {
			copy(p.u.Data, u.Data)
		} else {
			copy(p.u.Data, v.Data)
		}
		return nil
	}
	clear(p.u.Data)
	if p.left {
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, b, b, 0, p.u)
	} else {
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, b, b, 0, p.u)
	}
	a := blas64.Symmetric{Uplo: blas.Upper, N: m, Stride: m, Data: p.u.Data}
	if p.work == nil {
		ask := make([]float64, 1)
		lapack64.Syev(lapack.EVCompute, a, p.sigma, ask, -1)
		p.work = make([]float64, int(ask[0]))
	}
	if !lapack64.Syev(lapack.EVCompute, a, p.sigma, p.work, len(p.work)) {
		return fmt.Errorf("the eigenvalues of a layer's ΘΘᵀ (%d × %d) did not converge", m, m)
	}
	for j, v := range p.sigma {
		p.sigma[j] = math.Sqrt(math.Max(v, 0))
	}
	return nil
}

func (p *spectralPiece) measure(beta []float64) (float64, error) {
	if err := p.decompose(beta); err != nil {
		return math.NaN(), err
	}
	total := 0.0
	for j, v := range p.sigma {
		v = math.Hypot(v, p.eps)
		s := 1 + p.pen.Excess(v)
		p.square[j] = s * s
		total += p.pen.Effective(v)
	}
	if math.IsNaN(total) || math.IsInf(total, 0) {
		return total, fmt.Errorf("the effective penalty %s is %v at singular values up to %.3g", p.pen.Name(), total, p.scale())
	}
	return total, nil
}

// spectralMatrix is U diag(f(j)) Uᵀ.
func (p *spectralPiece) spectralMatrix(f func(j int) float64) blas64.General {
	m := len(p.sigma)
	for i := range m {
		for j := range m {
			p.tmp.Data[i*m+j] = p.u.Data[i*m+j] * f(j)
		}
	}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, p.tmp, p.u, 0, p.w)
	return p.w
}

func (p *spectralPiece) gradient(beta, grad []float64) {
	g := p.spectralMatrix(func(j int) float64 { return 2 / p.square[j] })
	if p.left {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, g, p.matrix(beta), 0, p.matrix(grad))
	} else {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, p.matrix(beta), g, 0, p.matrix(grad))
	}
}

func (p *spectralPiece) weights() []feature.Weight {
	own := p.copyOf(p.spectralMatrix(func(j int) float64 { return p.square[j] }))
	w := feature.Sides{Left: feature.Unchanged{}, Right: feature.Unchanged{}}
	if p.left {
		w.Left = feature.Matrix(own)
	} else {
		w.Right = feature.Matrix(own)
	}
	return []feature.Weight{w}
}

func (p *spectralPiece) copyOf(m blas64.General) blas64.General {
	c := linalg.New(m.Rows, m.Cols)
	copy(c.Data, m.Data)
	return c
}

// curvature gives W with entries s_i² + s_j² − s_0² in the basis of singular
// vectors (s_0 = 1 but for smoothing). It is no majoriser's, but closer to the
// inverse Hessian of Ω̃ than any: between a strong and a weak direction the
// Hessian's curvature is 2/s² of the strong one.
func (p *spectralPiece) curvature(beta []float64) []feature.Weight {
	side := p.copyOf(p.spectralMatrix(func(j int) float64 { return p.square[j] }))
	zero := 1 + p.pen.Excess(p.eps)
	base := zero * zero
	top := p.scale()
	m := p.copyOf(p.spectralMatrix(func(j int) float64 {
		v := math.Max(p.sigma[j], 1e-9*top)
		if v == 0 {
			return 0
		}
		return math.Max(p.square[j]-base, 0) / (v * v)
	}))
	own := append([]float64(nil), beta...)
	return []feature.Weight{feature.Corrected{Own: side, M: m, Beta: p.matrix(own), OnLeft: p.left}}
}

func (p *spectralPiece) start() {
	clear(p.u.Data)
	for j := range p.sigma {
		p.sigma[j], p.square[j] = 0, 1
		p.u.Data[j*p.u.Stride+j] = 1
	}
}

func (p *spectralPiece) smooth(eps float64)       { p.eps = eps }
func (p *spectralPiece) penalty() penalty.Penalty { return p.pen }
func (p *spectralPiece) fixed() bool              { return false }

func (p *spectralPiece) scale() float64 {
	v := 0.0
	for _, s := range p.sigma {
		v = math.Max(v, s)
	}
	return v
}

func (p *spectralPiece) values(z []float64) ([]float64, error) {
	_, s, _, err := thinSVD(p.matrix(z))
	return s, err
}

// thinSVD gives U (out × r), the singular values in falling order and V
// (in × r), with r = min(out, in).
func thinSVD(m blas64.General) (u blas64.General, s []float64, v blas64.General, err error) {
	d := mat.NewDense(m.Rows, m.Cols, nil)
	for i := range m.Rows {
		copy(d.RawRowView(i), m.Data[i*m.Stride:i*m.Stride+m.Cols])
	}
	var svd mat.SVD
	if !svd.Factorize(d, mat.SVDThin) {
		return u, nil, v, fmt.Errorf("the singular values of a %d × %d matrix did not converge", m.Rows, m.Cols)
	}
	var ud, vd mat.Dense
	svd.UTo(&ud)
	svd.VTo(&vd)
	return ud.RawMatrix(), svd.Values(nil), vd.RawMatrix(), nil
}
