package charts

import (
	"fmt"
	"image/color"

	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
)

// Theme says on which background a figure is drawn.
type Theme int

const (
	// Auto follows the front end where scripts run; the static picture is a
	// light card, which reads on light and dark pages alike.
	Auto Theme = iota
	// Light draws dark on white everywhere.
	Light
	// Dark draws light on dark everywhere, the static picture included.
	Dark
)

// fontFamily is used for every text of a figure.
const fontFamily = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"

// lightColors and darkColors give the names "@…" of an option their colours.
// @s0 to @s7 are the series: the palette of Okabe and Ito, which stays apart
// for every common colour vision, with yellow replaced (too faint on white),
// and lightened versions of the same hues for dark pages.
var lightColors = map[string]string{
	"paper": "#ffffff", "ink": "#1f2328", "soft": "#57606a", "axis": "#8c959f", "grid": "#e6e9ed",
	"tip": "#ffffff", "good": "#007a55", "bad": "#b3402a",
	"s0": "#0072b2", "s1": "#d55e00", "s2": "#009e73", "s3": "#cc79a7",
	"s4": "#e69f00", "s5": "#56b4e9", "s6": "#555555", "s7": "#8c6bb1",
}

var darkColors = map[string]string{
	"paper": "#16181c", "ink": "#e6e8eb", "soft": "#a3abb5", "axis": "#6b7480", "grid": "#2b3037",
	"tip": "#22262c", "good": "#3fc79a", "bad": "#f0886f",
	"s0": "#4aa8e0", "s1": "#f0813e", "s2": "#2fc39a", "s3": "#e39cc5",
	"s4": "#f2b63c", "s5": "#8ccdf5", "s6": "#b4bac2", "s7": "#b79be0",
}

// houseLook is what all figures share.
var houseLook = render.Look{Light: lightColors, Dark: darkColors, Font: fontFamily, Measure: func(text string, size float64, bold bool) float64 {
	if bold {
		size *= boldWider
	}
	return textWidth(text, size)
}}

// seriesColors is how many colours there are before they repeat.
const seriesColors = 8

func seriesColor(i int) string { return fmt.Sprintf("@s%d", i%seriesColors) }

// A Ramp is a colour scale: colours at equal steps from its lower to its upper
// end, blended linearly in between.
type Ramp []color.RGBA

// Diverging has a dark centre, blue below and orange above; both arms grow
// lighter evenly, so size is read from lightness and sign from hue, which
// differ for every common colour vision.
var Diverging = Ramp{
	{0xc6, 0xe6, 0xff, 0xff}, {0x7d, 0xbc, 0xf0, 0xff}, {0x37, 0x86, 0xcc, 0xff}, {0x1b, 0x4b, 0x85, 0xff},
	{0x11, 0x12, 0x16, 0xff},
	{0x6b, 0x2d, 0x0c, 0xff}, {0xb9, 0x55, 0x0f, 0xff}, {0xf0, 0x95, 0x3a, 0xff}, {0xff, 0xe2, 0xb0, 0xff},
}

// Sequential grows evenly lighter from dark violet over teal to yellow, for
// quantities without a sign.
var Sequential = Ramp{
	{0x1c, 0x0f, 0x38, 0xff}, {0x2b, 0x33, 0x74, 0xff}, {0x25, 0x60, 0x8a, 0xff}, {0x1f, 0x8a, 0x86, 0xff},
	{0x4f, 0xb0, 0x6c, 0xff}, {0xa6, 0xcf, 0x5a, 0xff}, {0xfb, 0xec, 0x8e, 0xff},
}

// Gray goes from black to white, for images.
var Gray = Ramp{{0, 0, 0, 0xff}, {0xff, 0xff, 0xff, 0xff}}

// at gives the colour at t in [0, 1].
func (r Ramp) at(t float64) color.RGBA {
	t = min(max(t, 0), 1) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	u := t - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-u) + float64(b)*u + 0.5) }
	a, b := r[i], r[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}
