package penalty

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func custom1(t *testing.T, name string, omega func(float64) float64, slope ...func(float64) float64) Penalty {
	t.Helper()
	p, err := Custom(name, omega, slope...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A custom penalty with a family's formula gives the family's numbers.
func TestCustomAgainstFamilies(t *testing.T) {
	for _, l := range []float64{0.01, 1, 50} {
		for _, f := range formulas(l) {
			omega := func(e float64) float64 { return costOf(f.p, e) }
			rise := func(e float64) float64 { return riseOf(f.p, e) }
			if w, ok := f.p.(power); ok && (w.P == 1.1 || w.P == 7.5) {
				continue // η − 1 below the grid, ω beyond 1e100 at its end
			}
			plain, err := CustomExcess("plain", omega)
			if err != nil {
				t.Fatal(err)
			}
			sloped, err := CustomExcess("sloped", omega, rise)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range []Penalty{plain, sloped} {
				if p.ConvexEffective() != f.p.ConvexEffective() {
					t.Errorf("%s as custom (%s): ConvexEffective() = %v", f.p.Name(), p.Name(), p.ConvexEffective())
				}
				for _, v := range sweep(2) {
					near(t, f.p.Name()+" as custom: Effective", p.Effective(v), f.p.Effective(v), 1e-11)
					if w, ok := f.p.(power); !ok || w.P != 1.5 || v > 1e-5 {
						near(t, f.p.Name()+" as custom: Excess", p.Excess(v), f.p.Excess(v), 1e-8)
					}
				}
			}
			byS := custom1(t, "by s", f.p.Value)
			for _, v := range sweep(2) {
				near(t, f.p.Name()+" as custom in s: Effective", byS.Effective(v), f.p.Effective(v), 1e-10)
			}
		}
	}
}

// A derivative with noise or a kink is no obstacle: 1e-10 beside a brute search.
func TestCustomRandomAgainstSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 10 {
		p := randomCustom(t, r)
		f := formula{omega: func(e float64) float64 { return costOf(p, e) }}
		for _, v := range sweep(1) {
			_, want := f.searchByValue(v)
			got := p.Effective(v)
			if !(math.Abs(got-want) <= 1e-10*want) {
				t.Errorf("%s at %v: %.15g, search finds %.15g", p.Name(), v, got, want)
			}
		}
	}
}

// searchByValue is search without a derivative.
func (f formula) searchByValue(v float64) (e, value float64) {
	phi := func(e float64) float64 { u := v / (1 + e); return u*u + f.omega(e) }
	best, at := phi(0), math.Inf(-1)
	for i := -18 * 64; i <= 12*64; i++ {
		x := float64(i) / 64 * math.Ln10
		if w := phi(math.Exp(x)); w < best {
			best, at = w, x
		}
	}
	if math.IsInf(at, -1) {
		return 0, best
	}
	for h := 0.02; h > 1e-12; h *= 0.6 {
		for _, x := range []float64{at - h, at + h} {
			if w := phi(math.Exp(x)); w < best {
				best, at = w, x
			}
		}
	}
	return math.Exp(at), best
}

func TestCustomRefused(t *testing.T) {
	for _, c := range []struct {
		omega func(float64) float64
		want  []string
	}{
		{func(s float64) float64 { return s * s }, []string{"0 at its minimum s = 1", "ω(1) = 1"}},
		{func(s float64) float64 { return (s - 3) * (s - 3) * (s - 1) * (s - 1) }, []string{"falls to the right of 1", "ω(1."}},
		{func(s float64) float64 { return math.Pow(math.Abs(s-1), 2) * (s + 0.01*math.Sin(s)) * s }, []string{"falls to the left of 1"}},
		{func(s float64) float64 { return -(s - 1) * (s - 1) }, []string{"positive and finite at s = 2"}},
		{func(s float64) float64 { return math.Max(0, s-1) }, []string{"positive and finite at s = 0.5"}},
		{func(s float64) float64 { return 1 - math.Exp(-(s-1)*(s-1)) }, []string{"constant to the right"}},
		{func(s float64) float64 { return (s - 1) * (s - 1) / (1 + s*s) }, []string{"constant to the right", "grows too slowly"}},
		{func(s float64) float64 {
			if s > 1.5 && s < 9 {
				return math.NaN()
			}
			return (s - 1) * (s - 1)
		}, []string{"not finite", "positive and finite"}},
		{func(s float64) float64 {
			if s > 3 {
				return math.Inf(1)
			}
			return (s - 1) * (s - 1)
		}, []string{"not finite and continuous to the right"}},
	} {
		p, err := Custom("odd", c.omega)
		var shape *ShapeError
		if p != nil || !errors.As(err, &shape) || len(shape.S) == 0 || len(shape.S) != len(shape.Values) {
			t.Errorf("%q: %v, %v", c.want, p, err)
			continue
		}
		found := false
		for _, w := range c.want {
			found = found || strings.Contains(err.Error(), w)
		}
		if !found {
			t.Errorf("%v does not say any of %q", err, c.want)
		}
	}
	square := func(s float64) float64 { return (s - 1) * (s - 1) }
	for _, err := range []error{
		second(Custom("", square)),
		second(Custom("nil", nil)),
		second(CustomExcess("nil", nil)),
		second(Custom("two", square, square, square)),
		second(Custom("wrong slope", square, func(s float64) float64 { return s - 1 })),
	} {
		if err == nil {
			t.Error("accepted")
		}
	}
	if err := second(Custom("wrong slope", square, func(s float64) float64 { return s - 1 })); !strings.Contains(err.Error(), "contradicts its derivative") {
		t.Error(err)
	}
}

func second(_ Penalty, err error) error { return err }

// ω may overflow far out.
func TestCustomOverflow(t *testing.T) {
	p := custom1(t, "cosh", func(s float64) float64 { return math.Cosh(s-1) - 1 })
	for _, v := range []float64{0.1, 1, 1e3, 1e8} {
		f := formula{omega: func(e float64) float64 { return math.Cosh(e) - 1 }, rise: math.Sinh}
		_, want := f.search(v)
		near(t, "cosh", p.Effective(v), want, 1e-10)
	}
	if !p.ConvexEffective() {
		t.Error("cosh should be convex")
	}
	if _, finite := p.Conjugate(100); !finite {
		t.Error("the conjugate of cosh is finite everywhere")
	}
}

func TestFingerprints(t *testing.T) {
	seen := map[string]string{}
	for _, p := range []Penalty{
		Squared(1), Squared(2), Absolute(1), Power(1, 3), Power(1, 0.5), Power(2, 3), LogSquared(1), Nuclear(1), Identity(), Squared(-1),
		InfConv(Squared(1), Absolute(1)), InfConv(Absolute(1), Squared(1)), TwoSided(Squared(1)), Pair{},
		InfConv(Squared(1), TwoSided(Squared(1))), InfConv(TwoSided(Squared(1)), Squared(1)),
		custom1(t, "a", Squared(1).Value), custom1(t, "b", Squared(1).Value), custom1(t, "a", Squared(2).Value),
		Scale(3, custom1(t, "a", Squared(1).Value)),
	} {
		if other, ok := seen[p.Fingerprint()]; ok {
			t.Errorf("%s and %s have the same fingerprint", p.Name(), other)
		}
		seen[p.Fingerprint()] = p.Name()
	}
	if Squared(1).Fingerprint() != Power(1, 2).Fingerprint() || Scale(2, Squared(1)).Fingerprint() != Squared(2).Fingerprint() {
		t.Error("the same penalty has two fingerprints")
	}
}

// Smooth functions that are flat at s = 0 are as good as any: there the digits
// end, not the fall. A flat stretch further out is none.
func TestCustomFlatAtZero(t *testing.T) {
	for k := 2.0; k <= 10; k++ {
		omega := func(s float64) float64 { return (math.Pow(s, k) - 1) * (math.Pow(s, k) - 1) }
		p, err := Custom("power", omega)
		if err != nil {
			t.Errorf("k = %g: %v", k, err)
			continue
		}
		best := math.Inf(1)
		for i := range 10_000 {
			s := 1 + float64(i)*1e-4
			best = min(best, 1/(s*s)+omega(s))
		}
		if got := p.Effective(1); got > best || got < best-1e-6 {
			t.Errorf("k = %g: ω̃(1) = %v, a grid finds %v", k, got, best)
		}
	}
	shelf := func(s float64) float64 {
		if s >= 1 {
			return (s - 1) * (s - 1)
		}
		return math.Min((s-1)*(s-1), math.Max(0.25, 0.65-s))
	}
	if _, err := Custom("shelf", shelf); err == nil {
		t.Error("a shelf from 0.4 to 0.5 is accepted")
	}
}
