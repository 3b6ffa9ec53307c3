package draw

import "math"

// BarSize is the width of a colour bar.
const BarSize = 11.0

// ColorBar draws an upright colour bar from lo to hi with labels at its ends and its
// middle, for values from least to most: an end beyond which there are values
// says so.
func (c *Canvas) ColorBar(at Rect, ramp ColorScale, lo, hi, least, most float64) {
	png, err := rampImage(ramp)
	if err == nil {
		c.Image(PNGURL(png), at)
	}
	c.Frame(at, 1, "@axis")
	prefix := []string{"", "", ""}
	if most > hi {
		prefix[0] = "≥ "
	}
	if least < lo {
		prefix[2] = "≤ "
	}
	for k, v := range []float64{hi, lo/2 + hi/2, lo} {
		if math.Abs(v)/2 < 1e-6*(hi/2-lo/2) { // dust
			v = 0
		}
		y := at.Y + at.H*float64(k)/2
		c.Line(at.X+at.W, y, at.X+at.W+3, y, 1, "@axis")
		c.Text(at.X+at.W+6, y-7-[]float64{-5, 0, 5}[k], prefix[k]+FormatNumber(v, 3), Style{Size: 11, Color: "@soft"})
	}
}
