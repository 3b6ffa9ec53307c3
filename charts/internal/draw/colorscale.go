package draw

import "image/color"

// ColorScale holds colours at equal steps from the lower to the upper end of a
// scale, blended linearly in between.
type ColorScale []color.RGBA

// DivergingScale has a dark centre, blue below and orange above; both arms grow
// lighter evenly, so size is read from lightness and sign from hue, which
// differ for every common colour vision.
var DivergingScale = ColorScale{
	{0xc6, 0xe6, 0xff, 0xff}, {0x7d, 0xbc, 0xf0, 0xff}, {0x37, 0x86, 0xcc, 0xff}, {0x1b, 0x4b, 0x85, 0xff},
	{0x11, 0x12, 0x16, 0xff},
	{0x6b, 0x2d, 0x0c, 0xff}, {0xb9, 0x55, 0x0f, 0xff}, {0xf0, 0x95, 0x3a, 0xff}, {0xff, 0xe2, 0xb0, 0xff},
}

// SequentialScale grows evenly lighter from dark violet over teal to yellow, for
// quantities without a sign.
var SequentialScale = ColorScale{
	{0x1c, 0x0f, 0x38, 0xff}, {0x2b, 0x33, 0x74, 0xff}, {0x25, 0x60, 0x8a, 0xff}, {0x1f, 0x8a, 0x86, 0xff},
	{0x4f, 0xb0, 0x6c, 0xff}, {0xa6, 0xcf, 0x5a, 0xff}, {0xfb, 0xec, 0x8e, 0xff},
}

// GrayScale goes from black to white, for images.
var GrayScale = ColorScale{{0, 0, 0, 0xff}, {0xff, 0xff, 0xff, 0xff}}

// at gives the colour at t in [0, 1].
func (r ColorScale) at(t float64) color.RGBA {
	t = min(max(t, 0), 1) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	u := t - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-u) + float64(b)*u + 0.5) }
	a, b := r[i], r[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}
