package penalty

import "math"

// halfTail tells tails whose sum is one half up to rounding, such as 1/3 + 1/6.
const halfTail = 0.5 + 1e-12

// tails sums the leaves' limits of d log s/d log m. ω_A ⊕ ω_B grows as
// s^{1/tails} in the end, so the sum decides against s²: up to one half, ω̃ is
// convex, since ω̃'(v)² = 2ω'(s)/s = 2m/s² rises with m exactly while
// d log s/d log m ≤ 1/2.
func (p *plan) tails() float64 {
	var sum float64
	for i := range p.leaves {
		sum += p.leaves[i].tail()
	}
	return sum
}

// ConvexEffective is exact for the families of this package, alone and in any
// sum, but Power with p < 1, which is never convex: two factors λ|s−1|^p and
// μ|s−1|^q give a convex ω̃ exactly when 1/p + 1/q ≤ 1/2. With custom penalties
// ω̃' is followed over v = 1e-8 … 1e8, 20 points a decade, on the first call.
func (p Pair) ConvexEffective() bool {
	if p.broken() {
		return false
	}
	switch p.way {
	case onlyA:
		return p.a.ConvexEffective()
	case onlyB:
		return p.b.ConvexEffective()
	case searched:
		p.once.Do(func() { p.convex = p.convexBySearch() })
		return p.convex
	}
	return p.tails() <= halfTail
}

// Conjugate is ω̃*(z); see ConvexEffective for where it is exact. It is finite
// at z = 0 only unless ω_A ⊕ ω_B grows as s² at least.
func (p Pair) Conjugate(z float64) (float64, bool) {
	if p.broken() || math.IsNaN(z) {
		return math.NaN(), false
	}
	z = math.Abs(z)
	switch p.way {
	case onlyA:
		return p.a.Conjugate(z)
	case onlyB:
		return p.b.Conjugate(z)
	case searched:
		return p.conjugateBySearch(z)
	}
	tails := p.tails()
	if z == 0 || tails > halfTail {
		return onlyAtZero(z)
	}
	return p.conjugatePowers(z, tails)
}

// conjugatePowers is sup over s_i of (z²/4)Πs_i² − Σω_i(s_i). Only sums of
// λ|s−1|^p with Σ1/p ≤ 1/2 come here. At the supremum
// log m − 2Σ log s_i(m) = log(z²/2), concave and increasing in log m.
func (p *plan) conjugatePowers(z, tails float64) (float64, bool) {
	target := 2*math.Log(z) - math.Ln2
	if tails >= 1-halfTail {
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
		x, elasticity := p.lean(math.Exp(t))
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
	value := max(0.5-tails, 0)
	for i := range p.leaves {
		_, e, _ := p.leaves[i].tilt(m)
		value += p.leaves[i].tail() / (1 + e)
	}
	return m * value, true
}

// Value is (ω_A ⊕ ω_B)(s), the least ω_A(a) + ω_B(b) with ab = s.
func (p Pair) Value(s float64) float64 {
	switch {
	case p.broken() || math.IsNaN(s):
		return math.NaN()
	case s < 0:
		return math.Inf(1)
	case s == 0:
		// One factor 0, the other where its penalty is smallest.
		return min(p.a.Value(0)+p.b.Value(p.b.Minimum()), p.a.Value(p.a.Minimum())+p.b.Value(0))
	}
	value, _ := p.worth(s - 1)
	return value
}

// Slope is the derivative of ω_A ⊕ ω_B, ω_A'(a)/b = ω_B'(b)/a.
func (p Pair) Slope(s float64) float64 {
	if p.broken() || math.IsNaN(s) || s <= 0 {
		return math.NaN()
	}
	return p.rise(s - 1)
}

func (p Pair) cost(e float64) float64 {
	value, _ := p.worth(e)
	return value
}

func (p Pair) rise(e float64) float64 {
	_, slope := p.worth(e)
	return slope
}

// worth is the value and the slope of ω_A ⊕ ω_B at 1 + e.
func (p *plan) worth(e float64) (value, slope float64) {
	s := 1 + e
	switch p.way {
	case bad:
		return math.NaN(), math.NaN()
	case onlyA:
		return costOf(p.a, e), riseOf(p.a, e)
	case onlyB:
		return costOf(p.b, e), riseOf(p.b, e)
	case twoNuclear:
		k := 2 * math.Sqrt(p.la) * math.Sqrt(p.lb)
		return k * s, k
	case equalSquare:
		if e >= 0 {
			root := math.Sqrt(s)
			d := e / (1 + root)
			return 2 * p.la * d * d, 2 * p.la * d / root
		}
	}
	if p.way == searched || e < 0 && min(p.a.Minimum(), p.b.Minimum()) > 0 {
		return p.worthBySearch(e)
	}
	if e == 0 && p.a.Minimum() > 0 && p.b.Minimum() > 0 {
		return 0, p.flat() / s
	}
	m := p.multiplier(math.Log1p(e))
	for i := range p.leaves {
		_, ei, _ := p.leaves[i].tilt(m)
		value += p.leaves[i].cost(ei)
	}
	return value, m / s
}

// flat is the largest m at which all factors are still 1: the slope at 1.
func (p *plan) flat() float64 {
	m := math.Inf(1)
	for i := range p.leaves {
		m = min(m, p.leaves[i].rise(0))
	}
	return m
}

// multiplier solves Σ log s_i(m) = x by Newton's method on the logarithm of
// both sides (where a factor may be below 1, on the sides themselves), with
// bisection where that leaves the bracket.
func (p *plan) multiplier(x float64) float64 {
	linear := min(p.a.Minimum(), p.b.Minimum()) == 0
	t, lo, hi := 0.0, math.Inf(-1), math.Inf(1)
	for i := range 400 {
		sum, elasticity := p.lean(math.Exp(t))
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
