package charts

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Penalties draws effective penalties ω̃(v), eq. (12), on v from 0 to 5, with
// v² for reference: the paper's figure of penalties. Penalty(name, p) adds one, Mark rings
// values known otherwise, such as those read from a published curve.
func Penalties() *Plot {
	f := newPlot(preset{
		kind: "penalty", empty: "call Penalty(name, penalty) before Show", columns: "no numbers (call Penalty(name, penalty), or Line(name, v, values))",
		least: 1, most: 0, ring: 9,
	})
	f.p.hover = "axis"
	f.p.x.tight = true
	return f.X("v").Y("ω̃(v)")
}

// penalties are the penalties of a plot.
type penalties struct {
	list     []namedPenalty
	plain    bool
	from, to float64 // 0, 0 for the default
}

type namedPenalty struct {
	look
	p penalty.Penalty
}

// Penalty draws a penalty under a name; an empty name takes the penalty's own.
func (f *Plot) Penalty(name string, p penalty.Penalty) *Plot {
	if p == nil {
		f.p.failf("penalty %q is nil", name)
		return f
	}
	if err := p.Validate(); err != nil {
		f.p.failf("penalty %q: %w", name, err)
		return f
	}
	if name == "" {
		name = p.Name()
	}
	l := f.p.curve(name, "")
	f.p.looks = append(f.p.looks, &l)
	f.penalties.list = append(f.penalties.list, namedPenalty{l, p})
	return f
}

// Plain draws ω(s), eq. (6), on s from 0 to 3 instead.
func (f *Plot) Plain() *Plot {
	f.penalties.plain = true
	return f.X("s").Y("ω(s)")
}

// Over sets the interval of v (or s).
func (f *Plot) Over(from, to float64) *Plot {
	if !(from >= 0 && to > from) || math.IsInf(to, 1) {
		f.p.failf("penalties are drawn over an interval of non-negative numbers, not [%g, %g]", from, to)
		return f
	}
	f.penalties.from, f.penalties.to = from, to
	return f
}

// penaltyPoints is how finely the curves are drawn.
const penaltyPoints = 251

func (f *penalties) marks(p *pane) (made []mark, notes []string, err error) {
	if len(f.list) == 0 {
		if f.plain || f.to > 0 {
			return nil, nil, fmt.Errorf("charts: Plain and Over are for penalties, and the plot has none: call Penalty(name, penalty)")
		}
		return nil, nil, nil
	}
	from, to := f.from, f.to
	switch {
	case to > 0:
	case f.plain:
		to = 3
	default:
		to = 5
	}
	x, square := make([]float64, penaltyPoints), make([]float64, penaltyPoints)
	for i := range x {
		x[i] = from + (to-from)*float64(i)/float64(penaltyPoints-1)
		square[i] = x[i] * x[i]
	}
	p.y.top = 0
	for _, a := range f.list {
		y := make([]float64, len(x))
		for k, v := range x {
			if f.plain {
				y[k] = a.p.Value(v)
			} else {
				y[k] = a.p.Effective(v)
			}
			if finite(y[k]) {
				// The reference v² must not press the penalties to the ground.
				p.y.top = math.Max(p.y.top, y[k])
			}
		}
		made = append(made, &line{dots: dots{a.look, x, y}, width: 2.2})
	}
	if !f.plain {
		made = append(made, &line{dots: dots{look{name: "v²", ink: "@axis", dash: "dotted"}, x, square}, width: 1.6})
	}
	return made, nil, nil
}
