package penalty

import "math"

// equalPowers is λ|s−1|^p, p > 1, on both sides. By symmetry a = b = t with
// 2v² = λp(t−1)^{p−1}t⁵.
type equalPowers struct {
	byMultiplier
	power power
}

func (p *equalPowers) split(v float64) (a, b float64) {
	if v == 0 {
		return 0, 0
	}
	q := p.power
	a = powerExcess(q.P, 5, math.Log(2/q.P)+2*math.Log(v)-math.Log(q.Lambda))
	return a, a
}

func (p *equalPowers) effective(v float64) float64 {
	a, _ := p.split(v)
	u := v / (1 + a) / (1 + a)
	w := p.power.cost(a)
	return u*u + w + w
}

func (p *equalPowers) effectiveSlope(v float64) float64 {
	a, b := p.split(v)
	return slopeOfSplit(v, a, b)
}

// value is 2λ(√s − 1)^p from s = 1 on, where a = b = √s.
func (p *equalPowers) value(e float64) (value, slope float64) {
	if e < 0 {
		return p.byMultiplier.value(e)
	}
	root := math.Sqrt(1 + e)
	d := e / (1 + root)
	return 2 * p.power.cost(d), p.power.rise(d) / root
}

// convex: with t = √s, ω'(s)/s = λp(t−1)^{p−1}/t³, whose logarithmic derivative
// (p−1)/(t−1) − 3/t is nowhere negative exactly for p ≥ 4.
func (p *equalPowers) convex() bool { return p.power.P >= 4 }

// conjugate is that of byMultiplier: with 2/p ≤ 1/2 where ω̃ is convex, finite
// at z = 0 only elsewhere.
func (p *equalPowers) conjugate(z float64) (float64, bool) { return p.byMultiplier.conjugate(z) }
