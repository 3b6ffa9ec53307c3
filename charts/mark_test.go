package charts

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// presets makes one plot of each kind.
func presets() map[string]func() *Plot {
	return map[string]func() *Plot{"lines": Lines, "scatter": Scatter, "spectra": Spectra, "convergence": Convergence, "history": History,
		"penalties": Penalties, "sample complexity": SampleComplexity, "histogram": Histogram}
}

// marksOf are all marks, each with the number of series it draws.
var marksOf = map[string]struct {
	add    func(f *Plot) *Plot
	series int
}{
	"line":         {func(f *Plot) *Plot { return f.Line("line", ramp(4), ramp(4)) }, 1},
	"func":         {func(f *Plot) *Plot { return f.Func("func", math.Exp, 1, 2, 9) }, 1},
	"band":         {func(f *Plot) *Plot { return f.Band("band", ramp(4), ramp(4), ramp(4), ramp(4)) }, 2},
	"error bars":   {func(f *Plot) *Plot { return f.ErrorBars("bars", ramp(4), ramp(4), ramp(4), ramp(4)) }, 1},
	"points":       {func(f *Plot) *Plot { return f.Points("points", ramp(4), ramp(4)) }, 1},
	"groups":       {func(f *Plot) *Plot { return f.Groups(ramp(2), ramp(2), []string{"one", "two"}) }, 2},
	"rings":        {func(f *Plot) *Plot { return f.Mark("rings", ramp(4), ramp(4)) }, 1},
	"bars":         {func(f *Plot) *Plot { return f.Bars("bars", ramp(4), ramp(3)) }, 1},
	"path":         {func(f *Plot) *Plot { return f.Path("path", ramp(4), ramp(4)) }, 1},
	"label":        {func(f *Plot) *Plot { return f.Label(2, 2, "word") }, 1},
	"level":        {func(f *Plot) *Plot { return f.HLine(2, "level") }, 1},
	"upright line": {func(f *Plot) *Plot { return f.VLine(2, "upright") }, 1},
	"spectrum":     {func(f *Plot) *Plot { return f.Spectrum("spectrum", ramp(4)) }, 1},
	"residual":     {func(f *Plot) *Plot { return f.Residual("residual", ramp(4)).LinearX() }, 1},
	"objective":    {func(f *Plot) *Plot { return f.Objective("objective", []float64{3, 2, 1}).LinearX() }, 1},
	"losses":       {func(f *Plot) *Plot { return f.Losses("losses", ramp(4)) }, 1},
	"means":        {func(f *Plot) *Plot { return f.Means("means", ramp(4), ramp(4), ramp(4)) }, 2},
	"distribution": {func(f *Plot) *Plot { return f.Distribution("values", ramp(9)).LinearX().LinearY() }, 1},
	"penalty":      {func(f *Plot) *Plot { return f.Penalty("ω̃", penalty.Squared(1)).LinearX().LinearY() }, 2},
	"map": {func(f *Plot) *Plot {
		return f.Map("map", ramp(2), ramp(3), mat.NewDense(3, 2, ramp(6))).LinearX().LinearY()
	}, 1},
}

func TestEveryPlotHasEveryMark(t *testing.T) {
	for kind, plot := range presets() {
		for name, m := range marksOf {
			raw, err := m.add(plot()).Option()
			if err != nil {
				t.Errorf("%s on %s: %v", name, kind, err)
				continue
			}
			var o struct{ Series []json.RawMessage }
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			// The unseen corners of a logarithmic axis are no mark.
			o.Series = slices.DeleteFunc(o.Series, func(s json.RawMessage) bool { return strings.Contains(string(s), `"symbolSize": 0`) })
			if len(o.Series) != m.series {
				t.Errorf("%s on %s: %d series, want %d", name, kind, len(o.Series), m.series)
			}
		}
	}
}

// Marks of all kinds on one plot are told apart by colour, and each that has a
// name stands in the legend.
func TestMarksOfOnePlot(t *testing.T) {
	f := Lines().Spectrum("a", ramp(4)).Line("b", ramp(4), ramp(4)).Points("c", ramp(4), ramp(4)).Bars("d", ramp(4), ramp(3)).
		Distribution("e", ramp(9)).Path("f", ramp(4), ramp(4)).Penalty("g", penalty.Squared(1)).Band("h", ramp(4), ramp(4), ramp(4), ramp(4))
	o := optionOf(t, f)
	color := map[string]string{}
	for _, s := range o.Series {
		if s.Name == "v²" {
			continue // grey: a reference
		}
		for name, c := range color {
			if name != s.Name && c == s.ItemStyle.Color {
				t.Errorf("%q and %q are both %s", name, s.Name, c)
			}
		}
		color[s.Name] = s.ItemStyle.Color
	}
	if len(color) != 8 || len(o.Legend[0].Data) != 9 {
		t.Errorf("%d colours and %d entries, want 8 and 9", len(color), len(o.Legend[0].Data))
	}
}

// Error bars have the colour of their points.
func TestErrorBarsShareTheirColour(t *testing.T) {
	o := optionOf(t, Lines().Add("a", ramp(3), ramp(3)).Points("b", ramp(3), ramp(3)).ErrorBars("b", ramp(3), ramp(3), ramp(3), ramp(3)))
	if o.Series[2].ItemStyle.Color != o.Series[1].ItemStyle.Color {
		t.Errorf("bars %s, points %s", o.Series[2].ItemStyle.Color, o.Series[1].ItemStyle.Color)
	}
}

// What a plot cannot do is said, with what to call instead.
func TestMarksThatCannotBe(t *testing.T) {
	one := ramp(3)
	m := mat.NewDense(3, 3, ramp(9))
	fails(t, Lines().Add("a", one).Show, `lines "a"`, "x and y", "1 column")
	fails(t, Spectra().Add("a", one, one).Show, `spectrum "a"`, "values", "2 columns")
	fails(t, SampleComplexity().Add("a", one).Show, "n, mean and perhaps a spread")
	fails(t, Penalties().Add("a", one, one).Show, "call Penalty(name, penalty)")
	fails(t, Scatter().AddDashed("a", one, one).Show, "AddDashed draws curves")
	fails(t, Histogram().AddMarked("a", one).Show, "AddMarked draws curves")
	fails(t, Lines().AddDashed("a", one).Show, "AddDashed takes x and y")
	fails(t, Lines().Add("a", one, one).Floor(1).Show, "Spectrum(name, values)")
	fails(t, Lines().Add("a", one, one).Normalized().Show, "Spectrum(name, values)")
	fails(t, Lines().Add("a", one, one).Bins(3).Show, "Distribution(name, values)")
	fails(t, Lines().Add("a", one, one).Density().Show, "Distribution(name, values)")
	fails(t, Lines().Add("a", one, one).Plain().Show, "Penalty(name, penalty)")
	fails(t, Lines().Add("a", one, one).Over(0, 1).Show, "Penalty(name, penalty)")
	fails(t, Lines().Band("a", one, one, nil, nil).Show, "3 points, 0 lower and 0 upper")
	fails(t, Lines().ErrorBars("a", one, one, one[:2], one).Show, "3 points, 2 lower and 3 upper")
	fails(t, Lines().Bars("a", one, one).Show, "3 edges and 3 heights")
	fails(t, Lines().Bars("a", []float64{1, 0}, one[:1]).Show, "rising edges")
	fails(t, Lines().Label(math.NaN(), 1, "word").Show, `"word" stands at (NaN, 1)`)
	fails(t, Lines().Map("a", one, one, nil).Show, `"a" has no values`)
	fails(t, Lines().Map("a", one, one, m).Map("b", one, one, m).Show, `"b" is the second`)
	fails(t, Lines().Map("a", one[:2], one, m).Show, "3 columns")
	fails(t, Scatter().Means("a", one, one, one[:1]).Show, `scatter "a" has 3 means and 1 spreads`)
}

// Gaps of error bars and bands are counted once, with their points.
func TestGapsAreCountedOnce(t *testing.T) {
	gap := []float64{1, math.NaN(), 3}
	for name, f := range map[string]*Plot{
		"mean":   SampleComplexity().Add("a", ramp(3), gap, ramp(3)),
		"spread": SampleComplexity().Add("a", ramp(3), ramp(3), gap),
		"curve":  Lines().Band("a", ramp(3), gap, ramp(3), ramp(3)),
		"ends":   Lines().Band("a", ramp(3), ramp(3), gap, gap),
	} {
		if text, err := f.Text(); err != nil || !strings.Contains(text, "One value is not finite") {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// Every setter returns the figure it was called on: no other type, no copy.
func TestSettersReturnTheirFigure(t *testing.T) {
	for _, f := range []any{Lines(), Kernels(), Images(nil, 1, 1), LevelSets(nil, 0, 1, 0, 1), Phase(nil, nil, nil), Compose(), Claims(), Explore(nil)} {
		v, setters := reflect.ValueOf(f), 0
		for i := range v.NumMethod() {
			m := v.Type().Method(i)
			if v.Method(i).Type().NumOut() != 1 || m.Type.Out(0).Kind() != reflect.Pointer {
				continue
			}
			setters++
			if m.Type.Out(0) != v.Type() {
				t.Errorf("%s.%s returns %s", v.Type(), m.Name, m.Type.Out(0))
			}
		}
		if setters == 0 {
			t.Errorf("%s has no setters", v.Type())
		}
		title := v.MethodByName("Title")
		if title.IsValid() && title.Call([]reflect.Value{reflect.ValueOf("t")})[0].Pointer() != v.Pointer() {
			t.Errorf("%s.Title returns a copy", v.Type())
		}
	}
}
