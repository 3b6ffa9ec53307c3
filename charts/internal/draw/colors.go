package draw

import "fmt"

// FontFamily is used for every text of a figure.
const FontFamily = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"

// LightColors and darkColors give the names "@…" of an option their colours.
// @s0 to @s7 are the series: the palette of Okabe and Ito, which stays apart
// for every common colour vision, with yellow replaced (too faint on white),
// and lightened versions of the same hues for dark pages.
var LightColors = map[string]string{
	"paper": "#ffffff", "ink": "#1f2328", "soft": "#57606a", "axis": "#8c959f", "grid": "#e6e9ed",
	"tip": "#ffffff", "good": "#007a55", "bad": "#b3402a",
	"s0": "#0072b2", "s1": "#d55e00", "s2": "#009e73", "s3": "#cc79a7",
	"s4": "#e69f00", "s5": "#56b4e9", "s6": "#555555", "s7": "#8c6bb1",
}

var DarkColors = map[string]string{
	"paper": "#16181c", "ink": "#e6e8eb", "soft": "#a3abb5", "axis": "#6b7480", "grid": "#2b3037",
	"tip": "#22262c", "good": "#3fc79a", "bad": "#f0886f",
	"s0": "#4aa8e0", "s1": "#f0813e", "s2": "#2fc39a", "s3": "#e39cc5",
	"s4": "#f2b63c", "s5": "#8ccdf5", "s6": "#b4bac2", "s7": "#b79be0",
}

// seriesColors is how many colours there are before they repeat.
const seriesColors = 8

func seriesColor(i int) string { return fmt.Sprintf("@s%d", i%seriesColors) }
