package penalty

import "math"

// searched is the splitting for pairs with a factor that is not convex in
// log s, such as λ|s−1|^p with p < 1 or a custom penalty, so that there may be
// several local minima and the minimising pair may jump. One such factor, the
// outer one, is taken out of both sides, however deep it lies in pairs of
// pairs; the rest R is a pair for itself, and
//
//	ω̃(v) = min over s of ω_outer(s) + R̃(v/s).
//
// Every minimising pair (s, r) is a best response of each to the other,
// s = η_outer(v/r) and r = η_R(v/s), that is a fixed point of
//
//	T(s) = η_outer(v/η_R(v/s)).
//
// Both η increase in their arguments, since v²/s² falls faster in s the larger
// v is (monotone comparative statics; Topkis, Oper. Res. 26, 1978), so T
// increases: all fixed points in [s₁, s₂] lie in [T(s₁), T(s₂)]. A stretch
// whose image lies beside it has none, any other shrinks to the common part, and
// what remains is halved: no fixed point is missed, whatever the two penalties
// look like in between, as far as their own η are right (see explore). The
// minimum is the best of the fixed points.
type searched struct {
	outer Penalty
	onB   bool // the outer factor's side
	rest  Pair
	short float64 // see shortFor
	shape *onceBool
}

func newSearched(leaves []leaf) *searched {
	p := &searched{short: shortFor(leaves), shape: new(onceBool)}
	sides := [2]Penalty{identity{}, identity{}}
	for i := range leaves {
		l := &leaves[i]
		if p.outer == nil && l.factor == nil {
			p.outer, p.onB = l.Penalty, l.onB
			continue
		}
		side := &sides[0]
		if l.onB {
			side = &sides[1]
		}
		if *side == (identity{}) {
			*side = l.Penalty
		} else {
			*side = InfConv(*side, l.Penalty)
		}
	}
	p.rest = InfConv(sides[0], sides[1])
	return p
}

func (p *searched) split(v float64) (a, b float64) {
	s, _ := p.search(v)
	a, b = p.rest.Split(v / (1 + s))
	if p.onB {
		return a, joint(b, s)
	}
	return joint(a, s), b
}

// limit: every factor grows without bound.
func (p *searched) limit() (a, b float64) {
	a, b = p.rest.Split(math.Inf(1))
	if p.onB {
		return a, math.Inf(1)
	}
	return math.Inf(1), b
}

func (p *searched) effective(v float64) float64 {
	_, value := p.search(v)
	return value
}

// effectiveSlope is that of R̃(v/s) at the minimising s, which need not be
// differentiated (envelope theorem).
func (p *searched) effectiveSlope(v float64) float64 {
	s, _ := p.search(v)
	return p.rest.EffectiveSlope(v/(1+s)) / (1 + s)
}

// response is T(s) − 1 at s = 1 + e.
func (p *searched) response(v, e float64) float64 {
	return p.outer.Excess(v / (1 + p.rest.Excess(v/(1+e))))
}

// total is ω_outer(s) + R̃(v/s) at s = 1 + e.
func (p *searched) total(v, e float64) float64 {
	return costOf(p.outer, e) + p.rest.Effective(v/(1+e))
}

// search finds the excess of the outer factor and the minimum. No minimiser
// exceeds η_outer(v) where r ≥ 1, nor, where r may be below 1, the s with
// ω_outer(s) = R̃(v), the value at s = 1.
func (p *searched) search(v float64) (e, value float64) {
	if v == 0 {
		return 0, p.rest.Effective(0)
	}
	var hi float64
	if p.rest.Minimum() == 0 {
		limit := p.rest.Effective(v)
		hi = 1e-8
		for range 1100 {
			if !(costOf(p.outer, hi) < limit) || hi > 1e300 {
				break
			}
			hi *= 2
		}
	} else {
		hi = p.outer.Excess(v)
	}
	if hi == 0 {
		return 0, p.total(v, 0)
	}
	best := candidate{value: math.Inf(1)}
	lo := p.response(v, 0)
	if lo == 0 {
		best.offer(p, v, 0)
		// Other fixed points are farther away from 1: from the jump on, or
		// anywhere above the rounding errors.
		lo = min(hi, max(hi*1e-17, math.SmallestNonzeroFloat64))
		if q, ok := p.outer.(power); ok {
			lo = min(hi, q.jump())
		}
	}
	p.explore(v, stretch{lo, p.response(v, lo), hi, p.response(v, hi)}, 0, &best)
	if math.IsInf(best.value, 1) {
		best.offer(p, v, lo) // T is off by more than its slack
		best.offer(p, v, hi)
	}
	return best.e, best.value
}

// A stretch of e = s − 1 and T at its ends.
type stretch struct{ lo, atLo, hi, atHi float64 }

// shortFor is the relative length δ of a stretch that goes to the root search,
// which finds one fixed point that attracts (T − s falls through 0). Were there
// two, the derivative of the total would have three roots within δ; then it is
// at most f⁗δ³/40, by the error of interpolation at three points, and the two
// minima differ by less than f⁗δ⁴/40, f⁗ being the fourth derivative by
// log(s − 1). That is 1e-10 of it for the families; a custom ω may be steep.
func shortFor(leaves []leaf) float64 {
	for i := range leaves {
		if _, ok := leaves[i].Penalty.(power); !ok && leaves[i].factor == nil {
			return 1.0 / 2048
		}
	}
	return 1.0 / 128
}

// explore offers all fixed points in the stretch that attract; the others are
// maxima of ω_outer(s) + R̃(v/s) along the responses. Errors of T, which are
// large where a custom ω has no derivative, are allowed for by slack: a stretch
// that misses its image by less is as good as a fixed point.
func (p *searched) explore(v float64, s stretch, depth int, best *candidate) {
	const slack = 1e-6
	for range 3 {
		if s.atLo > s.hi || s.atHi < s.lo {
			if s.atLo <= s.hi*(1+slack) {
				best.offer(p, v, s.hi)
			}
			if s.atHi >= s.lo*(1-slack) {
				best.offer(p, v, s.lo)
			}
			return
		}
		width := s.hi - s.lo
		if width <= 1e-14*s.hi {
			best.offer(p, v, s.lo)
			return
		}
		if s.atLo > s.lo {
			s.lo = min(s.atLo, s.hi)
			s.atLo = p.response(v, s.lo)
		}
		if s.atHi < s.hi {
			s.hi = max(s.atHi, s.lo)
			s.atHi = p.response(v, s.hi)
		}
		if s.hi-s.lo > width/2 {
			break
		}
	}
	width := s.hi - s.lo
	attracts := s.atLo >= s.lo && s.atHi <= s.hi
	switch {
	case width <= 1e-14*s.hi:
		best.offer(p, v, s.lo)
		return
	case width <= p.short*s.hi && attracts:
		best.offer(p, v, p.fixedPoint(v, s))
		return
	case width <= 1e-5*s.hi || depth == 60:
		// T touches the diagonal, or nearly so: the value decides.
		best.offer(p, v, s.lo)
		best.offer(p, v, s.hi)
		return
	case depth > 2 && costOf(p.outer, s.lo)+p.rest.Effective(v/(1+s.hi)) > best.value*(1+1e-13):
		// ω_outer rises and R̃(v/s) falls, so nothing in between is better.
		return
	}
	mid := math.Sqrt(s.lo) * math.Sqrt(s.hi)
	if !(mid > s.lo && mid < s.hi) {
		mid = s.lo + width/2
	}
	at := p.response(v, mid)
	p.explore(v, stretch{s.lo, s.atLo, mid, at}, depth+1, best)
	p.explore(v, stretch{mid, at, s.hi, s.atHi}, depth+1, best)
}

// fixedPoint finds the fixed point of T in a short stretch where it attracts, by
// Steffensen's iteration, and by the bracket where that does not get there.
func (p *searched) fixedPoint(v float64, s stretch) float64 {
	e := s.lo + (s.hi-s.lo)/2
	for range 5 {
		once := p.response(v, e)
		twice := p.response(v, once)
		curve := (twice - once) - (once - e)
		if curve == 0 {
			return twice
		}
		next := e - (once-e)*(once-e)/curve
		if !(next >= s.lo && next <= s.hi) {
			break
		}
		if math.Abs(next-e) <= 1e-12*e {
			return next
		}
		e = next
	}
	return crossing(func(e float64) float64 { return p.response(v, e) - e },
		s.lo, s.hi, s.atLo-s.lo, s.atHi-s.hi)
}

// A candidate is a fixed point. At equal values the smallest product wins, then
// the smallest a.
type candidate struct{ e, product, value float64 }

func (c *candidate) offer(p *searched, v, e float64) {
	value := p.total(v, e)
	if math.IsNaN(value) || value > c.value*(1+1e-14) {
		return
	}
	product := joint(e, p.rest.Excess(v/(1+e)))
	if value < c.value*(1-1e-14) || product < c.product*(1-1e-9) ||
		product <= c.product*(1+1e-9) && (p.onB == (e > c.e)) {
		*c = candidate{e, product, value}
	}
}

// value: where no multiplier gives it, ω_outer ⊕ ω_R is searched for.
func (p *searched) value(e float64) (value, slope float64) {
	return valueBySearch(p.outer, p.rest, e)
}

// convex: never with a factor λ|s−1|^p, p < 1, whose minimiser jumps: ω̃' = 2v/η²
// falls where η jumps up, and η = sr does as s jumps, although r answers by a
// fall: v/(sr) = (v/s)/η_R(v/s) is smaller for the smaller r, since it increases
// with v/s. Without one, ω̃' is followed over v. As ω̃'(v)/v = 2/η²
// never rises, ω̃' grows by 2.4 % at most between two points, and a larger fall
// cannot hide there.
func (p *searched) convex() bool {
	if jumps(p.outer) || jumpsInside(p.rest) {
		return false
	}
	return p.shape.get(func() bool {
		const first, last, perDecade = -8, 8, 100
		highest := 0.0
		for i := first * perDecade; i <= last*perDecade; i++ {
			slope := p.effectiveSlope(math.Pow(10, float64(i)/perDecade))
			if slope < highest*(1-1e-9) {
				return false
			}
			highest = max(highest, slope)
		}
		return true
	})
}

func jumps(p Penalty) bool {
	q, ok := p.(power)
	return ok && q.P < 1
}

func jumpsInside(p Pair) bool {
	for _, side := range []Penalty{p.a, p.b} {
		if q, ok := side.(Pair); ok && jumpsInside(q) || jumps(side) {
			return true
		}
	}
	return false
}

// conjugate is the supremum of zv − ω̃(v), z ≥ 0: one crossing of ω̃' = z where
// ω̃ is convex, the best of all crossings else. A slope that is still below z at
// v = 1e15 counts as never reaching it.
func (p *searched) conjugate(z float64) (float64, bool) {
	if z == 0 {
		return 0, true
	}
	const first, last, perDecade = -15, 15, 8
	gap := func(t float64) float64 { return p.effectiveSlope(math.Exp(t)) - z }
	t, f := first*math.Ln10, gap(first*math.Ln10)
	if p.convex() {
		end := last * math.Ln10
		g := gap(end)
		if g < 0 {
			return math.Inf(1), false
		}
		if f >= 0 {
			return 0, true
		}
		v := math.Exp(crossing(gap, t, end, f, g))
		return max(0, z*v-p.effective(v)), true
	}
	best := 0.0
	for i := first*perDecade + 1; i <= last*perDecade; i++ {
		next := float64(i) / perDecade * math.Ln10
		g := gap(next)
		if f < 0 && g >= 0 {
			v := math.Exp(crossing(gap, t, next, f, g))
			best = max(best, z*v-p.effective(v))
		}
		t, f = next, g
	}
	if f < 0 {
		return math.Inf(1), false
	}
	return best, true
}
