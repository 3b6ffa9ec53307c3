package penalty

import (
	"errors"
	"fmt"
	"math"
)

// custom is an ω given as a Go function, with a table of it.
type custom struct {
	name   string
	omega  func(e float64) float64 // ω(1+e)
	slope  func(e float64) float64 // ω'(1+e), nil if it is to be found by differences
	print  string
	convex bool

	table
	start     [2]float64 // turn at the first two points of the grid
	power     float64    // of s − 1, as which turn starts
	turnLast  float64    // turn and ω'(s)/s at the end of the grid
	ratioLast float64
}

// Custom is any continuous, strictly quasi-convex ω with minimum ω(1) = 0, as
// the theorems assume. ω is checked on a grid from s = 1e-12 to 1e20, 16 points
// a decade of |s−1| ≥ 1e-12, and in between wherever a minimum of v²/s² + ω(s)
// could hide to the right of 1, until ω is smooth between neighbouring points. A
// *ShapeError shows the points where the check failed; an ω that stays rough
// down to the limit of 65,536 points is such a failure. The search for η(v) is
// global over what the points show; a step between two of them that leaves no
// trace in four points each would make ω̃ too high by 2 % at most, as ω rises.
//
// The derivative is optional; without it, differences of sixth order are used,
// good to about 1e-12 where ω is smooth. A derivative that contradicts the
// differences is an error.
//
// Rounding errors of ω show in ω̃ and η where v is so small that they matter
// beside v², and s itself keeps only the digits of s − 1 above 1e-16.
// CustomExcess has no such limit. A value below 0 by less than the tolerance
// of the check counts as 0.
//
// The name stands in Name; Fingerprint is made from it and from the values on
// the grid. A custom penalty cannot be encoded by gob, since Go functions
// cannot: encoding one is an error.
func Custom(name string, omega func(s float64) float64, slope ...func(s float64) float64) (Penalty, error) {
	if omega == nil {
		return nil, fmt.Errorf("penalty: Custom %q needs a function ω", name)
	}
	var d func(float64) float64
	if len(slope) > 0 && slope[0] != nil {
		d = func(e float64) float64 { return slope[0](1 + e) }
	}
	return newCustom(name, func(e float64) float64 { return omega(1 + e) }, d, byValue, slope)
}

// CustomExcess is Custom with ω as a function of e = s − 1 ≥ −1, which can
// keep its digits near s = 1: λ(s−1)² is func(e float64) float64 { return λ*e*e }.
// The grid reaches down to |e| = 1e-30.
func CustomExcess(name string, omega func(e float64) float64, slope ...func(e float64) float64) (Penalty, error) {
	if omega == nil {
		return nil, fmt.Errorf("penalty: CustomExcess %q needs a function ω", name)
	}
	var d func(float64) float64
	if len(slope) > 0 {
		d = slope[0]
	}
	return newCustom(name, omega, d, byExcess, slope)
}

func newCustom(name string, omega, slope func(float64) float64, firstDecade int, slopes []func(float64) float64) (Penalty, error) {
	if name == "" {
		return nil, errors.New("penalty: a custom penalty needs a name")
	}
	if len(slopes) > 1 {
		return nil, fmt.Errorf("penalty: custom %q: give one derivative at most, got %d", name, len(slopes))
	}
	p := &custom{name: name, omega: omega, slope: slope}
	if err := p.check(firstDecade); err != nil {
		return nil, err
	}
	if err := p.tabulate(firstDecade); err != nil {
		return nil, err
	}
	return p, nil
}

// The decade of |s−1| in which the grid starts: where ω is a function of s, the
// points must differ after 1 is added.
const (
	byValue  = -12
	byExcess = -30
)

// Points of the grid per decade of |s−1|, and its end.
const (
	perDecade  = 16
	lastDecade = 20
)

// gridPoint is the i-th point, counted from |s−1| = 10^first.
func gridPoint(first, i int) float64 {
	return math.Pow(10, float64(first)+float64(i)/perDecade)
}

func (p *custom) Name() string          { return p.name }
func (p *custom) Fingerprint() string   { return p.print }
func (p *custom) Validate() error       { return nil }
func (p *custom) Minimum() float64      { return 1 }
func (p *custom) ConvexEffective() bool { return p.convex }

func (p *custom) Value(s float64) float64 {
	if s < 0 {
		return math.Inf(1)
	}
	return p.cost(s - 1)
}

func (p *custom) Slope(s float64) float64 { return p.rise(s - 1) }

func (p *custom) cost(e float64) float64 {
	if e == 0 {
		return 0
	}
	return max(0, p.omega(e))
}

// rise is ω'(1+e) by the function given, else by the sixth-order central
// difference with steps of 1 % of e; at s = 1 by steps of 1e-6 to the right.
func (p *custom) rise(e float64) float64 {
	if p.slope != nil {
		return p.slope(e)
	}
	if e == 0 {
		return p.cost(1e-6) / 1e-6
	}
	h := e / 128
	if e <= -1 {
		h = 1.0 / 1024
		e += 3 * h
	}
	if room := (1 + e) / 4; math.Abs(h) > room {
		h = room
	}
	f := p.omega
	return (45*(f(e+h)-f(e-h)) - 9*(f(e+2*h)-f(e-2*h)) + (f(e+3*h) - f(e-3*h))) / (60 * h)
}

// GobEncode refuses: a Go function cannot be stored.
func (p *custom) GobEncode() ([]byte, error) {
	return nil, fmt.Errorf("penalty: custom penalty %q is a Go function and cannot be encoded: store what it is made from and call Custom again after decoding", p.name)
}

// GobDecode refuses for the same reason.
func (p *custom) GobDecode([]byte) error {
	return errors.New("penalty: a custom penalty cannot be decoded: call Custom again")
}
