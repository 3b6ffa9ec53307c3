package penalty

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

// A Pair is ω_A ⊕ ω_B of eq. (11): the penalty of a product u = ab
// whose factors are penalised by ω_A and ω_B,
//
//	(ω_A ⊕ ω_B)(u) = min over a > 0 of ω_A(a) + ω_B(u/a).
//
// It is the penalty of a hidden layer, whose deviation is transformed on both
// sides (Theorem 2). A Pair is a Penalty of u, so that Effective(v) is
//
//	min over a, b of v²/(ab)² + ω_A(a) + ω_B(b),
//
// and can be a side of another Pair.
type Pair struct{ *plan }

type plan struct {
	a, b Penalty
	way  way
	la   float64 // numbers of the ways in closed form: λ_A, λ_B, exponent
	lb   float64
	p    float64

	leaves []leaf // the single factors behind both sides; none if searched

	outer    Penalty // searched: the factor taken out, its side, the rest
	outerOnB bool
	rest     Pair

	once   sync.Once
	convex bool // searched: found on first demand
}

// A way is a method to find the minimising pair.
type way int

const (
	bad         way = iota // a side is invalid
	onlyB                  // a = 1
	onlyA                  // b = 1
	equalSquare            // λ(s−1)² on both sides
	twoSquares             // λ(s−1)² with different λ
	squareFlat             // λ(s−1)² on A and λ|s−1| on B
	flatSquare             // the other way round
	equalFlat              // λ|s−1| on both sides
	equalPower             // λ|s−1|^p, p > 1, on both sides
	twoNuclear             // λs² on both sides
	tilted                 // every ω convex in log s
	searched               // anything else
)

// InfConv is ω_A ⊕ ω_B, eq. (11): the infimal convolution of the two penalties
// as functions of log s, where the product of the factors is a sum. It costs
// nothing beyond the two penalties, which may be pairs themselves; a bad one is
// carried on to Validate.
func InfConv(a, b Penalty) Pair {
	p := &plan{a: a, b: b}
	p.way = p.choose()
	return Pair{p}
}

// TwoSided is ω ⊕ ω, the same penalty for both sides.
func TwoSided(p Penalty) Pair { return InfConv(p, p) }

func (p *plan) choose() way {
	if p.validate() != nil {
		return bad
	}
	if _, ok := p.a.(identity); ok {
		return onlyB
	}
	if _, ok := p.b.(identity); ok {
		return onlyA
	}
	if !p.gather(p.a, false) || !p.gather(p.b, true) {
		p.leaves = nil
		p.takeOut()
		return searched
	}
	switch a := p.a.(type) {
	case squared:
		switch b := p.b.(type) {
		case squared:
			p.la, p.lb = a.Lambda, b.Lambda
			if a == b {
				return equalSquare
			}
			return twoSquares
		case absolute:
			p.la, p.lb = a.Lambda, b.Lambda
			return squareFlat
		}
	case absolute:
		switch b := p.b.(type) {
		case squared:
			p.la, p.lb = b.Lambda, a.Lambda
			return flatSquare
		case absolute:
			if a == b {
				p.la = a.Lambda
				return equalFlat
			}
		}
	case power:
		if b, ok := p.b.(power); ok && a == b {
			p.la, p.p = a.Lambda, a.P
			return equalPower
		}
	case nuclear:
		if b, ok := p.b.(nuclear); ok {
			p.la, p.lb = a.Lambda, b.Lambda
			return twoNuclear
		}
	}
	return tilted
}

func (p *plan) validate() error {
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

// Sides are the two penalties the pair was made from.
func (p Pair) Sides() (a, b Penalty) { return p.a, p.b }

// Validate says what was wrong with either side, or nil.
func (p Pair) Validate() error { return p.plan.validate() }

// Name joins the names of the sides by ⊕.
func (p Pair) Name() string {
	if p.plan == nil || p.a == nil || p.b == nil {
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
	if p.plan == nil || p.a == nil || p.b == nil {
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

func (p Pair) broken() bool { return p.plan == nil || p.way == bad }

// Split gives the minimising pair (a, b) for v as a − 1 and b − 1. Where
// several pairs reach the minimum it is the one with the smallest product,
// among those the one with the smallest a. A and B of Theorem 2 are
// I + U diag(a−1) Uᵀ and I + V diag(b−1) Vᵀ.
func (p Pair) Split(v float64) (aExcess, bExcess float64) {
	if p.broken() {
		return math.NaN(), math.NaN()
	}
	aExcess, bExcess, _ = p.split(math.Abs(v))
	return aExcess, bExcess
}

// Effective is min over a, b of v²/(ab)² + ω_A(a) + ω_B(b).
func (p Pair) Effective(v float64) float64 {
	if p.broken() {
		return math.NaN()
	}
	switch p.way {
	case onlyA:
		return p.a.Effective(v)
	case onlyB:
		return p.b.Effective(v)
	}
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return math.Abs(v)
	}
	switch p.way {
	case twoNuclear:
		return 3 * math.Cbrt(p.la*p.lb) * cbrtSquare(v)
	case tilted:
		if v = math.Abs(v); v < smallest && v > 0 && p.Minimum() == 0 {
			return v / smallest * p.effectiveTilted(smallest)
		}
		return p.effectiveTilted(v)
	case searched:
		_, value := p.searchOuter(math.Abs(v))
		return value
	}
	a, b, _ := p.split(math.Abs(v))
	u := v / (1 + a) / (1 + b)
	return u*u + costOf(p.a, a) + costOf(p.b, b)
}

// Excess is ab − 1 for the minimising pair.
func (p Pair) Excess(v float64) float64 {
	switch {
	case p.broken():
		return math.NaN()
	case p.way == onlyA:
		return p.a.Excess(v)
	case p.way == onlyB:
		return p.b.Excess(v)
	case math.IsInf(v, 0):
		return math.Inf(1)
	}
	a, b, _ := p.split(math.Abs(v))
	return joint(a, b)
}

// smallest is the v below which a pair with one factor λs² is taken as linear:
// the multiplier 2v²/s² leaves the range of float64 soon after.
const smallest = 1e-100

// zeros counts the factors with their minimum at 0.
func (p Pair) zeros() int {
	n := 0
	for _, l := range p.leaves {
		if l.Minimum() == 0 {
			n++
		}
	}
	return n
}

// EffectiveSlope is 2v/(ab)² for the minimising pair, at v = 0 its limit from
// the right: 2√λ with one factor λs², +Inf with two.
func (p Pair) EffectiveSlope(v float64) float64 {
	if p.broken() {
		return math.NaN()
	}
	switch p.way {
	case onlyA:
		return p.a.EffectiveSlope(v)
	case onlyB:
		return p.b.EffectiveSlope(v)
	case twoNuclear:
		return math.Copysign(2*math.Cbrt(p.la*p.lb)/math.Cbrt(math.Abs(v)), v)
	}
	if p.way == tilted && math.Abs(v) < smallest && p.Minimum() == 0 {
		if p.zeros() > 1 && v == 0 {
			return math.Inf(1)
		}
		_, _, m := p.split(smallest)
		return math.Copysign(m/smallest, v)
	}
	a, b, m := p.split(math.Abs(v))
	if m > 0 && v != 0 {
		return m / v
	}
	return 2 * v / (1 + a) / (1 + a) / (1 + b) / (1 + b)
}
