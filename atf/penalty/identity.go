package penalty

import "math"

// identity is ω(1) = 0 and +∞ elsewhere.
type identity struct{}

// Identity is the hard case M = I: ω(1) = 0 and ω = +∞ elsewhere, so that
// ω̃(v) = v², η(v) = 1 and ω̃*(z) = z²/4. With it, the adaptive problem is
// ridgeless regression with the tangent kernel.
func Identity() Penalty { return identity{} }

func (identity) Name() string          { return "I" }
func (identity) Fingerprint() string   { return sign("identity") }
func (identity) Validate() error       { return nil }
func (identity) Minimum() float64      { return 1 }
func (identity) ConvexEffective() bool { return true }

func (identity) cost(e float64) float64 {
	if e == 0 || math.IsNaN(e) {
		return e
	}
	return math.Inf(1)
}

func (identity) rise(e float64) float64 {
	switch {
	case math.IsNaN(e):
		return e
	case e < 0:
		return math.Inf(-1)
	default:
		return math.Inf(1)
	}
}

func (p identity) Value(s float64) float64 { return p.cost(s - 1) }
func (p identity) Slope(s float64) float64 { return p.rise(s - 1) }

func (identity) Effective(v float64) float64      { return v * v }
func (identity) EffectiveSlope(v float64) float64 { return 2 * v }

func (identity) Excess(v float64) float64 {
	if math.IsNaN(v) {
		return v
	}
	return 0
}

func (identity) Conjugate(z float64) (float64, bool) {
	return z * z / 4, !math.IsNaN(z) && !math.IsInf(z*z, 1)
}
