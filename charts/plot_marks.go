package charts

import "gonum.org/v1/gonum/mat"

// Line draws a curve through the points (x[i], y[i]); NaN and ±Inf leave a gap.
func (f *Plot) Line(name string, x, y []float64) *Plot { return f.line(name, x, y, curve{}) }

func (f *Plot) line(name string, x, y []float64, c curve) *Plot {
	f.p.addPoints(&line{dots: dots{f.p.curve(name, c.dash), x, y}, width: 2, symbol: c.symbol}, x, y, nil, nil)
	return f
}

// Func draws y = g(x) at n equal steps of the interval.
func (f *Plot) Func(name string, g func(float64) float64, from, to float64, n int) *Plot {
	if n < 2 || !(to > from) {
		f.p.failf("%s %q: a function needs an interval and at least 2 points, got [%g, %g] and %d", f.own.kind, name, from, to, n)
		return f
	}
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = from + (to-from)*float64(i)/float64(n-1)
		y[i] = g(x[i])
	}
	return f.Line(name, x, y)
}

// Band shades the range from lo[i] to hi[i] around the curve y and draws the
// curve.
func (f *Plot) Band(name string, x, y, lo, hi []float64) *Plot {
	l := look{name: name, color: f.p.used()}
	shade := l
	shade.quiet = true
	if f.p.addPoints(&band{dots{shade, x, y}, nonnil(lo), nonnil(hi)}, x, y, nonnil(lo), nonnil(hi)) {
		f.p.add(&line{dots: dots{f.p.dashes(l), x, y}, width: 2})
	}
	return f
}

// ErrorBars draws bars with caps from lo[i] to hi[i] at the points
// (x[i], y[i]), in the colour of the mark of that name, if there is one. The
// points themselves are another mark.
func (f *Plot) ErrorBars(name string, x, y, lo, hi []float64) *Plot {
	f.p.addPoints(&errorBars{dots{look{name: name, color: f.p.colorOf(name), quiet: true}, x, y}, nonnil(lo), nonnil(hi)}, x, y, nonnil(lo), nonnil(hi))
	return f
}

func nonnil(v []float64) []float64 {
	if v == nil {
		return []float64{}
	}
	return v
}

// Points draws a group of points (x[i], y[i]); NaN and ±Inf are left out, with
// a note.
func (f *Plot) Points(name string, x, y []float64) *Plot {
	n := f.p.used()
	m := &points{dots: dots{look{name: name, color: n, faint: 0.8}, x, y}, symbol: symbols[n%len(symbols)], size: 7}
	if len(x) > 300 {
		m.symbol, m.size, m.faint = "circle", 4.5, 0.65
	}
	f.p.addPoints(m, x, y, nil, nil)
	return f
}

// Groups draws the points in one group for each label, in order of first
// appearance.
func (f *Plot) Groups(x, y []float64, labels []string) *Plot {
	if len(x) != len(y) || len(x) != len(labels) {
		f.p.failf("%s groups: %d x values, %d y values and %d labels", f.own.kind, len(x), len(y), len(labels))
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
	f.p.addPoints(&points{dots: dots{look{name: name, ink: "@ink"}, x, y}, symbol: "circle", size: f.own.ring, hollow: true}, x, y, nil, nil)
	return f
}

// Bars draws bars from 0 to heights[i] between edges[i] and edges[i+1], which
// rise: one more edge than heights.
func (f *Plot) Bars(name string, edges, heights []float64) *Plot {
	if len(heights) == 0 || len(edges) != len(heights)+1 || !rising(edges) {
		f.p.failf("%s %q: bars need rising edges, one more than heights, got %d edges and %s", f.own.kind, name, len(edges), counted(len(heights), "height"))
		return f
	}
	f.p.add(newBars(look{name: name, color: f.p.used()}, edges, heights))
	return f
}

// Path draws the steps of an iteration, its end marked.
func (f *Plot) Path(name string, x, y []float64) *Plot {
	f.p.addPoints(&path{dots{look{name: name, color: f.p.used()}, x, y}}, x, y, nil, nil)
	return f
}

// Label writes a word at the point (x, y).
func (f *Plot) Label(x, y float64, text string) *Plot {
	if !finite(x) || !finite(y) {
		f.p.failf("the label %q stands at (%g, %g)", text, x, y)
		return f
	}
	f.p.add(&label{dots{look{ink: "@soft", quiet: true}, []float64{x}, []float64{y}}, text})
	return f
}

// Map draws coloured cells below everything else: value row i, column j at
// x[j], y[i]; x and y rise in equal steps. The axes end with the cells. NaN and
// ±Inf are left blank, with a note. A plot has one map; Phase makes a figure of
// one and can set its colours.
func (f *Plot) Map(name string, x, y []float64, values mat.Matrix) *Plot {
	switch {
	case values == nil:
		f.p.failf("the map %q has no values", name)
	case f.p.under != nil:
		f.p.failf("a plot has one map: %q is the second", name)
	default:
		f.p.under = &cells{name: name, v: values, xs: x, ys: y, ramp: colorScale(Sequential)}
	}
	return f
}
