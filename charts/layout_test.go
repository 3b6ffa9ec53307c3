package charts

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// layout is what the layout tests read of an option.
type layout struct {
	Grid   []struct{ Left, Top, Width, Height float64 }
	Series []struct {
		Name      string
		LineStyle struct{ Color, Type string }
		ItemStyle struct{ Color string }
	}
	Legend []struct {
		Data []struct{ Name, Icon string }
	}
	Graphic struct {
		Elements []struct {
			Type  string
			X, Y  float64
			Style struct{ Text, Font string }
		}
	}
}

func optionOf(t *testing.T, f interface{ Option() ([]byte, error) }) layout {
	t.Helper()
	raw, err := f.Option()
	if err != nil {
		t.Fatal(err)
	}
	var o layout
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// Plots of one row have their frames at one height, whatever their legends and
// notes take.
func TestPlotsOfARowLineUp(t *testing.T) {
	many := Lines()
	for i := range 9 {
		many.Add(fmt.Sprintf("a long name %d", i), ramp(3), ramp(3))
	}
	o := optionOf(t, Compose(many.X("x"), Lines().Add("a", ramp(2), ramp(2)), Lines().Add("b", ramp(2), ramp(2)).Note("a note").Title("t"),
		Lines().Add("c", ramp(2), ramp(2)).Size(300, 200)).Columns(4))
	for i, g := range o.Grid[1:] {
		if math.Abs(g.Top-o.Grid[0].Top) > 0.2 || math.Abs(g.Top+g.Height-o.Grid[0].Top-o.Grid[0].Height) > 0.2 {
			t.Errorf("frame %d spans %g to %g, the first %g to %g", i+1, g.Top, g.Top+g.Height, o.Grid[0].Top, o.Grid[0].Top+o.Grid[0].Height)
		}
	}
}

// The parts of a column begin at one place and are equally wide, whatever they
// would like to be.
func TestPartsOfAColumnLineUp(t *testing.T) {
	o := optionOf(t, Compose(Lines().Add("a", ramp(2), ramp(2)), Lines().Add("b", ramp(2), ramp(2)),
		Lines().Add("c", ramp(2), ramp(2)).Size(900, 200), Lines().Add("d", ramp(2), ramp(2)), Lines().Add("e", ramp(2), ramp(2))))
	for i, g := range o.Grid[2:] {
		if first := o.Grid[i%2]; math.Abs(g.Left-first.Left) > 0.2 || math.Abs(g.Width-first.Width) > 0.2 {
			t.Errorf("frame %d spans %g to %g, the first of its column %g to %g", i+2, g.Left, g.Left+g.Width, first.Left, first.Left+first.Width)
		}
	}
}

// Equal scales leave no empty room between the frame and the note.
func TestEqualScalesFillTheirPlace(t *testing.T) {
	for _, ratio := range []float64{0.5, 0.8, 1, 2} {
		f := LevelSets(func(x, y float64) float64 { return x*x + y*y }, -1, 1, -ratio, ratio).Note("below")
		o := optionOf(t, f)
		g := o.Grid[0]
		if got := g.Height / g.Width; math.Abs(got-ratio) > 0.01*ratio {
			t.Errorf("frame of %g × %g pixels for the ratio %g", g.Width, g.Height, ratio)
		}
		for _, e := range o.Graphic.Elements {
			if gap := e.Y - g.Top - g.Height; e.Style.Text == "below" && (gap < 15 || gap > 50) {
				t.Errorf("ratio %g: the note stands %g pixels below the frame", ratio, gap)
			}
		}
	}
}

// The same where the data choose the ends of the axes, and in powers of ten.
func TestEqualScalesOfData(t *testing.T) {
	for i, f := range []*Plot{
		Scatter().Add("a", []float64{0, 1.37}, []float64{-0.21, 0.33}),
		Scatter().Add("a", []float64{-7.1, 1.37}, []float64{-9.21, 0.33}),
		Scatter().Add("a", []float64{3, 90}, []float64{10.01, 29.9}),
		Scatter().Add("a", []float64{1, 1000}, []float64{1, 30}).LogLog(),
	} {
		o := optionOf(t, f.Equal())
		p := &f.p
		if perX, perY := o.Grid[0].Width/p.X.Length(), o.Grid[0].Height/p.Y.Length(); math.Abs(perX-perY) > 0.01*perX {
			t.Errorf("figure %d: %g and %g pixels a unit", i, perX, perY)
		}
		if want := p.Width() - 100; o.Grid[0].Width < want && o.Grid[0].Height < 1.1*want {
			t.Errorf("figure %d: a frame of %g × %g pixels leaves room", i, o.Grid[0].Width, o.Grid[0].Height)
		}
	}
}

// One name with two colours in a composed figure has two legend entries, each
// in its own colour; with one colour the entries belong together.
func TestLegendColoursOfParts(t *testing.T) {
	o := optionOf(t, Compose(
		Lines().Add("same", ramp(2), ramp(2)).Add("other", ramp(2), ramp(2)),
		Lines().Add("same", ramp(2), ramp(2)).Add("new", ramp(2), ramp(2)).Add("other", ramp(2), ramp(2))))
	color := map[string]string{}
	for _, s := range o.Series {
		if c, ok := color[s.Name]; ok && c != s.LineStyle.Color {
			t.Errorf("series %q has the colours %s and %s", s.Name, c, s.LineStyle.Color)
		}
		color[s.Name] = s.LineStyle.Color
	}
	if a, b := o.Legend[0].Data, o.Legend[1].Data; a[0].Name != b[0].Name || a[1].Name == b[2].Name {
		t.Errorf("legends %q and %q", a, b)
	}
	for _, l := range o.Legend {
		for _, d := range l.Data {
			if color[d.Name] == "" {
				t.Errorf("no series is called %q", d.Name)
			}
		}
	}
}

func TestDashedSharesItsPartnersColour(t *testing.T) {
	for name, f := range map[string]interface{ Option() ([]byte, error) }{
		"spectra": Spectra().Add("layer 1", ramp(3)).Add("layer 11", ramp(4)).AddDashed("layer 11, M = I", ramp(3)).AddDashed("layer 1, M = I", ramp(3)).AddDashed("else", ramp(3)),
		"lines": Lines().Add("layer 1", ramp(3), ramp(3)).Add("layer 11", ramp(3), ramp(3)).AddDashed("layer 11, M = I", ramp(3), ramp(3)).
			AddDashed("layer 1, M = I", ramp(3), ramp(3)).AddDashed("else", ramp(3), ramp(3)),
		"symbols": Lines().Add("K", ramp(3), ramp(3)).Add("λ = 0", ramp(3), ramp(3)).AddDashed("λ = 0, again", ramp(3), ramp(3)).
			AddDashed("K, again", ramp(3), ramp(3)).AddDashed("K̂", ramp(3), ramp(3)).AddDashed("K₀", ramp(3), ramp(3)).AddDashed("λ = 0.5", ramp(3), ramp(3)),
	} {
		o := optionOf(t, f)
		color := func(i int) string { return o.Series[i].LineStyle.Color }
		if color(2) != color(1) || color(3) != color(0) || color(4) == color(0) || color(4) == color(1) {
			t.Errorf("%s: colours %s", name, []string{color(0), color(1), color(2), color(3), color(4)})
		}
		for i := 4; i < len(o.Series); i++ {
			for j := range i {
				if color(i) == color(j) {
					t.Errorf("%s: %q and %q are both %s", name, o.Series[i].Name, o.Series[j].Name, color(i))
				}
			}
		}
		if o.Series[2].LineStyle.Type != "dashed" {
			t.Errorf("%s: drawn %s", name, o.Series[2].LineStyle.Type)
		}
	}
}

// A scale that a few large entries would darken ends before them, and says so.
func TestKernelScaleOfTheBulk(t *testing.T) {
	k := testKernel(200) // entries up to 0.7
	k.SetSym(3, 3, 50)
	k.SetSym(4, 5, -40)
	text, err := Kernels().Add("K", k).Text()
	if err != nil || !strings.Contains(text, "Entries beyond the colour scale") || !strings.Contains(text, "K 3 of 40000, the farthest 50") {
		t.Errorf("text %q, %v", text, err)
	}
	labels := func(f *KernelsFigure) string {
		var out []string
		for _, e := range optionOf(t, f).Graphic.Elements {
			out = append(out, e.Style.Text)
		}
		return strings.Join(out, "|")
	}
	if got := labels(Kernels().Add("K", k)); !strings.Contains(got, "≥ 0.") || !strings.Contains(got, "≤ −0.") {
		t.Errorf("the colour bar says %q", got)
	}
	for _, f := range []*KernelsFigure{Kernels().Add("K", k).FullScale(), Kernels().Add("K", testKernel(200))} {
		text, err := f.Text()
		if got := labels(f); err != nil || strings.Contains(text, "beyond") || strings.Contains(got, "≥") {
			t.Errorf("text %q, colour bar %q, %v", text, got, err)
		}
	}
	// A far outlier does not set the resolution; few entries and a diagonal of
	// ones are shown whole.
	k.SetSym(3, 3, -1e6)
	if got := labels(Kernels().Add("K", k)); !strings.Contains(got, "≤ −0.7") {
		t.Errorf("the colour bar beside an outlier says %q", got)
	}
	one := mat.NewSymDense(200, nil)
	for i := range 200 {
		one.SetSym(i, i, 1)
	}
	for _, m := range []mat.Matrix{mat.NewDense(1, 1, []float64{5}), mat.NewDense(2, 2, []float64{1, 2, 3, 50}), one} {
		if text, err := Kernels().Add("K", m).Text(); err != nil || strings.Contains(text, "beyond") {
			t.Errorf("%q, %v", text, err)
		}
	}
	// An infinite entry is missing, not beyond.
	k.SetSym(7, 7, math.Inf(1))
	if text, err := Kernels().Add("K", k).Text(); err != nil || !strings.Contains(text, "K 3 of 40000, the farthest −10⁶") {
		t.Errorf("%q, %v", text, err)
	}
	// On a shared scale the widest bulk decides.
	if got := labels(Kernels().Add("a", testKernel(200)).Add("K", k).SharedScale()); !strings.Contains(got, "≤ −0.7") {
		t.Errorf("the shared colour bar says %q", got)
	}
}

// What has no room is an error that says so, in time.
func TestNoRoom(t *testing.T) {
	k := testKernel(20)
	four := func() *KernelsFigure { return Kernels().Add("a", k).Add("b", k).Add("c", k).Add("d", k) }
	line := Lines().Add("a", ramp(3), ramp(3))
	for name, show := range map[string]func() error{
		"narrow":   four().Title("t").SimilarityTo("a", k).Note("note").Width(300).Show,
		"low":      Kernels().Add("a", k).Title("t").Note("n").Size(600, 90).Show,
		"composed": Compose(four(), line, line, line).Columns(4).Show,
		"in a row": Compose(four(), line).Columns(2).Width(500).Show,
	} {
		t.Run(name, func(t *testing.T) { fails(t, show, "kernel maps", "have no room") })
	}
	if err := four().Width(700).Show(); err != nil {
		t.Error(err)
	}
}

// One name and two colours in one plot are two entries.
func TestLegendListsEveryCurve(t *testing.T) {
	for name, c := range map[string]struct {
		f    interface{ Option() ([]byte, error) }
		want int
	}{
		"twice":          {Lines().Add("run", ramp(3), ramp(3)).Add("run", ramp(3), ramp(3)).Add("other", ramp(3), ramp(3)), 3},
		"points and fit": {Scatter().Add("A", ramp(3), ramp(3)).Line("A", ramp(3), ramp(3)), 2},
		"band and line":  {Lines().Band("b", ramp(3), ramp(3), ramp(3), ramp(3)).Add("c", ramp(3), ramp(3)), 2},
	} {
		o := optionOf(t, c.f)
		seen := map[string]bool{}
		for _, d := range o.Legend[0].Data {
			seen[d.Name] = true
		}
		if len(seen) != c.want {
			t.Errorf("%s: legend %v", name, o.Legend[0].Data)
		}
		for _, s := range o.Series {
			if !seen[s.Name] {
				t.Errorf("%s: series %q has no entry", name, s.Name)
			}
		}
	}
}

// A map's unseen carrier does not lend its colour to a curve of its name.
func TestMapAndCurveOfOneName(t *testing.T) {
	o := optionOf(t, Compose(Kernels().Add("K", testKernel(9)), Lines().Add("K", ramp(3), ramp(3)).Add("b", ramp(3), ramp(3))))
	if o.Series[0].Name == o.Series[1].Name || o.Legend[0].Data[0].Name != o.Series[1].Name {
		t.Errorf("series %q and %q, legend %q", o.Series[0].Name, o.Series[1].Name, o.Legend[0].Data[0].Name)
	}
}

// Values that differ in their eighth digit are drawn apart, at ticks that
// differ too.
func TestNearlyEqualValues(t *testing.T) {
	for _, base := range []float64{2.9756, 123456789, -4e-5} {
		y := make([]float64, 20)
		for i := range y {
			y[i] = base * (1 + 1e-7*math.Exp(-float64(i)/3))
		}
		f := Lines().Add("objective", ramp(20), y)
		raw, err := f.Option()
		if err != nil {
			t.Fatal(err)
		}
		var o struct {
			Series []struct{ Data [][2]float64 }
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		for i, p := range o.Series[0].Data {
			if p[1] != y[i] {
				t.Errorf("%g: point %d is drawn at %.17g, not %.17g", base, i, p[1], y[i])
			}
		}
		seen := map[string]bool{}
		for _, v := range f.p.Y.Ticks {
			if l := f.p.Y.Label(v); seen[l] {
				t.Errorf("%g: two ticks are labelled %s", base, l)
			} else {
				seen[l] = true
			}
		}
	}
}

// The curves of a phase diagram neither stretch its axes nor look alike.
func TestPhaseCurves(t *testing.T) {
	f := Phase([]float64{1, 2, 3}, []float64{1, 2, 3}, mat.NewDense(3, 3, []float64{-5, 1, 2, 3, 4, 5, 6, 7, 14})).Ramp(Diverging).
		Curve("zero", []float64{-3, 9}, []float64{-3, 9}).Curve("other", []float64{1, 3}, []float64{3, 1})
	o := optionOf(t, f)
	if f.p.X.From != 0.5 || f.p.X.To != 3.5 || f.p.Y.To != 3.5 {
		t.Errorf("axes from %g to %g and to %g", f.p.X.From, f.p.X.To, f.p.Y.To)
	}
	if f.m.Lo != -14 || f.m.Hi != 14 {
		t.Errorf("the colours run from %g to %g", f.m.Lo, f.m.Hi)
	}
	look := map[string]string{}
	for _, s := range o.Series {
		look[s.Name] = s.LineStyle.Type
	}
	if look["zero"] == look["other"] || len(o.Legend[0].Data) != 2 {
		t.Errorf("curves %v, legend %v", look, o.Legend[0].Data)
	}
}

func TestMoreCurvesThanColours(t *testing.T) {
	f := Lines()
	for i := range 20 {
		f.Add(fmt.Sprint(i), ramp(3), ramp(3))
	}
	seen := map[[2]string]string{}
	for _, s := range optionOf(t, f.HLine(1, "a").HLine(2, "b").VLine(1, "c")).Series {
		k := [2]string{s.LineStyle.Color, s.LineStyle.Type}
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q look alike", s.Name, other)
		}
		seen[k] = s.Name
	}
}

// Long titles and captions of maps break instead of running into each other.
func TestLongWordsOfMaps(t *testing.T) {
	f, k := Kernels(), testKernel(10)
	for range 4 {
		f.Add("kernel of the network with width 64 and depth 3", k).Caption("similarity with K_ŷ 0.234, with K̄ 0.812")
	}
	for _, e := range optionOf(t, f).Graphic.Elements {
		for _, row := range strings.Split(e.Style.Text, "\n") {
			if w := draw.TextWidth(row, 12); w > 220 {
				t.Errorf("%q takes %g pixels", row, w)
			}
		}
	}
}
