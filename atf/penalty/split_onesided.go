package penalty

import "math"

// oneSided is a pair with M = I on one side: that factor is 1, and all is the
// other side's.
type oneSided struct {
	side Penalty
	onB  bool
}

func (p *oneSided) split(v float64) (a, b float64) {
	if p.onB {
		return 0, p.side.Excess(v)
	}
	return p.side.Excess(v), 0
}

func (p *oneSided) limit() (a, b float64) { return p.split(math.Inf(1)) }

func (p *oneSided) effective(v float64) float64      { return p.side.Effective(v) }
func (p *oneSided) effectiveSlope(v float64) float64 { return p.side.EffectiveSlope(v) }

func (p *oneSided) value(e float64) (value, slope float64) {
	return costOf(p.side, e), riseOf(p.side, e)
}

func (p *oneSided) convex() bool                        { return p.side.ConvexEffective() }
func (p *oneSided) conjugate(z float64) (float64, bool) { return p.side.Conjugate(z) }
