package charts

import (
	"math"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// SampleComplexity draws measures such as the test error against the number of
// training examples: Add(name, n, mean, spread), or Runs over repeated runs.
func SampleComplexity() *Plot {
	f := newPlot(preset{
		kind: "sample complexity", empty: "call Add(name, n, mean, spread) or Runs(name, n, runs) before Show",
		columns: "n, mean and perhaps a spread", least: 2, most: 3,
		add: func(p *Plot, name string, c [][]float64) { p.Means(name, c[0], c[1], append(c, nil)[2]) },
	})
	f.p.X.Log = true
	return f.X("training examples").Y("test error")
}

// Means draws a curve of means with bars of one spread (such as the standard
// deviation over seeds) to each side; a nil spread draws none.
func (f *Plot) Means(name string, n, mean, spread []float64) *Plot {
	l := f.p.Curve(name, "")
	if spread != nil {
		if len(spread) != len(mean) {
			f.p.Failf("%s %q has %d means and %d spreads", f.own.kind, name, len(mean), len(spread))
			return f
		}
		lo, hi := make([]float64, len(mean)), make([]float64, len(mean))
		for i := range mean {
			if spread[i] < 0 {
				f.p.Failf("%s %q has the spread %g at point %d: it must be 0 or more", f.own.kind, name, spread[i], i+1)
				return f
			}
			lo[i], hi[i] = mean[i]-spread[i], mean[i]+spread[i]
		}
		bar := draw.Look{Name: name, Color: l.Color, Quiet: true}
		if !f.p.AddPoints(&draw.ErrorBars{Dots: draw.Dots{Look: bar, X: n, Y: mean}, Lo: lo, Hi: hi}, n, mean, lo, hi) {
			return f
		}
	}
	f.p.AddPoints(&draw.Line{Dots: draw.Dots{Look: l, X: n, Y: mean}, Width: 2, Symbol: 7}, n, mean, nil, nil)
	return f
}

// Runs draws means with bars of one standard deviation (n − 1 in the
// denominator) to each side; runs[i] holds the results for n[i] examples.
func (f *Plot) Runs(name string, n []float64, runs [][]float64) *Plot {
	if len(n) != len(runs) {
		f.p.Failf("%s %q has %d numbers of examples and %d groups of runs", f.own.kind, name, len(n), len(runs))
		return f
	}
	mean, spread := make([]float64, len(n)), make([]float64, len(n))
	for i, r := range runs {
		if len(r) == 0 {
			f.p.Failf("%s %q has no run for n = %g", f.own.kind, name, n[i])
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
	return f.Means(name, n, mean, spread)
}

// Reference draws a published curve beside the one added last: same colour,
// dashed, hollow marks.
func (f *Plot) Reference(name string, n, mean []float64) *Plot {
	l := draw.Look{Name: name, Dash: "dashed"}
	if k := len(f.p.Looks); k > 0 {
		l.Color = f.p.Looks[k-1].Color
	}
	f.p.AddPoints(&draw.Line{Dots: draw.Dots{Look: l, X: n, Y: mean}, Width: 1.5, Symbol: 7, Hollow: true}, n, mean, nil, nil)
	return f
}
