package penalty

import (
	"math"
	"sort"
)

// φ(s) = v²/s² + ω(s) turns from falling to rising where s³ω'(s)/2 passes v²
// upwards. The table shows between which points it does; each such interval is
// refined, and the least of the local minima and s = 1 wins, the smaller s
// where they are equal.

// lift is φ(s) at s = 1 + e, or φ(s) − v² where less is set, which keeps the
// digits that φ loses for small e.
func (p *custom) lift(v, e float64, less bool) float64 {
	u := v / (1 + e)
	if less {
		return p.cost(e) - u*u*e*(2+e)
	}
	return p.cost(e) + u*u
}

// below is the end of the range of s − 1 where φ(s) − v² is the better measure.
const below = 0.5

func (p *custom) Excess(v float64) float64 {
	v = math.Abs(v)
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 1) {
		return v
	}
	q := v * v
	n := len(p.e)
	if p.turn[n-1] < q {
		return p.beyond(v)
	}
	if p.rising {
		return p.between(v, sort.Search(n, func(i int) bool { return p.turn[i] >= q }))
	}
	best, falling := 0.0, true
	for i, t := range p.turn {
		if t >= q && falling {
			e := p.between(v, i)
			less := e < below
			least := p.lift(v, best, less)
			if g := p.lift(v, e, less); g < least-1e-14*math.Abs(least) {
				best = e
			}
		}
		falling = t < q
	}
	return best
}

// between finds the local minimum between the grid points i−1 and i.
func (p *custom) between(v float64, i int) float64 {
	if i == 0 {
		// Below the grid turn is a power of s − 1, as it is at its start.
		if q := v * v; p.turn[0] > 0 && p.turn[1] > p.turn[0] && !math.IsInf(p.turn[1], 1) {
			power := math.Log(p.turn[1]/p.turn[0]) / math.Log(p.e[1]/p.e[0])
			return p.e[0] * math.Pow(q/p.turn[0], 1/power)
		}
		return 0
	}
	return p.refine(v, p.e[i-1], p.e[i])
}

// beyond follows φ above the grid.
func (p *custom) beyond(v float64) float64 {
	for lo := p.e[len(p.e)-1]; lo < 1e150; lo *= 2 {
		hi := 2 * lo
		if d := p.rise(hi) * hi * hi * hi / 2; d >= v*v || math.IsNaN(d) {
			return p.refine(v, lo, hi)
		}
	}
	return math.NaN()
}

func (p *custom) refine(v, lo, hi float64) float64 {
	return settle(lo, hi, p.slope == nil,
		func(e float64) float64 { return p.lift(v, e, lo < below) },
		func(e float64) float64 { return p.rise(e) - 2*(v/(1+e))*(v/(1+e))/(1+e) })
}

// settle finds the minimum of f in [lo, hi], 0 < lo, by the sign of its
// derivative; where that comes from differences, a golden section search
// stands by for kinks, at which differences mislead.
func settle(lo, hi float64, differences bool, f, slope func(float64) float64) float64 {
	sl, sh := slope(lo), slope(hi)
	at := hi
	switch {
	case sl >= 0 && !differences:
		at = lo
	case sl < 0 && (sh >= 0 || math.IsNaN(sh)):
		if math.IsNaN(sh) {
			sh = math.Inf(1)
		}
		at = crossing(slope, lo, hi, sl, sh)
	}
	if !differences {
		return at
	}
	const golden = 0.6180339887498949
	a, b := math.Log(lo), math.Log(hi)
	l, r := b-golden*(b-a), a+golden*(b-a)
	fl, fr := f(math.Exp(l)), f(math.Exp(r))
	for range 48 {
		if fl <= fr {
			b, r, fr = r, l, fl
			l = b - golden*(b-a)
			fl = f(math.Exp(l))
		} else {
			a, l, fl = l, r, fr
			r = a + golden*(b-a)
			fr = f(math.Exp(r))
		}
	}
	if fr < fl {
		l, fl = r, fr
	}
	if g := f(at); g <= fl+1e-13*math.Abs(fl) {
		return at
	}
	return math.Exp(l)
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

// Conjugate is sup over s of cs² − ω(s), c = z²/4, from the points where
// ω'(s)/s passes 2c upwards. It counts as infinite where ω'(s)/s is still
// below 2c at the end of the grid.
func (p *custom) Conjugate(z float64) (float64, bool) {
	if z == 0 || math.IsNaN(z) {
		return onlyAtZero(z)
	}
	c := z * z / 4
	n := len(p.e)
	if !(p.bend[n-1] > 2*c) {
		return math.Inf(1), false
	}
	best := c // at s = 1
	for i := 1; i < n; i++ {
		if p.bend[i-1] >= 2*c || p.bend[i] < 2*c {
			continue
		}
		e := settle(p.e[i-1], p.e[i], p.slope == nil,
			func(e float64) float64 { return p.cost(e) - c*e*(2+e) },
			func(e float64) float64 { return p.rise(e) - 2*c*(1+e) })
		best = max(best, c*(1+e)*(1+e)-p.cost(e))
	}
	return best, true
}
