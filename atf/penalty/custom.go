package penalty

import (
	"errors"
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// custom is an ω given as a Go function, with a table of it.
type custom struct {
	name   string
	omega  func(e float64) float64 // ω(1+e)
	slope  func(e float64) float64 // ω'(1+e), nil if it is to be found by differences
	print  string
	convex bool

	e    []float64 // grid of s − 1 > 0
	turn []float64 // s³ω'(s)/2 there: φ = v²/s² + ω(s) falls where it is below v²
	bend []float64 // ω'(s)/s there
	// rising tells that turn never falls, so that φ has one minimum.
	rising bool
}

// Custom is any continuous, strictly quasi-convex ω with minimum ω(1) = 0, as
// the theorems assume. ω is checked on a grid from s = 1e-12 to 1e20, 16 points
// a decade of |s−1| ≥ 1e-12; what happens between the points is not seen. A
// *ShapeError shows the points where the check failed.
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

// tabulate fills the table and the fingerprint, and makes sure that ω grows
// enough for v²/s² + ω(s) to have a minimiser.
func (p *custom) tabulate(first int) error {
	n := (lastDecade-first)*perDecade + 1
	print := fingerprint.New("penalty.custom/1").String(p.name).Int(first)
	p.rising, p.convex = true, true
	var highTurn, highBend float64
	for i := range n {
		e := gridPoint(first, i)
		s := 1 + e
		w := p.cost(e)
		print.Float(w)
		d := p.rise(e)
		if math.IsInf(w, 1) || math.IsNaN(d) {
			d = math.Inf(1)
		}
		turn, bend := d*s*s*s/2, d/s
		p.e = append(p.e, e)
		p.turn = append(p.turn, turn)
		p.bend = append(p.bend, bend)
		if turn < highTurn {
			p.rising = false
		}
		highTurn = max(highTurn, turn)
		// Differences near s = 1 are noise where ω is a function of s.
		if first == byExcess || e > 1e-6 {
			p.convex = p.convex && bend >= highBend*(1-1e-9)
			highBend = max(highBend, bend)
		}
	}
	p.print = print.Sum()
	if last := p.turn[n-1]; last < 1e20 {
		return &ShapeError{
			Name: p.name, Reason: fmt.Sprintf("grows too slowly: s³ω'(s)/2 stays at %.3g, so that v²/s² + ω(s) has no minimiser for larger v²", last),
			S: []float64{1 + p.e[n-2], 1 + p.e[n-1]}, Values: []float64{p.cost(p.e[n-2]), p.cost(p.e[n-1])},
		}
	}
	if p.slope != nil {
		return p.checkSlope()
	}
	return nil
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
