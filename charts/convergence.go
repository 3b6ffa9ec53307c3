package charts

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// Convergence draws residuals, gaps and objectives against iterations, on a
// logarithmic axis: Add(name, values) a measure that should go to 0, the first
// value at iteration 0.
func Convergence() *Plot {
	f := newPlot(preset{
		kind: "convergence", empty: "call Add(name, values) or Objective(name, trace) before Show", columns: "values", least: 1, most: 1,
		add:   func(p *Plot, name string, c [][]float64) { p.Residual(name, c[0]) },
		curve: func(p *Plot, name string, c [][]float64, style curve) { p.residual(name, c[0], style) },
	})
	f.p.Y.Log, f.p.X.Tight, f.p.X.Whole = true, true, true
	f.p.Hover = "axis"
	return f.X("iteration")
}

// Residual draws a measure that should go to 0, such as a residual or a duality
// gap; the first value belongs to iteration 0. Values that are exactly 0 are
// gaps, with a note: the logarithmic axis has no place for having arrived.
func (f *Plot) Residual(name string, values []float64) *Plot {
	return f.residual(name, values, curve{})
}

func (f *Plot) residual(name string, values []float64, c curve) *Plot {
	x := make([]float64, len(values))
	for i := range x {
		x[i] = float64(i)
	}
	f.p.AddPoints(&draw.Line{Dots: draw.Dots{Look: f.p.Curve(name, c.dash), X: x, Y: values}, Width: 2, Symbol: c.fewMarked(len(x))}, x, values, nil, nil)
	return f
}

// Objective draws how far an objective lies above the lowest value it reached,
// relative to the size of that value; the lowest itself is left out.
func (f *Plot) Objective(name string, trace []float64) *Plot {
	low, _ := draw.Span(trace)
	if math.IsNaN(low) {
		f.p.Failf("objective %q has no finite value", name)
		return f
	}
	scale := math.Abs(low)
	if scale == 0 {
		scale = 1
	}
	var x, y []float64
	for i, v := range trace {
		if v > low || !draw.Finite(v) {
			x, y = append(x, float64(i)), append(y, (v-low)/scale)
		}
	}
	if len(x) == 0 {
		f.p.Failf("objective %q never changes", name)
		return f
	}
	c := curve{}
	return f.line(name+" − lowest, relative", x, y, curve{symbol: c.fewMarked(len(x))})
}

// Tolerance draws the level at which the solver may stop.
func (f *Plot) Tolerance(v float64) *Plot { return f.HLine(v, "tolerance") }

// fewMarked is the size of the circles at a curve's points, where it has few.
func (c curve) fewMarked(n int) float64 {
	if c.symbol == 0 && n <= 30 {
		return 5
	}
	return c.symbol
}
