package penalty

import (
	"errors"
	"fmt"
	"math"
)

// A Pair is ω_A ⊕ ω_B of eq. (11): the penalty of a product u = ab whose
// factors are penalised by ω_A and ω_B,
//
//	(ω_A ⊕ ω_B)(u) = min over a > 0 of ω_A(a) + ω_B(u/a).
//
// It is the penalty of a hidden layer, whose deviation is transformed on both
// sides (Theorem 2). A Pair is a Penalty of u, so that Effective(v) is
//
//	min over a, b of v²/(ab)² + ω_A(a) + ω_B(b),
//
// and can be a side of another Pair.
type Pair struct{ *pair }

type pair struct {
	a, b Penalty
	by   splitting // nil where a side is invalid
}

// InfConv is ω_A ⊕ ω_B, eq. (11): the infimal convolution of the two penalties
// as functions of log s, where the product of the factors is a sum. It costs
// nothing beyond the two penalties, which may be pairs themselves; a bad one is
// carried on to Validate.
func InfConv(a, b Penalty) Pair {
	p := &pair{a: a, b: b}
	if p.validate() == nil {
		p.by = choose(a, b)
	}
	return Pair{p}
}

// TwoSided is ω ⊕ ω, the same penalty for both sides.
func TwoSided(p Penalty) Pair { return InfConv(p, p) }

func (p *pair) validate() error {
	if p == nil {
		return errors.New("penalty: empty Pair: make one with InfConv or TwoSided")
	}
	for i, side := range []Penalty{p.a, p.b} {
		name := "AB"[i : i+1]
		if side == nil {
			return fmt.Errorf("penalty: side %s of a Pair is nil: penalty.Identity() leaves a side as it is", name)
		}
		if err := side.Validate(); err != nil {
			return fmt.Errorf("side %s: %w", name, err)
		}
		if m := side.Minimum(); m != 1 && m != 0 {
			return fmt.Errorf("penalty: side %s (%s) has its minimum at %v, not at 1", name, side.Name(), m)
		}
	}
	return nil
}

func (p Pair) broken() bool { return p.pair == nil || p.by == nil }

// Sides are the two penalties the pair was made from.
func (p Pair) Sides() (a, b Penalty) { return p.a, p.b }

// Validate says what was wrong with either side, or nil.
func (p Pair) Validate() error { return p.pair.validate() }

// Name joins the names of the sides by ⊕.
func (p Pair) Name() string {
	if p.pair == nil || p.a == nil || p.b == nil {
		return "invalid penalty"
	}
	name := func(q Penalty) string {
		if _, ok := q.(Pair); ok {
			return "(" + q.Name() + ")"
		}
		return q.Name()
	}
	return name(p.a) + " ⊕ " + name(p.b)
}

// Fingerprint is the same for two pairs exactly when their sides agree, in
// their order.
func (p Pair) Fingerprint() string {
	if p.pair == nil || p.a == nil || p.b == nil {
		return sign("pair of nothing")
	}
	return sign("pair:" + p.a.Fingerprint() + p.b.Fingerprint())
}

// Minimum is 1, or 0 where a side has its minimum at 0.
func (p Pair) Minimum() float64 {
	if p.broken() {
		return math.NaN()
	}
	return min(p.a.Minimum(), p.b.Minimum())
}

// Split gives the minimising pair (a, b) for v as a − 1 and b − 1. Where
// several pairs reach the minimum it is the one with the smallest product,
// among those the one with the smallest a. A and B of Theorem 2 are
// I + U diag(a−1) Uᵀ and I + V diag(b−1) Vᵀ.
func (p Pair) Split(v float64) (aExcess, bExcess float64) {
	switch v = math.Abs(v); {
	case p.broken() || math.IsNaN(v):
		return math.NaN(), math.NaN()
	case math.IsInf(v, 1):
		return p.by.limit()
	}
	return p.by.split(v)
}

// Effective is min over a, b of v²/(ab)² + ω_A(a) + ω_B(b).
func (p Pair) Effective(v float64) float64 {
	switch v = math.Abs(v); {
	case p.broken():
		return math.NaN()
	case math.IsNaN(v) || math.IsInf(v, 1):
		return v
	}
	return p.by.effective(v)
}

// Excess is ab − 1 for the minimising pair.
func (p Pair) Excess(v float64) float64 {
	a, b := p.Split(v)
	if math.IsInf(v, 0) {
		return max(a, b)
	}
	return joint(a, b)
}

// EffectiveSlope is 2v/(ab)² for the minimising pair, at v = 0 its limit from
// the right: 2√λ with one factor λs², +Inf with two. At v = ±∞ it is NaN unless
// a side is the identity.
func (p Pair) EffectiveSlope(v float64) float64 {
	if p.broken() || math.IsNaN(v) {
		return math.NaN()
	}
	if _, ok := p.by.(*oneSided); math.IsInf(v, 0) && !ok {
		return math.NaN()
	}
	return math.Copysign(p.by.effectiveSlope(math.Abs(v)), v)
}

// ConvexEffective is exact for the families of this package, alone and in any
// pair: two factors λ|s−1|^p and μ|s−1|^q give a convex ω̃ exactly when
// 1/p + 1/q ≤ 1/2. With custom penalties ω̃' is followed over v = 1e-8 … 1e8,
// 100 points a decade, on the first call.
func (p Pair) ConvexEffective() bool { return !p.broken() && p.by.convex() }

// Conjugate is ω̃*(z); see ConvexEffective for where it is exact. It is finite
// at z = 0 only unless ω_A ⊕ ω_B grows as s² at least.
func (p Pair) Conjugate(z float64) (float64, bool) {
	if p.broken() || math.IsNaN(z) {
		return math.NaN(), false
	}
	return p.by.conjugate(math.Abs(z))
}

// Value is (ω_A ⊕ ω_B)(s), the least ω_A(a) + ω_B(b) with ab = s.
func (p Pair) Value(s float64) float64 {
	switch {
	case p.broken() || math.IsNaN(s):
		return math.NaN()
	case s < 0:
		return math.Inf(1)
	case s == 0:
		// One factor 0, the other where its penalty is smallest.
		return min(p.a.Value(0)+p.b.Value(p.b.Minimum()), p.a.Value(p.a.Minimum())+p.b.Value(0))
	}
	return p.cost(s - 1)
}

// Slope is the derivative of ω_A ⊕ ω_B, ω_A'(a)/b = ω_B'(b)/a.
func (p Pair) Slope(s float64) float64 {
	if p.broken() || math.IsNaN(s) || s <= 0 {
		return math.NaN()
	}
	return p.rise(s - 1)
}

func (p Pair) cost(e float64) float64 {
	if p.broken() {
		return math.NaN()
	}
	value, _ := p.by.value(e)
	return value
}

func (p Pair) rise(e float64) float64 {
	if p.broken() {
		return math.NaN()
	}
	_, slope := p.by.value(e)
	return slope
}
