package charts

import (
	"gonum.org/v1/gonum/mat"
)

// PhasePlot draws a quantity over two parameters as coloured cells. Made by
// Phase.
type PhasePlot struct {
	plot[*PhasePlot]
	m *mapLayer
}

// Phase draws a phase diagram: value row i, column j at x[j], y[i]; x and y
// rise in equal steps. NaN and ±Inf are left blank, with a note.
func Phase(x, y []float64, values mat.Matrix) *PhasePlot {
	f := &PhasePlot{}
	f.init(f, "phase diagram", "give Phase its values")
	f.p.w, f.p.h = 560, 400
	if values == nil {
		f.p.failf("the phase diagram has no values")
		return f
	}
	f.m = &mapLayer{v: values, xs: x, ys: y, ramp: Sequential}
	f.p.under = f.m
	return f
}

// Value names the quantity, above the colour bar.
func (f *PhasePlot) Value(name string) *PhasePlot {
	if f.m != nil {
		f.m.name = name
	}
	return f
}

// Range sets the ends of the colour scale; values beyond them take the end's
// colour.
func (f *PhasePlot) Range(lo, hi float64) *PhasePlot {
	if !(hi > lo) || !finite(lo) || !finite(hi) {
		f.p.failf("the colour scale runs from %g to %g: its lower end must lie below its upper", lo, hi)
		return f
	}
	if f.m != nil {
		f.m.lo, f.m.hi, f.m.asked = lo, hi, true
	}
	return f
}

// Ramp sets the colours. Default: Sequential. Diverging is centred at 0 unless
// Range says otherwise.
func (f *PhasePlot) Ramp(r Ramp) *PhasePlot {
	if len(r) < 2 {
		f.p.failf("a colour scale needs at least 2 colours, not %d", len(r))
		return f
	}
	if f.m != nil {
		f.m.ramp = r
	}
	return f
}

// Curve draws a line over the cells, such as a predicted boundary: white on a
// dark edge, dashed, the next ones dotted and solid. What lies beyond the cells
// is cut at the frame.
func (f *PhasePlot) Curve(name string, x, y []float64) *PhasePlot {
	n := 0
	for _, l := range f.p.layers {
		if !l.quiet {
			n++
		}
	}
	dash := []string{"dashed", "dotted", ""}[n%3]
	f.p.addXY(layer{shape: lineShape, x: x, y: y, ink: "#000000", width: 4.5, faint: 0.55, quiet: true})
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, ink: "#ffffff", width: 2.2, dash: dash})
	return f
}
