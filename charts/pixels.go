package charts

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// levels is how many colours a map has: odd, so that zero has its own.
const levels = 255

// tile is a table of values to be drawn as an image.
type tile struct {
	rows, cols int
	value      func(i, j int) float64 // row i, column j; missing values are transparent
	lo, hi     float64
	ramp       colorScale
	target     float64 // longer side on the screen in pixels
	level      png.CompressionLevel
}

// encode draws the table as a PNG of one pixel a value, or of larger squares
// for small tables, so that no viewer blurs them.
func (t tile) encode(colors int) ([]byte, error) {
	k := 1
	if big := max(t.rows, t.cols); float64(big)*1.2 < t.target {
		k = max(1, int(math.Ceil(t.target*2/float64(big))))
	}
	palette := make(color.Palette, colors+1)
	for i := range colors {
		palette[i] = t.ramp.at(float64(i) / float64(colors-1))
	}
	palette[colors] = color.RGBA{}
	img := image.NewPaletted(image.Rect(0, 0, t.cols*k, t.rows*k), palette)
	for i := range t.rows {
		row := img.Pix[i*k*img.Stride : i*k*img.Stride+t.cols*k]
		for j := range t.cols {
			v := t.value(i, j)
			p := uint8(colors)
			if finite(v) {
				share := 0.5
				if t.hi > t.lo {
					share = min(max((v-t.lo)/(t.hi-t.lo), 0), 1)
				}
				p = uint8(share*float64(colors-1) + 0.5)
			}
			for a := range k {
				row[j*k+a] = p
			}
		}
		for a := 1; a < k; a++ {
			copy(img.Pix[(i*k+a)*img.Stride:], row)
		}
	}
	var buf bytes.Buffer
	e := png.Encoder{CompressionLevel: t.level}
	if err := e.Encode(&buf, img); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// pool averages a table over squares of side k; values that are not finite do
// not count, and a square without any is NaN.
func pool(rows, cols, k int, value func(i, j int) float64) (m, w int, out []float64) {
	m, w = (rows+k-1)/k, (cols+k-1)/k
	out = make([]float64, m*w)
	for a := range m {
		for b := range w {
			sum, n := 0.0, 0
			for i := a * k; i < min((a+1)*k, rows); i++ {
				for j := b * k; j < min((b+1)*k, cols); j++ {
					if v := value(i, j); finite(v) {
						sum += v
						n++
					}
				}
			}
			out[a*w+b] = math.NaN()
			if n > 0 {
				out[a*w+b] = sum / float64(n)
			}
		}
	}
	return m, w, out
}

// rampImage is an upright colour bar.
func rampImage(r colorScale) ([]byte, error) {
	const n = 128
	return tile{rows: n, cols: 1, value: func(i, _ int) float64 { return float64(n - 1 - i) }, hi: n - 1, ramp: r}.encode(levels)
}

// short rounds to four significant digits: what a tooltip shows, and no more
// to store.
func short(v float64) num {
	if v == 0 || !finite(v) {
		return num(v)
	}
	d := math.Pow(10, 3-math.Floor(log10(math.Abs(v))))
	if math.IsInf(d, 0) || d == 0 {
		return num(v)
	}
	return num(math.Round(v*d) / d)
}
