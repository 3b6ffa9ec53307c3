package solver

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// newton minimises βᵀW⁻¹β + L(Gβ) for a loss that is not quadratic. By the
// representer theorem β = W Gᵀα, which leaves αᵀKα + L(Kα) with K = G W Gᵀ: a
// convex function, minimised by Newton's method with Armijo's rule. With the
// Hessian R Rᵀ of L and v = 2α + ∇L its step solves (2I + R RᵀK) d = −v, and by
// Woodbury's identity
//
//	d = −½ (v − R (2I + RᵀK R)⁻¹ RᵀK v).
//
// k is overwritten; g is where the loss is looked at first.
func (o *objective) newton(k blas64.General, g []float64) ([]float64, error) {
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
	alpha := clone(o.loss.At(g).Gradient())
	for i := range alpha {
		alpha[i] /= -2 // as at a stationary point
	}
	fit := times(alpha)
	loss := o.loss.At(fit)
	value := inner(alpha, fit) + loss.Value()
	for range steps {
		v := clone(loss.Gradient())
		axpy(2, alpha, v)
		if norm(v) <= small*(2*norm(alpha)+norm(loss.Gradient())) {
			break
		}
		if err := o.interrupted(); err != nil {
			return nil, err
		}
		copy(k.Data, product.Data)
		factor, err := o.factorize(k, loss)
		if err != nil {
			return nil, err
		}
		kv := times(v)
		r := clone(kv)
		loss.Root(r, true)
		d, err := solveVector(factor, r)
		if err != nil {
			return nil, err
		}
		loss.Root(d, false)
		for i := range d {
			d[i] = (d[i] - v[i]) / 2
		}
		kd, slope := times(d), inner(kv, d)
		moved, t := false, 1.0
		for range halvings {
			a, h := clone(alpha), clone(fit)
			axpy(t, d, a)
			axpy(t, kd, h)
			s := o.loss.At(h)
			if next := inner(a, h) + s.Value(); next < value && next <= value+1e-4*t*slope {
				alpha, fit, loss, value, moved = a, h, s, next, true
				break
			}
			t /= 2
		}
		if !moved {
			break // at working precision
		}
	}
	return alpha, nil
}
