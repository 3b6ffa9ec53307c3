package charts

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// hardRanges are ends of data that a step over floats does not get through.
var hardRanges = [][2]float64{
	{0.9999999999999999, 1}, {1, 1 + 1e-11}, {1e-25, 1e-22}, {1, 1 + 1e-13}, {1e16, 1e16 + 2}, {1.7e18, 1.7e18 + 1e9}, // nanoseconds
	{-1.7e308, 1.7e308}, {1e308, 1.7e308}, {0, math.MaxFloat64}, {-math.MaxFloat64, 1}, {math.MaxFloat64, math.MaxFloat64},
	{5e-324, 1e-320}, {-1e-310, 1e-310}, {0, 5e-324}, {1e-300, 1}, {1e-320, 1e308}, {1e299, 1e301},
	{0.24, 0.31}, {0.9, 1.1}, {1.1, 60}, {3, 3}, {0, 0}, {-7, -7}, {0.3, 1.7}, {2.1, 9.9}, {9.99, 10.01}, {1, 1 + 1e-15},
}

// checkAxis holds an axis to what every axis promises: it covers the data, has
// at least two ticks and at most about twice as many as asked for, rising, all
// between its ends, and told apart by their labels.
func checkAxis(t *testing.T, ax *draw.Axis, lo, hi float64, n int) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("data %v … %v, log %v, tight %v, whole %v: %s; axis %v … %v, ticks %v", lo, hi, ax.Log, ax.Tight, ax.Whole, fmt.Sprintf(format, args...), ax.From, ax.To, ax.Ticks)
	}
	a, b := ax.Scaled(lo), ax.Scaled(hi)
	dust := 1e-9 * (ax.To - ax.From)
	if !draw.Finite(ax.From) || !draw.Finite(ax.To) || !(ax.To > ax.From) || a < ax.From-dust || b > ax.To+dust {
		bad("the ends do not hold the data")
	}
	if len(ax.Ticks) < 2 || len(ax.Ticks) > 2*n+6 {
		bad("%d ticks where about %d were asked for", len(ax.Ticks), n)
	}
	seen := map[string]bool{}
	for i, v := range ax.Ticks {
		if !draw.Finite(v) || i > 0 && v <= ax.Ticks[i-1] || v < ax.From*(1-1e-9*math.Copysign(1, ax.From))-dust || v > ax.To*(1+1e-9*math.Copysign(1, ax.To))+dust {
			bad("tick %v", v)
		}
		l := ax.Label(v)
		if seen[l] || strings.Contains(l, "NaN") || strings.Contains(l, "∞") {
			bad("a second label, or no number: %q", l)
		}
		seen[l] = true
	}
}

func fuzzAxis(f *testing.F, set func(*draw.Axis)) {
	for _, r := range hardRanges {
		f.Add(r[0], r[1], 7)
		f.Add(r[0], r[1], 2)
	}
	f.Fuzz(func(t *testing.T, lo, hi float64, n int) {
		n = 2 + int(uint(n)%40)
		ax := draw.NewAxis()
		set(&ax)
		if lo > hi {
			lo, hi = hi, lo
		}
		if !draw.Finite(lo) || !draw.Finite(hi) || ax.Log && lo <= 0 {
			return
		}
		ax.Fit(lo, hi, n)
		checkAxis(t, &ax, lo, hi, n)
		// An end that was asked for stays where it is.
		ax.Lo = lo
		if ax.Check("x") != nil {
			return
		}
		ax.Fit(lo, hi, n)
		checkAxis(t, &ax, lo, hi, n)
		if want := ax.Scaled(lo); ax.From != want {
			t.Errorf("the axis was to begin at %v and begins at %v", want, ax.From)
		}
	})
}

func FuzzLinearAxis(f *testing.F)   { fuzzAxis(f, func(*draw.Axis) {}) }
func FuzzTightAxis(f *testing.F)    { fuzzAxis(f, func(a *draw.Axis) { a.Tight = true }) }
func FuzzWholeAxis(f *testing.F)    { fuzzAxis(f, func(a *draw.Axis) { a.Whole, a.Tight = true, true }) }
func FuzzLogAxis(f *testing.F)      { fuzzAxis(f, func(a *draw.Axis) { a.Log = true }) }
func FuzzTightLogAxis(f *testing.F) { fuzzAxis(f, func(a *draw.Axis) { a.Log, a.Tight = true, true }) }

// The levels of level sets are few, rise, and lie strictly between the ends.
func FuzzLevels(f *testing.F) {
	for _, r := range hardRanges {
		f.Add(r[0], r[1], 10)
	}
	f.Fuzz(func(t *testing.T, lo, hi float64, count int) {
		if !(lo < hi) || draw.Alike(lo, hi) || !draw.Finite(lo) || !draw.Finite(hi) {
			return
		}
		plot := LevelSets(math.Hypot, 0, 1, 0, 1).Count(1 + int(uint(count)%60))
		levels := plot.equalSteps(lo, hi)
		if len(levels) == 0 || len(levels) > 2*plot.count+4 {
			t.Fatalf("%d levels between %v and %v where about %d were asked for", len(levels), lo, hi, plot.count)
		}
		for i, z := range levels {
			if !(z > lo && z < hi) || i > 0 && z <= levels[i-1] {
				t.Errorf("level %d between %v and %v is %v", i, lo, hi, levels)
			}
		}
	})
}

// Every value of a histogram lies in one of its bins.
func FuzzHistogramBins(f *testing.F) {
	for _, r := range hardRanges {
		f.Add(r[0], r[1], r[0], 7)
	}
	f.Fuzz(func(t *testing.T, a, b, c float64, bins int) {
		h := Histogram().Add("h", []float64{a, b, c}).Bins(1 + int(uint(bins)%1000))
		density := bins%2 == 0
		if density {
			h = Histogram().Add("h", []float64{a, b, c}).Density()
		}
		if !draw.Finite(a) && !draw.Finite(b) && !draw.Finite(c) {
			return
		}
		if _, err := h.Option(); err != nil {
			t.Fatal(err)
		}
		sum, want := 0.0, 0.0
		l := h.p.Drawn[0].(*draw.Bars)
		for _, v := range []float64{a, b, c} {
			if draw.Finite(v) {
				want++
			}
		}
		for k, y := range l.Y[:len(l.Y)-1] {
			sum += y
			if density {
				sum += y*(l.X[k+1]*0.5-l.X[k]*0.5)*2 - y
			}
			if !(l.X[k+1] >= l.X[k]) || y < 0 {
				t.Errorf("bin %d from %v to %v holds %v", k, l.X[k], l.X[k+1], y)
			}
		}
		// The edges are rounded to floats.
		first, last := l.X[0], l.X[len(l.X)-1]
		dust := 1e-9 + 80*0x1p-52*math.Max(math.Abs(first), math.Abs(last))/(last/2-first/2)
		if !density && sum != want || density && math.Abs(sum-1) > dust {
			t.Errorf("the bins hold %v of %v values", sum, want)
		}
	})
}

// figuresOver are all figures with axes over data from lo to hi.
func figuresOver(lo, hi float64) map[string]interface {
	Option() ([]byte, error)
	SVG() (string, error)
	Text() (string, error)
} {
	x := []float64{lo, draw.Between(lo, hi, 0.5), hi}
	y := []float64{hi, lo, lo}
	figures := map[string]interface {
		Option() ([]byte, error)
		SVG() (string, error)
		Text() (string, error)
	}{
		"lines":     Lines().Add("a", x, y),
		"band":      Lines().Band("a", x, y, []float64{lo, lo, lo}, []float64{hi, hi, hi}).HLine(lo, "rule").VLine(hi, "rule"),
		"scatter":   Scatter().Add("a", x, y),
		"equal":     Scatter().Add("a", x, y).Equal(),
		"history":   History().LinearY().Add("a", y),
		"spectra":   Spectra().LinearY().Add("a", y),
		"histogram": Histogram().Add("a", x),
		"errors":    SampleComplexity().LinearX().Add("a", x, y, []float64{0, 1, 0}),
	}
	if lo < hi {
		figures["func"] = Lines().Func("f", func(x float64) float64 { return x }, lo, hi, 9)
	}
	if lo > 0 {
		figures["log lines"] = Lines().Add("a", x, y).LogLog()
		figures["log scatter"] = Scatter().Add("a", x, y).LogLog()
		figures["log history"] = History().Add("a", y)
		figures["log spectra"] = Spectra().Add("a", y)
		figures["log convergence"] = Convergence().Add("a", y)
	}
	if lo < hi && !draw.Alike(lo, hi) {
		figures["level sets"] = LevelSets(func(x, y float64) float64 { return x/2 + y/4 }, lo, hi, lo, hi)
		figures["levels"] = LevelSets(func(x, y float64) float64 { return draw.Between(lo, hi, (x+y)/2) }, 0, 1, 0, 1)
		if d := x[1] - lo; hi+d/2 < math.MaxFloat64 && lo-d/2 > -math.MaxFloat64 && hi > 1e-315 {
			figures["phase"] = Phase(x, x, mat.NewDense(3, 3, []float64{lo, hi, lo, lo, hi, lo, lo, lo, hi}))
		}
	}
	return figures
}

// Data of any range come out as a figure, whose numbers all lie in what the
// drawing library computes with, and whose data are not empty.
func TestEveryFigureOverHardRanges(t *testing.T) {
	for _, r := range hardRanges {
		for name, f := range figuresOver(r[0], r[1]) {
			raw, err := f.Option()
			if err != nil {
				t.Errorf("%s over %v: %v", name, r, err)
				continue
			}
			var o struct {
				XAxis, YAxis []struct{ Min, Max float64 }
				Series       []struct {
					Type string
					Data []json.RawMessage
				}
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Errorf("%s over %v: %v", name, r, err)
				continue
			}
			for _, a := range append(o.XAxis, o.YAxis...) {
				if !(a.Max > a.Min) || math.IsInf(a.Max-a.Min, 0) {
					t.Errorf("%s over %v: an axis from %v to %v", name, r, a.Min, a.Max)
				}
			}
			seen := 0
			for _, s := range o.Series {
				for _, d := range s.Data {
					var p [2]*float64
					if s.Type != "custom" && name != "phase" && json.Unmarshal(d, &p) == nil && p[0] != nil && p[1] != nil {
						seen++
						a, b := o.XAxis[0], o.YAxis[0]
						if u, v := (*p[0]-a.Min)/(a.Max-a.Min), (*p[1]-b.Min)/(b.Max-b.Min); name != "level sets" && !(u > -1e-6 && u < 1+1e-6 && v > -1e-6 && v < 1+1e-6) {
							t.Errorf("%s over %v: a point at (%v, %v) lies outside the frame", name, r, u, v)
						}
					}
				}
			}
			if seen == 0 && name != "phase" && name != "levels" {
				t.Errorf("%s over %v: nothing is drawn", name, r)
			}
		}
	}
}

var tickTexts = regexp.MustCompile(`<text [^>]*text-anchor="(middle|end)"[^>]*style="font-size:11.5px[^>]*>([^<]*)</text>`)

// The picture itself has at least two numbers on each axis.
func TestEveryAxisShowsTwoNumbers(t *testing.T) {
	needECharts(t)
	for i, r := range hardRanges {
		figures := figuresOver(r[0], r[1])
		for k, name := range slices.Sorted(maps.Keys(figures)) {
			f := figures[name]
			if logarithmic := strings.HasPrefix(name, "log "); i%8 != k%8 && !(logarithmic && i >= 15 && i%2 == k%2) {
				continue // an eighth of them all, for time
			}
			svg, err := f.SVG()
			if err != nil {
				t.Errorf("%s over %v: %v", name, r, err)
				continue
			}
			seen := map[string]map[string]bool{"middle": {}, "end": {}}
			for _, m := range tickTexts.FindAllStringSubmatch(svg, -1) {
				seen[m[1]][m[2]] = true
			}
			if len(seen["middle"]) < 2 || len(seen["end"]) < 2 || strings.Contains(svg, "NaN") || strings.Contains(svg, "Infinity") {
				t.Errorf("%s over %v: x axis %v, y axis %v, NaN %v", name, r, seen["middle"], seen["end"], strings.Contains(svg, "NaN"))
			}
		}
	}
}

// What a logarithmic axis has no place for is a gap between the other points,
// and draws nothing below the frame.
func TestGapsOnLogarithmicAxes(t *testing.T) {
	y := []float64{1, 0, 2, -3, 4}
	for name, f := range map[string]*Plot{
		"lines":   Lines().Add("a", ramp(5), y).LogY(),
		"scatter": Scatter().Add("a", ramp(5), y).LogY(),
		"history": History().Add("a", y),
		"log x":   Lines().Add("a", y, ramp(5)).LogX(),
		"path":    Lines().Path("a", ramp(5), []float64{1, 0, 2, -3, 0}).LogY(),
		"bars":    Lines().Bars("a", ramp(6), []float64{1, 0, 2, 0, 4}).LogY(),
		"band":    Lines().Band("a", ramp(5), y, []float64{-1, -1, 1, -4, 3}, []float64{2, 2, 3, -2, 5}).LogY().HLine(0, "r").VLine(1, "v").Label(1, 0, "l"),
		"errors":  SampleComplexity().Add("a", y, y, ramp(5)).LogLog(),
	} {
		raw, err := f.Option()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if text, _ := f.Text(); name != "bars" && !strings.Contains(text, "logarithmic axis cannot show") {
			t.Errorf("%s: no note in %q", name, text)
		}
		var o struct {
			Series []struct {
				Type      string
				Data      []json.RawMessage
				MarkPoint any
			}
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		for _, s := range o.Series {
			gaps := 0
			for _, d := range s.Data {
				var p struct{ Value [2]*float64 }
				if json.Unmarshal(d, &p.Value) != nil {
					if err := json.Unmarshal(d, &p); err != nil {
						continue // a band's
					}
				}
				if p.Value[0] == nil || p.Value[1] == nil {
					gaps++
				} else if f.p.X.Log && *p.Value[0] <= 0 || f.p.Y.Log && *p.Value[1] < f.p.Y.From*(1-1e-6) {
					t.Errorf("%s: a point at %v, %v", name, *p.Value[0], *p.Value[1])
				}
			}
			if s.Type != "custom" && len(s.Data) == 5 && gaps == 0 && name != "errors" {
				t.Errorf("%s: no gap", name)
			}
			if s.MarkPoint != nil {
				t.Errorf("%s: the end of a path that has no place is marked", name)
			}
		}
	}
	fails(t, Lines().Map("m", ramp(2), ramp(2), mat.NewDense(2, 2, ramp(4))).LogX().Show, "equally wide", "logarithms")
	fails(t, Phase([]float64{1e16, 1e16 + 2}, ramp(2), mat.NewDense(2, 2, ramp(4))).Show, "equal up to rounding")
	fails(t, Lines().Add("a", ramp(3), ramp(3)).YRange(1, 1+1e-15).Show, "by more than rounding")
	fails(t, Lines().Add("a", ramp(3), ramp(3)).YRange(0, math.Inf(1)).Show, "must be finite")
	fails(t, LevelSets(math.Hypot, 1, 1+1e-15, 0, 1).Show, "rectangle")
	fails(t, Lines().Func("f", math.Sin, 0, math.Inf(1), 9).Show, "interval")
}

// Colour bars of values whose differences are no floats have their labels.
func TestColourBarOfTheLargestNumbers(t *testing.T) {
	const big = 1.7e308
	v := mat.NewDense(2, 2, []float64{-big, 0, big / 2, big})
	o := optionOf(t, Kernels().Add("K", v))
	labels := map[string]bool{}
	for _, e := range o.Graphic.Elements {
		labels[e.Style.Text] = true
	}
	if !labels["1.7·10³⁰⁸"] || !labels["0"] || !labels["−1.7·10³⁰⁸"] {
		t.Errorf("the colour bar says %v", labels)
	}
	fails(t, Phase([]float64{0, 1.7e308}, ramp(2), v).Show, "beyond the largest number", "divide")
}
