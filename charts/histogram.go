package charts

import (
	"fmt"
	"math"
	"slices"
)

// HistogramPlot draws how values are spread. Made by Histogram.
type HistogramPlot struct {
	plot[*HistogramPlot]
	added   []layer
	bins    int
	density bool
}

// Histogram draws the distribution of one or more groups of values in common
// bins.
func Histogram() *HistogramPlot {
	f := &HistogramPlot{}
	f.init(f, "histogram", "call Add(name, values) before Show")
	f.p.x.tight = true
	f.p.fill = f.fill
	return f.Y("count")
}

// Add draws a group of values; NaN and ±Inf are left out, with a note.
func (f *HistogramPlot) Add(name string, values []float64) *HistogramPlot {
	if len(values) == 0 {
		f.p.failf("histogram %q is empty", name)
		return f
	}
	f.added = append(f.added, layer{name: name, y: values})
	return f
}

// Bins sets the number of bins. Default: the rule of Freedman and Diaconis
// (1981), bin width 2·IQR/n^⅓, between 5 and 80.
func (f *HistogramPlot) Bins(n int) *HistogramPlot {
	if n < 1 || n > 1000 {
		f.p.failf("%d bins: a histogram has 1 to 1000", n)
		return f
	}
	f.bins = n
	return f
}

// Density divides by the number of values and the width of a bin, so that
// groups of different size compare.
func (f *HistogramPlot) Density() *HistogramPlot {
	f.density = true
	if f.p.y.name == "count" {
		f.Y("density")
	}
	return f
}

func (f *HistogramPlot) fill(p *plotBody) error {
	var all []float64
	p.remarks = nil
	bad := 0
	for _, a := range f.added {
		for _, v := range a.y {
			if finite(v) {
				all = append(all, v)
			} else {
				bad++
			}
		}
	}
	if len(f.added) == 0 {
		return nil
	}
	if len(all) == 0 {
		return fmt.Errorf("charts: no value of histogram %q is finite", f.added[0].name)
	}
	if bad > 0 {
		p.remarks = append(p.remarks, notFinite(bad, "value", "left out"))
	}
	if p.x.log {
		return fmt.Errorf("charts: a histogram's bins are equally wide: take the logarithm of the values instead of the x axis's")
	}
	slices.Sort(all)
	lo, hi := all[0], all[len(all)-1]
	n := f.bins
	if n == 0 {
		iqr := all[(3*len(all))/4] - all[len(all)/4]
		n = 20
		if iqr > 0 {
			n = int(math.Ceil((hi - lo) / (2 * iqr / math.Cbrt(float64(len(all))/float64(len(f.added))))))
		}
		n = min(max(n, 5), 80)
	}
	if hi == lo { // one bin around the only value
		lo, hi = lo-0.5, hi+0.5
		if f.bins == 0 {
			n = 1
		}
	}
	for i, a := range f.added {
		counts := make([]float64, n)
		total := 0.0
		for _, v := range a.y {
			if finite(v) {
				counts[min(n-1, int((v-lo)/(hi-lo)*float64(n)))]++
				total++
			}
		}
		width := (hi - lo) / float64(n)
		var x, y []float64
		for k, c := range counts {
			if f.density {
				c /= total * width
			}
			x, y = append(x, lo+float64(k)*width), append(y, c)
		}
		p.addXY(layer{shape: stepShape, name: a.name, x: append(x, hi), y: append(y, y[n-1]), color: i, width: 1.6})
	}
	p.y.floor0, p.y.whole = !p.y.log, !f.density
	return nil
}
