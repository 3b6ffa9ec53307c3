package penalty

import (
	"errors"
	"math"
)

// invalid stands for a penalty made from a bad number, until Validate is asked.
type invalid struct{ Reason string }

func (p invalid) Name() string        { return "invalid penalty" }
func (p invalid) Fingerprint() string { return sign("invalid: " + p.Reason) }
func (p invalid) Validate() error     { return errors.New(p.Reason) }

func (invalid) Value(float64) float64             { return math.NaN() }
func (invalid) Slope(float64) float64             { return math.NaN() }
func (invalid) Minimum() float64                  { return math.NaN() }
func (invalid) ConvexEffective() bool             { return false }
func (invalid) Effective(float64) float64         { return math.NaN() }
func (invalid) Excess(float64) float64            { return math.NaN() }
func (invalid) EffectiveSlope(float64) float64    { return math.NaN() }
func (invalid) Conjugate(float64) (float64, bool) { return math.NaN(), false }
