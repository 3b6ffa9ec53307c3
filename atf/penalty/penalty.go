package penalty

import (
	"fmt"
	"math"
	"strconv"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// A Penalty is one function ω(s) of a singular value s ≥ 0, the ω of the
// spectral regulariser Ω_ω(M) = Σ_j ω(σ_j(M)), eq. (6), together with the
// effective penalty it induces on the coefficients, eq. (12):
//
//	ω̃(v) = min over s of v²/s² + ω(s),   η(v) = the minimising s.
//
// Where several s reach the minimum, η(v) is the smallest of them. Every
// function of v is even, but EffectiveSlope, which is odd: only |v| counts. A
// NaN argument gives NaN.
//
// The constructors return a Penalty and no error, so that they can stand
// inside a chain of calls. A penalty made from a bad number answers NaN
// everywhere and says what was wrong in Validate, which whoever takes a
// penalty from a user calls first.
//
// Penalties are immutable, safe for use by several goroutines, and allocate
// nothing when they are evaluated.
type Penalty interface {
	// Name is the formula with its numbers, such as "0.1 (s−1)²".
	Name() string
	// Fingerprint is the same for two penalties exactly when they were made
	// from the same family and numbers.
	Fingerprint() string
	// Validate says what was wrong with the numbers the penalty was made
	// from, or nil.
	Validate() error

	// Value is ω(s); +Inf for s < 0 and wherever s is not allowed.
	Value(s float64) float64
	// Slope is ω'(s), from the right where ω has a kink.
	Slope(s float64) float64
	// Minimum is the s at which ω is smallest: 1, or 0 where the penalty
	// lies outside the assumption of Theorems 1 and 2 (Nuclear).
	Minimum() float64

	// ConvexEffective tells whether ω̃ is convex on v ≥ 0, which is so
	// exactly when ω'(s)/s does not fall on s ≥ 1.
	ConvexEffective() bool
	// Effective is ω̃(v), accurate to 1e-10 relative.
	Effective(v float64) float64
	// Excess is η(v) − 1, accurate to 1e-8 relative to itself, so that
	// (η²−1)/v² keeps its meaning down to v → 0.
	Excess(v float64) float64
	// EffectiveSlope is ω̃'(v) = 2v/η(v)², at v = 0 the limit from the right.
	EffectiveSlope(v float64) float64
	// Conjugate is the convex conjugate ω̃*(z) = sup over v ≥ 0 of
	// |z|v − ω̃(v) = sup over s of (z²/4)s² − ω(s), and whether it is finite;
	// where it is not, the value is +Inf.
	Conjugate(z float64) (value float64, finite bool)
}

// The functions of the excess e = s − 1 keep the digits that s itself loses
// near 1. All penalties of this package have them.
type excessForm interface {
	cost(e float64) float64 // ω(1+e)
	rise(e float64) float64 // ω'(1+e)
}

func costOf(p Penalty, e float64) float64 {
	if f, ok := p.(excessForm); ok {
		return f.cost(e)
	}
	return p.Value(1 + e)
}

func riseOf(p Penalty, e float64) float64 {
	if f, ok := p.(excessForm); ok {
		return f.rise(e)
	}
	return p.Slope(1 + e)
}

// checkScale is the condition on λ shared by all families.
func checkScale(family string, lambda float64) error {
	if lambda > 0 && !math.IsInf(lambda, 1) {
		return nil
	}
	return fmt.Errorf("penalty: %s needs a finite λ > 0, got %v (for M = I, the limit λ → ∞, use penalty.Identity())", family, lambda)
}

// joint is the excess of a product of two factors, (1+a)(1+b) − 1.
func joint(a, b float64) float64 {
	return a + b + a*b
}

// effectiveSlope is 2v/s² for s = 1 + e.
func effectiveSlope(v, e float64) float64 {
	return 2 * v / (1 + e) / (1 + e)
}

// label writes a number before a formula and leaves a 1 out.
func label(lambda float64, formula string) string {
	if lambda == 1 {
		return formula
	}
	return number(lambda) + " " + formula
}

func number(v float64) string {
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func sign(kind string, vs ...float64) string {
	return fingerprint.New("penalty." + kind + "/1").Float(vs...).Sum()
}
