package solver

type squared struct {
	yhat []float64
	rho  float64
}

// Squared is ‖ŷ − g‖²/ρ.
func Squared(yhat []float64, rho float64) Loss { return squared{yhat, rho} }

func (l squared) At(g []float64) LossState {
	s := quadraticState{ridge: l.rho, gradient: make([]float64, len(g))}
	for i, v := range g {
		d := v - l.yhat[i]
		s.value += d * d
		s.gradient[i] = 2 * d / l.rho
	}
	s.value /= l.rho
	return s
}

func (l squared) Quadratic() ([]float64, bool) { return l.yhat, true }
func (l squared) Exact() bool                  { return false }
func (l squared) Substitute() Loss             { return nil }

// Dual is ⟨α, ŷ⟩ − ρ‖α‖²/4.
func (l squared) Dual(alpha []float64) float64 {
	total := 0.0
	for i, a := range alpha {
		total += a*l.yhat[i] - l.rho*a*a/4
	}
	return total
}
