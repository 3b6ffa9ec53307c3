package penalty

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf("%s = %.17g, want %.17g (relative difference %.3g)", what, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

// A formula is ω and ω' in e = s − 1 ≥ 0, written once more for the tests.
type formula struct {
	p           Penalty
	omega, rise func(e float64) float64
}

func formulas(l float64) []formula {
	fs := []formula{
		{Squared(l), func(e float64) float64 { return l * e * e }, func(e float64) float64 { return 2 * l * e }},
		{Absolute(l), func(e float64) float64 { return l * e }, func(e float64) float64 { return l }},
		{LogSquared(l), func(e float64) float64 { return l * math.Log1p(e) * math.Log1p(e) },
			func(e float64) float64 { return 2 * l * math.Log1p(e) / (1 + e) }},
	}
	for _, q := range []float64{0.2, 0.5, 0.9, 1.1, 1.5, 3, 4, 7.5} {
		fs = append(fs, formula{Power(l, q), func(e float64) float64 { return l * math.Pow(e, q) },
			func(e float64) float64 { return l * q * math.Pow(e, q-1) }})
	}
	return fs
}

// search finds the minimum of v²/s² + ω(s) over s ≥ 1 from a grid of 64 points
// a decade over s − 1 = 1e-60 … 1e20; the best point's cell is halved by the
// sign of the derivative.
func (f formula) search(v float64) (e, value float64) {
	near, far := 0.0, v*v
	nearAt, farAt := -1, -1
	point := func(i int) float64 { return math.Pow(10, float64(i)/64-60) }
	for i := range 80*64 + 1 {
		e := point(i)
		u := v / (1 + e)
		if g := f.omega(e) - u*u*e*(2+e); e < 0.1 && g < near { // less v²
			near, nearAt = g, i
		} else if g := f.omega(e) + u*u; e >= 0.1 && g < far {
			far, farAt = g, i
		}
	}
	at := nearAt
	if far < v*v+near {
		at = farAt
	}
	if at < 0 {
		return 0, v * v
	}
	lo, hi := point(at-1), point(at+1)
	for range 120 {
		e = lo + (hi-lo)/2
		if f.rise(e)/2 < v/(1+e)*(v/(1+e))/(1+e) {
			lo = e
		} else {
			hi = e
		}
	}
	u := v / (1 + e)
	return e, u*u + f.omega(e)
}

var scales = []float64{1e-3, 0.1, 1, 7, 1e3}

// sweep is v = 1e-8 … 1e8.
func sweep(perDecade int) []float64 {
	var vs []float64
	for i := range 16*perDecade + 1 {
		vs = append(vs, math.Pow(10, float64(i)/float64(perDecade)-8))
	}
	return vs
}

func TestAgainstGlobalSearch(t *testing.T) {
	for _, l := range scales {
		for _, f := range formulas(l) {
			for _, v := range sweep(3) {
				e, value := f.search(v)
				near(t, f.p.Name()+": Effective", f.p.Effective(v), value, 1e-11)
				if got := f.p.Excess(v); e > 0 || got > 1e-59 { // the grid's end
					near(t, f.p.Name()+": Excess", got, e, 1e-9)
				}
				near(t, f.p.Name()+": EffectiveSlope", f.p.EffectiveSlope(v), 2*v/(1+e)/(1+e), 1e-11)
				if f.p.Effective(-v) != f.p.Effective(v) || f.p.EffectiveSlope(-v) != -f.p.EffectiveSlope(v) {
					t.Errorf("%s: not even at %v", f.p.Name(), v)
				}
			}
			for _, e := range []float64{1e-12, 1e-3, 0.5, 3, 1e6} {
				near(t, f.p.Name()+": cost", costOf(f.p, e), f.omega(e), 1e-14)
				near(t, f.p.Name()+": rise", riseOf(f.p, e), f.rise(e), 1e-14)
				if e >= 0.5 {
					near(t, f.p.Name()+": Value", f.p.Value(1+e), f.omega(e), 1e-14)
					near(t, f.p.Name()+": Slope", f.p.Slope(1+e), f.rise(e), 1e-14)
				}
			}
		}
	}
}

// Below 1: ω falls towards 1 and its slope is that of its values.
func TestLeftOfOne(t *testing.T) {
	for _, f := range formulas(2) {
		for _, s := range []float64{0.05, 0.3, 0.6, 0.9} {
			h := 1e-5
			near(t, f.p.Name()+": Slope", f.p.Slope(s), (f.p.Value(s+h)-f.p.Value(s-h))/(2*h), 1e-6)
			if f.p.Slope(s) >= 0 || f.p.Value(s) <= f.p.Value(s+0.05) {
				t.Errorf("%s does not fall at %v", f.p.Name(), s)
			}
		}
		if f.p.Value(1) != 0 || !math.IsInf(f.p.Value(-0.1), 1) {
			t.Errorf("%s: ω(1) = %v, ω(−0.1) = %v", f.p.Name(), f.p.Value(1), f.p.Value(-0.1))
		}
	}
}

// The kernel's weight (s²−1)/v² must tend to 2/λ without noise.
func TestSquaredWeightNearZero(t *testing.T) {
	for _, l := range scales {
		for _, v := range []float64{1e-140, 1e-20, 1e-12, 1e-8, 1e-6} {
			e := Squared(l).Excess(v)
			// (s²−1)/v² = (2/λ)(1 − (5/2)v²/λ + …)
			near(t, "weight", e*(2+e)/v/v, 2/l, 4*v*v/l+1e-15)
		}
	}
}

func TestClosedForms(t *testing.T) {
	for _, l := range scales {
		for _, v := range sweep(5) {
			p := Absolute(l)
			if v <= math.Sqrt(l/2) {
				if p.Effective(v) != v*v || p.Excess(v) != 0 {
					t.Errorf("%s at %v", p.Name(), v)
				}
			} else {
				near(t, p.Name(), p.Effective(v), 3*math.Cbrt(l*l/4*v*v)-l, 1e-11*(1+l/p.Effective(v)))
			}
			near(t, "s²", Nuclear(l).Effective(v), 2*math.Sqrt(l)*v, 1e-15)
			near(t, "I", Identity().Effective(v), v*v, 0)
			near(t, "ω̃' of λ(s−1)²", Squared(l).EffectiveSlope(v), 2*v/math.Pow(1+Squared(l).Excess(v), 2), 1e-13)
		}
		// The tail of λ(s−1)² is 2√λ·v − 2λ^{3/4}√v + ¾λ.
		v := 1e10 * l
		near(t, "tail", Squared(l).Effective(v)-2*math.Sqrt(l)*v+2*math.Pow(l, 0.75)*math.Sqrt(v), 0.75*l, 0.05+1e-5*math.Sqrt(l)*v/l*1e-8)
	}
	for _, v := range []float64{0.3, 4, 1e6} {
		near(t, "s of s²", 1+Nuclear(1).Excess(v), math.Sqrt(v), 1e-14)
	}
	if e := Nuclear(1).Excess(0); e != -1 {
		t.Errorf("s² at 0: s − 1 = %v", e)
	}
}

// For p < 1 the minimiser stays at 1 up to the jump, the tie included.
func TestJump(t *testing.T) {
	for _, q := range []float64{0.1, 0.5, 0.95} {
		p := Power(1, q)
		s := (math.Sqrt(1+8/q) - 1) / 2
		v := math.Sqrt(q * math.Pow(s-1, q-1) * s * s * s / 2)
		near(t, "both sides of the tie", v*v/s/s+p.Value(s), v*v, 1e-13)
		if e := p.Excess(v * (1 - 1e-12)); e != 0 {
			t.Errorf("p = %v: s − 1 = %v below the jump", q, e)
		}
		near(t, "s − 1 behind the jump", p.Excess(v*(1+1e-12)), s-1, 1e-9)
	}
}
