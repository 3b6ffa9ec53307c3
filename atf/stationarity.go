package atf

import "math"

// stationarity is min_α ‖∇Ω̃(β) − Gᵀα‖ / ‖∇Ω̃(β)‖, and the minimiser. With a
// loss α is given: −∂L/∂g.
func (e *engine) stationarity() (residual float64, alpha []float64, err error) {
	if e.kind != lossInterpolation {
		alpha = make([]float64, e.sys.rows)
		e.loss.multiplier(alpha)
		// At β = 0 the loss may be flat too.
		if scale := math.Max(e.omegaSize, e.lossSize); scale > 0 {
			residual = norm(e.grad) / scale
		}
		return residual, alpha, nil
	}
	image := e.apply(e.grad)
	if alpha, err = solveVector(e.reference, image); err != nil || e.omegaSize == 0 {
		return 0, alpha, err
	}
	// By Pythagoras, while rounding allows it: this is in every step.
	if square := 1 - inner(alpha, image)/(e.omegaSize*e.omegaSize); square > 1e-6 {
		return math.Sqrt(square), alpha, nil
	}
	e.along = append([]float64(nil), e.grad...)
	axpy(-1, e.adjoint(alpha), e.along)
	return norm(e.along) / e.omegaSize, alpha, nil
}

// subgradient is the multiplier for smoothed penalties: where β = 0 the gradient
// is only one of many subgradients, and 2K_W⁻¹ŷ, with the weights at β, finds
// those that lie in the span of the features.
func (e *engine) subgradient() ([]float64, error) {
	e.curved = false
	if err := e.prepare(); err != nil {
		return nil, err
	}
	alpha, err := solveVector(e.factor, e.sys.yhat)
	for i := range alpha {
		alpha[i] *= 2
	}
	return alpha, err
}
