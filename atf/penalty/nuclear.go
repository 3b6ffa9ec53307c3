package penalty

import "math"

// nuclear is ω(s) = λs².
type nuclear struct{ Lambda float64 }

// Nuclear is ω(s) = λs², λ > 0, whose effective penalty is 2√λ·v: λ = 1 gives
// twice the nuclear norm, or twice the ℓ1 norm of a vector.
//
// Its minimum is at s = 0, not at 1: it lies outside the assumption of
// Theorems 1 and 2. Singular values at zero drive s to 0, so that A, B and M
// are not the identity plus a low rank, the kernel turns singular, and the
// gradient at v = 0 is a subdifferential, of which EffectiveSlope(0) gives the
// upper end 2√λ.
func Nuclear(lambda float64) Penalty {
	if err := checkScale("Nuclear", lambda); err != nil {
		return invalid{err.Error()}
	}
	return nuclear{lambda}
}

func (p nuclear) Name() string          { return label(p.Lambda, "s²") }
func (p nuclear) Fingerprint() string   { return sign("nuclear", p.Lambda) }
func (p nuclear) Validate() error       { return checkScale("Nuclear", p.Lambda) }
func (p nuclear) Minimum() float64      { return 0 }
func (p nuclear) ConvexEffective() bool { return true }

func (p nuclear) cost(e float64) float64 { return p.Lambda * (1 + e) * (1 + e) }
func (p nuclear) rise(e float64) float64 { return 2 * p.Lambda * (1 + e) }

func (p nuclear) Value(s float64) float64 {
	if s < 0 {
		return math.Inf(1)
	}
	return p.Lambda * s * s
}

func (p nuclear) Slope(s float64) float64 { return 2 * p.Lambda * s }

func (p nuclear) Excess(v float64) float64 {
	w := math.Abs(v) / math.Sqrt(p.Lambda)
	if math.IsInf(w, 1) {
		return w
	}
	return (w - 1) / (math.Sqrt(w) + 1)
}

func (p nuclear) Effective(v float64) float64 { return 2 * math.Sqrt(p.Lambda) * math.Abs(v) }

func (p nuclear) EffectiveSlope(v float64) float64 {
	if math.IsNaN(v) {
		return v
	}
	return math.Copysign(2*math.Sqrt(p.Lambda), v)
}

func (p nuclear) Conjugate(z float64) (float64, bool) {
	switch {
	case math.IsNaN(z):
		return z, false
	case math.Abs(z) <= 2*math.Sqrt(p.Lambda):
		return 0, true
	default:
		return math.Inf(1), false
	}
}

// atMultiplier solves s·ω'(s) = m: s² = m/(2λ).
func (p nuclear) atMultiplier(m float64) (x, e, elasticity float64) {
	r := m / (2 * p.Lambda)
	return math.Log(r) / 2, (r - 1) / (math.Sqrt(r) + 1), 0.5
}

func (p nuclear) elasticityLimit() float64 { return 0.5 }
