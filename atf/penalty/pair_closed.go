package penalty

import "math"

// split finds the minimising pair for v ≥ 0. m = aω_A'(a) = bω_B'(b) = 2v²/(ab)²
// is the multiplier of the product, or 0 where the way does not need it.
func (p *plan) split(v float64) (a, b, m float64) {
	switch {
	case math.IsNaN(v):
		return v, v, v
	case math.IsInf(v, 1):
		return p.atInfinity()
	}
	switch p.way {
	case onlyA:
		return p.a.Excess(v), 0, 0
	case onlyB:
		return 0, p.b.Excess(v), 0
	case equalSquare:
		a = excess5(v / math.Sqrt(p.la))
		return a, a, 0
	case twoSquares:
		a, b = splitSquares(v, p.la, p.lb)
		return a, b, 0
	case squareFlat:
		a, b = splitSquareFlat(v, p.la, p.lb)
		return a, b, 0
	case flatSquare:
		b, a = splitSquareFlat(v, p.la, p.lb)
		return a, b, 0
	case equalFlat:
		a = rootExcess(v/math.Sqrt(p.la/2), 5)
		return a, a, 0
	case equalPower:
		if v == 0 {
			return 0, 0, 0
		}
		a = powerExcess(p.p, 5, math.Log(2/p.p)+2*math.Log(v)-math.Log(p.la))
		return a, a, 0
	case twoNuclear:
		// v²/(ab)² = λ_A a² = λ_B b².
		n := math.Cbrt(p.la*p.lb) * cbrtSquare(v)
		return math.Sqrt(n/p.la) - 1, math.Sqrt(n/p.lb) - 1, 2 * n
	case tilted:
		return p.splitTilted(v)
	}
	a, b, _ = p.splitSearched(v)
	return a, b, 0
}

// atInfinity is the limit of the minimising pair for v → ∞: all factors grow
// without bound but those held at 1.
func (p *plan) atInfinity() (a, b, m float64) {
	a, b = math.Inf(1), math.Inf(1)
	switch p.way {
	case onlyA:
		b = 0
	case onlyB:
		a = 0
	}
	return a, b, 0
}

// splitSquares minimises v²/(ab)² + λ_A(a−1)² + λ_B(b−1)². With y = v/(ab),
// a(a−1)λ_A = b(b−1)λ_B = y², so y·a(y)·b(y) = v, where the left side is
// convex and increasing: Newton's method descends from an upper bound.
func splitSquares(v, la, lb float64) (a, b float64) {
	if v == 0 {
		return 0, 0
	}
	y := min(v, math.Cbrt(v)*math.Cbrt(math.Sqrt(la)*math.Sqrt(lb)))
	for range 100 {
		ra, rb := 4*y*y/la, 4*y*y/lb
		qa, qb := math.Sqrt(1+ra), math.Sqrt(1+rb)
		a, b = ra/(2*(1+qa)), rb/(2*(1+qb))
		// The relative slope of the left side: 1 + y·a'/a + y·b'/b.
		slope := 1 + ra/(2*qa*(1+a)) + rb/(2*qb*(1+b))
		step := (1 - v/(y*(1+a)*(1+b))) / slope
		y -= step * y
		if !(math.Abs(step) > 2e-16) {
			break
		}
	}
	return a, b
}

// splitSquareFlat minimises v²/(ab)² + λ_A(a−1)² + λ_B|b−1|. While
// m = 2λ_A a(a−1) stays below λ_B, b is 1; from there on b = m/λ_B and
// a⁵(a−1)³ = v²λ_B²/(4λ_A³). With a = c³, c⁵(c³−1) is the cube root.
func splitSquareFlat(v, la, lb float64) (a, b float64) {
	a = excess3(v / math.Sqrt(la))
	if 2*la*a*(1+a) <= lb {
		return a, 0
	}
	q := cbrtSquare(v) * math.Cbrt(lb/la) * math.Cbrt(lb/la/4) / math.Cbrt(la)
	// d = c − 1 solves d(3+3d+d²)(1+d)⁵ = q, convex and increasing in d.
	d := min(q/3, math.Sqrt(math.Sqrt(math.Sqrt(q))))
	for range 100 {
		c := 1 + d
		f := d * (3 + 3*d + d*d)
		// The relative slope of the left side in d.
		slope := 3*c*c/f + 5/c
		c2 := c * c
		step := (1 - q/(f*c2*c2*c)) / slope
		d -= step
		if !(math.Abs(step) > 2e-16*d) {
			break
		}
	}
	a = d * (3 + 3*d + d*d)
	b = (2*la*a*(1+a) - lb) / lb
	return a, max(b, 0)
}

// cbrtSquare is |v|^{2/3}.
func cbrtSquare(v float64) float64 {
	c := math.Cbrt(v)
	return c * c
}
