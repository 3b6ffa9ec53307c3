package penalty

import "math"

// squareAbsolute is λ(s−1)² on one side and μ|s−1| on the other, the ω₃ of the
// paper's figure. Call the factors a and b. While the multiplier
// m = 2λa(a−1) stays below μ, b is held at 1 by the kink; from there on
// b = m/μ. Its value ω_A ⊕ ω_B is that of byMultiplier.
type squareAbsolute struct {
	byMultiplier
	square, abs float64 // λ, μ
	squareOnB   bool
}

func (p *squareAbsolute) split(v float64) (a, b float64) {
	a, b = p.factors(v)
	if p.squareOnB {
		return b, a
	}
	return a, b
}

// factors are the excesses of the squared and of the absolute side. With
// b = m/μ, 2v² = m(ab)² says a⁵(a−1)³ = v²μ²/(4λ³). With a = c³ its cube root
// is c⁵(c³−1) = q.
func (p *squareAbsolute) factors(v float64) (a, b float64) {
	l, mu := p.square, p.abs
	a = excess3(v / math.Sqrt(l))
	if 2*l*a*(1+a) <= mu {
		return a, 0
	}
	q := cbrtSquare(v) * math.Cbrt(mu/l) * math.Cbrt(mu/l/4) / math.Cbrt(l)
	// d = c − 1 solves d(3+3d+d²)(1+d)⁵ = q, convex and increasing in d, by
	// Newton's method from an upper bound: the left side is at least 3d and d⁸.
	d := min(q/3, math.Sqrt(math.Sqrt(math.Sqrt(q))))
	for range 100 {
		c := 1 + d
		f := d * (3 + 3*d + d*d)
		// The relative slope of the left side in d.
		slope := 3*c*c/f + 5/c
		c2 := c * c
		step := (1 - q/(f*c2*c2*c)) / slope
		d -= step
		if !(math.Abs(step) > 2e-16*d) {
			break
		}
	}
	a = d * (3 + 3*d + d*d)
	b = (2*l*a*(1+a) - mu) / mu
	return a, max(b, 0)
}

func (p *squareAbsolute) effective(v float64) float64 {
	a, b := p.factors(v)
	u := v / (1 + a) / (1 + b)
	return u*u + p.square*a*a + p.abs*b
}

func (p *squareAbsolute) effectiveSlope(v float64) float64 {
	a, b := p.factors(v)
	return slopeOfSplit(v, a, b)
}

// convex: ω grows as s^{2/3} in the end, slower than s².
func (p *squareAbsolute) convex() bool { return false }

func (p *squareAbsolute) conjugate(z float64) (float64, bool) { return onlyAtZero(z) }

// cbrtSquare is |v|^{2/3}.
func cbrtSquare(v float64) float64 {
	c := math.Cbrt(v)
	return c * c
}
