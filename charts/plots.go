package charts

import "strings"

// plot gives a kind of figure with two axes, *T, the settings all share.
type plot[T any] struct {
	figure[T]
	p plotBody
}

func (f *plot[T]) init(self T, kind, empty string) {
	f.p = newPlotBody(kind)
	f.p.empty = empty
	f.figure.init(self, &f.p)
}

// X names the x axis; a unit, where there is one, follows in brackets.
func (f *plot[T]) X(name string, unit ...string) T { f.p.x.name = axisName(name, unit); return f.self }

// Y names the y axis; a unit, where there is one, follows in brackets.
func (f *plot[T]) Y(name string, unit ...string) T { f.p.y.name = axisName(name, unit); return f.self }

func axisName(name string, unit []string) string {
	if len(unit) > 0 && unit[0] != "" {
		return name + " [" + strings.Join(unit, " ") + "]"
	}
	return name
}

// LogX makes the x axis logarithmic; all x must be positive.
func (f *plot[T]) LogX() T { f.p.x.log = true; return f.self }

// LogY makes the y axis logarithmic; all y must be positive.
func (f *plot[T]) LogY() T { f.p.y.log = true; return f.self }

// LogLog makes both axes logarithmic.
func (f *plot[T]) LogLog() T { f.p.x.log, f.p.y.log = true, true; return f.self }

// LinearX and LinearY take back the logarithmic axes some figures begin with.
func (f *plot[T]) LinearX() T { f.p.x.log = false; return f.self }

// LinearY makes the y axis linear.
func (f *plot[T]) LinearY() T { f.p.y.log = false; return f.self }

// XRange sets the ends of the x axis; what lies outside is cut at the frame.
// NaN leaves an end to the data.
func (f *plot[T]) XRange(lo, hi float64) T { f.p.x.lo, f.p.x.hi = lo, hi; return f.self }

// YRange sets the ends of the y axis; what lies outside is cut at the frame.
// NaN leaves an end to the data.
func (f *plot[T]) YRange(lo, hi float64) T { f.p.y.lo, f.p.y.hi = lo, hi; return f.self }

// Equal gives both axes the same scale.
func (f *plot[T]) Equal() T { f.p.equal = true; return f.self }

// NoLegend leaves the legend out.
func (f *plot[T]) NoLegend() T { f.p.legend = false; return f.self }

// HLine draws a dashed horizontal line at y.
func (f *plot[T]) HLine(y float64, name string) T { f.rule(y, name, false); return f.self }

// VLine draws a dashed vertical line at x.
func (f *plot[T]) VLine(x float64, name string) T { f.rule(x, name, true); return f.self }

func (f *plot[T]) rule(v float64, name string, vertical bool) {
	if !finite(v) {
		f.p.failf("the line %q stands at %g", name, v)
		return
	}
	rules := 0
	for _, l := range f.p.layers {
		if l.shape == ruleShape && l.name != "" {
			rules++
		}
	}
	look := []struct{ ink, dash string }{{"@axis", "dashed"}, {"@soft", "dotted"}, {"@ink", "dashed"}, {"@ink", "dotted"}}[rules%4]
	f.p.layers = append(f.p.layers, layer{shape: ruleShape, name: name, y: []float64{v}, vert: vertical, ink: look.ink, width: 1.5, dash: look.dash, quiet: name == ""})
}

// LinesPlot draws curves. Made by Lines.
type LinesPlot struct{ plot[*LinesPlot] }

// Lines draws curves: Add one or more series of points joined in order.
func Lines() *LinesPlot {
	f := &LinesPlot{}
	f.init(f, "lines", "call Add(name, x, y) before Show")
	f.p.hover = "axis"
	f.p.x.tight = true
	return f
}

// Add draws a curve through the points (x[i], y[i]); NaN and ±Inf leave a gap.
func (f *LinesPlot) Add(name string, x, y []float64) *LinesPlot {
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, color: -1, width: 2})
	return f
}

// AddDashed draws a dashed curve, for a prediction beside a measurement: in the
// colour of the curve of the same name, or of one whose name begins its own
// ("width 64" and "width 64, predicted").
func (f *LinesPlot) AddDashed(name string, x, y []float64) *LinesPlot {
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, color: -1, width: 2, dash: "dashed"})
	return f
}

// AddMarked draws a curve with its points marked, for few points.
func (f *LinesPlot) AddMarked(name string, x, y []float64) *LinesPlot {
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, color: -1, width: 2, marks: true, symbol: "circle", size: 7})
	return f
}

// AddBand shades the range from lo[i] to hi[i] around the curve y and draws the
// curve.
func (f *LinesPlot) AddBand(name string, x, y, lo, hi []float64) *LinesPlot {
	color := f.p.used()
	f.p.addXY(layer{shape: bandShape, name: name, x: x, y: y, lo: lo, hi: hi, color: color, quiet: true})
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, color: color, width: 2})
	return f
}

// Func draws y = g(x) at n equal steps of the interval.
func (f *LinesPlot) Func(name string, g func(float64) float64, from, to float64, n int) *LinesPlot {
	if n < 2 || !(to > from) {
		f.p.failf("lines %q: a function needs an interval and at least 2 points, got [%g, %g] and %d", name, from, to, n)
		return f
	}
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = from + (to-from)*float64(i)/float64(n-1)
		y[i] = g(x[i])
	}
	return f.Add(name, x, y)
}

// ScatterPlot draws points. Made by Scatter.
type ScatterPlot struct{ plot[*ScatterPlot] }

// Scatter draws groups of points.
func Scatter() *ScatterPlot {
	f := &ScatterPlot{}
	f.init(f, "scatter", "call Add(name, x, y) before Show")
	return f
}

// symbols of the groups, so that they do not differ by colour alone.
var symbols = []string{"circle", "triangle", "diamond", "rect", "roundRect", "pin"}

// Add draws a group of points (x[i], y[i]); NaN and ±Inf are left out, with a
// note.
func (f *ScatterPlot) Add(name string, x, y []float64) *ScatterPlot {
	size, faint := 7.0, 0.8
	if len(x) > 300 {
		size, faint = 4.5, 0.65
	}
	n := f.p.used()
	symbol := symbols[n%len(symbols)]
	if len(x) > 300 {
		symbol = "circle"
	}
	f.p.addXY(layer{shape: pointShape, name: name, x: x, y: y, color: -1, symbol: symbol, size: size, faint: faint})
	return f
}

// Groups draws the points in one group for each label, in order of first
// appearance.
func (f *ScatterPlot) Groups(x, y []float64, labels []string) *ScatterPlot {
	if len(x) != len(y) || len(x) != len(labels) {
		f.p.failf("scatter groups: %d x values, %d y values and %d labels", len(x), len(y), len(labels))
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
		f.Add(l, gx[l], gy[l])
	}
	return f
}

// Mark rings points, such as support vectors.
func (f *ScatterPlot) Mark(name string, x, y []float64) *ScatterPlot {
	f.p.addXY(layer{shape: pointShape, name: name, x: x, y: y, ink: "@ink", symbol: "circle", size: 12, hollow: true})
	return f
}

// Line adds a curve, such as a fit.
func (f *ScatterPlot) Line(name string, x, y []float64) *ScatterPlot {
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, color: -1, width: 2})
	return f
}
