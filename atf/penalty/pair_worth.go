package penalty

import "math"

// worthBySearch is the value and slope of ω_A ⊕ ω_B at u = 1 + e where no
// multiplier gives it: below 1, and for searched pairs. There, the outer
// factor stands for A and the rest for B.
func (p *plan) worthBySearch(e float64) (value, slope float64) {
	a, b := p.a, p.b
	if p.way == searched {
		a, b = p.outer, p.rest
	}
	var ea, eb float64
	if b.Minimum() == 0 {
		ea, eb = awayFromZero(a, b, e)
	} else {
		ea, eb = between1AndU(a, b, e)
	}
	value = costOf(a, ea) + costOf(b, eb)
	// The factor that is not held at its kink or jump carries the slope.
	if math.Abs(ea) > math.Abs(eb) {
		return value, riseOf(a, ea) / (1 + eb)
	}
	return value, riseOf(b, eb) / (1 + ea)
}

// between1AndU splits u = 1 + e as a = u^τ, b = u^{1−τ}. τ is scanned from 0
// to 1, densely at both ends, and the best point refined.
func between1AndU(a, b Penalty, e float64) (ea, eb float64) {
	x := math.Log1p(e)
	// τ = 1/(1+e^{−t}) keeps its digits at both ends.
	split := func(t float64) (float64, float64) {
		return math.Expm1(x / (1 + math.Exp(-t))), math.Expm1(x / (1 + math.Exp(t)))
	}
	const span = 36
	t, value := least(-span, span, func(t float64) float64 {
		ea, eb := split(t)
		return costOf(a, ea) + costOf(b, eb)
	})
	ea, eb = split(t)
	if f := costOf(b, e); f <= value {
		ea, eb, value = 0, e, f
	}
	if costOf(a, e) < value {
		return e, 0
	}
	return ea, eb
}

// awayFromZero splits u = 1 + e where b has its minimum at 0 and a at 1: a is
// at least 1, and no larger than where ω_A(a) alone exceeds ω_B(u).
func awayFromZero(a, b Penalty, e float64) (ea, eb float64) {
	rest := func(ea float64) float64 { return (e - ea) / (1 + ea) }
	limit := costOf(b, e)
	hi := 1e-8
	for costOf(a, hi) < limit && hi < 1e300 {
		hi *= 2
	}
	t, value := least(math.Log(hi)-40, math.Log(hi), func(t float64) float64 {
		ea := math.Exp(t)
		return costOf(a, ea) + costOf(b, rest(ea))
	})
	if limit <= value {
		return 0, e
	}
	return math.Exp(t), rest(math.Exp(t))
}

// least is the minimum of f from 257 points and a golden section search around
// the best.
func least(lo, hi float64, f func(float64) float64) (at, value float64) {
	const n = 256
	step := (hi - lo) / n
	at, value = lo, f(lo)
	for i := 1; i <= n; i++ {
		t := lo + step*float64(i)
		if g := f(t); g < value {
			at, value = t, g
		}
	}
	const golden = 0.6180339887498949
	lo, hi = max(lo, at-step), min(hi, at+step)
	for range 60 {
		l, r := hi-golden*(hi-lo), lo+golden*(hi-lo)
		fl, fr := f(l), f(r)
		if fl < value {
			at, value = l, fl
		}
		if fr < value {
			at, value = r, fr
		}
		if fl <= fr {
			hi = r
		} else {
			lo = l
		}
	}
	return at, value
}
