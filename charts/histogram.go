package charts

import (
	"fmt"
	"math"
	"slices"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// Histogram draws the distribution of one or more groups of values in common
// bins: Add(name, values).
func Histogram() *Plot {
	f := newPlot(preset{
		kind: "histogram", empty: "call Add(name, values) before Show", columns: "values", least: 1, most: 1,
		add: func(p *Plot, name string, c [][]float64) { p.Distribution(name, c[0]) },
	})
	f.p.X.Tight = true
	return f.Y("count")
}

// histogram holds the groups of values that a plot counts in bins.
type histogram struct {
	list    []group
	bins    int
	density bool
}

type group struct {
	*draw.Look
	values []float64
}

// Distribution counts a group of values in the bins of the plot; NaN and ±Inf
// are left out, with a note.
func (f *Plot) Distribution(name string, values []float64) *Plot {
	if len(values) == 0 {
		f.p.Failf("histogram %q is empty", name)
		return f
	}
	l := draw.Look{Name: name, Color: f.p.Used()}
	f.p.Looks = append(f.p.Looks, &l)
	f.histogram.list = append(f.histogram.list, group{&l, values})
	return f
}

// Bins sets the number of bins. Default: the rule of Freedman and Diaconis
// (1981), bin width 2·IQR/n^⅓, between 5 and 80.
func (f *Plot) Bins(n int) *Plot {
	if n < 1 || n > 1000 {
		f.p.Failf("%d bins: a histogram has 1 to 1000", n)
		return f
	}
	f.histogram.bins = n
	return f
}

// Density divides by the number of values and the width of a bin, so that
// groups of different size compare.
func (f *Plot) Density() *Plot {
	f.histogram.density = true
	if f.p.Y.Name == "count" {
		f.Y("density")
	}
	return f
}

func (f *histogram) Marks(p *draw.Pane) (made []draw.Mark, notes []string, err error) {
	if len(f.list) == 0 {
		if f.bins > 0 || f.density {
			return nil, nil, fmt.Errorf("charts: Bins and Density are for distributions, and the plot has none: call Distribution(name, values)")
		}
		return nil, nil, nil
	}
	var all []float64
	bad := 0
	for _, a := range f.list {
		for _, v := range a.values {
			if draw.Finite(v) {
				all = append(all, v)
			} else {
				bad++
			}
		}
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("charts: no value of histogram %q is finite", f.list[0].Name)
	}
	if bad > 0 {
		notes = append(notes, draw.NotFinite(bad, "value", "left out"))
	}
	if p.X.Log {
		return nil, nil, fmt.Errorf("charts: a histogram's bins are equally wide: take the logarithm of the values instead of the x axis's")
	}
	slices.Sort(all)
	lo, hi := all[0], all[len(all)-1]
	n := f.bins
	if n == 0 {
		iqr := all[(3*len(all))/4]/2 - all[len(all)/4]/2 // half of it, as hi − lo below: they may be no floats
		n = 20
		if iqr > 0 {
			width := 2 * iqr / math.Cbrt(float64(len(all))/float64(len(f.list)))
			n = int(math.Min(math.Ceil((hi/2-lo/2)/width), 80))
		}
		n = min(max(n, 5), 80)
	}
	if draw.Alike(lo, hi) { // one bin around the only value
		d := math.Max(0.5, 1e-3*math.Abs(lo))
		lo, hi = math.Max(lo-d, -math.MaxFloat64), math.Min(hi+d, math.MaxFloat64)
		if f.bins == 0 {
			n = 1
		}
	}
	for _, a := range f.list {
		counts := make([]float64, n)
		total := 0.0
		for _, v := range a.values {
			if draw.Finite(v) {
				counts[min(n-1, int(draw.Fraction(v, lo, hi)*float64(n)))]++
				total++
			}
		}
		width := draw.StepOf(lo, hi, n)
		var x, y []float64
		for k, c := range counts {
			if f.density {
				c = c / total / width
			}
			x, y = append(x, draw.Between(lo, hi, float64(k)/float64(n))), append(y, c)
		}
		made = append(made, draw.NewBars(*a.Look, append(x, hi), y))
	}
	p.Y.Floor0, p.Y.Whole = !p.Y.Log, !f.density
	return made, notes, nil
}
