package penalty

import "math"

// equalSquares is λ(s−1)² on both sides. By symmetry a = b = t, since the
// minimum is unique (see byMultiplier), with v² = λt⁵(t−1).
type equalSquares struct {
	byMultiplier
	lambda float64
}

func (p *equalSquares) split(v float64) (a, b float64) {
	a = excess5(v / math.Sqrt(p.lambda))
	return a, a
}

func (p *equalSquares) effective(v float64) float64 {
	a, _ := p.split(v)
	u := v / (1 + a) / (1 + a)
	w := p.lambda * a * a
	return u*u + w + w
}

func (p *equalSquares) effectiveSlope(v float64) float64 {
	a, b := p.split(v)
	return slopeOfSplit(v, a, b)
}

// value is 2λ(√s − 1)² from s = 1 on, where a = b = √s. Below 1 the equal
// factors need not be best.
func (p *equalSquares) value(e float64) (value, slope float64) {
	if e < 0 {
		return p.byMultiplier.value(e)
	}
	root := math.Sqrt(1 + e)
	d := e / (1 + root)
	return 2 * p.lambda * d * d, 2 * p.lambda * d / root
}

// convex: ω'(s)/s = 2λ(√s − 1)/s^{3/2} falls from s = 9/4 on.
func (p *equalSquares) convex() bool { return false }

// conjugate: ω grows as s, slower than s².
func (p *equalSquares) conjugate(z float64) (float64, bool) { return onlyAtZero(z) }
