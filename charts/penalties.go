package charts

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// PenaltiesPlot draws penalties. Made by Penalties.
type PenaltiesPlot struct {
	plot[*PenaltiesPlot]
	added    []namedPenalty
	plain    bool
	from, to float64
}

type namedPenalty struct {
	name string
	p    penalty.Penalty
}

// Penalties draws effective penalties ω̃(v), eq. (12), on v from 0 to 5, with
// v² for reference: the paper's figure of penalties.
func Penalties() *PenaltiesPlot {
	f := &PenaltiesPlot{to: 5}
	f.init(f, "penalty", "call Add(name, penalty) before Show")
	f.p.hover = "axis"
	f.p.x.tight = true
	f.p.fill = f.fill
	return f.X("v").Y("ω̃(v)")
}

// Add draws a penalty under a name; an empty name takes the penalty's own.
func (f *PenaltiesPlot) Add(name string, p penalty.Penalty) *PenaltiesPlot {
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
	f.added = append(f.added, namedPenalty{name, p})
	return f
}

// Plain draws ω(s), eq. (6), on s from 0 to 3 instead.
func (f *PenaltiesPlot) Plain() *PenaltiesPlot {
	f.plain, f.from, f.to = true, 0, 3
	return f.X("s").Y("ω(s)")
}

// Over sets the interval of v (or s).
func (f *PenaltiesPlot) Over(from, to float64) *PenaltiesPlot {
	if !(from >= 0 && to > from) || math.IsInf(to, 1) {
		f.p.failf("penalties are drawn over an interval of non-negative numbers, not [%g, %g]", from, to)
		return f
	}
	f.from, f.to = from, to
	return f
}

// Points marks values known otherwise, such as those read from a published
// curve.
func (f *PenaltiesPlot) Points(name string, v, values []float64) *PenaltiesPlot {
	f.p.addXY(layer{shape: pointShape, name: name, x: v, y: values, ink: "@ink", symbol: "circle", size: 9, hollow: true})
	return f
}

// penaltyPoints is how finely the curves are drawn.
const penaltyPoints = 251

func (f *PenaltiesPlot) fill(p *plotBody) error {
	x, square := make([]float64, penaltyPoints), make([]float64, penaltyPoints)
	for i := range x {
		x[i] = f.from + (f.to-f.from)*float64(i)/float64(penaltyPoints-1)
		square[i] = x[i] * x[i]
	}
	p.y.top = 0
	for i, a := range f.added {
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
		p.addXY(layer{shape: lineShape, name: a.name, x: x, y: y, color: i, width: 2.2})
	}
	if !f.plain && len(f.added) > 0 {
		p.addXY(layer{shape: lineShape, name: "v²", x: x, y: square, ink: "@axis", width: 1.6, dash: "dotted"})
	}
	return nil
}
