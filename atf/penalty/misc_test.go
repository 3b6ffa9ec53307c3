package penalty

import (
	"bytes"
	"encoding/gob"
	"math"
	"runtime"
	"strings"
	"testing"
)

func families() []Penalty {
	return []Penalty{
		Squared(0.3), Absolute(2), Power(1, 0.5), Power(1, 3), LogSquared(1), Nuclear(4), Identity(),
		TwoSided(Squared(1)), InfConv(Squared(1), Squared(2)), InfConv(Squared(1), Absolute(1)), TwoSided(Absolute(1)),
		TwoSided(Power(1, 4)), InfConv(LogSquared(1), Squared(1)), TwoSided(Power(1, 0.5)), TwoSided(Nuclear(1)),
		InfConv(Identity(), Squared(1)), InfConv(InfConv(Power(1, 0.7), Identity()), InfConv(Squared(1), Absolute(1))),
	}
}

func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	bad := []Penalty{
		Squared(0), Squared(-1), Squared(nan), Squared(inf), Absolute(0), Absolute(nan), Power(0, 2), Power(1, 0),
		Power(1, -1), Power(1, nan), Power(1, inf), Power(nan, 1), LogSquared(-2), Nuclear(0), Nuclear(inf),
		Scale(0, Squared(1)), Scale(-1, Identity()), Scale(nan, Nuclear(1)), Scale(2, nil), Scale(2, Squared(-1)), Scale(1e308, Squared(1e308)),
		InfConv(Squared(1), Squared(-1)), InfConv(nil, Squared(1)), InfConv(Squared(1), nil), TwoSided(Absolute(0)), Pair{}, Scale(2, Pair{}),
		InfConv(Pair{}, Squared(1)),
	}
	for i, p := range bad {
		err := p.Validate()
		if err == nil || !strings.Contains(err.Error(), "penalty: ") {
			t.Errorf("%d, %s: Validate() = %v", i, p.Name(), err)
		}
		conjugate, finite := p.Conjugate(0.1)
		for _, v := range []float64{p.Value(2), p.Slope(2), p.Effective(1), p.Excess(1), p.EffectiveSlope(1), p.Minimum(), conjugate} {
			if !math.IsNaN(v) {
				t.Errorf("%d: a bad penalty answers %v", i, v)
			}
		}
		if finite || p.ConvexEffective() || p.Fingerprint() == "" {
			t.Errorf("%d: %v %v", i, finite, p.ConvexEffective())
		}
	}
	if err := InfConv(Squared(1), Power(1, -3)).Validate(); !strings.Contains(err.Error(), "side B") || !strings.Contains(err.Error(), "got -3") {
		t.Error(err)
	}
	for _, p := range families() {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestOddArguments(t *testing.T) {
	for _, p := range families() {
		for name, f := range map[string]func(float64) float64{
			"Value": p.Value, "Slope": p.Slope, "Effective": p.Effective, "Excess": p.Excess, "EffectiveSlope": p.EffectiveSlope,
		} {
			if got := f(math.NaN()); !math.IsNaN(got) {
				t.Errorf("%s: %s(NaN) = %v", p.Name(), name, got)
			}
		}
		if _, finite := p.Conjugate(math.NaN()); finite {
			t.Errorf("%s: ω̃*(NaN) is finite", p.Name())
		}
		if got := p.Effective(math.Inf(1)); !math.IsInf(got, 1) {
			t.Errorf("%s: ω̃(∞) = %v", p.Name(), got)
		}
		if got := p.Excess(math.Inf(1)); !math.IsInf(got, 1) && p != Identity() {
			t.Errorf("%s: η(∞) − 1 = %v", p.Name(), got)
		}
		for _, v := range []float64{0, 1e-300, 1e-160, 1e-30, 1e30, 1e140} {
			if e, w := p.Excess(v), p.Effective(v); math.IsNaN(e) || math.IsNaN(w) || w < 0 || math.IsInf(e, 0) {
				t.Errorf("%s at %v: η − 1 = %v, ω̃ = %v", p.Name(), v, e, w)
			}
		}
	}
}

func TestScale(t *testing.T) {
	custom := custom1(t, "custom", Power(1, 2.5).Value)
	for _, p := range append(families(), custom, InfConv(custom, Squared(1))) {
		q := Scale(2.5, p)
		if err := q.Validate(); err != nil {
			t.Error(err)
		}
		if p.Minimum() != q.Minimum() || p.ConvexEffective() != q.ConvexEffective() {
			t.Errorf("%s and %s differ in shape", p.Name(), q.Name())
		}
		root := math.Sqrt(2.5)
		for _, v := range []float64{0.01, 0.9, 6, 1e4} {
			near(t, q.Name()+": ω̃", q.Effective(v), 2.5*p.Effective(v/root), 1e-12)
			near(t, q.Name()+": ω̃'", q.EffectiveSlope(v), root*p.EffectiveSlope(v/root), 1e-9)
			if math.IsInf(p.Value(1+v), 1) {
				continue
			}
			near(t, q.Name()+": ω", q.Value(1+v), 2.5*p.Value(1+v), 1e-12)
		}
		for _, z := range []float64{0, 0.1, 0.5} {
			a, fa := q.Conjugate(z)
			b, fb := p.Conjugate(z / root)
			if fa != fb {
				t.Errorf("%s: ω̃*(%v) finite: %v, %v", q.Name(), z, fa, fb)
			} else if fa {
				near(t, q.Name()+": ω̃*", a, 2.5*b, 1e-9)
			}
		}
	}
	if Scale(2, Scale(3, custom)).Fingerprint() != Scale(6, custom).Fingerprint() {
		t.Error("scaling twice is not scaling once")
	}
}

func TestGob(t *testing.T) {
	for _, p := range append(families(), Squared(-1), InfConv(Squared(1), Squared(-1))) {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(&p); err != nil {
			t.Errorf("%s: %v", p.Name(), err)
			continue
		}
		var q Penalty
		if err := gob.NewDecoder(&b).Decode(&q); err != nil {
			t.Errorf("%s: %v", p.Name(), err)
			continue
		}
		if p.Fingerprint() != q.Fingerprint() || p.Name() != q.Name() || p.ConvexEffective() != q.ConvexEffective() {
			t.Errorf("%s comes back as %s", p.Name(), q.Name())
		}
		for _, v := range []float64{0, 0.3, 5} {
			if x, y := p.Effective(v), q.Effective(v); x != y && !math.IsNaN(x) {
				t.Errorf("%s: %v comes back as %v", p.Name(), x, y)
			}
		}
	}
	custom := custom1(t, "mine", Squared(1).Value)
	for _, p := range []Penalty{custom, Scale(2, custom), InfConv(Squared(1), custom)} {
		err := gob.NewEncoder(new(bytes.Buffer)).Encode(&p)
		if err == nil || !strings.Contains(err.Error(), `custom penalty "mine" is a Go function`) {
			t.Errorf("%s: %v", p.Name(), err)
		}
	}
	if err := gob.NewEncoder(new(bytes.Buffer)).Encode(Pair{}); err == nil {
		t.Error("an empty Pair was encoded")
	}
	if err := new(Pair).GobDecode([]byte("no pair")); err == nil {
		t.Error("nonsense was decoded")
	}
}

func TestVectors(t *testing.T) {
	v := make([]float64, 3000)
	for i := range v {
		v[i] = math.Pow(10, 8*float64(i)/3000-4)
	}
	for _, p := range []Penalty{Squared(1), TwoSided(Squared(1)), LogSquared(3)} {
		w, e := EffectiveTo(nil, p, v), ExcessTo(make([]float64, len(v)), p, v)
		d, s := EffectiveSlopeTo(nil, p, v), ValueTo(nil, p, v)
		var sum float64
		for i, x := range v {
			if w[i] != p.Effective(x) || e[i] != p.Excess(x) || d[i] != p.EffectiveSlope(x) || s[i] != p.Value(x) {
				t.Fatalf("%s: element %d differs", p.Name(), i)
			}
			sum += w[i]
		}
		total := Total(p, v)
		near(t, "Total", total, sum, 1e-12)
		old := runtime.GOMAXPROCS(1)
		if one := Total(p, v); one != total {
			t.Errorf("Total depends on GOMAXPROCS: %v, %v", one, total)
		}
		runtime.GOMAXPROCS(old)
	}
	p := InfConv(Squared(1), Absolute(1))
	a, b := make([]float64, len(v)), make([]float64, len(v))
	p.SplitTo(a, b, v)
	for i, x := range v {
		if ea, eb := p.Split(x); ea != a[i] || eb != b[i] {
			t.Fatalf("SplitTo: element %d differs", i)
		}
	}
	for _, f := range []func(){
		func() { EffectiveTo(make([]float64, 2), p, v) },
		func() { p.SplitTo(a[:5], b, v) },
		func() { p.SplitTo(a, b[:5], v) },
	} {
		func() {
			defer func() {
				if r, ok := recover().(string); !ok || !strings.Contains(r, "places from 3000 values") {
					t.Errorf("panic: %v", r)
				}
			}()
			f()
		}()
	}
}

func TestNoAllocation(t *testing.T) {
	plain, _ := CustomExcess("mine", func(e float64) float64 { return e*e + math.Abs(e) })
	for _, p := range append(families(), plain, Scale(2, plain), InfConv(plain, Squared(1))) {
		p.ConvexEffective()
		n := testing.AllocsPerRun(3, func() {
			for _, v := range []float64{0, 0.1, 3, 1e4} {
				p.Effective(v)
				p.Excess(v)
				p.EffectiveSlope(v)
				p.Conjugate(0.1 * v)
				p.Value(v)
				p.Slope(v)
				if q, ok := p.(Pair); ok {
					q.Split(v)
				}
			}
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", p.Name(), n)
		}
	}
}

// One factor λs² beside others: a kink of slope 2√λ at 0, and no NaN near it.
func TestSlopeAtZeroWithOneNuclearSide(t *testing.T) {
	for _, p := range []Penalty{InfConv(Squared(1), Nuclear(4)), InfConv(Nuclear(4), Squared(0.1)), InfConv(Nuclear(4), LogSquared(2))} {
		for _, v := range []float64{0, 1e-300, 1e-200, 1e-120, 1e-99, 1e-50, 1e-12} {
			if got := p.EffectiveSlope(v); math.Abs(got-4) > 1e-9 {
				t.Errorf("%s: slope %v at %v, want 4", p.Name(), got, v)
			}
			if got := p.Effective(v); math.Abs(got-4*v) > 1e-9*v {
				t.Errorf("%s: value %v at %v, want %v", p.Name(), got, v, 4*v)
			}
		}
	}
	if got := InfConv(Power(1, 0.5), Nuclear(4)).EffectiveSlope(0); math.Abs(got-4) > 1e-9 {
		t.Errorf("beside a factor that jumps: slope %v at 0, want 4", got)
	}
	if got := InfConv(InfConv(Nuclear(1), Nuclear(1)), Squared(1)).EffectiveSlope(0); !math.IsInf(got, 1) {
		t.Errorf("two factors λs²: slope %v at 0, want +Inf", got)
	}
}
