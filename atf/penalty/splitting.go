package penalty

// A splitting is one way to find the minimising factors a, b of
//
//	v²/(ab)² + ω_A(a) + ω_B(b),
//
// and what follows from them. Each is a type in a file of its own, named
// split_….go, with its reasons beside it.
type splitting interface {
	// split is a − 1 and b − 1 for 0 ≤ v < ∞.
	split(v float64) (a, b float64)
	// limit is what they tend to for v → ∞.
	limit() (a, b float64)
	// effective is ω̃(v) and effectiveSlope ω̃'(v), for 0 ≤ v < ∞.
	effective(v float64) float64
	effectiveSlope(v float64) float64
	// value is ω_A ⊕ ω_B and its derivative at 1 + e, e > −1.
	value(e float64) (value, slope float64)
	// convex tells whether ω̃ is convex.
	convex() bool
	// conjugate is ω̃*(z) for z ≥ 0, and whether it is finite.
	conjugate(z float64) (float64, bool)
}

// choose finds the most special splitting for two valid penalties.
func choose(a, b Penalty) splitting {
	leaves, convexInLog := gather(nil, a, false)
	onA := len(leaves)
	leaves, ok := gather(leaves, b, true)
	convexInLog = convexInLog && ok
	switch {
	case onA == 0:
		return &oneSided{side: b, onB: true}
	case len(leaves) == onA:
		return &oneSided{side: a}
	case !convexInLog:
		return newSearched(leaves)
	}
	general := byMultiplier{a: a, b: b, leaves: leaves}
	switch p := a.(type) {
	case squared:
		switch q := b.(type) {
		case squared:
			if p == q {
				return &equalSquares{general, p.Lambda}
			}
			return &twoSquares{general, p.Lambda, q.Lambda}
		case absolute:
			return &squareAbsolute{byMultiplier: general, square: p.Lambda, abs: q.Lambda}
		}
	case absolute:
		switch q := b.(type) {
		case squared:
			return &squareAbsolute{byMultiplier: general, square: q.Lambda, abs: p.Lambda, squareOnB: true}
		case absolute:
			if p == q {
				return &equalAbsolutes{general, p.Lambda}
			}
		}
	case power:
		if p == b {
			return &equalPowers{general, p}
		}
	case nuclear:
		if q, ok := b.(nuclear); ok {
			return &twoNuclear{general, p.Lambda, q.Lambda}
		}
	}
	return &general
}

// A leaf is one single penalty inside a pair, whose sides may be pairs
// themselves, and the side it belongs to.
type leaf struct {
	Penalty
	onB bool
	// factor is the penalty once more where it is convex in log s, else nil.
	factor factor
}

// gather adds the leaves of one side; M = I has none. It tells whether all of
// them are convex in log s.
func gather(leaves []leaf, side Penalty, onB bool) ([]leaf, bool) {
	switch q := side.(type) {
	case Pair:
		leaves, a := gather(leaves, q.a, onB)
		leaves, b := gather(leaves, q.b, onB)
		return leaves, a && b
	case identity:
		return leaves, true
	}
	f := convexInLog(side)
	return append(leaves, leaf{side, onB, f}), f != nil
}

// slopeOfSplit is ω̃'(v) = 2v/(ab)².
func slopeOfSplit(v, a, b float64) float64 {
	return 2 * v / (1 + a) / (1 + a) / (1 + b) / (1 + b)
}
