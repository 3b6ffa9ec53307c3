package penalty

import "math"

// valueBySearch is the value and the slope of ω_A ⊕ ω_B at u = 1 + e where no
// multiplier gives them: below 1, and where a side is not convex in log s. Of
// the two, only b may have its minimum at 0.
func valueBySearch(a, b Penalty, e float64) (value, slope float64) {
	var ea, eb float64
	if b.Minimum() == 0 {
		ea, eb = splitFromZero(a, b, e)
	} else {
		ea, eb = splitFromOne(a, b, e)
	}
	value = costOf(a, ea) + costOf(b, eb)
	// The derivative is ω_A'(a)/b = ω_B'(b)/a; the factor that is not held at
	// its kink or jump carries it.
	if math.Abs(ea) > math.Abs(eb) {
		return value, riseOf(a, ea) / (1 + eb)
	}
	return value, riseOf(b, eb) / (1 + ea)
}

// splitFromOne splits u = 1 + e as a = u^τ, b = u^{1−τ} with 0 ≤ τ ≤ 1, where
// ω_A rises and ω_B falls with τ. τ = 1/(1+e^{−t}) keeps its digits at both ends.
func splitFromOne(a, b Penalty, e float64) (ea, eb float64) {
	x := math.Log1p(e)
	excessA := func(t float64) float64 { return math.Expm1(x / (1 + math.Exp(-t))) }
	excessB := func(t float64) float64 { return math.Expm1(x / (1 + math.Exp(t))) }
	const span = 36
	t, value := leastOfSum(-span, span,
		func(t float64) float64 { return costOf(a, excessA(t)) },
		func(t float64) float64 { return costOf(b, excessB(t)) })
	ea, eb = excessA(t), excessB(t)
	if f := costOf(b, e); f <= value {
		ea, eb, value = 0, e, f
	}
	if costOf(a, e) < value {
		return e, 0
	}
	return ea, eb
}

// splitFromZero splits u = 1 + e where b has its minimum at 0 and a at 1: a is
// at least 1, and no larger than where ω_A(a) alone exceeds ω_B(u). ω_A rises
// and ω_B falls with a.
func splitFromZero(a, b Penalty, e float64) (ea, eb float64) {
	rest := func(ea float64) float64 { return (e - ea) / (1 + ea) }
	limit := costOf(b, e)
	hi := 1e-8
	for range 1100 {
		if !(costOf(a, hi) < limit) || hi > 1e300 {
			break
		}
		hi *= 2
	}
	t, value := leastOfSum(math.Log(hi)-40, math.Log(hi),
		func(t float64) float64 { return costOf(a, math.Exp(t)) },
		func(t float64) float64 { return costOf(b, rest(math.Exp(t))) })
	if limit <= value {
		return 0, e
	}
	return math.Exp(t), rest(math.Exp(t))
}
