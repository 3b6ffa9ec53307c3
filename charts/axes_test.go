package charts

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// axesOf are the x axis and the data of a plot's option.
type axesOf struct {
	XAxis []struct {
		Min, Max  float64
		AxisLabel struct{ CustomValues []float64 }
	}
	Series []struct {
		Name string
		Data []any
	}
}

// A logarithmic x axis shows step 0 at its left, in order, and says so; what it
// hands to the drawing library are positive numbers.
func TestLogAxisShowsZero(t *testing.T) {
	x, y := []float64{0, 1, 10, 1000}, []float64{3, 2, 1, 0.5}
	for name, f := range map[string]*Plot{
		"line":       Lines().Add("a", x, y).LogX(),
		"points":     Scatter().Add("a", x, y).LogX(),
		"path":       Lines().Path("a", x, y).LogX(),
		"losses":     History().Line("a", x, y).LogX(),
		"band":       Lines().Band("a", x, y, y, y).LogX(),
		"few values": Lines().Add("a", []float64{0, 1}, []float64{1, 2}).LogX(),
	} {
		raw, err := f.Option()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var o axesOf
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		axis := o.XAxis[0]
		ticks := axis.AxisLabel.CustomValues
		if !(axis.Min > 0) || len(ticks) < 2 || !slices.IsSorted(ticks) || !(ticks[0] >= axis.Min && ticks[0] < 1) {
			t.Errorf("%s: the axis begins at %g and has numbers at %v", name, axis.Min, ticks)
		}
		found := false
		for _, s := range o.Series {
			if len(s.Data) > 0 && s.Name == "a" {
				if p, ok := s.Data[0].([]any); ok && p[0] == ticks[0] {
					found = true
				}
			}
		}
		if !found {
			t.Errorf("%s: no point stands at %g, the place of 0: %v", name, ticks[0], o.Series)
		}
		text, _ := f.Text()
		if !strings.Contains(text, "exactly 0 on the logarithmic x axis and drawn at its left, marked 0") || strings.Contains(text, "cannot show") {
			t.Errorf("%s: %s", name, text)
		}
		if name == "line" && !strings.Contains(text, "from 0 to 1000") {
			t.Errorf("%s: %s", name, text)
		}
	}
	// Where it has no place for 0, a gap and a note.
	for name, f := range map[string]*Plot{
		"range":            Lines().Add("a", x, y).LogX().XRange(1, 100),
		"nothing positive": Lines().Add("a", []float64{0, 0}, []float64{1, 2}).LogX(),
	} {
		if text, err := f.Text(); err != nil || !strings.Contains(text, "exactly 0, which a logarithmic axis cannot show") {
			t.Errorf("%s: %v, %s", name, err, text)
		}
	}
	fails(t, Lines().Add("a", x, y).LogX().XRange(0, 10).Show, "both ends must be positive", "NaN leaves an end to the data")
	// An upright line at 0 stands there too.
	if text, err := Lines().Add("a", x, y).LogX().VLine(0, "start").Text(); err != nil || strings.Contains(text, "stands at 0, which") {
		t.Errorf("%v, %s", err, text)
	}
}

// The still picture writes 0 at the place of 0.
func TestStillPictureOfZero(t *testing.T) {
	needECharts(t)
	svg, err := Lines().Add("a", []float64{0, 10, 1000}, ramp(3)).YRange(5, 6).LogX().SVG()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(svg, ">0</text>") {
		t.Error("no number 0 at the axis")
	}
}

// Names of axes keep to the figure: in two lines, or cut with the whole name in
// the text for those who cannot see it.
func TestLongNamesOfAxes(t *testing.T) {
	two := "a name of the axis that takes more than the room there is beside it, which is not so little at all, and then"
	endless := strings.Repeat("without end ", 40)
	for name, c := range map[string]struct {
		name string
		rows int
		cut  bool
	}{"short": {"loss", 1, false}, "two lines": {two, 2, false}, "cut": {endless, 2, true}, "one long word": {strings.Repeat("m", 200), 1, true}} {
		for _, axis := range []string{"x", "y"} {
			f := Lines().Add("a", ramp(3), ramp(3)).Size(500, 420)
			if axis == "x" {
				f.X(c.name)
			} else {
				f.Y(c.name)
			}
			sc, err := f.sheet().scene()
			if err != nil {
				t.Fatal(err)
			}
			o := optionOf(t, f)
			texts := 0
			for _, e := range o.Graphic.Elements {
				if e.Type != "text" {
					continue
				}
				texts++
				rows := strings.Split(e.Style.Text, "\n")
				if len(rows) != c.rows || strings.Contains(e.Style.Text, "…") != c.cut {
					t.Errorf("%s, %s axis: %q", name, axis, rows)
				}
				for _, r := range rows {
					w := draw.TextWidth(r, 12.5)
					if axis == "x" && (e.X-w/2 < 0 || e.X+w/2 > sc.W) || axis == "y" && (e.Y-w/2 < 0 || e.Y+w/2 > sc.H) {
						t.Errorf("%s, %s axis: %q reaches beyond the figure", name, axis, r)
					}
				}
				if g := o.Grid[0]; axis == "x" && e.Y+float64(len(rows))*16 > sc.H || axis == "y" && e.X+float64(len(rows))*16 > g.Left {
					t.Errorf("%s, %s axis: %d lines at (%g, %g) beside a frame at %g", name, axis, len(rows), e.X, e.Y, g.Left)
				}
			}
			if texts != 1 {
				t.Errorf("%s, %s axis: %d texts", name, axis, texts)
			}
			if c.cut && !strings.Contains(sc.Alt, strings.TrimSpace(c.name)) {
				t.Errorf("%s, %s axis: the text for the blind does not hold the name: %s", name, axis, sc.Alt)
			}
		}
	}
}

func TestSavePDF(t *testing.T) {
	needECharts(t)
	if _, err := exec.LookPath("rsvg-convert"); err != nil {
		t.Skip("no rsvg-convert on this machine (Debian: apt-get install librsvg2-bin)")
	}
	path := filepath.Join(t.TempDir(), "figure.pdf")
	if err := Lines().Add("a", ramp(4), ramp(4)).Title("T").Save(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(raw), "%PDF-") || len(raw) < 2000 {
		t.Errorf("%d bytes, %v: %.20q", len(raw), err, raw)
	}
}

// Where the converter is missing the error says what to install.
func TestSavePDFWithoutConverter(t *testing.T) {
	needECharts(t)
	t.Setenv("PATH", t.TempDir())
	path := filepath.Join(t.TempDir(), "figure.pdf")
	fails(t, func() error { return Lines().Add("a", ramp(4), ramp(4)).Save(path) }, "PDF", "librsvg2-bin", ".svg")
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written")
	}
}
