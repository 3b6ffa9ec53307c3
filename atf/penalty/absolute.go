package penalty

import "math"

// absolute is ω(s) = λ|s−1|.
type absolute struct{ Lambda float64 }

// Absolute is ω(s) = λ|s−1|, λ > 0, the ω₂ of the paper's figure of penalties.
// η(v) = max(1, (2v²/λ)^{1/3}); ω̃(v) = v² up to v = √(λ/2) and
// 3(λ/2)^{2/3}v^{2/3} − λ from there on, which is not convex; ω̃*(z) is finite
// at z = 0 only.
func Absolute(lambda float64) Penalty {
	if err := checkScale("Absolute", lambda); err != nil {
		return invalid{err.Error()}
	}
	return absolute{lambda}
}

func (p absolute) Name() string          { return label(p.Lambda, "|s−1|") }
func (p absolute) Fingerprint() string   { return sign("absolute", p.Lambda) }
func (p absolute) Validate() error       { return checkScale("Absolute", p.Lambda) }
func (p absolute) Minimum() float64      { return 1 }
func (p absolute) ConvexEffective() bool { return false }

func (p absolute) cost(e float64) float64 { return p.Lambda * math.Abs(e) }

func (p absolute) rise(e float64) float64 {
	if e < 0 {
		return -p.Lambda
	}
	return p.Lambda
}

func (p absolute) Value(s float64) float64 {
	if s < 0 {
		return math.Inf(1)
	}
	return p.cost(s - 1)
}

func (p absolute) Slope(s float64) float64 {
	if math.IsNaN(s) {
		return s
	}
	return p.rise(s - 1)
}

func (p absolute) Excess(v float64) float64 {
	return rootExcess(math.Abs(v)/math.Sqrt(p.Lambda/2), 3)
}

func (p absolute) Effective(v float64) float64 {
	e := p.Excess(v)
	if e == 0 || math.IsInf(e, 1) {
		return v * v
	}
	u := v / (1 + e)
	return u*u + p.Lambda*e
}

func (p absolute) EffectiveSlope(v float64) float64 {
	e := p.Excess(v)
	if math.IsInf(e, 1) {
		return math.Copysign(0, v)
	}
	return effectiveSlope(v, e)
}

func (p absolute) Conjugate(z float64) (float64, bool) { return onlyAtZero(z) }

// atMultiplier solves s·ω'(s) = m: s = m/λ, once that is above 1.
func (p absolute) atMultiplier(m float64) (x, e, elasticity float64) {
	e = (m - p.Lambda) / p.Lambda
	if e <= 0 {
		return 0, 0, 0
	}
	return math.Log1p(e), e, 1
}

func (p absolute) elasticityLimit() float64 { return 1 }

// rootExcess is max(0, r^{2/n} − 1) for r ≥ 0, with full precision near r = 1.
func rootExcess(r, n float64) float64 {
	switch {
	case r <= 1:
		return 0
	case r < 2:
		return math.Expm1(2 / n * math.Log1p(r-1))
	case n == 3:
		c := math.Cbrt(r)
		return c*c - 1
	default:
		return math.Pow(r, 2/n) - 1
	}
}

// onlyAtZero is the conjugate of an effective penalty that grows slower than
// any line.
func onlyAtZero(z float64) (float64, bool) {
	switch {
	case z == 0:
		return 0, true
	case math.IsNaN(z):
		return z, false
	default:
		return math.Inf(1), false
	}
}
