package solver

import "math"

// A Loss is L(g) for the fitted change g of the outputs (nC). It does not change.
// A new loss is one file with the loss and its state.
type Loss interface {
	// At evaluates L at g.
	At(g []float64) LossState
	// Quadratic gives ŷ where the loss is quadratic, ‖ŷ − g‖²/ρ, or the exact fit
	// g = ŷ, and says whether it is.
	Quadratic() (target []float64, ok bool)
	// Exact says that g = ŷ is a constraint.
	Exact() bool
	// Dual is the loss's part of the dual objective at the multiplier α:
	// −L*(−α) = min over g of L(g) + ⟨α, g⟩.
	Dual(alpha []float64) float64
	// Substitute is a quadratic loss whose solution is a good start, or nil.
	Substitute() Loss
}

// A LossState is a loss at one g. With R Rᵀ the Hessian of L, its metric is the
// matrix RᵀK R + rI: R and r up to a common factor.
type LossState interface {
	Value() float64
	// Gradient is ∂L/∂g, which nobody may change.
	Gradient() []float64
	// Root overwrites v by Rv, or Rᵀv where transposed.
	Root(v []float64, transposed bool)
	// Ridge is r.
	Ridge() float64
	// Curved says that R is not the identity.
	Curved() bool
}

// quadraticState is the state of a loss with R = I.
type quadraticState struct {
	value, ridge float64
	gradient     []float64
}

func (s quadraticState) Value() float64       { return s.value }
func (s quadraticState) Gradient() []float64  { return s.gradient }
func (s quadraticState) Root([]float64, bool) {}
func (s quadraticState) Ridge() float64       { return s.ridge }
func (s quadraticState) Curved() bool         { return false }

// entropy is −p log p, and 0 outside p > 0.
func entropy(p float64) float64 {
	if p <= 0 {
		return 0
	}
	return -p * math.Log(p)
}

// outputs is f₀ + g, with nil for f₀ = 0.
func outputs(f0, g []float64) []float64 {
	f := clone(g)
	if f0 != nil {
		axpy(1, f0, f)
	}
	return f
}

// difference is y − f₀.
func difference(y, f0 []float64) []float64 {
	d := clone(y)
	if f0 != nil {
		axpy(-1, f0, d)
	}
	return d
}
