package atf

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// vanishing is the share of ‖β‖ below which a singular value or norm counts as 0
// under a penalty with its minimum there.
const vanishing = 1e-6

// offset is the squared distance of z from the subdifferential of Ω̃ at β. It
// differs from ‖∇Ω̃ − z‖² for penalties with a kink at 0: there every z of norm
// up to ω̃'(0) belongs where v ≤ zero.
func (sp span) offset(beta, z, grad []float64, zero float64) (float64, error) {
	if sp.penalty().Minimum() == 0 {
		switch p := sp.piece.(type) {
		case *groupedPiece:
			return p.kinkOffset(beta, z, zero), nil
		case *spectralPiece:
			return p.kinkOffset(beta, z, zero)
		}
	}
	t := 0.0
	for i, v := range z {
		t += (v - grad[i]) * (v - grad[i])
	}
	return t, nil
}

func (p *groupedPiece) kinkOffset(beta, z []float64, zero float64) float64 {
	norms, _ := p.groupNorms(beta)
	dual, _ := p.groupNorms(z)
	t, flat := 0.0, p.pen.EffectiveSlope(0)
	factor := make([]float64, len(norms)) // ω̃'(v)/v where v counts
	for g, v := range norms {
		if v > zero {
			factor[g] = p.pen.EffectiveSlope(v) / v
			continue
		}
		beyond := math.Max(0, dual[g]-flat)
		t += beyond * beyond
	}
	at := 0
	for s, size := range p.sizes {
		for i := at; i < at+size; i++ {
			f := 2.0
			if g := p.group(s, i); g >= 0 {
				if f = factor[g]; f == 0 {
					continue
				}
			}
			t += (z[i] - f*beta[i]) * (z[i] - f*beta[i])
		}
		at += size
	}
	return t
}

func (p *spectralPiece) kinkOffset(beta, z []float64, zero float64) (float64, error) {
	u, s, v, err := thinSVD(p.matrix(beta))
	if err != nil {
		return 0, err
	}
	k := 0
	for k < len(s) && s[k] > zero {
		k++
	}
	// What touches neither the left nor the right vectors that count.
	rest := linalg.New(p.out, p.in)
	copy(rest.Data, z)
	if k > 0 {
		u, v = linalg.Cols(u, 0, k), linalg.Cols(v, 0, k)
		a, b := linalg.New(k, p.in), linalg.New(p.out, k)
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
		beyond := math.Max(0, x-p.pen.EffectiveSlope(0))
		t += beyond * beyond
	}
	// The other part against Σ_j ω̃'(σ_j) u_j v_jᵀ.
	for i, x := range z {
		x -= rest.Data[i]
		for j := range k {
			x -= p.pen.EffectiveSlope(s[j]) * u.Data[i/p.in*u.Stride+j] * v.Data[i%p.in*v.Stride+j]
		}
		t += x * x
	}
	return t, nil
}

// kinkStationarity is the stationarity residual for the multiplier alpha, with
// the subdifferential in place of the gradient.
func (e *engine) kinkStationarity(alpha []float64) (float64, error) {
	z, grad := e.adjoint(alpha), make([]float64, e.sys.size)
	t, zero := 0.0, vanishing*norm(e.beta)
	for _, sp := range e.sys.pieces {
		sp.gradient(e.beta[sp.from:sp.to], grad[sp.from:sp.to])
		d, err := sp.offset(e.beta[sp.from:sp.to], z[sp.from:sp.to], grad[sp.from:sp.to], zero)
		if err != nil {
			return 0, err
		}
		t += d
	}
	if scale := math.Max(norm(grad), norm(z)); scale > 0 {
		return math.Sqrt(t) / scale, nil
	}
	return 0, nil
}
