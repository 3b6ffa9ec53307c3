package atf

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// paperWeights gives the weights of the paper's own alternation, W = B² ⊗ A²
// on a matrix with both sides transformed, at the coefficients coef. With
// smoothing (a, b) are those of √(σ²+ε²), also where σ = 0.
func (p *spectralPiece) paperWeights(coef []float64) ([]feature.Weight, error) {
	u, s, v, err := thinSVD(p.matrix(coef))
	if err != nil {
		return nil, err
	}
	a, b := make([]float64, len(s)), make([]float64, len(s))
	for j, sigma := range s {
		a[j], b[j] = p.pen.Split(math.Hypot(sigma, p.eps))
	}
	a0, b0 := p.pen.Split(p.eps) // off the singular vectors
	return []feature.Weight{feature.Sides{Left: lowRank(u, a, 1+a0).side(), Right: lowRank(v, b, 1+b0).side()}}, nil
}

// alternate is one round of section 7: the transformations that suit β, then
// the best coefficients with them: for interpolation the smallest that fit.
func (e *engine) alternate() error {
	k := blas64.General{Rows: e.sys.rows, Cols: e.sys.rows, Stride: e.sys.rows, Data: e.gram}
	copy(k.Data, e.fixedGram.Data)
	for _, sp := range e.sys.pieces {
		ws := sp.weights()
		if sm, ok := sp.piece.(*spectralPiece); ok {
			var err error
			if ws, err = sm.paperWeights(e.beta[sp.from:sp.to]); err != nil {
				return err
			}
		}
		for i, w := range ws {
			e.weight[sp.lo+i] = w
			if !sp.fixed() {
				e.sys.sources[sp.lo+i].Gram(w, k, &e.scratch)
			}
		}
	}
	linalg.MirrorUpper(k)
	if e.kind.classification() {
		return e.alternateClassified(k)
	}
	if err := e.factorize(k); err != nil {
		return err
	}
	beta, err := e.lift(e.sys.yhat)
	if err != nil {
		return err
	}
	return e.settle(beta)
}

// alternateClassified minimises βᵀW⁻¹β + L(Gβ) for the weights W of e. By the
// representer theorem β = W Gᵀα, which leaves αᵀKα + L(Kα) with K = G W Gᵀ: a
// convex function, minimised by Newton's method. With the Hessian R Rᵀ of L
// and v = 2α + ∇L its step solves (2I + R RᵀK) d = −v, and by Woodbury's
// identity
//
//	d = −½ (v − R (2I + RᵀK R)⁻¹ RᵀK v).
func (e *engine) alternateClassified(k blas64.General) error {
	const (
		steps, halvings = 100, 40
		small           = 1e-13 // ‖v‖ beside ‖2α‖ + ‖∇L‖ at the minimum
	)
	product := linalg.New(k.Rows, k.Cols)
	copy(product.Data, k.Data)
	times := func(v []float64) []float64 {
		out := make([]float64, len(v))
		blas64.Gemv(blas.NoTrans, 1, product, vector(v), 0, vector(out))
		return out
	}
	alpha := make([]float64, e.sys.rows)
	e.loss.multiplier(alpha) // at a stationary point 2α = −∇L
	for i := range alpha {
		alpha[i] /= 2
	}
	g := times(alpha)
	value := inner(alpha, g) + e.loss.at(g)
	for range steps {
		v := make([]float64, len(alpha))
		for i, x := range e.loss.gradient {
			v[i] = 2*alpha[i] + x
		}
		if norm(v) <= small*(2*norm(alpha)+norm(e.loss.gradient)) {
			break
		}
		copy(k.Data, product.Data)
		if err := e.factorize(k); err != nil {
			return err
		}
		kv := times(v)
		r := append([]float64(nil), kv...)
		e.loss.root(r, true)
		x, err := solveVector(e.factor, r)
		if err != nil {
			return err
		}
		e.loss.root(x, false)
		d := make([]float64, len(alpha))
		for i := range d {
			d[i] = (x[i] - v[i]) / 2
		}
		kd, slope := times(d), inner(kv, d)
		moved, t := false, 1.0
		for range halvings { // Armijo's rule
			a, h := append([]float64(nil), alpha...), append([]float64(nil), g...)
			axpy(t, d, a)
			axpy(t, kd, h)
			if next := inner(a, h) + e.loss.at(h); next < value && next <= value+1e-4*t*slope {
				alpha, g, value, moved = a, h, next, true
				break
			}
			t /= 2
		}
		if !moved {
			break // at working precision
		}
	}
	beta := e.adjoint(alpha)
	e.reweigh(beta)
	return e.settle(beta)
}
