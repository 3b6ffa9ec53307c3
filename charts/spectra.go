package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// SpectraPlot draws singular values or eigenvalues. Made by Spectra.
type SpectraPlot struct {
	plot[*SpectraPlot]
	added      []layer
	normalized bool
	floor      float64
}

// Spectra draws singular values or eigenvalues, largest first, against their
// number, on logarithmic axes.
func Spectra() *SpectraPlot {
	f := &SpectraPlot{}
	f.init(f, "spectrum", "call Add(name, values) before Show")
	f.p.x.log, f.p.y.log, f.p.x.tight = true, true, true
	f.p.fill = f.fill
	f.p.hover = "axis"
	return f.X("number").Y("value")
}

// Add draws a spectrum; the values may come in any order. Values that are zero
// or negative are an error on the logarithmic axis, unless Floor or LinearY
// says what to do with them.
func (f *SpectraPlot) Add(name string, values []float64) *SpectraPlot {
	if len(values) == 0 {
		f.p.failf("spectrum %q is empty", name)
		return f
	}
	f.added = append(f.added, layer{name: name, y: values})
	return f
}

// AddDashed draws a spectrum as a dashed line, for a reference: in the colour
// of the spectrum of the same name, or of one whose name begins its own ("layer
// 1" and "layer 1, M = I").
func (f *SpectraPlot) AddDashed(name string, values []float64) *SpectraPlot {
	n := len(f.added)
	f.Add(name, values)
	if len(f.added) > n {
		f.added[n].dash = "dashed"
	}
	return f
}

// Normalized divides every spectrum by its largest absolute value.
func (f *SpectraPlot) Normalized() *SpectraPlot {
	f.normalized = true
	if f.p.y.name == "value" {
		f.Y("value / largest")
	}
	return f
}

// Floor leaves out values below a positive floor, with a note: exact zeros and
// what rounding made of them.
func (f *SpectraPlot) Floor(v float64) *SpectraPlot {
	if !(v > 0) {
		f.p.failf("the floor of a spectrum must be positive, not %g", v)
		return f
	}
	f.floor = v
	return f
}

func (f *SpectraPlot) fill(p *plotBody) error {
	p.remarks = nil
	var below []string
	for _, a := range f.added {
		v := slices.Clone(a.y)
		if f.normalized {
			top := 0.0
			for _, x := range v {
				if finite(x) {
					top = math.Max(top, math.Abs(x))
				}
			}
			if top > 0 {
				for k := range v {
					v[k] /= top
				}
			}
		}
		// NaN goes last, so that gaps do not shift the others.
		slices.SortFunc(v, func(a, b float64) int {
			switch {
			case math.IsNaN(a) && math.IsNaN(b):
				return 0
			case math.IsNaN(a), a < b:
				return 1
			case math.IsNaN(b), a > b:
				return -1
			}
			return 0
		})
		if f.floor > 0 {
			kept := slices.IndexFunc(v, func(x float64) bool { return x < f.floor })
			if kept == 0 {
				return fmt.Errorf("charts: no value of spectrum %q reaches the floor of %g", a.name, f.floor)
			}
			if kept > 0 {
				below = append(below, fmt.Sprintf("%d of %d of “%s”", len(v)-kept, len(v), a.name))
				v = v[:kept]
			}
		}
		x := make([]float64, len(v))
		for k := range x {
			x[k] = float64(k + 1)
		}
		p.addXY(layer{shape: lineShape, name: a.name, x: x, y: v, color: -1, width: 2, dash: a.dash, marks: len(v) <= 40, symbol: "circle", size: 5})
	}
	if len(below) > 0 {
		p.remarks = append(p.remarks, "Below "+formatNumber(f.floor, 2)+" and not drawn: "+strings.Join(below, ", ")+".")
	}
	return nil
}

// ConvergencePlot draws how a solver came to its end. Made by Convergence.
type ConvergencePlot struct{ plot[*ConvergencePlot] }

// Convergence draws residuals, gaps and objectives against iterations, on a
// logarithmic axis.
func Convergence() *ConvergencePlot {
	f := &ConvergencePlot{}
	f.init(f, "convergence", "call Add(name, values) or Objective(name, trace) before Show")
	f.p.y.log, f.p.x.tight, f.p.x.whole = true, true, true
	f.p.hover = "axis"
	return f.X("iteration")
}

// Add draws a measure that should go to 0, such as a residual or a duality
// gap; the first value belongs to iteration 0. Values that are exactly 0 are
// gaps, with a note: the logarithmic axis has no place for having arrived.
func (f *ConvergencePlot) Add(name string, values []float64) *ConvergencePlot {
	x, y, zeros := make([]float64, len(values)), slices.Clone(values), 0
	for i := range x {
		x[i] = float64(i)
		if y[i] == 0 && f.p.y.log {
			y[i] = math.NaN()
			zeros++
		}
	}
	f.p.addXY(layer{shape: lineShape, name: name, x: x, y: y, color: -1, width: 2, marks: len(x) <= 30, symbol: "circle", size: 5, zeros: zeros})
	return f
}

// Objective draws how far an objective lies above the lowest value it reached,
// relative to the size of that value; the lowest itself is left out.
func (f *ConvergencePlot) Objective(name string, trace []float64) *ConvergencePlot {
	low, _ := span(trace)
	if math.IsNaN(low) {
		f.p.failf("objective %q has no finite value", name)
		return f
	}
	scale := math.Abs(low)
	if scale == 0 {
		scale = 1
	}
	var x, y []float64
	for i, v := range trace {
		if v > low || !finite(v) {
			x, y = append(x, float64(i)), append(y, (v-low)/scale)
		}
	}
	if len(x) == 0 {
		f.p.failf("objective %q never changes", name)
		return f
	}
	f.p.addXY(layer{shape: lineShape, name: name + " − lowest, relative", x: x, y: y, color: -1, width: 2, marks: len(x) <= 30, symbol: "circle", size: 5})
	return f
}

// Tolerance draws the level at which the solver may stop.
func (f *ConvergencePlot) Tolerance(v float64) *ConvergencePlot { return f.HLine(v, "tolerance") }
