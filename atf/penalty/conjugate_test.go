package penalty

import (
	"math"
	"testing"
)

// supremum is sup over v of zv − ω̃(v) from 400 points a decade and a golden
// section search.
func supremum(p Penalty, z float64) float64 {
	best, at := 0.0, 0.0
	f := func(t float64) float64 { v := math.Exp(t); return z*v - p.Effective(v) }
	for i := -4000; i <= 4000; i++ {
		x := float64(i) / 400 * math.Ln10
		if g := f(x); g > best {
			best, at = g, x
		}
	}
	lo, hi := at-0.01, at+0.01
	for range 60 {
		l, r := hi-0.618033988749895*(hi-lo), lo+0.618033988749895*(hi-lo)
		if f(l) > f(r) {
			hi = r
		} else {
			lo = l
		}
	}
	return max(best, f(lo))
}

func TestConjugate(t *testing.T) {
	custom, err := CustomExcess("s²-like", func(e float64) float64 { return 2*e*e + math.Abs(e*e*e) })
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []Penalty{
		Squared(1), Squared(0.3), Power(1, 2.5), Power(2, 4), Power(0.1, 3), Identity(),
		TwoSided(Power(1, 4)), TwoSided(Power(1, 5)), InfConv(Power(2, 3), Power(0.5, 7)),
		InfConv(Power(1, 3), Power(1, 6)), InfConv(Identity(), Squared(2)), InfConv(Squared(2), Identity()),
		custom, Scale(3, custom), TwoSided(custom),
	} {
		if !p.ConvexEffective() {
			if p.Name() != TwoSided(custom).Name() {
				t.Errorf("%s should be convex", p.Name())
			}
			continue
		}
		for _, z := range []float64{1e-3, 0.1, 0.4, 0.8, -0.8, 1} {
			got, finite := p.Conjugate(z)
			if !finite {
				t.Errorf("%s: ω̃*(%v) is not finite", p.Name(), z)
				continue
			}
			want := supremum(p, math.Abs(z))
			// The supremum is a difference of numbers of size z²; see cond.
			near(t, p.Name()+": ω̃*", got, want, 1e-9)
		}
		// Fenchel: equality at z = ω̃'(v).
		for _, v := range []float64{0.01, 0.3, 2, 30} {
			z := p.EffectiveSlope(v)
			got, finite := p.Conjugate(z)
			if !finite {
				t.Errorf("%s: ω̃*(ω̃'(%v)) is not finite", p.Name(), v)
			}
			near(t, p.Name()+": ω̃ + ω̃*", got+p.Effective(v), z*v, 1e-9)
		}
	}
}

func TestConjugateDomain(t *testing.T) {
	for _, c := range []struct {
		p       Penalty
		inside  float64
		outside float64
	}{
		{Squared(4), 3.9999, 4}, {Nuclear(4), 4, 4.0001},
		{Absolute(1), 0, 1e-6}, {LogSquared(1), 0, 1e-6}, {Power(1, 1.5), 0, 1e-6}, {Power(1, 0.5), 0, 1e-6},
		{TwoSided(Squared(1)), 0, 1e-6}, {TwoSided(Power(1, 3)), 0, 1e-6}, {TwoSided(Nuclear(1)), 0, 1e-6},
		// c < 2λ, c = z²/4, for two factors λ(s−1)⁴.
		{TwoSided(Power(2, 4)), 3.999, 4.001},
		{Identity(), 1e100, math.Inf(1)}, {Power(1, 5), 1e3, math.Inf(1)},
		{InfConv(Power(1, 0.5), Squared(1)), 0, 1e-2},
	} {
		if _, finite := c.p.Conjugate(c.inside); !finite {
			t.Errorf("%s: ω̃*(%v) should be finite", c.p.Name(), c.inside)
		}
		if v, finite := c.p.Conjugate(c.outside); finite || !math.IsInf(v, 1) {
			t.Errorf("%s: ω̃*(%v) = %v, %v, should be infinite", c.p.Name(), c.outside, v, finite)
		}
	}
	v, _ := Squared(3).Conjugate(2)
	near(t, "λ·c/(λ−c)", v, 1.5, 1e-15)
}
