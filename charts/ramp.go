package charts

import (
	"image/color"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// A Ramp is a colour scale: colours at equal steps from its lower to its upper
// end, blended linearly in between.
type Ramp []color.RGBA

// Diverging has a dark centre, blue below and orange above; both arms grow
// lighter evenly, so size is read from lightness and sign from hue, which
// differ for every common colour vision.
var Diverging = Ramp(draw.DivergingScale)

// Sequential grows evenly lighter from dark violet over teal to yellow, for
// quantities without a sign.
var Sequential = Ramp(draw.SequentialScale)

// Gray goes from black to white, for images.
var Gray = Ramp(draw.GrayScale)
