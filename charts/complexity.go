package charts

import (
	"math"
)

// ComplexityPlot draws errors against the number of examples. Made by
// SampleComplexity.
type ComplexityPlot struct{ plot[*ComplexityPlot] }

// SampleComplexity draws measures such as the test error against the number of
// training examples, with error bars over repeated runs.
func SampleComplexity() *ComplexityPlot {
	f := &ComplexityPlot{}
	f.init(f, "sample complexity", "call Add(name, n, mean, spread) or Runs(name, n, runs) before Show")
	f.p.x.log = true
	return f.X("training examples").Y("test error")
}

// Add draws a curve of means with bars of one spread (such as the standard
// deviation over seeds) to each side; a nil spread draws none.
func (f *ComplexityPlot) Add(name string, n, mean, spread []float64) *ComplexityPlot {
	l := layer{shape: lineShape, name: name, x: n, y: mean, color: -1, width: 2, marks: true, symbol: "circle", size: 7}
	if spread != nil {
		if len(spread) != len(mean) {
			f.p.failf("sample complexity %q has %d means and %d spreads", name, len(mean), len(spread))
			return f
		}
		l.lo, l.hi = make([]float64, len(mean)), make([]float64, len(mean))
		for i := range mean {
			if spread[i] < 0 {
				f.p.failf("sample complexity %q has the spread %g at point %d: it must be 0 or more", name, spread[i], i+1)
				return f
			}
			l.lo[i], l.hi[i] = mean[i]-spread[i], mean[i]+spread[i]
		}
	}
	f.p.addXY(l)
	return f
}

// Runs draws means with bars of one standard deviation (n − 1 in the
// denominator) to each side; runs[i] holds the results for n[i] examples.
func (f *ComplexityPlot) Runs(name string, n []float64, runs [][]float64) *ComplexityPlot {
	if len(n) != len(runs) {
		f.p.failf("sample complexity %q has %d numbers of examples and %d groups of runs", name, len(n), len(runs))
		return f
	}
	mean, spread := make([]float64, len(n)), make([]float64, len(n))
	for i, r := range runs {
		if len(r) == 0 {
			f.p.failf("sample complexity %q has no run for n = %g", name, n[i])
			return f
		}
		for _, v := range r {
			mean[i] += v / float64(len(r))
		}
		for _, v := range r {
			spread[i] += (v - mean[i]) * (v - mean[i])
		}
		if len(r) > 1 {
			spread[i] = math.Sqrt(spread[i] / float64(len(r)-1))
		}
	}
	return f.Add(name, n, mean, spread)
}

// Reference draws a published curve beside the one added last: same colour,
// dashed, hollow marks.
func (f *ComplexityPlot) Reference(name string, n, mean []float64) *ComplexityPlot {
	color := 0
	if k := len(f.p.layers); k > 0 {
		color = f.p.layers[k-1].color
	}
	f.p.addXY(layer{shape: lineShape, name: name, x: n, y: mean, color: color, width: 1.5, dash: "dashed", marks: true, hollow: true, symbol: "circle", size: 7})
	return f
}
