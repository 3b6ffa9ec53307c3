package charts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// colorsOf are the colours of a plot's series by name, the first of each name.
func colorsOf(t *testing.T, f *Plot) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range optionOf(t, f).Series {
		name := strings.TrimRight(s.Name, "\u200b")
		c := s.ItemStyle.Color
		if c == "" {
			c = s.LineStyle.Color
		}
		if _, ok := out[name]; !ok {
			out[name] = c
		}
	}
	return out
}

// With a palette a series has one colour whatever stands beside it and in
// whatever order it was added; other series have none of these.
func TestPalette(t *testing.T) {
	x := ramp(4)
	blue, vermilion, green := draw.LightColors["s0"], draw.LightColors["s1"], draw.LightColors["s2"]
	for name, c := range map[string]struct {
		f    *Plot
		want map[string]string
	}{
		"alone":            {Lines().Palette("y", "sign(y)").Add("sign(y)", x, x), map[string]string{"sign(y)": vermilion}},
		"other order":      {Lines().Palette("y", "sign(y)").Add("sign(y)", x, x).Add("y", x, x), map[string]string{"sign(y)": vermilion, "y": blue}},
		"said last":        {Lines().Add("sign(y)", x, x).Add("y", x, x).Palette("y", "sign(y)"), map[string]string{"sign(y)": vermilion, "y": blue}},
		"beside others":    {Lines().Palette("y", "sign(y)").Add("K₀", x, x).Add("sign(y)", x, x), map[string]string{"sign(y)": vermilion, "K₀": green}},
		"with more":        {Scatter().Palette("y", "sign(y)").Add("sign(y)", x, x).Line("sign(y), fit", x, x), map[string]string{"sign(y)": vermilion, "sign(y), fit": vermilion}},
		"dashed":           {Lines().Palette("y", "sign(y)").Add("sign(y)", x, x).AddDashed("sign(y), predicted", x, x), map[string]string{"sign(y), predicted": vermilion}},
		"two alike":        {Lines().Palette("y").Add("y: a", x, x).Add("y: b", x, x), map[string]string{"y: a": blue, "y: b": vermilion}},
		"bars of errors":   {Lines().Palette("z", "y").Add("y", x, x).ErrorBars("y", x, x, x, x), map[string]string{"y": vermilion}},
		"another symbol":   {Lines().Palette("z", "y").Add("y₁", x, x), map[string]string{"y₁": green}},
		"spectra":          {Spectra().Palette("z", "y").Add("y", x), map[string]string{"y": vermilion}},
		"histogram":        {Histogram().Palette("z", "y").Add("y", x), map[string]string{"y": vermilion}},
		"penalties":        {Penalties().Palette("z", "y").Penalty("y", penalty.Squared(1)), map[string]string{"y": vermilion}},
		"means":            {SampleComplexity().Palette("z", "y").Means("y", x, x, x), map[string]string{"y": vermilion}},
		"a name's symbols": {Lines().Palette("z", "y").Points("y", x, x), map[string]string{"y": vermilion}},
	} {
		for range 2 { // drawing changes nothing
			got := colorsOf(t, c.f)
			for series, want := range c.want {
				if got[series] != want {
					t.Errorf("%s: %q is %s, want %s", name, series, got[series], want)
				}
			}
		}
	}
	fails(t, Lines().Palette("a", "b", "c", "d", "e", "f", "g", "h", "i").Add("a", x, x).Show, "names 9 series", "8 colours")
	fails(t, Lines().Palette("a", "").Add("a", x, x).Show, "name 2 of the palette is empty")
	fails(t, Lines().Palette("a", "b", "a").Add("a", x, x).Show, "names 1 and 3", `"a"`)
}

// Eight names of a palette, and as many series beside them: none gets lost, and
// those of the palette have their own colours.
func TestPaletteOfAllColours(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	f := Lines().Palette(names...).Add("other", ramp(3), ramp(3)).Add("h", ramp(3), ramp(3))
	got := colorsOf(t, f)
	if got["h"] != draw.LightColors["s7"] || got["other"] == got["h"] || got["other"] == "" {
		t.Errorf("colours %v", got)
	}
}

// Curves that share a name of the palette share its colour, solid, however many
// there are.
func TestPaletteOfManyCurves(t *testing.T) {
	f := Lines().Palette("zero", "not zero")
	for i := range 20 {
		f.Add([]string{"zero", "not zero"}[i%2], ramp(3), ramp(3))
	}
	o := optionOf(t, f)
	for i, s := range o.Series {
		if want := draw.LightColors[fmt.Sprintf("s%d", i%2)]; s.LineStyle.Color != want || s.LineStyle.Type != "solid" {
			t.Errorf("curve %d is %s and %s, want %s and solid", i, s.LineStyle.Color, s.LineStyle.Type, want)
		}
	}
	if len(o.Legend[0].Data) != 2 {
		t.Errorf("legend %v", o.Legend[0].Data)
	}
}

// A curve and points of one name are one series, without a palette too.
func TestPointsHaveTheirCurvesColour(t *testing.T) {
	x := ramp(4)
	for name, f := range map[string]*Plot{
		"points after": Lines().Add("a", x, x).Add("b", x, x).Points("a", x, x),
		"curve after":  Scatter().Add("a", x, x).Add("b", x, x).Line("a", x, x),
	} {
		seen := map[string]bool{}
		for _, s := range optionOf(t, f).Series {
			if strings.TrimRight(s.Name, "\u200b") == "a" {
				seen[s.ItemStyle.Color] = true
			}
		}
		if len(seen) != 1 {
			t.Errorf("%s: colours %v", name, seen)
		}
	}
}
