package penalty

import "math"

// twoNuclear is λ_A s² and λ_B s². Of the three terms v²/(ab)², λ_A a² and
// λ_B b², whose product is fixed, each is n = (λ_Aλ_B v²)^{1/3} at the minimum
// (arithmetic and geometric mean), and ω̃(v) = 3n.
type twoNuclear struct {
	byMultiplier
	la, lb float64
}

func (p *twoNuclear) term(v float64) float64 {
	return math.Cbrt(p.la*p.lb) * cbrtSquare(v)
}

func (p *twoNuclear) split(v float64) (a, b float64) {
	n := p.term(v)
	return math.Sqrt(n/p.la) - 1, math.Sqrt(n/p.lb) - 1
}

func (p *twoNuclear) effective(v float64) float64 { return 3 * p.term(v) }

func (p *twoNuclear) effectiveSlope(v float64) float64 {
	return 2 * math.Cbrt(p.la*p.lb) / math.Cbrt(v)
}

// value is 2√(λ_Aλ_B)·s, again by the two means.
func (p *twoNuclear) value(e float64) (value, slope float64) {
	k := 2 * math.Sqrt(p.la) * math.Sqrt(p.lb)
	return k * (1 + e), k
}

// convex: ω̃ is v^{2/3} times a number.
func (p *twoNuclear) convex() bool { return false }

func (p *twoNuclear) conjugate(z float64) (float64, bool) { return onlyAtZero(z) }
