package penalty

import "math"

// equalAbsolutes is λ|s−1| on both sides. Both factors are held at 1 until the
// multiplier 2v² reaches λ; from there on a = b = t, by symmetry, with
// 2v² = λt⁵.
type equalAbsolutes struct {
	byMultiplier
	lambda float64
}

func (p *equalAbsolutes) split(v float64) (a, b float64) {
	a = rootExcess(v/math.Sqrt(p.lambda/2), 5)
	return a, a
}

func (p *equalAbsolutes) effective(v float64) float64 {
	a, _ := p.split(v)
	u := v / (1 + a) / (1 + a)
	return u*u + p.lambda*a + p.lambda*a
}

func (p *equalAbsolutes) effectiveSlope(v float64) float64 {
	a, b := p.split(v)
	return slopeOfSplit(v, a, b)
}

// value is 2λ(√s − 1) from s = 1 on, where a = b = √s.
func (p *equalAbsolutes) value(e float64) (value, slope float64) {
	if e < 0 {
		return p.byMultiplier.value(e)
	}
	root := math.Sqrt(1 + e)
	return 2 * p.lambda * e / (1 + root), p.lambda / root
}

// convex: ω'(s)/s = λs^{−3/2} falls.
func (p *equalAbsolutes) convex() bool { return false }

func (p *equalAbsolutes) conjugate(z float64) (float64, bool) { return onlyAtZero(z) }
