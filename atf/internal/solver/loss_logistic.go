package solver

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

type logistic struct {
	y, f0 []float64
	rho   float64
}

// Logistic is Σ_i log(1 + exp(−y_i f_i))/ρ for f = f₀ + g and y of ±1. A nil f0
// stands for 0.
func Logistic(y, f0 []float64, rho float64) Loss { return logistic{y, f0, rho} }

// CheckSigns says what is wrong with targets that are not ±1.
func CheckSigns(y *mat.Dense) error {
	n, _ := y.Dims()
	for i := range n {
		if v := y.At(i, 0); v != 1 && v != -1 {
			return fmt.Errorf("atf: the logistic loss wants targets of ±1; target %d is %v", i, v)
		}
	}
	return nil
}

type logisticState struct {
	wrong    []float64 // probability of the wrong class
	gradient []float64
	value    float64
	rho      float64
}

func (l logistic) At(g []float64) LossState {
	s := &logisticState{wrong: make([]float64, len(g)), gradient: make([]float64, len(g)), rho: l.rho}
	for i, f := range outputs(l.f0, g) {
		m := -l.y[i] * f
		s.value += softplus(m)
		s.wrong[i] = sigmoid(m)
		s.gradient[i] = -l.y[i] * s.wrong[i] / l.rho
	}
	s.value /= l.rho
	return s
}

func (l logistic) Quadratic() ([]float64, bool) { return nil, false }
func (l logistic) Exact() bool                  { return false }
func (l logistic) Substitute() Loss             { return squared{difference(l.y, l.f0), l.rho} }

// Dual is the binary entropy of the scaled multiplier, less ⟨α, f₀⟩.
func (l logistic) Dual(alpha []float64) float64 {
	total := 0.0
	for i, a := range alpha {
		q := a * l.y[i] * l.rho // scaled probability of the wrong class
		total += entropy(q) + entropy(1-q)
		if l.f0 != nil {
			total -= a * l.f0[i] * l.rho
		}
	}
	return total / l.rho
}

func (s *logisticState) Value() float64      { return s.value }
func (s *logisticState) Gradient() []float64 { return s.gradient }
func (s *logisticState) Ridge() float64      { return 2 }
func (s *logisticState) Curved() bool        { return true }

// Root multiplies by R = diag(√(p(1−p)/ρ)).
func (s *logisticState) Root(v []float64, _ bool) {
	scale := 1 / math.Sqrt(s.rho)
	for i := range v {
		v[i] *= scale * math.Sqrt(s.wrong[i]*(1-s.wrong[i]))
	}
}

func softplus(x float64) float64 {
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}
