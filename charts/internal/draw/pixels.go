package draw

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// levels is how many colours a map has: odd, so that zero has its own.
const levels = 255

// Tile is a table of values to be drawn as an image.
type Tile struct {
	Rows, Cols int
	Value      func(i, j int) float64 // row i, column j; missing values are transparent
	Lo, Hi     float64
	Ramp       ColorScale
	Target     float64 // longer side on the screen in pixels
	level      png.CompressionLevel
}

// encode draws the table as a PNG of one pixel a value, or of larger squares
// for small tables, so that no viewer blurs them.
func (t Tile) encode(colors int) ([]byte, error) {
	k := 1
	if big := max(t.Rows, t.Cols); float64(big)*1.2 < t.Target {
		k = max(1, int(math.Ceil(t.Target*2/float64(big))))
	}
	palette := make(color.Palette, colors+1)
	for i := range colors {
		palette[i] = t.Ramp.at(float64(i) / float64(colors-1))
	}
	palette[colors] = color.RGBA{}
	img := image.NewPaletted(image.Rect(0, 0, t.Cols*k, t.Rows*k), palette)
	for i := range t.Rows {
		row := img.Pix[i*k*img.Stride : i*k*img.Stride+t.Cols*k]
		for j := range t.Cols {
			v := t.Value(i, j)
			p := uint8(colors)
			if Finite(v) {
				share := 0.5
				if t.Hi > t.Lo {
					share = min(max(Fraction(v, t.Lo, t.Hi), 0), 1)
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

// Pool averages a table over squares of side k; values that are not finite do
// not count, and a square without any is NaN.
func Pool(rows, cols, k int, value func(i, j int) float64) (m, w int, out []float64) {
	m, w = (rows+k-1)/k, (cols+k-1)/k
	out = make([]float64, m*w)
	for a := range m {
		for b := range w {
			sum, n := poolSum(a*k, min((a+1)*k, rows), b*k, min((b+1)*k, cols), 1, value)
			out[a*w+b] = sum / float64(n) // NaN without any
			if math.IsInf(sum, 0) {       // the mean is a number all the same
				out[a*w+b], _ = poolSum(a*k, min((a+1)*k, rows), b*k, min((b+1)*k, cols), 1/float64(n), value)
			}
		}
	}
	return m, w, out
}

// poolSum adds up the finite values of a block of rows and columns, each times a
// weight, and counts them.
func poolSum(i0, i1, j0, j1 int, weight float64, value func(i, j int) float64) (sum float64, n int) {
	for i := i0; i < i1; i++ {
		for j := j0; j < j1; j++ {
			if v := value(i, j); Finite(v) {
				sum += weight * v
				n++
			}
		}
	}
	return sum, n
}

// rampImage is an upright colour bar.
func rampImage(r ColorScale) ([]byte, error) {
	const n = 128
	return Tile{Rows: n, Cols: 1, Value: func(i, _ int) float64 { return float64(n - 1 - i) }, Hi: n - 1, Ramp: r}.encode(levels)
}

// Short rounds to four significant digits: what a tooltip shows, and no more
// to store.
func Short(v float64) num {
	if v == 0 || !Finite(v) {
		return num(v)
	}
	d := math.Pow(10, 3-math.Floor(log10(math.Abs(v))))
	if math.IsInf(d, 0) || d == 0 {
		return num(v)
	}
	return num(math.Round(v*d) / d)
}
