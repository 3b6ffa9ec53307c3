package penalty

import (
	"fmt"
	"math"
)

// Scale is c·ω, c > 0. For the families of this package it is the same family
// with c·λ, and for a Pair the pair of the scaled sides; in general
// c·ω has the effective penalty c·ω̃(v/√c) and the conjugate c·ω̃*(z/√c).
func Scale(c float64, p Penalty) Penalty {
	if p == nil {
		return invalid{"penalty: Scale of a nil penalty"}
	}
	if q, ok := p.(invalid); ok {
		return q
	}
	if !(c > 0) || math.IsInf(c, 1) {
		return invalid{fmt.Sprintf("penalty: Scale of %s needs a finite factor c > 0, got %v", p.Name(), c)}
	}
	switch q := p.(type) {
	case squared:
		return Squared(c * q.Lambda)
	case absolute:
		return Absolute(c * q.Lambda)
	case power:
		return Power(c*q.Lambda, q.P)
	case logSquared:
		return LogSquared(c * q.Lambda)
	case nuclear:
		return Nuclear(c * q.Lambda)
	case identity:
		return q
	case scaled:
		return Scale(c*q.C, q.Base)
	case Pair:
		if q.broken() {
			return q
		}
		return InfConv(Scale(c, q.a), Scale(c, q.b))
	}
	if c == 1 {
		return p
	}
	return scaled{c, p}
}

// scaled is c times a penalty that has no λ of its own.
type scaled struct {
	C    float64
	Base Penalty
}

func (p scaled) Name() string          { return label(p.C, "·("+p.Base.Name()+")") }
func (p scaled) Fingerprint() string   { return sign("scaled:"+p.Base.Fingerprint(), p.C) }
func (p scaled) Validate() error       { return p.Base.Validate() }
func (p scaled) Minimum() float64      { return p.Base.Minimum() }
func (p scaled) ConvexEffective() bool { return p.Base.ConvexEffective() }

func (p scaled) cost(e float64) float64  { return p.C * costOf(p.Base, e) }
func (p scaled) rise(e float64) float64  { return p.C * riseOf(p.Base, e) }
func (p scaled) Value(s float64) float64 { return p.C * p.Base.Value(s) }
func (p scaled) Slope(s float64) float64 { return p.C * p.Base.Slope(s) }

func (p scaled) Excess(v float64) float64    { return p.Base.Excess(v / math.Sqrt(p.C)) }
func (p scaled) Effective(v float64) float64 { return p.C * p.Base.Effective(v/math.Sqrt(p.C)) }

func (p scaled) EffectiveSlope(v float64) float64 {
	root := math.Sqrt(p.C)
	return root * p.Base.EffectiveSlope(v/root)
}

func (p scaled) Conjugate(z float64) (float64, bool) {
	value, finite := p.Base.Conjugate(z / math.Sqrt(p.C))
	return p.C * value, finite
}
