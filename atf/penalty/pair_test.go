package penalty

import (
	"math"
	"testing"
)

// search2 finds the minimum of v²/(ab)² + ω_A(a) + ω_B(b) over a, b ≥ 1: both
// edges by the search along a line, the inside by a grid over the logarithms
// of both excesses whose best cells are zoomed into.
func search2(f, g formula, v float64) float64 {
	_, best := f.search(v)
	_, edge := g.search(v)
	best = min(best, edge)
	value := func(x, y float64) float64 {
		a, b := math.Exp(x), math.Exp(y)
		u := v / (1 + a) / (1 + b)
		return u*u + f.omega(a) + g.omega(b)
	}
	const n = 90
	lo, step := -50.0, 72.0/n
	type cell struct{ x, y, value float64 }
	var cells []cell
	for i := range n {
		for j := range n {
			x, y := lo+step*float64(i), lo+step*float64(j)
			w := value(x, y)
			if w <= value(x-step, y) && w <= value(x+step, y) && w <= value(x, y-step) && w <= value(x, y+step) {
				cells = append(cells, cell{x, y, w})
			}
		}
	}
	for _, c := range cells {
		if c.value > 2*best {
			continue
		}
		for h := step; h > 1e-8; h *= 0.7 {
			at := c
			for i := -2.0; i <= 2; i++ {
				for j := -2.0; j <= 2; j++ {
					if w := value(at.x+i*h/2, at.y+j*h/2); w < c.value {
						c = cell{at.x + i*h/2, at.y + j*h/2, w}
					}
				}
			}
		}
		best = min(best, c.value)
	}
	return best
}

func TestPairAgainstGlobalSearch(t *testing.T) {
	f := formulas(1)
	g := formulas(0.3)
	byName := func(fs []formula, i int) formula { return fs[i] }
	for _, c := range []struct{ a, b formula }{
		{byName(f, 0), byName(f, 0)}, {byName(f, 0), byName(g, 0)}, {byName(f, 0), byName(f, 1)},
		{byName(g, 1), byName(f, 0)}, {byName(f, 1), byName(f, 1)}, {byName(f, 1), byName(g, 1)},
		{byName(f, 2), byName(f, 2)}, {byName(f, 2), byName(g, 0)}, {byName(f, 8), byName(f, 8)},
		{byName(f, 9), byName(g, 6)}, {byName(f, 4), byName(f, 4)}, {byName(f, 3), byName(g, 5)},
		{byName(f, 4), byName(g, 0)}, {byName(g, 1), byName(f, 4)}, {byName(f, 5), byName(f, 5)},
	} {
		p := InfConv(c.a.p, c.b.p)
		for _, v := range []float64{1e-8, 1e-4, 0.02, 0.3, 0.7, 1, 1.4, 2, 5, 40, 3e3, 1e8} {
			want := search2(c.a, c.b, v)
			got := p.Effective(v)
			if !(got <= want*(1+1e-11)) {
				t.Errorf("%s at %v: ω̃ = %.15g, search finds %.15g", p.Name(), v, got, want)
			}
			a, b := p.Split(v)
			u := v / (1 + a) / (1 + b)
			// Attained, so not too small either.
			near(t, p.Name()+": value of the pair", u*u+c.a.omega(a)+c.b.omega(b), got, 1e-13)
			// Where a factor left 1, the multiplier fits.
			if a > 0 {
				near(t, p.Name()+": aω_A'(a)", (1+a)*c.a.rise(a), 2*u*u, 1e-9)
			}
			if b > 0 {
				near(t, p.Name()+": bω_B'(b)", (1+b)*c.b.rise(b), 2*u*u, 1e-9)
			}
			near(t, p.Name()+": Excess", p.Excess(v), a+b+a*b, 1e-14)
			near(t, p.Name()+": EffectiveSlope", p.EffectiveSlope(v), 2*u/(1+a)/(1+b), 1e-12)
		}
	}
}

// The ways in closed form against the general one for factors convex in log s,
// and that one against the search.
func TestWaysAgree(t *testing.T) {
	for _, l := range scales {
		for _, p := range []Pair{
			TwoSided(Squared(l)), InfConv(Squared(l), Squared(2)), InfConv(Squared(l), Squared(1e-2*l)),
			InfConv(Squared(l), Absolute(1)), InfConv(Absolute(l), Squared(1)), TwoSided(Absolute(l)),
			TwoSided(Power(l, 1.3)), TwoSided(Power(l, 4)), TwoSided(Nuclear(l)), InfConv(Nuclear(l), Nuclear(3)),
		} {
			slow := byTheMultiplier(p)
			for _, v := range sweep(4) {
				a, b := p.Split(v)
				x, y := slow.Split(v)
				if p.Minimum() == 0 { // s itself is what matters there
					a, b, x, y = 1+a, 1+b, 1+x, 1+y
				}
				if a != 0 || x != 0 {
					near(t, p.Name()+": a − 1", a, x, 1e-10)
				}
				if b != 0 || y != 0 {
					near(t, p.Name()+": b − 1", b, y, 1e-10)
				}
				near(t, p.Name()+": ω̃", p.Effective(v), slow.Effective(v), 1e-12)
				near(t, p.Name()+": ω̃'", p.EffectiveSlope(v), slow.EffectiveSlope(v), 1e-10)
			}
		}
	}
	for _, p := range []Pair{InfConv(Squared(1), Squared(2)), InfConv(Power(1, 1.5), LogSquared(1)), InfConv(Absolute(2), Squared(1))} {
		slow := Pair{&pair{p.a, p.b, &searched{outer: p.a, rest: InfConv(Identity(), p.b), short: 1.0 / 128, shape: new(onceBool)}}}
		for _, v := range sweep(2) {
			a, b := p.Split(v)
			x, y := slow.Split(v)
			if a != 0 || x != 0 {
				near(t, p.Name()+": a − 1, searched", x, a, 1e-8)
			}
			if b != 0 || y != 0 {
				near(t, p.Name()+": b − 1, searched", y, b, 1e-8)
			}
			near(t, p.Name()+": ω̃, searched", slow.Effective(v), p.Effective(v), 1e-12)
		}
	}
}

func byTheMultiplier(p Pair) Pair {
	leaves, _ := gather(nil, p.a, false)
	leaves, _ = gather(leaves, p.b, true)
	return Pair{&pair{p.a, p.b, &byMultiplier{p.a, p.b, leaves}}}
}

// ω̃ of the pair is the effective penalty of its own values.
func TestInfConvValue(t *testing.T) {
	for _, p := range []Pair{
		TwoSided(Squared(1)), InfConv(Squared(1), Absolute(0.4)), TwoSided(Absolute(1)), InfConv(LogSquared(1), Squared(3)),
		TwoSided(Power(1, 0.5)), TwoSided(Power(1, 4)), InfConv(Nuclear(1), Squared(1)), TwoSided(Nuclear(2)),
		InfConv(TwoSided(Squared(1)), Absolute(1)), InfConv(Power(1, 0.5), Nuclear(1)),
	} {
		for _, u := range []float64{0.02, 0.4, 0.9, 1.1, 2, 30, 1e4} {
			best, at := math.Inf(1), 0.0
			for i := -2000; i <= 2000; i++ {
				a := math.Exp(float64(i) / 150)
				if w := p.a.Value(a) + p.b.Value(u/a); w < best {
					best, at = w, float64(i)/150
				}
			}
			for step := 0.01; step > 1e-9; step /= 2 {
				for _, x := range []float64{at - step, at + step} {
					a := math.Exp(x)
					if w := p.a.Value(a) + p.b.Value(u/a); w < best {
						best, at = w, x
					}
				}
			}
			best = min(best, p.a.Value(1)+p.b.Value(u), p.a.Value(u)+p.b.Value(1))
			got := p.Value(u)
			if !(math.Abs(got-best) <= 1e-8*best) {
				t.Errorf("%s at u = %v: %.12g, grid finds %.12g", p.Name(), u, got, best)
			}
			h := 1e-5 * u
			near(t, p.Name()+": Slope", p.Slope(u), (p.Value(u+h)-p.Value(u-h))/(2*h), 1e-4)
		}
		for _, v := range []float64{0.1, 1, 5, 1e3} {
			u := 1 + p.Excess(v)
			near(t, p.Name()+": v²/u² + value", v*v/u/u+p.Value(u), p.Effective(v), 1e-9)
		}
	}
	if got := TwoSided(Squared(2)).Value(0); got != 2 {
		t.Errorf("value at 0: %v", got)
	}
}

func TestNesting(t *testing.T) {
	s, a, h := Squared(1), Absolute(2), Power(1, 0.5)
	for _, v := range []float64{1e-6, 0.4, 1.7, 5, 1e4} {
		for _, ps := range [][2]Pair{
			{InfConv(InfConv(s, a), LogSquared(1)), InfConv(s, InfConv(a, LogSquared(1)))},
			{InfConv(InfConv(s, Identity()), s), TwoSided(s)},
			{InfConv(InfConv(h, a), s), InfConv(h, InfConv(a, s))},
			{InfConv(InfConv(s, a), InfConv(s, h)), InfConv(InfConv(s, h), InfConv(a, s))},
		} {
			near(t, ps[0].Name()+" against "+ps[1].Name(), ps[0].Effective(v), ps[1].Effective(v), 1e-12)
			near(t, "Excess", ps[0].Excess(v), ps[1].Excess(v), 1e-8)
			x, y := ps[0].Split(v)
			near(t, "joint", joint(x, y), ps[0].Excess(v), 1e-12)
		}
		x, y := InfConv(Identity(), s).Split(v)
		if x != 0 || y != s.Excess(v) {
			t.Errorf("I ⊕ ω at %v: %v, %v", v, x, y)
		}
	}
}

// A side of nothing but M = I is M = I, however it is written: its factor stays 1.
func TestNestedIdentity(t *testing.T) {
	nothing := InfConv(Identity(), Identity())
	for _, side := range []Penalty{Squared(1), Power(1, 0.5), InfConv(Squared(1), Absolute(1))} {
		p, q := InfConv(nothing, side), InfConv(side, nothing)
		for _, v := range []float64{0, 0.3, 5, 1e9, math.Inf(1)} {
			a, b := p.Split(v)
			c, d := q.Split(v)
			if a != 0 || d != 0 || b != side.Excess(v) || c != b {
				t.Errorf("%s at %v: (%v, %v) and (%v, %v), want 0 and %v", p.Name(), v, a, b, c, d, side.Excess(v))
			}
		}
		if p.ConvexEffective() != side.ConvexEffective() || p.Effective(2) != side.Effective(2) {
			t.Errorf("%s is not %s", p.Name(), side.Name())
		}
	}
	if e, w := nothing.Excess(3), nothing.Effective(3); e != 0 || w != 9 {
		t.Errorf("I ⊕ I at 3: η − 1 = %v, ω̃ = %v", e, w)
	}
}

func TestTwoNuclear(t *testing.T) {
	p := TwoSided(Nuclear(1))
	for _, v := range sweep(3) {
		near(t, "3v^{2/3}", p.Effective(v), 3*math.Pow(v, 2./3), 1e-14)
		near(t, "2v^{-1/3}", p.EffectiveSlope(v), 2/math.Cbrt(v), 1e-14)
		a, b := p.Split(v)
		near(t, "a", 1+a, math.Cbrt(v), 1e-12)
		if a != b {
			t.Errorf("a − 1 = %v, b − 1 = %v", a, b)
		}
	}
	if a, b := p.Split(0); a != -1 || b != -1 {
		t.Errorf("at 0: a − 1 = %v, b − 1 = %v, want −1", a, b)
	}
	if p.Minimum() != 0 || p.Effective(0) != 0 || !math.IsInf(p.EffectiveSlope(0), 1) {
		t.Errorf("at 0: minimum %v, ω̃ %v, ω̃' %v", p.Minimum(), p.Effective(0), p.EffectiveSlope(0))
	}
}
