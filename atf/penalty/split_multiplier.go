package penalty

import "math"

// A factor is an ω that is convex as a function of log s on s ≥ 1.
type factor interface {
	Penalty
	excessForm
	// atMultiplier solves s·ω'(s) = m: x = log s, e = s − 1, and the elasticity
	// dx/d log m.
	atMultiplier(m float64) (x, e, elasticity float64)
	// elasticityLimit is the limit of the elasticity for m → ∞, also its
	// supremum: ω grows as s to the power 1/elasticityLimit.
	elasticityLimit() float64
}

// convexInLog is p as a factor, nil where it is none.
func convexInLog(p Penalty) factor {
	if w, ok := p.(power); ok && w.P < 1 {
		return nil
	}
	f, _ := p.(factor)
	return f
}

// byMultiplier is the splitting for any number of factors convex in log s, the
// general one. With s = Πs_i,
//
//	v²/s² + Σω_i(s_i)
//
// is convex in all x_i = log s_i at once (v²e^{−2Σx_i} is), so a stationary
// point is the minimum: s_i ω_i'(s_i) = m for all i, with the Lagrange
// multiplier m = 2v²/s² of the product; at a kink of ω_i, m lies in the
// subdifferential of ω_i as a function of x_i. Every x_i(m) increases, so one
// number m decides it, by log m + 2Σx_i(m) = log(2v²).
type byMultiplier struct {
	a, b   Penalty
	leaves []leaf
}

// logProduct is Σx_i(m) and its derivative by log m.
func (p *byMultiplier) logProduct(m float64) (x, elasticity float64) {
	for i := range p.leaves {
		xi, _, ei := p.leaves[i].factor.atMultiplier(m)
		x += xi
		elasticity += ei
	}
	return x, elasticity
}

// sides are the excesses of both sides at the multiplier m.
func (p *byMultiplier) sides(m float64) (a, b float64) {
	for i := range p.leaves {
		_, e, _ := p.leaves[i].factor.atMultiplier(m)
		if p.leaves[i].onB {
			b = joint(b, e)
		} else {
			a = joint(a, e)
		}
	}
	return a, b
}

// multiplier solves t + 2Σx_i(eᵗ) = log(2v²) for t = log m, v > 0. The left
// side increases with a slope of 1 at least, so that every value brackets the
// root: Newton's method, and bisection where it would leave the bracket.
func (p *byMultiplier) multiplier(v float64) float64 {
	target := math.Ln2 + 2*math.Log(v)
	t, lo, hi := min(target, 700), math.Inf(-1), math.Inf(1)
	for i := range 200 {
		x, elasticity := p.logProduct(math.Exp(t))
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
			// Far out, log s may be exponential in log m: go where Σx_i falls to
			// target/2, on a logarithmic scale.
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
	return math.Exp(t)
}

func (p *byMultiplier) split(v float64) (a, b float64) {
	if v == 0 {
		return p.sides(0)
	}
	return p.sides(p.multiplier(v))
}

// limit: every factor grows without bound.
func (p *byMultiplier) limit() (a, b float64) { return math.Inf(1), math.Inf(1) }

// smallest is the v below which ω̃ with a factor λs² is taken as linear: the
// multiplier 2v²/s² leaves the range of float64 soon after.
const smallest = 1e-100

// zeros counts the factors with their minimum at 0, λs².
func (p *byMultiplier) zeros() int {
	n := 0
	for i := range p.leaves {
		if p.leaves[i].Minimum() == 0 {
			n++
		}
	}
	return n
}

func (p *byMultiplier) effective(v float64) float64 {
	scale := 1.0
	if v > 0 && v < smallest && p.zeros() > 0 {
		v, scale = smallest, v/smallest
	}
	var m float64
	if v > 0 {
		m = p.multiplier(v)
	}
	var value float64
	s := 1.0
	for i := range p.leaves {
		f := p.leaves[i].factor
		x, e, _ := f.atMultiplier(m)
		if e < 0 { // a factor λs² near 0, which 1 + e has no digits for
			r := math.Exp(x)
			value += f.Value(r)
			s *= r
		} else {
			value += f.cost(e)
			s *= 1 + e
		}
	}
	if v == 0 {
		return value
	}
	return scale * (v/s*(v/s) + value)
}

// effectiveSlope is ω̃'(v) = 2v/s² = m/v; at v = 0 its limit from the right: 0,
// or 2√λ with one factor λs², +Inf with two.
func (p *byMultiplier) effectiveSlope(v float64) float64 {
	if v < smallest {
		switch zeros := p.zeros(); {
		case zeros > 1 && v == 0:
			return math.Inf(1)
		case zeros > 0:
			v = smallest
		}
	}
	if v == 0 {
		return 0
	}
	m := p.multiplier(v)
	if m > 0 {
		return m / v
	}
	a, b := p.sides(m)
	return slopeOfSplit(v, a, b)
}

// value is Σω_i(s_i) at the s_i with product 1 + e, and its derivative m/s. A
// product below 1 of factors with their minimum at 1 has no multiplier that
// makes them unique, since ω_i need not be convex in log s there: it is
// searched for.
func (p *byMultiplier) value(e float64) (value, slope float64) {
	s := 1 + e
	overZero := p.zeros() > 0
	if e < 0 && !overZero {
		return valueBySearch(p.a, p.b, e)
	}
	if e == 0 && !overZero {
		// The largest m at which all factors are still 1.
		m := math.Inf(1)
		for i := range p.leaves {
			m = min(m, p.leaves[i].factor.rise(0))
		}
		return 0, m
	}
	m := p.multiplierOfProduct(math.Log1p(e), overZero)
	for i := range p.leaves {
		_, ei, _ := p.leaves[i].factor.atMultiplier(m)
		value += p.leaves[i].factor.cost(ei)
	}
	return value, m / s
}

// multiplierOfProduct solves Σx_i(m) = x by Newton's method on the logarithm of
// both sides (where a factor may be below 1, on the sides themselves), with
// bisection where that leaves the bracket.
func (p *byMultiplier) multiplierOfProduct(x float64, linear bool) float64 {
	t, lo, hi := 0.0, math.Inf(-1), math.Inf(1)
	for i := range 400 {
		sum, elasticity := p.logProduct(math.Exp(t))
		if sum == x {
			break
		}
		if sum > x {
			hi = t
		} else {
			lo = t
		}
		var step float64
		switch {
		case linear:
			step = (x - sum) / elasticity
		case sum > 0 && !math.IsInf(sum, 1):
			step = math.Log(x/sum) * sum / elasticity
		default:
			step = math.Copysign(40, x-sum)
		}
		next := t + max(-40, min(40, step))
		if !(next > lo && next < hi) || i > 100 {
			next = lo + (hi-lo)/2
		}
		if math.IsInf(next, 0) || math.IsNaN(next) {
			next = t + math.Copysign(40, x-sum)
		}
		if math.Abs(next-t) <= 4e-16*(1+math.Abs(t)) {
			t = next
			break
		}
		t = next
	}
	return math.Exp(t)
}

// half tells a sum of elasticities of one half up to rounding, as 1/3 + 1/6.
const half = 0.5 + 1e-12

// elasticities is Σ of the limits of dx_i/d log m.
func (p *byMultiplier) elasticities() float64 {
	var sum float64
	for i := range p.leaves {
		sum += p.leaves[i].factor.elasticityLimit()
	}
	return sum
}

// convex: ω̃'(v)² = 2ω'(s)/s = 2m/s² rises with m exactly while
// d log s/d log m ≤ 1/2, that is while Σdx_i/d log m ≤ 1/2. Each term's limit is
// its supremum, so the sum of the limits decides.
func (p *byMultiplier) convex() bool { return p.elasticities() <= half }

// conjugate is sup over s_i of cΠs_i² − Σω_i(s_i), c = z²/4. Where ω̃ is not
// convex, ω grows slower than s² and it is finite at z = 0 only.
//
// Else all factors are λ|s−1|^p with Σ1/p ≤ 1/2: those of all other families
// have a limit of 1/2 or more, and there are two of them at least. At the
// supremum 2cs² = m, so log m − 2Σx_i(m) = log(z²/2), concave and increasing in
// log m: Newton's method from below. With ω_i = m(s_i − 1)/(p_i s_i), the value
// is m·(1/2 − Σ(1/p_i)(1 − 1/s_i)).
func (p *byMultiplier) conjugate(z float64) (float64, bool) {
	limits := p.elasticities()
	if z == 0 || limits > half {
		return onlyAtZero(z)
	}
	target := 2*math.Log(z) - math.Ln2
	if limits >= 1-half {
		// Σ1/p = 1/2: the left side is bounded, s_i → (m/(λ_i p_i))^{1/p_i}.
		var edge float64
		for i := range p.leaves {
			q := p.leaves[i].factor.(power)
			edge += 2 / q.P * math.Log(q.Lambda*q.P)
		}
		if target >= edge {
			return math.Inf(1), false
		}
	}
	t := target
	for range 2000 {
		x, elasticity := p.logProduct(math.Exp(t))
		step := (t - 2*x - target) / (1 - 2*elasticity)
		t -= step
		if !(t < 700) {
			return math.Inf(1), false // beyond the range of float64
		}
		if !(math.Abs(step) > 1e-15*(1+math.Abs(t))) {
			break
		}
	}
	m := math.Exp(t)
	value := max(0.5-limits, 0)
	for i := range p.leaves {
		_, e, _ := p.leaves[i].factor.atMultiplier(m)
		value += p.leaves[i].factor.elasticityLimit() / (1 + e)
	}
	return m * value, true
}
