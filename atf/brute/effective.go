package brute

import "math"

// Effective is the effective penalty of v by search, eq. (12), with one factor
// or, as in eq. (11), with two:
//
//	min over s of v²/s² + ω(s),  min over a, b of v²/(ab)² + ω_A(a) + ω_B(b),
//
// the factors between 1 and 1 + v, where they lie for every ω that is smallest
// at 1. Each round is a grid of 41 points a side around the best point so far,
// a quarter as wide as the one before, down to a spacing of 10⁻¹² v; the
// accuracy is that of rounding where the best point of a grid is next to the
// minimum. It panics unless v is positive and finite and there are one or two
// penalties.
func Effective(v float64, omegas ...func(s float64) float64) float64 {
	if !(v > 0) || math.IsInf(v, 1) {
		panic("brute: Effective needs a positive finite v")
	}
	if len(omegas) != 1 && len(omegas) != 2 {
		panic("brute: Effective needs one penalty or two")
	}
	const side = 20
	best, a, b := math.Inf(1), 1+v/2, 1.0
	second, sideB := func(float64) float64 { return 0 }, 0
	if len(omegas) == 2 {
		second, sideB, b = omegas[1], side, a
	}
	for step := v / 40; step > 1e-12*v; step /= 4 {
		midA, midB := a, b
		for i := -side; i <= side; i++ {
			for j := -sideB; j <= sideB; j++ {
				x, y := max(1, midA+float64(i)*step), max(1, midB+float64(j)*step)
				if w := v*v/(x*x*y*y) + omegas[0](x) + second(y); w < best {
					best, a, b = w, x, y
				}
			}
		}
	}
	return best
}

// A Form is what Proposition 3 says of an effective penalty ω̃, in numbers:
// v ↦ ω̃(√v) is increasing (Rise > 0) and concave (Bend ≤ 0 but for rounding),
// and ω̃(v)/v² tends to 1 as v tends to 0 (Start).
type Form struct {
	Rise  float64 // the least slope of u ↦ ω̃(√u), times u/ω̃
	Bend  float64 // the largest relative growth of this slope from one step to the next
	Start float64 // ω̃(v)/v² − 1 at v = 10⁻⁴
	Tail  float64 // the power of v by which ω̃ grows at v = 10⁸
}

// FormOf measures an effective penalty on 401 values of u = v² from 10⁻⁸ to
// 10⁸, equally spaced in log u.
func FormOf(effective func(v float64) float64) Form {
	f := Form{
		Rise:  math.Inf(1),
		Bend:  math.Inf(-1),
		Start: effective(1e-4)/1e-8 - 1,
		Tail:  math.Log10(effective(1e9)/effective(1e7)) / 2,
	}
	last := math.Inf(1)
	for k := -200; k < 200; k++ {
		u, next := math.Pow(10, float64(k)/25), math.Pow(10, float64(k+1)/25)
		low, high := effective(math.Sqrt(u)), effective(math.Sqrt(next))
		slope := (high - low) / (next - u)
		f.Rise, f.Bend = min(f.Rise, slope*u/low), max(f.Bend, slope/last-1)
		last = slope
	}
	return f
}

// Root is a zero of an f that is below 0 at lo and above it at hi, by 100
// bisections: to rounding wherever f is exact enough.
func Root(f func(x float64) float64, lo, hi float64) float64 {
	for range 100 {
		if x := (lo + hi) / 2; f(x) < 0 {
			lo = x
		} else {
			hi = x
		}
	}
	return lo
}
