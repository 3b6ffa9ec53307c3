package penalty

import "math"

// convexBySearch follows ω̃' over v.
func (p Pair) convexBySearch() bool {
	last := 0.0
	for i := range 16*20 + 1 {
		slope := p.EffectiveSlope(math.Pow(10, float64(i)/20-8))
		if slope < last*(1-1e-9) {
			return false
		}
		last = max(last, slope)
	}
	return true
}

// conjugateBySearch is the supremum of zv − ω̃(v), z ≥ 0: one crossing of
// ω̃' = z where ω̃ is convex, the best of all crossings else. A slope that is
// still below z at v = 1e15 counts as never reaching it.
func (p Pair) conjugateBySearch(z float64) (float64, bool) {
	if z == 0 {
		return 0, true
	}
	const first, last, perDecade = -15, 15, 8
	gap := func(t float64) float64 { return p.EffectiveSlope(math.Exp(t)) - z }
	t, f := first*math.Ln10, 0.0
	f = gap(t)
	if p.ConvexEffective() {
		end := last * math.Ln10
		g := gap(end)
		if g < 0 {
			return math.Inf(1), false
		}
		if f >= 0 {
			return 0, true
		}
		v := math.Exp(crossing(gap, t, end, f, g))
		return max(0, z*v-p.Effective(v)), true
	}
	best := 0.0
	for i := first*perDecade + 1; i <= last*perDecade; i++ {
		next := float64(i) / perDecade * math.Ln10
		g := gap(next)
		if f < 0 && g >= 0 {
			v := math.Exp(crossing(gap, t, next, f, g))
			best = max(best, z*v-p.Effective(v))
		}
		t, f = next, g
	}
	if f < 0 {
		return math.Inf(1), false
	}
	return best, true
}
