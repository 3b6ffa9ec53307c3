package solver

import (
	"testing"
)

func losses() map[string]Loss {
	signs := []float64{1, -1, 1, 1, -1, 1}
	soft := []float64{1, 0, 0, 0.2, 0.3, 0.5}
	f0 := draws(31, 6)
	return map[string]Loss{
		"interpolation": Interpolation(draws(30, 6)), "squared": Squared(draws(30, 6), 0.4),
		"logistic": Logistic(signs, nil, 0.4), "logistic, f₀": Logistic(signs, f0, 0.4),
		"softmax": Softmax(soft, nil, 3, 0.4), "softmax, f₀": Softmax(soft, f0, 3, 0.4),
	}
}

// Gradients, and R Rᵀ against the Hessian, by differences.
func TestLossDerivatives(t *testing.T) {
	const h = 1e-5
	for name, l := range losses() {
		g, dir := draws(32, 6), draws(33, 6)
		s := l.At(g)
		up, down := clone(g), clone(g)
		axpy(h, dir, up)
		axpy(-h, dir, down)
		apart(t, name+": gradient", inner(s.Gradient(), dir), (l.At(up).Value()-l.At(down).Value())/(2*h), 1e-7)
		if !s.Curved() {
			if _, ok := l.Quadratic(); !ok {
				t.Errorf("%s: neither quadratic nor curved", name)
			}
			continue
		}
		hess := clone(dir)
		s.Root(hess, true)
		s.Root(hess, false)
		for i, v := range hess {
			apart(t, name+": Hessian", v, (l.At(up).Gradient()[i]-l.At(down).Gradient()[i])/(2*h), 1e-7)
		}
	}
}

// −L*(−α) bounds L(g) + ⟨α, g⟩ from below, with equality at α = −∇L(g).
func TestLossDuals(t *testing.T) {
	for name, l := range losses() {
		if l.Exact() {
			yhat, _ := l.Quadratic()
			alpha := draws(34, 6)
			apart(t, name, l.Dual(alpha), inner(alpha, yhat), 1e-12)
			continue
		}
		g := draws(35, 6)
		s := l.At(g)
		alpha := clone(s.Gradient())
		for i := range alpha {
			alpha[i] *= -1
		}
		apart(t, name, l.Dual(alpha), s.Value()+inner(alpha, g), 1e-10)
		for i := range alpha {
			alpha[i] *= 0.7
		}
		if other := draws(36, 6); l.Dual(alpha) > l.At(other).Value()+inner(alpha, other)+1e-12 {
			t.Errorf("%s: no bound", name)
		}
		if sub := l.Substitute(); sub != nil {
			if _, ok := sub.Quadratic(); !ok {
				t.Errorf("%s: the substitute is not quadratic", name)
			}
		}
	}
}
