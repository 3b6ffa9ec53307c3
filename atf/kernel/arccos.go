package kernel

import "math"

// recursion holds the numbers of the layers 1 … L + 1 in order: the layer's
// own features are gain·Λ_{l−1} + offset.
type recursion struct {
	weight, bias float64
	gain, offset []float64
}

func (w Infinite) recursion(inputs int) recursion {
	r := recursion{weight: w.weight, bias: w.bias}
	fan := inputs
	for l := 0; l <= w.depth; l++ {
		gain, offset := w.weight, w.bias
		if w.standard {
			gain, offset = float64(fan), 0
			if w.biased {
				offset = 1
			}
			if l < w.depth {
				fan = w.widths[l]
			}
		}
		r.gain, r.offset = append(r.gain, gain), append(r.offset, offset)
	}
	return r
}

// variances are Σ_1(x, x) … Σ_{L+1}(x, x) for each input, from ‖x‖²/d: for the
// ReLU, Λ_l(x, x) = Σ_l(x, x)/2.
func (r recursion) variances(meanSquare []float64) []float64 {
	layers := len(r.gain)
	v := make([]float64, len(meanSquare)*layers)
	for i, q := range meanSquare {
		for l := range layers {
			s := r.weight*q + r.bias
			v[i*layers+l] = s
			q = s / 2
		}
	}
	return v
}

// entry is the NTK or the NNGP kernel of two inputs from c = x·x'/d and their
// variances.
func (r recursion) entry(c float64, va, vb []float64, same, ntk bool) float64 {
	theta := 0.0
	last := len(r.gain) - 1
	for l := 0; ; l++ {
		theta += r.gain[l]*c + r.offset[l]
		cov := r.weight*c + r.bias
		if l == last {
			if ntk {
				return theta
			}
			return cov
		}
		var slope float64
		if same {
			c, slope = va[l]/2, 0.5
			if va[l] == 0 {
				slope = 0
			}
		} else {
			c, slope = arcCosine(cov, va[l], vb[l])
		}
		theta *= r.weight * slope
	}
}

// arcCosine gives E[φ(u)φ(v)] and E[φ'(u)φ'(v)] for the ReLU φ and (u, v)
// normal with mean zero, variances a and b and covariance c. Where a variance
// is zero both are zero, as φ'(0) = 0.
func arcCosine(c, a, b float64) (value, slope float64) {
	if a == 0 || b == 0 {
		return 0, 0
	}
	norm := math.Sqrt(a) * math.Sqrt(b)
	cos := c / norm
	// So near ±1 lies only the rounding of cos itself, a sum over the inputs;
	// the square root below would turn it into an angle of 1e-8.
	const ulps = 0x1p-48
	if cos >= 1-ulps {
		return norm / 2, 0.5
	}
	if cos <= -1+ulps {
		return 0, 0
	}
	sin := math.Sqrt((1 - cos) * (1 + cos))
	angle := math.Atan2(sin, cos)
	return norm / (2 * math.Pi) * (sin + (math.Pi-angle)*cos), (math.Pi - angle) / (2 * math.Pi)
}
