package penalty

import "math"

// A factor is an ω that is convex as a function of log s on s ≥ 1. For such,
// v²/s² + Σω_i(s_i) with s = Πs_i is convex in all the log s_i at once, so its
// stationary point is the minimum, and one number decides it: the multiplier
// m = s_i ω_i'(s_i), the same for all i, with m·s(m)² = 2v².
type factor interface {
	Penalty
	excessForm
	// tilt solves s·ω'(s) = m: x = log s, e = s − 1, and dx/d log m.
	tilt(m float64) (x, e, elasticity float64)
	// tail is the limit of dx/d log m for m → ∞, also its supremum.
	tail() float64
}

// A leaf is one factor of a nested pair and the side it belongs to.
type leaf struct {
	factor
	onB bool
}

// gather flattens nested pairs. It fails where a factor is not convex in log s.
func (p *plan) gather(side Penalty, onB bool) bool {
	switch q := side.(type) {
	case Pair:
		return p.gather(q.a, onB) && p.gather(q.b, onB)
	case identity:
		return true
	}
	if !logConvex(side) {
		return false
	}
	p.leaves = append(p.leaves, leaf{side.(factor), onB})
	return true
}

// effectiveTilted is ω̃(v) from the leaves, v ≥ 0.
func (p *plan) effectiveTilted(v float64) float64 {
	_, _, m := p.split(v)
	var value float64
	s := 1.0
	for i := range p.leaves {
		x, e, _ := p.leaves[i].tilt(m)
		if e < 0 { // a factor λs² near 0, which 1 + e has no digits for
			f := math.Exp(x)
			value += p.leaves[i].Value(f)
			s *= f
		} else {
			value += p.leaves[i].cost(e)
			s *= 1 + e
		}
	}
	if v == 0 {
		return value
	}
	return v/s*(v/s) + value
}

// lean is Σ log s_i and its derivative by log m.
func (p *plan) lean(m float64) (x, elasticity float64) {
	for i := range p.leaves {
		xi, _, ei := p.leaves[i].tilt(m)
		x += xi
		elasticity += ei
	}
	return x, elasticity
}

// factors are the excesses of both sides at the multiplier m.
func (p *plan) factors(m float64) (a, b float64) {
	for i := range p.leaves {
		_, e, _ := p.leaves[i].tilt(m)
		if p.leaves[i].onB {
			b = joint(b, e)
		} else {
			a = joint(a, e)
		}
	}
	return a, b
}

// splitTilted solves log m + 2Σ log s_i(m) = log(2v²) in log m, where the left
// side increases with a slope of 1 at least, so that every value brackets the
// root: Newton's method, and bisection where it would leave the bracket.
func (p *plan) splitTilted(v float64) (a, b, m float64) {
	if v == 0 {
		a, b = p.factors(0)
		return a, b, 0
	}
	target := math.Ln2 + 2*math.Log(v)
	t, lo, hi := min(target, 700), math.Inf(-1), math.Inf(1)
	for i := range 200 {
		x, elasticity := p.lean(math.Exp(t))
		gap := t + 2*x - target
		if gap == 0 {
			break
		}
		if gap > 0 {
			hi = min(hi, t)
			lo = max(lo, t-gap)
		} else {
			lo = max(lo, t)
			hi = min(hi, t-gap)
		}
		next := t - gap/(1+2*elasticity)
		if i < 4 && target > 1 && x > 3*target+10 && !math.IsInf(x, 1) {
			// Far out, log s may be exponential in log m: go where Σ log s_i
			// falls to target/2, on a logarithmic scale.
			next = t - math.Log(2*x/target)*x/elasticity
		}
		if !(next >= lo && next <= hi) || i > 60 {
			next = lo + (hi-lo)/2
		}
		if math.Abs(next-t) <= 2e-15*(1+math.Abs(t)) {
			t = next
			break
		}
		t = next
	}
	m = math.Exp(t)
	a, b = p.factors(m)
	return a, b, m
}
