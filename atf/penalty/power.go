package penalty

import (
	"fmt"
	"math"
)

// power is ω(s) = λ|s−1|^p for p other than 1 and 2.
type power struct{ Lambda, P float64 }

// Power is ω(s) = λ|s−1|^p, λ > 0, p > 0; p = 1 is Absolute and p = 2 Squared.
// η(v) solves 2v² = λp(s−1)^{p−1}s³. ω̃ is convex exactly for p ≥ 2.
//
// For p < 1, η(v) stays at 1 up to a threshold and jumps there to
// s = (√(1+8/p) − 1)/2, where both s give the same ω̃; at the threshold itself
// η(v) = 1. ω̃*(z) is finite everywhere for p > 2 and at z = 0 only for p < 2.
func Power(lambda, p float64) Penalty {
	if err := (power{lambda, p}).Validate(); err != nil {
		return invalid{err.Error()}
	}
	switch p {
	case 1:
		return absolute{lambda}
	case 2:
		return squared{lambda}
	}
	return power{lambda, p}
}

func (p power) Name() string          { return label(p.Lambda, "|s−1|^"+number(p.P)) }
func (p power) Fingerprint() string   { return sign("power", p.Lambda, p.P) }
func (p power) Minimum() float64      { return 1 }
func (p power) ConvexEffective() bool { return p.P >= 2 }

func (p power) Validate() error {
	if !(p.P > 0) || math.IsInf(p.P, 1) {
		return fmt.Errorf("penalty: Power needs a finite exponent p > 0, got %v", p.P)
	}
	return checkScale("Power", p.Lambda)
}

func (p power) cost(e float64) float64 { return p.Lambda * math.Pow(math.Abs(e), p.P) }

func (p power) rise(e float64) float64 {
	r := p.Lambda * p.P * math.Pow(math.Abs(e), p.P-1)
	if e < 0 {
		return -r
	}
	return r
}

func (p power) Value(s float64) float64 {
	if s < 0 {
		return math.Inf(1)
	}
	return p.cost(s - 1)
}

func (p power) Slope(s float64) float64 { return p.rise(s - 1) }

// jump is s − 1 behind the jump of η for p < 1, and 0 for p ≥ 1. There both
// v² = v²/s² + ω(s) and 2v² = s³ω'(s), so (s+1)s = 2/p.
func (p power) jump() float64 {
	if p.P >= 1 {
		return 0
	}
	// (√(1+8/p) − 3)/2 without the cancellation at p → 1.
	return 4 * (1 - p.P) / p.P / (math.Sqrt(1+8/p.P) + 3)
}

func (p power) Excess(v float64) float64 {
	v = math.Abs(v)
	if v == 0 || math.IsInf(v, 1) || math.IsNaN(v) {
		return v
	}
	level := math.Log(2/p.P) + 2*math.Log(v) - math.Log(p.Lambda)
	if j := p.jump(); j > 0 {
		if level <= (p.P-1)*math.Log(j)+3*math.Log1p(j) {
			return 0
		}
	}
	return powerExcess(p.P, 3, level)
}

func (p power) Effective(v float64) float64 {
	e := p.Excess(v)
	if e == 0 || math.IsInf(e, 1) {
		return v * v
	}
	s := 1 + e
	u := v / s
	return u*u + 2*u*u*e/(p.P*s)
}

func (p power) EffectiveSlope(v float64) float64 {
	return effectiveSlope(v, p.Excess(v))
}

func (p power) Conjugate(z float64) (float64, bool) {
	if p.P < 2 || z == 0 || math.IsNaN(z) {
		return onlyAtZero(z)
	}
	// (p−1)t − log(1+e^t) = log(2c/(λp)) with t = log(s−1) and c = z²/4, by
	// Newton's method; the left side is concave and increasing, so the
	// iteration climbs from the lower bound to the solution.
	level := 2*math.Log(math.Abs(z)) - math.Log(2*p.P) - math.Log(p.Lambda)
	t := max(level/(p.P-1), level/(p.P-2))
	if t > 700 {
		return math.Inf(1), false // beyond the range of float64
	}
	for range 200 {
		e := math.Exp(t)
		step := ((p.P-1)*t - math.Log1p(e) - level) / (p.P - 1 - e/(1+e))
		t -= step
		if !(math.Abs(step) > 1e-15*(1+math.Abs(t))) {
			break
		}
	}
	e := math.Exp(t)
	return z * z / 4 * (1 + e) * (1 + e*(1-2/p.P)), true
}

// atMultiplier solves s·ω'(s) = m for p > 1: s(s−1)^{p−1} = m/(λp).
func (p power) atMultiplier(m float64) (x, e, elasticity float64) {
	if m <= 0 {
		return 0, 0, 0
	}
	e = powerExcess(p.P, 1, math.Log(m)-math.Log(p.Lambda*p.P))
	return math.Log1p(e), e, e / (e + (p.P-1)*(1+e))
}

func (p power) elasticityLimit() float64 { return 1 / p.P }

// powerExcess solves e^{p−1}(1+e)^n = exp(level) for e, the larger solution
// where p < 1 and there are two. In t = log e the logarithm of the left side
// is convex with slopes between p−1 and p−1+n, so Newton's method from the
// upper bound descends to the solution.
func powerExcess(p, n, level float64) float64 {
	t := level / (p - 1 + n)
	if p > 1 {
		t = min(t, level/(p-1))
	}
	for range 200 {
		e := math.Exp(t)
		step := ((p-1)*t + n*math.Log1p(e) - level) / (p - 1 + n*e/(1+e))
		t -= step
		if !(math.Abs(step) > 1e-9) { // the next would be its square
			break
		}
	}
	return math.Exp(t)
}
