package penalty

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// randomCustom is Σ cᵢ|e|^pᵢ + c(log s)² with random numbers, now and then with
// a kink: a sum of functions that rise away from 1.
func randomCustom(t *testing.T, r *rand.Rand) Penalty {
	t.Helper()
	c, q := make([]float64, 3), make([]float64, 3)
	for i := range c {
		c[i] = math.Exp(2 * r.NormFloat64())
		q[i] = 0.3 + 4*r.Float64()
	}
	cl, kink := r.Float64(), r.Float64()*3
	omega := func(e float64) float64 {
		x := math.Log1p(e)
		w := cl * x * x
		if e == -1 {
			w = cl * 1e4
		}
		for i := range c {
			w += c[i] * math.Pow(math.Abs(e), q[i])
		}
		return w + kink*max(0, math.Abs(e)-0.7)
	}
	name := fmt.Sprintf("random %.2f %.2f", c, q)
	p, err := CustomExcess(name, omega)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func minimisedAtOne(t *testing.T) []Penalty {
	r := rand.New(rand.NewPCG(7, 0))
	var ps []Penalty
	for _, l := range []float64{0.05, 1, 30} {
		for _, f := range formulas(l) {
			ps = append(ps, f.p, TwoSided(f.p), InfConv(f.p, Squared(2)), InfConv(Absolute(1), f.p))
		}
	}
	for range 12 {
		p := randomCustom(t, r)
		ps = append(ps, p, Scale(0.1, p))
	}
	p := randomCustom(t, r)
	return append(ps, Identity(), InfConv(p, Squared(1)), InfConv(Power(1, 0.5), p))
}

// Proposition 3: v ↦ ω̃(√v) increases and is concave, and ω̃(v) ≤ v², with
// ω̃(v)/v² → 1 for v → 0.
func TestProposition3(t *testing.T) {
	for _, p := range minimisedAtOne(t) {
		if p.Minimum() != 1 || p.Effective(0) != 0 || p.Excess(0) != 0 || p.EffectiveSlope(0) != 0 {
			t.Errorf("%s at 0: %v %v %v %v", p.Name(), p.Minimum(), p.Effective(0), p.Excess(0), p.EffectiveSlope(0))
		}
		perDecade := 4
		if _, custom := p.(*custom); custom {
			perDecade = 10
		}
		var q0, w0, rise0, ratio0, excess0 float64
		rise0, ratio0 = math.Inf(1), math.Inf(1)
		for _, v := range sweep(perDecade) {
			q, w := v*v, p.Effective(v)
			rise := (w - w0) / (q - q0) // slope of the chord of ω̃(√·)
			if !(w > w0) {
				t.Errorf("%s falls before %v: %v, %v", p.Name(), v, w0, w)
			}
			if rise > rise0*(1+1e-10) {
				t.Errorf("%s is not concave in v² at %v: slopes %.15g, %.15g", p.Name(), v, rise0, rise)
			}
			if ratio := w / q; ratio > 1+1e-15 || ratio > ratio0*(1+1e-12) {
				t.Errorf("%s: ω̃/v² = %v at %v", p.Name(), ratio, v)
			} else {
				ratio0 = ratio
			}
			// The slope of ω̃(√·) is 1/η², so η grows.
			if e := p.Excess(v); !(e >= excess0*(1-1e-9)) {
				t.Errorf("%s: η falls to %v before %v", p.Name(), e, v)
			} else {
				excess0 = e
			}
			q0, w0, rise0 = q, w, rise
		}
	}
}

// Each family's own rate: with e the minimiser, 1 − ω̃/v² ≈ 2e(1 − 1/p) for
// λ|s−1|^p, e = (2v²/(λp))^{1/(p−1)}, and nothing at all for p ≤ 1.
func TestRateAtZero(t *testing.T) {
	for _, l := range scales {
		for _, q := range []float64{1.5, 2, 3, 4, 7.5} {
			for _, e := range []float64{1e-7, 1e-6, 1e-5} {
				v := math.Sqrt(l * q / 2 * math.Pow(e, q-1))
				want := 2 * e * (1 - 1/q)
				near(t, "1 − ω̃/v²", 1-Power(l, q).Effective(v)/v/v, want, 1e-4+1e-15/want*10)
				near(t, "1 − ω̃/v², both sides", 1-TwoSided(Power(l, q)).Effective(v)/v/v, 2*want, 1e-4+1e-15/want*10)
			}
		}
		v := 1e-3 * math.Sqrt(l)
		near(t, "log", 1-LogSquared(l).Effective(v)/v/v, 1e-6, 1e-5)
		for _, q := range []float64{0.3, 1} {
			v := 1e-3 * math.Sqrt(l)
			if w := Power(l, q).Effective(v); w != v*v {
				t.Errorf("p = %v: ω̃(%v) = %v is not v²", q, v, w)
			}
		}
	}
	// As in the theory's example.
	if r := Power(1, 4).Effective(1e-3) / 1e-6; math.Abs(r-0.988) > 5e-4 {
		t.Errorf("p = 4 at 1e-3: %v", r)
	}
}

// ω̃' is the derivative of ω̃, and ω̃'² = 2ω'(s)/s.
func TestSlopes(t *testing.T) {
	for _, p := range minimisedAtOne(t) {
		for _, v := range []float64{0.011, 0.37, 2.9, 170} {
			h := 1e-4 * v
			e := p.Excess(v)
			if l, r := p.Excess(v-h), p.Excess(v+h); r-l > 0.1*(1+e) {
				continue // a jump of η, a kink of ω̃
			}
			near(t, p.Name()+": ω̃'", p.EffectiveSlope(v), (p.Effective(v+h)-p.Effective(v-h))/(2*h), 1e-6)
			if _, isPair := p.(Pair); !isPair && e > 0 && p.Name()[:1] != "r" && p.Name()[:1] != "0" {
				near(t, p.Name()+": ω̃'²", p.EffectiveSlope(v)*p.EffectiveSlope(v), 2*riseOf(p, e)/(1+e), 1e-9)
			}
		}
	}
}
