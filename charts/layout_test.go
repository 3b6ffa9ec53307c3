package charts

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
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
	o := optionOf(t, Compose(many.X("x"), Lines().Add("a", ramp(2), ramp(2)), Lines().Add("b", ramp(2), ramp(2)).Note("a note").Title("t")).Columns(3))
	for i, g := range o.Grid[1:] {
		if math.Abs(g.Top-o.Grid[0].Top) > 0.2 || math.Abs(g.Top+g.Height-o.Grid[0].Top-o.Grid[0].Height) > 0.2 {
			t.Errorf("frame %d spans %g to %g, the first %g to %g", i+1, g.Top, g.Top+g.Height, o.Grid[0].Top, o.Grid[0].Top+o.Grid[0].Height)
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
	} {
		o := optionOf(t, f)
		color := func(i int) string { return o.Series[i].LineStyle.Color }
		if color(2) != color(1) || color(3) != color(0) || color(4) == color(0) || color(4) == color(1) {
			t.Errorf("%s: colours %s", name, []string{color(0), color(1), color(2), color(3), color(4)})
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
	if err != nil || !strings.Contains(text, "Entries beyond the colour scale") || !strings.Contains(text, "up to 50") {
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
	// On a shared scale the widest bulk decides.
	if got := labels(Kernels().Add("a", testKernel(200)).Add("K", k).SharedScale()); !strings.Contains(got, "≥ 0.7") {
		t.Errorf("the shared colour bar says %q", got)
	}
}

// Lines break where the widest face of the fonts would leave its place.
func TestNotesBreakInTime(t *testing.T) {
	note := strings.Repeat("Setting drawn: λ = 0.03, form of M: diagonal M (the default). ", 3)
	rows := textRows(note, noteSize, 400)
	if len(rows) < 3 || strings.Join(rows, " ") != strings.TrimSpace(note) {
		t.Errorf("rows %q", rows)
	}
	for _, r := range rows {
		if w := textWidth(r, noteSize); w > 400 {
			t.Errorf("%q is %g pixels wide", r, w)
		}
	}
}

func TestMinusSigns(t *testing.T) {
	for in, want := range map[string]string{"-0.93": "−0.93", "slope -1 ± 0.1": "slope −1 ± 0.1", "(-3, -.5)": "(−3, −.5)", "x=-2": "x=−2",
		"2-3": "2-3", "semi-norm": "semi-norm", "a - b": "a - b", "K-1": "K-1"} {
		if got := minusSigns.ReplaceAllString(in, "$1−$2"); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
