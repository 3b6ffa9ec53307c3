package solver

import "math"

// vanishing is the share of ‖β‖ below which a singular value or norm counts as 0
// under a penalty with its minimum there.
const vanishing = 1e-6

// stationarity is min_α ‖∇Ω̃(β) − Gᵀα‖ / ‖∇Ω̃(β)‖, and the minimiser. With a
// loss α is given: −∂L/∂g.
func (d *descent) stationarity() (residual float64, alpha []float64, err error) {
	if !d.loss.Exact() {
		alpha = clone(d.now.loss.Gradient())
		for i, v := range alpha {
			alpha[i] = -v
		}
		// At β = 0 the loss may be flat too.
		if scale := math.Max(d.slope.omega, d.slope.lossSize); scale > 0 {
			residual = norm(d.slope.grad) / scale
		}
		return residual, alpha, nil
	}
	image := d.apply(d.slope.grad)
	if alpha, err = solveVector(d.reference, image); err != nil || d.slope.omega == 0 {
		return 0, alpha, err
	}
	// By Pythagoras, while rounding allows it: this is in every step.
	if square := 1 - inner(alpha, image)/(d.slope.omega*d.slope.omega); square > 1e-6 {
		return math.Sqrt(square), alpha, nil
	}
	d.along = clone(d.slope.grad)
	axpy(-1, d.adjoint(alpha), d.along)
	return norm(d.along) / d.slope.omega, alpha, nil
}

// kinkStationarity is the stationarity residual for the multiplier alpha, with
// the subdifferential in place of the gradient.
func (d *descent) kinkStationarity(alpha []float64) (float64, error) {
	z, grad := d.adjoint(alpha), make([]float64, d.size)
	t, zero := 0.0, vanishing*norm(d.now.beta)
	for i, sp := range d.parts {
		d.now.states[i].Gradient(sp.of(grad))
		off, err := d.now.states[i].Offset(sp.of(z), zero)
		if err != nil {
			return 0, err
		}
		t += off
	}
	if scale := math.Max(norm(grad), norm(z)); scale > 0 {
		return math.Sqrt(t) / scale, nil
	}
	return 0, nil
}

// subgradient is the multiplier of a smoothed problem with an exact fit: where
// β = 0 the gradient is only one of many subgradients, and 2K_W⁻¹ŷ, with the
// weights at β, finds those that lie in the span of the features.
func (d *descent) subgradient() ([]float64, *metric, error) {
	m, err := d.metric(d.now.states, d.now.loss, majoriser)
	if err != nil {
		return nil, nil, err
	}
	yhat, _ := d.loss.Quadratic()
	alpha, err := solveVector(m.factor, yhat)
	for i := range alpha {
		alpha[i] *= 2
	}
	return alpha, m, err
}

// sharpest improves the multiplier of subgradient, where the problem is convex,
// by a few rounds of the alternation, since the gap feels what the objective no
// longer does; the present point stays. It is left out where the context ended.
func (d *descent) sharpest() ([]float64, error) {
	const rounds = 25
	beta := d.now.beta
	alpha, m, err := d.subgradient()
	if err != nil {
		return nil, err
	}
	least, err := d.gap(alpha)
	if err != nil {
		return nil, err
	}
	yhat, _ := d.loss.Quadratic()
	for k := 0; k < rounds && least > 1e-12 && d.ctx.Err() == nil; k++ {
		next, err := m.lift(yhat)
		if err != nil {
			return nil, err
		}
		if err := d.settle(next); err != nil {
			return nil, err
		}
		sharper, own, err := d.subgradient()
		if err != nil {
			break // weights too ill-conditioned; what there is stands
		}
		m = own
		if g, err := d.gap(sharper); err == nil && g < least {
			alpha, least = sharper, g
		}
	}
	return alpha, d.settle(beta)
}
