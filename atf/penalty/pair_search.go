package penalty

import "math"

// A searched pair has a factor that is not convex in log s, such as λ|s−1|^p
// with p < 1 or a custom penalty, so that the minimising pair may jump. One
// such factor, the outer one, is taken out; for the rest R the effective
// penalty is known, and
//
//	ω̃(v) = min over s of ω_outer(s) + R̃(v/s)
//
// is a search along a line.

// takeOut chooses the outer factor and sums the rest, side by side.
func (p *plan) takeOut() {
	var leaves [2][]Penalty
	flatten(p.a, &leaves[0])
	flatten(p.b, &leaves[1])
	for side := range leaves {
		for i, q := range leaves[side] {
			if logConvex(q) {
				continue
			}
			p.outer, p.outerOnB = q, side == 1
			leaves[side] = append(leaves[side][:i:i], leaves[side][i+1:]...)
			p.rest = InfConv(gatherSum(leaves[0]), gatherSum(leaves[1]))
			return
		}
	}
}

func flatten(q Penalty, to *[]Penalty) {
	switch q := q.(type) {
	case Pair:
		flatten(q.a, to)
		flatten(q.b, to)
	case identity:
	default:
		*to = append(*to, q)
	}
}

func gatherSum(ps []Penalty) Penalty {
	switch len(ps) {
	case 0:
		return identity{}
	case 1:
		return ps[0]
	default:
		return InfConv(ps[0], gatherSum(ps[1:]))
	}
}

// logConvex tells whether q can take part in a tilted pair.
func logConvex(q Penalty) bool {
	if w, ok := q.(power); ok && w.P < 1 {
		return false
	}
	_, ok := q.(factor)
	return ok
}

// splitSearched is the global search, v > 0.
func (p *plan) splitSearched(v float64) (a, b, value float64) {
	s, value := p.searchOuter(v)
	a, b, _ = p.rest.plan.split(v / (1 + s))
	if p.outerOnB {
		return a, joint(b, s), value
	}
	return joint(a, s), b, value
}

// steepness is the derivative of ω_outer(s) + R̃(v/s) at s = 1 + e.
func (p *plan) steepness(v, e float64) float64 {
	u := v / (1 + e)
	return riseOf(p.outer, e) - p.rest.EffectiveSlope(u)*u/(1+e)
}

func (p *plan) height(v, e float64) float64 {
	return costOf(p.outer, e) + p.rest.Effective(v/(1+e))
}

// searchOuter finds the excess of the outer factor and the minimum. Minimisers
// grow with v, so every minimising pair (s, r) obeys s ≤ η_outer(v), hence
// r ≥ η_R(v/η_outer(v)), and so on: the bounds close in from both sides. What
// they leave is scanned for changes of the derivative's sign, 24 points a
// decade of s − 1, and each is refined.
func (p *plan) searchOuter(v float64) (e, value float64) {
	if v == 0 {
		return 0, p.rest.Effective(0)
	}
	lo, hi := p.bounds(v)
	if hi-lo <= 1e-15*hi {
		return lo, p.height(v, lo)
	}
	q, isCustom := p.outer.(*custom)
	differences := isCustom && q.slope == nil
	best := candidate{value: math.Inf(1)}
	least := lo
	if lo == 0 {
		least = min(hi/2, max(hi*1e-17, 1e-300))
		if q, ok := p.outer.(power); ok {
			// The height rises without bound in its slope from s = 1, and no
			// minimum lies between there and the jump.
			least = min(hi, q.jump())
			best.offer(p, v, 0)
		}
	}
	n := max(16, int(24*math.Log10(hi/least)))
	ratio := math.Log(hi/least) / float64(n)
	left, slope := least, p.steepness(v, least)
	if slope >= 0 {
		best.offer(p, v, lo)
	}
	for i := 1; i <= n; i++ {
		right := least * math.Exp(ratio*float64(i))
		if i == n {
			right = hi
		}
		next := p.steepness(v, right)
		if slope < 0 && next >= 0 {
			best.offer(p, v, settle(left, right, differences,
				func(e float64) float64 { return p.height(v, e) },
				func(e float64) float64 { return p.steepness(v, e) }))
		}
		left, slope = right, next
	}
	if slope <= 0 {
		best.offer(p, v, hi)
	}
	return best.e, best.value
}

func (p *plan) bounds(v float64) (lo, hi float64) {
	if p.rest.Minimum() == 0 {
		// The rest may fall below 1; ω_outer(s) ≤ R̃(v) bounds s still.
		limit := p.rest.Effective(v)
		hi = 1e-8
		for costOf(p.outer, hi) < limit && hi < 1e300 {
			hi *= 2
		}
		return 0, hi
	}
	hi = p.outer.Excess(v)
	lo = p.outer.Excess(v / (1 + p.rest.Excess(v)))
	for range 8 {
		if hi-lo <= 1e-15*hi {
			break
		}
		width := hi - lo
		hi = min(hi, p.outer.Excess(v/(1+p.rest.Excess(v/(1+hi)))))
		lo = max(lo, p.outer.Excess(v/(1+p.rest.Excess(v/(1+lo)))))
		if hi-lo > width/2 {
			break
		}
	}
	return min(lo, hi), hi
}

// A candidate is a local minimum. At equal heights the smallest product wins,
// then the smallest a.
type candidate struct{ e, product, value float64 }

func (c *candidate) offer(p *plan, v, e float64) {
	value := p.height(v, e)
	if math.IsNaN(value) || value > c.value*(1+1e-14) {
		return
	}
	product := joint(e, p.rest.Excess(v/(1+e)))
	if value < c.value*(1-1e-14) || product < c.product*(1-1e-9) ||
		product <= c.product*(1+1e-9) && p.outerOnB && e > c.e {
		*c = candidate{e, product, value}
	}
}

// crossing finds where f changes its sign between lo and hi, lo < hi, by the
// Illinois rule, with bisection as long as the ends are far apart.
func crossing(f func(float64) float64, lo, hi, flo, fhi float64) float64 {
	if fhi == 0 {
		return hi
	}
	for i := range 200 {
		mid := lo + (hi-lo)/2
		if i%3 != 2 && !math.IsInf(flo, 0) && !math.IsInf(fhi, 0) {
			if c := (lo*fhi - hi*flo) / (fhi - flo); c > lo && c < hi {
				mid = c
			}
		}
		if hi-lo <= 4e-16*math.Abs(hi) || mid == lo || mid == hi {
			break
		}
		switch fm := f(mid); {
		case fm == 0:
			return mid
		case fm < 0 == (flo < 0):
			lo, flo = mid, fm
			fhi /= 2
		default:
			hi, fhi = mid, fm
			flo /= 2
		}
	}
	return lo + (hi-lo)/2
}
