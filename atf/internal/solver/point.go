package solver

import "fmt"

// A point is the objective at one β. It does not change.
type point struct {
	beta, g []float64 // g = Gβ
	states  []State   // of the parts
	loss    LossState
	omega   float64 // Ω̃(β)
}

func (p *point) value() float64 { return p.omega + p.loss.Value() }

// point evaluates the objective at beta, for g = Gβ.
func (o *objective) point(beta, g []float64) (*point, error) {
	p := &point{beta: beta, g: g, loss: o.loss.At(g), states: make([]State, len(o.parts))}
	for i, sp := range o.parts {
		o.phase("singular values and norms", i, len(o.parts))
		s, err := sp.At(sp.of(beta))
		if err != nil {
			return nil, fmt.Errorf("atf: %s: %w", sp.Name, err)
		}
		p.states[i] = s
		p.omega += s.Value()
	}
	return p, nil
}

// untransformed are the states of M = I.
func (o *objective) untransformed() []State {
	states := make([]State, len(o.parts))
	for i, sp := range o.parts {
		states[i] = sp.Untransformed()
	}
	return states
}

// A slope is the gradient of the objective at a point, with the sizes of its two
// terms.
type slope struct {
	grad            []float64
	omega, lossSize float64 // ‖∇Ω̃‖ and ‖Gᵀ∂L/∂g‖
}

func (o *objective) slope(p *point) *slope {
	s := &slope{grad: make([]float64, o.size)}
	for i, sp := range o.parts {
		p.states[i].Gradient(sp.of(s.grad))
	}
	s.omega = norm(s.grad)
	if o.loss.Exact() {
		return s
	}
	image := o.adjoint(p.loss.Gradient())
	s.lossSize = norm(image)
	axpy(1, image, s.grad)
	return s
}
