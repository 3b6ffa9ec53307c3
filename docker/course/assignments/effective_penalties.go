package assignments

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
)

// effectivePenalties decides on assignment 2: ω̃, η, ⊕ and Proposition 3 of the paper,
// by root finding.
func effectivePenalties() exam.Assignment {
	return exam.Assignment{Name: "2_effective_penalties", Withheld: theLibrary(), Parts: []exam.Part{
		{ID: "eta", Points: 2, Function: "Eta", Signature: "func(v, lambda float64) float64", Checks: []exam.Check{
			{Name: "the minimiser for random v and λ", Hint: "The derivative of v²/s² + λ(s−1)² vanishes there; did the search bound the root from above for large v and small λ?",
				Run: func(t *exam.Trial) error { return compareCurve(t, "eta", etaSquared, 1e-8) }}}},
		{ID: "effective", Points: 1, Function: "Effective", Signature: "func(v, lambda float64) float64", Checks: []exam.Check{
			{Name: "the effective penalty for random v and λ", Hint: "Put the minimiser into v²/s² + λ(s−1)².",
				Run: func(t *exam.Trial) error { return compareCurve(t, "effective penalty", effectiveSquared, 1e-8) }}}},
		{ID: "derivative", Points: 1, Function: "Derivative", Signature: "func(v, lambda float64) float64", Checks: []exam.Check{
			{Name: "it agrees with differences of the effective penalty", Hint: "Differentiate v²/s² by v at a fixed s, then put in the minimiser.", Run: checkPenaltyDerivative}}},
		{ID: "any", Points: 3, Function: "EffectiveOf", Signature: "func(family string, lambda, v float64) float64", Adapter: anyAdapter, Checks: []exam.Check{
			{Name: "penalties with one local minimum", Hint: "Is the upper end of the search large enough for a penalty that grows like a logarithm?",
				Run: func(t *exam.Trial) error { return checkAny(t, "squared", "absolute", "logarithm") }},
			{Name: "penalties with several local minima", Hint: "A search that goes downhill from one start, or halves one interval, ends in one of several minima: try many values first.",
				Run: func(t *exam.Trial) error { return checkAny(t, "root", "stairs") }}}},
		{ID: "conjugate", Points: 1, Function: "Conjugate", Signature: "func(z, lambda float64) float64", Checks: []exam.Check{
			{Name: "the supremum where it is finite", Hint: "Maximise (z²/4)s² − λ(s−1)² over s.", Run: checkConjugate},
			{Name: "infinity where it is not", Hint: "For which z does (z²/4)s² grow at least as fast as λ(s−1)²?", Run: checkConjugateInfinite}}},
		{ID: "combine", Points: 2, Function: "Share", Signature: "func(s, lambdaA, lambdaB float64) (a, b, penalty float64)", Checks: []exam.Check{
			{Name: "the two factors multiply to s", Hint: "Return b = s/a for the a that was found.", Run: func(t *exam.Trial) error { return checkShare(t, true) }},
			{Name: "they cost the least", Hint: "λA·a(a−1) = λB·b(b−1) at the best a; the two penalties need not be equal.", Run: func(t *exam.Trial) error { return checkShare(t, false) }}}},
		{ID: "layer", Points: 2, Function: "EffectiveLayer", Signature: "func(v, lambda float64) float64", Checks: []exam.Check{
			{Name: "the effective penalty of two factors", Hint: "Minimise v²/(ab)² + λ(a−1)² + λ(b−1)² over both a and b.",
				Run: func(t *exam.Trial) error { return compareCurve(t, "effective penalty", effectiveLayer, 1e-8) }}}},
		{ID: "proposition", Points: 2, Function: "Shape", Signature: "func(u, values []float64) (increasing, concave bool)", Checks: []exam.Check{
			{Name: "curves that are increasing and concave", Hint: "Points are not evenly spaced: divide differences by the distance.", Run: checkShapeHolds},
			{Name: "curves that are not", Hint: "One step that falls, or one slope above the slope before it, is enough.", Run: checkShapeFails}}},
	}}
}

// anyAdapter names penalties by words, for functions do not travel between processes.
const anyAdapter = `func(family string, lambda, v float64) float64 {
	return EffectiveOf(func(s float64) float64 {
		switch u := math.Abs(s - 1); family {
		case "squared":
			return lambda * u * u
		case "absolute":
			return lambda * u
		case "logarithm":
			return lambda * math.Log(s) * math.Log(s)
		case "root":
			return lambda * math.Sqrt(u)
		default:
			return 0.3 * lambda * (u + 0.24*math.Sin(4*u))
		}
	}, v)
}`

// anyPenalty is the same for the grader. "stairs" rises, now fast, now slowly.
func anyPenalty(family string, lambda, s float64) float64 {
	switch u := math.Abs(s - 1); family {
	case "squared":
		return lambda * u * u
	case "absolute":
		return lambda * u
	case "logarithm":
		return lambda * math.Log(s) * math.Log(s)
	case "root":
		return lambda * math.Sqrt(u)
	default:
		return 0.3 * lambda * (u + 0.24*math.Sin(4*u))
	}
}

// rising finds by bisection where a function that rises from f(1) ≤ 0 crosses zero.
func rising(f func(s float64) float64) float64 {
	low, high := 1.0, 2.0
	for i := 0; i < 300 && f(high) < 0; i++ {
		high *= 2
	}
	for range 200 {
		if middle := low + (high-low)/2; f(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

// etaSquared solves v² = λs³(s−1).
func etaSquared(v, lambda float64) float64 {
	return rising(func(s float64) float64 { return lambda*s*s*s*(s-1) - v*v })
}

func effectiveSquared(v, lambda float64) float64 {
	s := etaSquared(v, lambda)
	return v*v/(s*s) + lambda*(s-1)*(s-1)
}

// layerFactor solves v² = λt⁵(t−1), where both factors of a layer are t.
func layerFactor(v, lambda float64) float64 {
	return rising(func(t float64) float64 { return lambda*math.Pow(t, 5)*(t-1) - v*v })
}

func effectiveLayer(v, lambda float64) float64 {
	t := layerFactor(v, lambda)
	return v*v/math.Pow(t, 4) + 2*lambda*(t-1)*(t-1)
}

func compareCurve(t *exam.Trial, what string, want func(v, lambda float64) float64, tolerance float64) error {
	for range 15 {
		v, lambda := math.Pow(10, t.Uniform(-2, 3)), math.Pow(10, t.Uniform(-2, 2))
		if err := callCurve(t, what, v, lambda, want(v, lambda), tolerance); err != nil {
			return err
		}
	}
	return callCurve(t, what, 0, 1, want(0, 1), tolerance)
}

func callCurve(t *exam.Trial, what string, v, lambda, want, tolerance float64) error {
	var got float64
	if err := t.Call([]any{&got}, v, lambda); err != nil {
		return err
	}
	return exam.Near(what, got, want, tolerance)
}

func checkPenaltyDerivative(t *exam.Trial) error {
	for range 15 {
		v, lambda := math.Pow(10, t.Uniform(-1, 2)), math.Pow(10, t.Uniform(-1, 1))
		var got float64
		if err := t.Call([]any{&got}, v, lambda); err != nil {
			return err
		}
		at := func(v []float64) (float64, error) { return effectiveSquared(v[0], lambda), nil }
		if err := exam.GradientOf("derivative", at, []float64{v}, []float64{got}, 1e-5*v, 1e-5); err != nil {
			return err
		}
	}
	return nil
}

// checkAny compares with the best of a finer search than answers need.
func checkAny(t *exam.Trial, families ...string) error {
	for _, family := range families {
		for range 20 {
			lambda, v := t.Uniform(0.5, 2), t.Uniform(0.05, 6)
			want := v * v
			top := rising(func(s float64) float64 { return anyPenalty(family, lambda, s) - v*v })
			cost := func(x float64) float64 {
				s := math.Exp(x)
				return v*v/(s*s) + anyPenalty(family, lambda, s)
			}
			const grid = 20000
			step := math.Log(top) / grid
			at := 0.0
			for i := range grid + 1 {
				if c := cost(float64(i) * step); c < want {
					at, want = float64(i)*step, c
				}
			}
			for width := step; width > 1e-14; width /= 2 { // at most 50 halvings
				for _, x := range []float64{at - width, at + width} {
					if c := cost(x); x >= 0 && c < want {
						at, want = x, c
					}
				}
			}
			var got float64
			if err := t.Call([]any{&got}, family, lambda, v); err != nil {
				return err
			}
			if !(math.Abs(got-want) <= 3e-6*want) {
				return exam.Wrong("%s, λ = %v, v = %v: %v, want %v", family, lambda, v, got, want)
			}
		}
	}
	return nil
}

func checkConjugate(t *exam.Trial) error {
	for range 15 {
		lambda := math.Pow(10, t.Uniform(-1, 1))
		z := t.Uniform(0, 0.99) * 2 * math.Sqrt(lambda)
		q := z * z / 4
		if err := callCurve(t, "conjugate", z, lambda, lambda*q/(lambda-q), 1e-8); err != nil {
			return err
		}
	}
	return nil
}

func checkConjugateInfinite(t *exam.Trial) error {
	for range 5 {
		lambda := math.Pow(10, t.Uniform(-1, 1))
		if err := callCurve(t, "conjugate", t.Uniform(1.01, 4)*2*math.Sqrt(lambda), lambda, math.Inf(1), 0); err != nil {
			return err
		}
	}
	return nil
}

func checkShare(t *exam.Trial, product bool) error {
	for i := range 15 {
		s, lambdaA, lambdaB := 1+math.Pow(10, t.Uniform(-1, 3)), math.Pow(10, t.Uniform(-1, 1)), math.Pow(10, t.Uniform(-1, 1))
		if i == 0 {
			s = 1
		}
		var a, b, penalty float64
		if err := t.Call([]any{&a, &b, &penalty}, s, lambdaA, lambdaB); err != nil {
			return err
		}
		if product {
			if err := exam.Near("a·b", a*b, s, 1e-7); err != nil {
				return err
			}
			continue
		}
		want := rising(func(a float64) float64 {
			b := s / a
			return lambdaA*a*(a-1) - lambdaB*b*(b-1)
		})
		other := s / want
		if err := exam.NearAll("a, b", []float64{a, b}, []float64{want, other}, 1e-6); err != nil {
			return err
		}
		if err := exam.Near("penalty", penalty, lambdaA*(want-1)*(want-1)+lambdaB*(other-1)*(other-1), 1e-6); err != nil {
			return err
		}
	}
	return nil
}

// drawPoints draws increasing points whose distances grow about fivefold.
func drawPoints(t *exam.Trial, n int) []float64 {
	u := make([]float64, n)
	at, step := 0.0, 0.01
	for i := range u {
		at += step * t.Uniform(0.8, 1.2)
		step *= t.Uniform(3, 7)
		u[i] = at
	}
	return u
}

func callShape(t *exam.Trial, u []float64, f func(u float64) float64, increasing, concave bool) error {
	values := make([]float64, len(u))
	for i, x := range u {
		values[i] = f(x)
	}
	var gotIncreasing, gotConcave bool
	if err := t.Call([]any{&gotIncreasing, &gotConcave}, u, values); err != nil {
		return err
	}
	if gotIncreasing != increasing || gotConcave != concave {
		return exam.Wrong("at %v the values %v: increasing %v, concave %v; want %v, %v", u, values, gotIncreasing, gotConcave, increasing, concave)
	}
	return nil
}

func checkShapeHolds(t *exam.Trial) error {
	for _, n := range []int{3, 6, 8} {
		lambda := t.Uniform(0.5, 2)
		for _, f := range []func(v, lambda float64) float64{effectiveSquared, effectiveLayer} {
			if err := callShape(t, drawPoints(t, n), func(u float64) float64 { return f(math.Sqrt(u), lambda) }, true, true); err != nil {
				return err
			}
		}
		if err := callShape(t, drawPoints(t, n), func(u float64) float64 { return lambda * u }, true, true); err != nil {
			return err
		}
	}
	return nil
}

func checkShapeFails(t *exam.Trial) error {
	for _, n := range []int{3, 6, 8} {
		c := t.Uniform(0.5, 2)
		u := drawPoints(t, n)
		bend := u[1+t.IntN(n-2)] // an inner point
		for _, curve := range []struct {
			f                   func(u float64) float64
			increasing, concave bool
		}{
			{func(x float64) float64 { return c * x * x }, true, false},
			{func(x float64) float64 { return -c * x }, false, true},
			{func(x float64) float64 { return c * max(x, 3*x-2*bend) }, true, false},   // steeper after one point
			{func(x float64) float64 { return c * min(x, 2*bend-x) }, false, true},     // falls after one point
			{func(x float64) float64 { return -c * min(3*x-2*bend, x) }, false, false}, // falls, and less steeply
		} {
			if err := callShape(t, u, curve.f, curve.increasing, curve.concave); err != nil {
				return err
			}
		}
	}
	return nil
}
