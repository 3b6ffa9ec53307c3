package charts

import (
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// PhasePlot draws a quantity over two parameters as coloured cells. Made by
// Phase.
type PhasePlot struct {
	figure
	p draw.Pane
	m *draw.Cells
}

// Phase draws a phase diagram: value row i, column j at x[j], y[i]; x and y
// rise in equal steps. NaN and ±Inf are left blank, with a note.
func Phase(x, y []float64, values mat.Matrix) *PhasePlot {
	f := &PhasePlot{p: draw.NewPane("phase diagram")}
	f.base.body = &f.p
	f.p.Empty = "give Phase its values"
	f.p.W, f.p.H = 560, 400
	if values == nil {
		f.p.Failf("the phase diagram has no values")
		return f
	}
	f.m = &draw.Cells{V: values, Xs: x, Ys: y, Ramp: draw.ColorScale(Sequential)}
	f.p.Under = f.m
	return f
}

// Value names the quantity, above the colour bar.
func (f *PhasePlot) Value(name string) *PhasePlot {
	if f.m != nil {
		f.m.Name = name
	}
	return f
}

// Range sets the ends of the colour scale; values beyond them take the end's
// colour.
func (f *PhasePlot) Range(lo, hi float64) *PhasePlot {
	if !(hi > lo) || !draw.Finite(lo) || !draw.Finite(hi) {
		f.p.Failf("the colour scale runs from %g to %g: its lower end must lie below its upper", lo, hi)
		return f
	}
	if f.m != nil {
		f.m.Lo, f.m.Hi, f.m.Asked = lo, hi, true
	}
	return f
}

// Ramp sets the colours. Default: Sequential. Diverging is centred at 0 unless
// Range says otherwise.
func (f *PhasePlot) Ramp(r Ramp) *PhasePlot {
	if len(r) < 2 {
		f.p.Failf("a colour scale needs at least 2 colours, not %d", len(r))
		return f
	}
	if f.m != nil {
		f.m.Ramp = draw.ColorScale(r)
	}
	return f
}

// Curve draws a line over the cells, such as a predicted boundary: white on a
// dark edge, dashed, the next ones dotted and solid. What lies beyond the cells
// is cut at the frame.
func (f *PhasePlot) Curve(name string, x, y []float64) *PhasePlot {
	n := 0
	for _, m := range f.p.Marks {
		if _, ok := m.(*draw.Line); ok && !m.Base().Quiet {
			n++
		}
	}
	edge := draw.Look{Ink: "#000000", Faint: 0.55, Quiet: true}
	if f.p.AddPoints(&draw.Line{Dots: draw.Dots{Look: edge, X: x, Y: y}, Width: 4.5}, x, y, nil, nil) {
		bright := draw.Look{Name: name, Ink: "#ffffff", Dash: []string{"dashed", "dotted", ""}[n%3]}
		f.p.Add(&draw.Line{Dots: draw.Dots{Look: bright, X: x, Y: y}, Width: 2.2})
	}
	return f
}

// Title sets the title, drawn above the figure.
func (f *PhasePlot) Title(s string) *PhasePlot { f.base.title = s; return f }

// Subtitle sets a line under the title.
func (f *PhasePlot) Subtitle(s string) *PhasePlot { f.base.subtitle = s; return f }

// Alt sets the text read to those who cannot see the figure. Default: title
// and a summary of the data.
func (f *PhasePlot) Alt(s string) *PhasePlot { f.base.alt = s; return f }

// Note prints a line below the figure.
func (f *PhasePlot) Note(s string) *PhasePlot { f.base.note(s); return f }

// Theme sets the colours of the page it is drawn for. Default: Auto.
func (f *PhasePlot) Theme(t Theme) *PhasePlot { f.base.theme = t; return f }

// Width sets the width of the whole figure in pixels; the height follows.
func (f *PhasePlot) Width(w int) *PhasePlot { return f.Size(w, 0) }

// Size sets width and height of the whole figure in pixels, up to 4000 × 8000;
// 0 keeps the default.
func (f *PhasePlot) Size(w, h int) *PhasePlot { f.base.size(w, h); return f }

// X names the x axis; a unit, where there is one, follows in brackets.
func (f *PhasePlot) X(name string, unit ...string) *PhasePlot {
	f.p.X.Name = axisName(name, unit)
	return f
}

// Y names the y axis; a unit, where there is one, follows in brackets.
func (f *PhasePlot) Y(name string, unit ...string) *PhasePlot {
	f.p.Y.Name = axisName(name, unit)
	return f
}

// HLine draws a dashed horizontal line at y.
func (f *PhasePlot) HLine(y float64, name string) *PhasePlot { f.p.Rule(y, name, false); return f }

// VLine draws a dashed vertical line at x.
func (f *PhasePlot) VLine(x float64, name string) *PhasePlot { f.p.Rule(x, name, true); return f }

// NoLegend leaves the legend out.
func (f *PhasePlot) NoLegend() *PhasePlot { f.p.Legend = false; return f }
