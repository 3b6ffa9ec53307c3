package solver

import "math"

// gap is the relative duality gap of the present point for the multiplier alpha,
// NaN where the problem is not known to be convex.
func (d *descent) gap(alpha []float64) (float64, error) {
	if !d.convex() {
		return math.NaN(), nil
	}
	z := d.adjoint(alpha)
	if omega, ok := d.radial(); ok && !d.parts[0].Convex() {
		// ω̃ rises with ‖β‖, and the norm has the dual bound ⟨α, ŷ⟩/‖Gᵀα‖.
		v := norm(d.now.beta)
		if v == 0 {
			return 0, nil
		}
		least := math.Max(0, math.Min(v, d.loss.Dual(alpha)/norm(z)))
		return (omega.Effective(v) - omega.Effective(least)) / omega.Effective(v), nil
	}
	objective := d.now.loss.Value()
	conjugates := make([]Conjugate, len(d.parts))
	for i, sp := range d.parts {
		v, err := sp.Exact(sp.of(d.now.beta))
		if err != nil {
			return 0, err
		}
		objective += v
		if conjugates[i], err = sp.Conjugate(sp.of(z)); err != nil {
			return 0, err
		}
	}
	if objective == 0 {
		return 0, nil
	}
	scaled := make([]float64, len(alpha))
	dual := func(tau float64) float64 {
		for i, a := range alpha {
			scaled[i] = tau * a
		}
		v := d.loss.Dual(scaled)
		for _, c := range conjugates {
			w, finite := c(tau)
			if !finite {
				return math.Inf(-1)
			}
			v -= w
		}
		return v
	}
	return math.Max(0, objective-highest(dual)) / math.Abs(objective), nil
}

// highest maximises the concave dual over the scale τ ∈ (0, 1] of the multiplier:
// scaling down brings it into the domain where it lies outside.
func highest(dual func(tau float64) float64) float64 {
	lo, hi := 0.0, 1.0
	if v := dual(1); !math.IsInf(v, -1) {
		lo = 0.999
	} else {
		in := 0.0
		for range 60 { // the edge of the domain
			if mid := (in + hi) / 2; math.IsInf(dual(mid), -1) {
				hi = mid
			} else {
				in = mid
			}
		}
		hi = in
		lo = in * (1 - 1e-3)
	}
	top := math.Max(dual(hi), dual(lo))
	const golden = 0.6180339887498949
	a, b := lo, hi
	for range 60 {
		x, y := b-golden*(b-a), a+golden*(b-a)
		fx, fy := dual(x), dual(y)
		top = math.Max(top, math.Max(fx, fy))
		if fx > fy {
			b = y
		} else {
			a = x
		}
	}
	return top
}
