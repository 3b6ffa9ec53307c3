package penalty

import "math"

// squared is ω(s) = λ(s−1)².
type squared struct{ Lambda float64 }

// Squared is ω(s) = λ(s−1)², λ > 0, the ω₁ of the paper's figure of penalties.
// η(v) solves v² = λs³(s−1); ω̃ is convex, v² at the start, and
// 2√λ·v − 2λ^{3/4}√v + ¾λ + o(1) at the end; ω̃*(z) is finite for |z| < 2√λ.
func Squared(lambda float64) Penalty {
	if err := checkScale("Squared", lambda); err != nil {
		return invalid{err.Error()}
	}
	return squared{lambda}
}

func (p squared) Name() string          { return label(p.Lambda, "(s−1)²") }
func (p squared) Fingerprint() string   { return sign("squared", p.Lambda) }
func (p squared) Validate() error       { return checkScale("Squared", p.Lambda) }
func (p squared) Minimum() float64      { return 1 }
func (p squared) ConvexEffective() bool { return true }

func (p squared) cost(e float64) float64 { return p.Lambda * e * e }
func (p squared) rise(e float64) float64 { return 2 * p.Lambda * e }

func (p squared) Value(s float64) float64 {
	if s < 0 {
		return math.Inf(1)
	}
	return p.cost(s - 1)
}

func (p squared) Slope(s float64) float64 { return p.rise(s - 1) }

func (p squared) Excess(v float64) float64 {
	return excess3(math.Abs(v) / math.Sqrt(p.Lambda))
}

func (p squared) Effective(v float64) float64 {
	w := math.Abs(v) / math.Sqrt(p.Lambda)
	e := excess3(w)
	if math.IsInf(e, 1) {
		return e
	}
	w /= 1 + e
	return p.Lambda * (w*w + e*e)
}

func (p squared) EffectiveSlope(v float64) float64 {
	e := p.Excess(v)
	if math.IsInf(e, 1) {
		return math.Copysign(2*math.Sqrt(p.Lambda), v)
	}
	return effectiveSlope(v, e)
}

func (p squared) Conjugate(z float64) (float64, bool) {
	c := z * z / 4
	switch {
	case math.IsNaN(c):
		return c, false
	case c >= p.Lambda:
		return math.Inf(1), false
	}
	// 2√λ − |z| keeps the digits that λ − z²/4 would lose near the edge.
	root := math.Sqrt(p.Lambda)
	half := math.Abs(z) / 2
	return p.Lambda * c / ((root - half) * (root + half)), true
}

// atMultiplier solves s·ω'(s) = m: s(s−1) = m/(2λ).
func (p squared) atMultiplier(m float64) (x, e, elasticity float64) {
	r := m / p.Lambda
	e = r / (1 + math.Sqrt(1+2*r))
	return math.Log1p(e), e, e / (2*e + 1)
}

func (p squared) elasticityLimit() float64 { return 0.5 }

// excess3 solves e(1+e)³ = w² for e ≥ 0, by Halley's iteration from the upper
// bound min(w², √w).
func excess3(w float64) float64 {
	if w > 1e70 {
		return math.Sqrt(w) - 0.75
	}
	q := w * w
	e := q
	if q > 1 {
		e = math.Sqrt(w)
	}
	for range 60 {
		s := 1 + e
		s2 := s * s
		d := (e*s2*s - q) / (s2 * (1 + 4*e))
		step := d / (1 - d*3*(1+2*e)/(s*(1+4*e)))
		e -= step
		if !(math.Abs(step) > 1e-6*e) {
			break
		}
	}
	return e
}

// excess5 solves e(1+e)⁵ = w² for e ≥ 0 in the same way.
func excess5(w float64) float64 {
	if w > 1e50 {
		return math.Cbrt(w) - 5.0/6
	}
	q := w * w
	e := q
	if q > 1 {
		e = math.Cbrt(w)
	}
	for range 60 {
		s := 1 + e
		s2 := s * s
		d := (e*s2*s2*s - q) / (s2 * s2 * (1 + 6*e))
		step := d / (1 - d*5*(1+3*e)/(s*(1+6*e)))
		e -= step
		if !(math.Abs(step) > 1e-6*e) {
			break
		}
	}
	return e
}
