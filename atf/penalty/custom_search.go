package penalty

import (
	"math"
	"sort"
)

// turn is s³ω'(s)/2, the slope of ω over q = 1 − 1/s²: φ(s) = v²/s² + ω(s) falls
// where it is below v² and rises where it is above.
func (p *custom) turn(e float64) float64 {
	s := 1 + e
	return p.rise(e) * s * s * s / 2
}

// phi is φ(s) at s = 1 + e, or φ(s) − v² where less is set, which keeps the
// digits that φ loses for small e.
func (p *custom) phi(v, e float64, less bool) float64 {
	u := v / (1 + e)
	if less {
		return p.cost(e) - u*u*e*(2+e)
	}
	return p.cost(e) + u*u
}

// below is the end of the range of s − 1 where φ(s) − v² is the better measure.
const below = 0.5

// Excess finds the point of the table that a line of slope v² touches from
// below, and the minimum between its neighbours. Of two such points it takes the
// one with the smaller s.
func (p *custom) Excess(v float64) float64 {
	v = math.Abs(v)
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 1) {
		return v
	}
	q := v * v
	if p.turnLast < q {
		return p.beyond(v)
	}
	i := p.hull[sort.Search(len(p.edges), func(h int) bool { return p.edges[h] >= q })]
	if i == 0 || i == 1 && p.start[0] >= q {
		return p.belowGrid(q)
	}
	lo, mid, hi := p.around(i)
	return p.minimum(v, lo, mid, hi)
}

// around is a point of the table and its neighbours.
func (p *custom) around(i int) (lo, mid, hi float64) {
	mid = p.e[i]
	lo, hi = mid, mid
	if i > 1 {
		lo = p.e[i-1]
	}
	switch {
	case i+1 < len(p.e):
		hi = p.e[i+1]
	case p.wall > 0:
		hi = p.wall
	}
	return lo, mid, hi
}

// belowGrid continues turn below the grid as a power of s − 1, as it is at the
// grid's start. Where that does not rise, as at a kink of ω at 1, s is 1.
func (p *custom) belowGrid(q float64) float64 {
	if !(p.start[0] >= q) || !(p.power > 0) || math.IsInf(p.power, 1) {
		return 0
	}
	return p.e[1] * math.Pow(q/p.start[0], 1/p.power)
}

// beyond follows φ above the grid, where ω was not checked.
func (p *custom) beyond(v float64) float64 {
	for lo := p.e[len(p.e)-1]; lo < 1e150; lo *= 2 {
		if d := p.turn(2 * lo); d >= v*v || math.IsNaN(d) {
			return p.minimum(v, lo, lo, 2*lo)
		}
	}
	return math.NaN()
}

func (p *custom) minimum(v, lo, mid, hi float64) float64 {
	return localMinimum(lo, mid, hi, p.slope != nil,
		func(e float64) float64 { return p.phi(v, e, lo < below) },
		func(e float64) float64 { return p.rise(e) - 2*(v/(1+e))*(v/(1+e))/(1+e) })
}

func (p *custom) Effective(v float64) float64 {
	e := p.Excess(v)
	if math.IsInf(e, 1) {
		return e
	}
	u := v / (1 + e)
	return u*u + p.cost(e)
}

func (p *custom) EffectiveSlope(v float64) float64 {
	return effectiveSlope(v, p.Excess(v))
}

// Conjugate is sup over s of cs² − ω(s), c = z²/4, from all points of the table
// higher than their neighbours. It counts as infinite where ω'(s)/s is still
// below 2c at the end of the grid.
func (p *custom) Conjugate(z float64) (float64, bool) {
	if z == 0 || math.IsNaN(z) {
		return onlyAtZero(z)
	}
	c := z * z / 4
	if !(p.ratioLast > 2*c) {
		return math.Inf(1), false
	}
	best := c // at s = 1
	height := func(i int) float64 { return c*p.e[i]*(2+p.e[i]) - p.w[i] }
	left, here := 0.0, height(1)
	for i := 1; i < len(p.e); i++ {
		right := math.Inf(-1)
		if i+1 < len(p.e) {
			right = height(i + 1)
		}
		if here >= left && here >= right {
			lo, mid, hi := p.around(i)
			e := localMinimum(lo, mid, hi, p.slope != nil,
				func(e float64) float64 { return p.cost(e) - c*e*(2+e) },
				func(e float64) float64 { return p.rise(e) - 2*c*(1+e) })
			best = max(best, c*(1+e)*(1+e)-p.cost(e))
		}
		left, here = here, right
	}
	return best, true
}
