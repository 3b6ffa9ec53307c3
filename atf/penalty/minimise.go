package penalty

import "math"

// The scalar searches that all of this package shares: a root in a bracket, a
// minimum in a bracket, and the least value of a rising and a falling function
// together. Which brackets to look into is decided where the function is known:
// custom_table.go for one penalty, split_search.go for a pair.

// crossing finds where f changes its sign between lo and hi, lo < hi, by the
// Illinois variant of regula falsi (Dowell and Jarratt, BIT 11, 1971), every
// third step a bisection, so that the bracket shrinks whatever f is.
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

// golden narrows [lo, hi] around a minimum of f by golden section (Kiefer,
// Proc. AMS 4, 1953) and returns the best point seen; f is taken to fall and
// then to rise there.
func golden(f func(float64) float64, lo, hi float64, steps int) (at, value float64) {
	const ratio = 0.6180339887498949
	l, r := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
	fl, fr := f(l), f(r)
	for range steps {
		if fl <= fr {
			hi, r, fr = r, l, fl
			l = hi - ratio*(hi-lo)
			fl = f(l)
		} else {
			lo, l, fl = l, r, fr
			r = lo + ratio*(hi-lo)
			fr = f(r)
		}
	}
	if fr < fl {
		return r, fr
	}
	return l, fl
}

// localMinimum finds the minimum of f in [lo, hi], 0 < lo ≤ mid ≤ hi, where f
// is no larger at mid than at the ends. The sign of the derivative decides;
// exact says that it is one and not a difference quotient, which misleads at
// kinks, so that a golden section search over log e stands by.
func localMinimum(lo, mid, hi float64, exact bool, f, derivative func(float64) float64) float64 {
	at, bracketed := mid, false
	switch d := derivative(mid); {
	case d > 0 && lo < mid:
		if dl := derivative(lo); dl < 0 {
			at, bracketed = crossing(derivative, lo, mid, dl, d), true
		}
	case d < 0 && mid < hi:
		dh := derivative(hi)
		if math.IsNaN(dh) {
			dh = math.Inf(1)
		}
		if dh >= 0 {
			at, bracketed = crossing(derivative, mid, hi, d, dh), true
		}
	case d == 0:
		bracketed = true
	}
	if exact && bracketed {
		return at
	}
	x, value := golden(func(x float64) float64 { return f(math.Exp(x)) }, math.Log(lo), math.Log(hi), 48)
	if g := f(mid); g < value {
		x, value = math.Log(mid), g
	}
	// Rounding alone must not move the root of the derivative, the better of two
	// equally low points.
	if g := f(at); g <= value+1e-13*math.Abs(value) {
		return at
	}
	return math.Exp(x)
}

// leastOfSum is the minimum over [lo, hi] of rising(t) + falling(t), where the
// first never falls and the second never rises. Between two points t₁ < t₂ the
// sum is at least rising(t₁) + falling(t₂): of 256 stretches, only those where
// this lies below the least value known are searched, the others cannot hold
// the minimum (monotonic optimisation; Tuy, SIAM J. Optim. 11, 2000).
func leastOfSum(lo, hi float64, rising, falling func(float64) float64) (at, value float64) {
	const n = 256
	var up, down [n + 1]float64
	step := (hi - lo) / n
	sum := func(t float64) float64 { return rising(t) + falling(t) }
	at, value = lo, math.Inf(1)
	for i := range up {
		t := lo + step*float64(i)
		up[i], down[i] = rising(t), falling(t)
		if g := up[i] + down[i]; g < value {
			at, value = t, g
		}
	}
	polish := func(left, right float64, steps int) bool {
		t, g := golden(sum, max(lo, left), min(hi, right), steps)
		if g < value {
			at, value = t, g
			return true
		}
		return false
	}
	polish(at-step, at+step, 60)
	better := false
	for i := range n {
		if up[i]+down[i+1] < value {
			left := lo + step*float64(i)
			better = polish(left, left+step, 16) || better
		}
	}
	if better {
		polish(at-step/256, at+step/256, 50)
	}
	return at, value
}
