package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// Spectra draws singular values or eigenvalues, largest first, against their
// number, on logarithmic axes: Add(name, values), in any order. Values that are
// zero or negative are gaps on the logarithmic axis, with a note, unless Floor
// or LinearY says what to do with them.
func Spectra() *Plot {
	f := newPlot(preset{
		kind: "spectrum", empty: "call Add(name, values) before Show", columns: "values", least: 1, most: 1,
		add:   func(p *Plot, name string, c [][]float64) { p.Spectrum(name, c[0]) },
		curve: func(p *Plot, name string, c [][]float64, style curve) { p.spectrum(name, c[0], style) },
	})
	f.p.X.Log, f.p.Y.Log, f.p.X.Tight = true, true, true
	f.p.Hover = "axis"
	return f.X("number").Y("value")
}

// spectra are the spectra of a plot.
type spectra struct {
	list       []spectrum
	normalized bool
	floor      float64
}

type spectrum struct {
	*draw.Look
	values []float64
	symbol float64
}

// Spectrum draws values, largest first, against their number from 1.
func (f *Plot) Spectrum(name string, values []float64) *Plot {
	return f.spectrum(name, values, curve{})
}

func (f *Plot) spectrum(name string, values []float64, c curve) *Plot {
	if len(values) == 0 {
		f.p.Failf("spectrum %q is empty", name)
		return f
	}
	l := f.p.Curve(name, c.dash)
	f.p.Looks = append(f.p.Looks, &l)
	f.spectra.list = append(f.spectra.list, spectrum{&l, values, c.symbol})
	return f
}

// Normalized divides every spectrum by its largest absolute value.
func (f *Plot) Normalized() *Plot {
	f.spectra.normalized = true
	if f.p.Y.Name == "value" {
		f.Y("value / largest")
	}
	return f
}

// Floor leaves out values of spectra below a positive floor, with a note: exact
// zeros and what rounding made of them.
func (f *Plot) Floor(v float64) *Plot {
	if !(v > 0) {
		f.p.Failf("the floor of a spectrum must be positive, not %g", v)
		return f
	}
	f.spectra.floor = v
	return f
}

func (f *spectra) Marks(*draw.Pane) (made []draw.Mark, notes []string, err error) {
	if len(f.list) == 0 && (f.normalized || f.floor > 0) {
		return nil, nil, fmt.Errorf("charts: Normalized and Floor are for spectra, and the plot has none: call Spectrum(name, values)")
	}
	var below []string
	for _, a := range f.list {
		v := slices.Clone(a.values)
		if f.normalized {
			top := 0.0
			for _, x := range v {
				if draw.Finite(x) {
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
				return nil, nil, fmt.Errorf("charts: no value of spectrum %q reaches the floor of %g", a.Name, f.floor)
			}
			if kept > 0 {
				below = append(below, fmt.Sprintf("%d of %d of “%s”", len(v)-kept, len(v), a.Name))
				v = v[:kept]
			}
		}
		x := make([]float64, len(v))
		for k := range x {
			x[k] = float64(k + 1)
		}
		l := &draw.Line{Dots: draw.Dots{Look: *a.Look, X: x, Y: v}, Width: 2, Symbol: a.symbol}
		if l.Symbol == 0 && len(v) <= 40 {
			l.Symbol = 5
		}
		made = append(made, l)
	}
	if len(below) > 0 {
		notes = append(notes, "Below "+draw.FormatNumber(f.floor, 2)+" and not drawn: "+strings.Join(below, ", ")+".")
	}
	return made, notes, nil
}
