package charts

import "math"

// barSize is the width of a colour bar.
const barSize = 11.0

// colorBar draws an upright colour bar from lo to hi with labels at its ends and its
// middle, for values from least to most: an end beyond which there are values
// says so.
func (c *canvas) colorBar(at rect, ramp colorScale, lo, hi, least, most float64) {
	png, err := rampImage(ramp)
	if err == nil {
		c.image(pngURL(png), at)
	}
	c.frame(at, 1, "@axis")
	prefix := []string{"", "", ""}
	if most > hi {
		prefix[0] = "≥ "
	}
	if least < lo {
		prefix[2] = "≤ "
	}
	for k, v := range []float64{hi, (lo + hi) / 2, lo} {
		if math.Abs(v) < 1e-6*(hi-lo) { // dust
			v = 0
		}
		y := at.y + at.h*float64(k)/2
		c.line(at.x+at.w, y, at.x+at.w+3, y, 1, "@axis")
		c.text(at.x+at.w+6, y-7-[]float64{-5, 0, 5}[k], prefix[k]+formatNumber(v, 3), style{size: 11, color: "@soft"})
	}
}
