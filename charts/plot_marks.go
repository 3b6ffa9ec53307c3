package charts

import (
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// Line draws a curve through the points (x[i], y[i]); NaN and ±Inf leave a gap.
func (f *Plot) Line(name string, x, y []float64) *Plot { return f.line(name, x, y, curve{}) }

func (f *Plot) line(name string, x, y []float64, c curve) *Plot {
	f.p.AddPoints(&draw.Line{Dots: draw.Dots{Look: f.p.Curve(name, c.dash), X: x, Y: y}, Width: 2, Symbol: c.symbol}, x, y, nil, nil)
	return f
}

// Func draws y = g(x) at n ≥ 2 equal steps of a finite interval.
func (f *Plot) Func(name string, g func(float64) float64, from, to float64, n int) *Plot {
	if n < 2 || !(to > from) || !draw.Finite(from) || !draw.Finite(to) {
		f.p.Failf("%s %q: a function needs an interval and at least 2 points, got [%g, %g] and %d", f.own.kind, name, from, to, n)
		return f
	}
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = draw.Between(from, to, float64(i)/float64(n-1))
		y[i] = g(x[i])
	}
	return f.Line(name, x, y)
}

// Band shades the range from lo[i] to hi[i] around the curve y and draws the
// curve.
func (f *Plot) Band(name string, x, y, lo, hi []float64) *Plot {
	l := draw.Look{Name: name, Color: f.p.Used()}
	shade := l
	shade.Quiet = true
	if f.p.AddPoints(&draw.Band{Dots: draw.Dots{Look: shade, X: x, Y: y}, Lo: nonnil(lo), Hi: nonnil(hi)}, x, y, nonnil(lo), nonnil(hi)) {
		f.p.Add(&draw.Line{Dots: draw.Dots{Look: f.p.Dashes(l), X: x, Y: y}, Width: 2})
	}
	return f
}

// ErrorBars draws bars with caps from lo[i] to hi[i] at the points
// (x[i], y[i]), in the colour of the mark of that name, if there is one. The
// points themselves are another mark.
func (f *Plot) ErrorBars(name string, x, y, lo, hi []float64) *Plot {
	f.p.AddPoints(&draw.ErrorBars{Dots: draw.Dots{Look: draw.Look{Name: name, Color: f.p.ColorOf(name), Quiet: true}, X: x, Y: y}, Lo: nonnil(lo), Hi: nonnil(hi)}, x, y, nonnil(lo), nonnil(hi))
	return f
}

func nonnil(v []float64) []float64 {
	if v == nil {
		return []float64{}
	}
	return v
}

// Points draws a group of points (x[i], y[i]), in the colour of the curve of
// that name, if there is one; NaN and ±Inf are left out, with a note.
func (f *Plot) Points(name string, x, y []float64) *Plot {
	n := f.p.Used()
	m := &draw.Points{Dots: draw.Dots{Look: f.p.Cloud(name, 0.8), X: x, Y: y}, Symbol: draw.Symbols[n%len(draw.Symbols)], Size: 7}
	if len(x) > 300 {
		m.Symbol, m.Size, m.Faint = "circle", 4.5, 0.65
	}
	f.p.AddPoints(m, x, y, nil, nil)
	return f
}

// Groups draws the points in one group for each label, in order of first
// appearance.
func (f *Plot) Groups(x, y []float64, labels []string) *Plot {
	if len(x) != len(y) || len(x) != len(labels) {
		f.p.Failf("%s groups: %d x values, %d y values and %d labels", f.own.kind, len(x), len(y), len(labels))
		return f
	}
	var order []string
	gx, gy := map[string][]float64{}, map[string][]float64{}
	for i, l := range labels {
		if _, ok := gx[l]; !ok {
			order = append(order, l)
		}
		gx[l], gy[l] = append(gx[l], x[i]), append(gy[l], y[i])
	}
	for _, l := range order {
		f.Points(l, gx[l], gy[l])
	}
	return f
}

// Mark rings points, such as support vectors or values read from a published
// curve.
func (f *Plot) Mark(name string, x, y []float64) *Plot {
	f.p.AddPoints(&draw.Points{Dots: draw.Dots{Look: draw.Look{Name: name, Ink: "@ink"}, X: x, Y: y}, Symbol: "circle", Size: f.own.ring, Hollow: true}, x, y, nil, nil)
	return f
}

// Bars draws bars from 0 to heights[i] between edges[i] and edges[i+1], which
// rise: one more edge than heights.
func (f *Plot) Bars(name string, edges, heights []float64) *Plot {
	if len(heights) == 0 || len(edges) != len(heights)+1 || !draw.Rising(edges) {
		f.p.Failf("%s %q: bars need rising edges, one more than heights, got %d edges and %s", f.own.kind, name, len(edges), counted(len(heights), "height"))
		return f
	}
	f.p.Add(draw.NewBars(draw.Look{Name: name, Color: f.p.Used()}, edges, heights))
	return f
}

// Path draws the steps of an iteration, its end marked.
func (f *Plot) Path(name string, x, y []float64) *Plot {
	f.p.AddPoints(&draw.Path{Dots: draw.Dots{Look: draw.Look{Name: name, Color: f.p.Used()}, X: x, Y: y}}, x, y, nil, nil)
	return f
}

// Label writes a word at the point (x, y).
func (f *Plot) Label(x, y float64, text string) *Plot {
	if !draw.Finite(x) || !draw.Finite(y) {
		f.p.Failf("the label %q stands at (%g, %g)", text, x, y)
		return f
	}
	f.p.Add(&draw.Label{Dots: draw.Dots{Look: draw.Look{Ink: "@soft", Quiet: true}, X: []float64{x}, Y: []float64{y}}, Text: text})
	return f
}

// Map draws coloured cells below everything else: value row i, column j at
// x[j], y[i]; x and y rise in equal steps. The axes end with the cells. NaN and
// ±Inf are left blank, with a note. A plot has one map; Phase makes a figure of
// one and can set its colours.
func (f *Plot) Map(name string, x, y []float64, values mat.Matrix) *Plot {
	switch {
	case values == nil:
		f.p.Failf("the map %q has no values", name)
	case f.p.Under != nil:
		f.p.Failf("a plot has one map: %q is the second", name)
	default:
		f.p.Under = &draw.Cells{Name: name, V: values, Xs: x, Ys: y, Ramp: draw.ColorScale(Sequential)}
	}
	return f
}
