package penalty

import "math"

// twoSquares is λ_A(s−1)² and λ_B(s−1)². With y = v/(ab), both
// λ_A a(a−1) and λ_B b(b−1) are y², so that a and b are known from y, and
// y·a(y)·b(y) = v. Its value ω_A ⊕ ω_B is that of byMultiplier.
type twoSquares struct {
	byMultiplier
	la, lb float64
}

// split solves for y by Newton's method: the left side is convex and
// increasing, since a(y) = (1 + √(1+4y²/λ_A))/2 is, so the iteration descends
// from an upper bound. y ≤ v as a, b ≥ 1, and y³ ≤ v√(λ_Aλ_B) as
// a ≥ y/√λ_A.
func (p *twoSquares) split(v float64) (a, b float64) {
	if v == 0 {
		return 0, 0
	}
	y := min(v, math.Cbrt(v)*math.Cbrt(math.Sqrt(p.la)*math.Sqrt(p.lb)))
	for range 100 {
		ra, rb := 4*y*y/p.la, 4*y*y/p.lb
		qa, qb := math.Sqrt(1+ra), math.Sqrt(1+rb)
		a, b = ra/(2*(1+qa)), rb/(2*(1+qb))
		// The relative slope of the left side: 1 + y·a'/a + y·b'/b.
		slope := 1 + ra/(2*qa*(1+a)) + rb/(2*qb*(1+b))
		step := (1 - v/(y*(1+a)*(1+b))) / slope
		y -= step * y
		if !(math.Abs(step) > 2e-16) {
			break
		}
	}
	return a, b
}

func (p *twoSquares) effective(v float64) float64 {
	a, b := p.split(v)
	u := v / (1 + a) / (1 + b)
	return u*u + p.la*a*a + p.lb*b*b
}

func (p *twoSquares) effectiveSlope(v float64) float64 {
	a, b := p.split(v)
	return slopeOfSplit(v, a, b)
}

// convex: ω grows as 2√(λ_Aλ_B)·s in the end, slower than s².
func (p *twoSquares) convex() bool { return false }

func (p *twoSquares) conjugate(z float64) (float64, bool) { return onlyAtZero(z) }
