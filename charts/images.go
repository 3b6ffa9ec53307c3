package charts

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"gonum.org/v1/gonum/mat"
)

// ImagesFigure draws images as a grid of real pixels. Made by Images.
type ImagesFigure struct {
	figure
	b imagesBody
}

type imagesBody struct {
	x          mat.Matrix
	rows, cols int
	labels     []string
	columns    int
	signed     bool
	shared     bool
	inverted   bool
	errs       []error
}

// Images draws the rows of x as images of rows × cols pixels, dark for small
// and light for large values, each image on its own scale.
func Images(x mat.Matrix, rows, cols int) *ImagesFigure {
	f := &ImagesFigure{b: imagesBody{x: x, rows: rows, cols: cols}}
	f.base.body = &f.b
	return f
}

// Labels writes a line below each image.
func (f *ImagesFigure) Labels(labels ...string) *ImagesFigure { f.b.labels = labels; return f }

// Columns sets how many images stand in a row. Default: up to 10.
func (f *ImagesFigure) Columns(n int) *ImagesFigure {
	if n < 1 {
		f.b.errs = append(f.b.errs, fmt.Errorf("charts: %d images in a row", n))
		return f
	}
	f.b.columns = n
	return f
}

// Signed colours positive values orange and negative ones blue, 0 dark: for
// weights and gradients.
func (f *ImagesFigure) Signed() *ImagesFigure { f.b.signed = true; return f }

// SharedScale gives all images one scale.
func (f *ImagesFigure) SharedScale() *ImagesFigure { f.b.shared = true; return f }

// Inverted draws large values dark, like ink on paper.
func (f *ImagesFigure) Inverted() *ImagesFigure { f.b.inverted = true; return f }

const maxImages = 400

func (b *imagesBody) Prepare() ([]string, error) {
	errs := append([]error(nil), b.errs...)
	if b.x == nil {
		return nil, errors.Join(append(errs, fmt.Errorf("charts: there are no images"))...)
	}
	n, d := b.x.Dims()
	switch {
	case n == 0:
		errs = append(errs, fmt.Errorf("charts: there are no images"))
	case b.rows > 0 && b.cols > 0 && d == 3*b.rows*b.cols:
		errs = append(errs, fmt.Errorf("charts: the rows have %d values, colour images of %d × %d pixels in three channels: draw them without colour, of a data set by Grey()", d, b.rows, b.cols))
	case b.rows < 1 || b.cols < 1 || b.rows*b.cols != d:
		errs = append(errs, fmt.Errorf("charts: the rows have %d values, which are no images of %d × %d pixels", d, b.rows, b.cols))
	case n > maxImages:
		errs = append(errs, fmt.Errorf("charts: %d images in one figure: draw up to %d", n, maxImages))
	}
	if len(b.labels) > 0 && len(b.labels) != n {
		errs = append(errs, fmt.Errorf("charts: %d labels for %d images", len(b.labels), n))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	missing := 0
	for i := range n {
		for j := range d {
			if !draw.Finite(b.x.At(i, j)) {
				missing++
			}
		}
	}
	if missing > 0 {
		return []string{draw.NotFinite(missing, "pixel", "left blank")}, nil
	}
	return nil, nil
}

func (b *imagesBody) layout() (cols, rows int) {
	n, _ := b.x.Dims()
	cols = b.columns
	if cols == 0 {
		cols = 10
		if n > 40 {
			cols = 20
		}
	}
	cols = min(cols, n)
	return cols, (n + cols - 1) / cols
}

const (
	imageGap  = 7.0
	imageMost = 112.0 // largest width of an image
	labelRoom = 18.0
	labelSize = 11.5
)

// unit is the size of an image's pixel when the grid has a width; the gaps, in
// image pixels, are as wide as imageGap at least.
func (b *imagesBody) unit(w float64) (u float64, gap, below int) {
	cols, _ := b.layout()
	side := math.Min(imageMost, (w-float64(cols-1)*imageGap)/float64(cols))
	u = side / float64(b.cols)
	gap = max(1, int(imageGap/u))
	u = math.Min(u, w/float64(cols*b.cols+(cols-1)*gap))
	rows := 0
	for _, l := range b.labels {
		rows = max(rows, len(b.labelRows(l, u, gap)))
	}
	if rows > 0 {
		below = int(math.Ceil((labelRoom + float64(rows-1)*labelSize*1.35) / u))
	}
	return u, gap, below
}

// labelRows breaks a label to the width of its image.
func (b *imagesBody) labelRows(l string, u float64, gap int) []string {
	return draw.TextRows(l, labelSize, u*float64(b.cols+gap)-2)
}

func (b *imagesBody) Width() float64 {
	cols, _ := b.layout()
	u, gap, _ := b.unit(860)
	return math.Max(u*float64(cols*b.cols+(cols-1)*gap), 200)
}

func (b *imagesBody) Height(w float64) float64 {
	_, rows := b.layout()
	u, gap, below := b.unit(w)
	return u * float64(rows*(b.rows+below)+(rows-1)*gap)
}

// limits of the colour scale for images lo to hi.
func (b *imagesBody) limits(from, to int) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	_, d := b.x.Dims()
	for i := from; i < to; i++ {
		for j := range d {
			if v := b.x.At(i, j); draw.Finite(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	if lo > hi {
		return 0, 1
	}
	if b.signed {
		top := math.Max(math.Abs(lo), math.Abs(hi))
		if top == 0 {
			top = 1
		}
		return -top, top
	}
	return lo, hi
}

// Draw puts all images into one sheet: one palette, one place in the message.
func (b *imagesBody) Draw(c *draw.Canvas, at draw.Rect) float64 {
	n, _ := b.x.Dims()
	cols, rows := b.layout()
	u, gap, below := b.unit(at.W)
	ramp := draw.ColorScale(Gray)
	if b.inverted {
		ramp = draw.ColorScale{Gray[1], Gray[0]}
	}
	if b.signed {
		ramp = draw.ColorScale(Diverging)
	}
	scale := make([][2]float64, n)
	lo, hi := b.limits(0, n)
	for i := range scale {
		if !b.shared {
			lo, hi = b.limits(i, i+1)
		}
		scale[i] = [2]float64{lo, hi}
	}
	stepX, stepY := b.cols+gap, b.rows+below+gap
	value := func(r, k int) float64 {
		i := r/stepY*cols + k/stepX
		r, k = r%stepY, k%stepX
		if i >= n || r >= b.rows || k >= b.cols {
			return math.NaN()
		}
		if scale[i][0] == scale[i][1] {
			return 0.5
		}
		return (b.x.At(i, r*b.cols+k) - scale[i][0]) / (scale[i][1] - scale[i][0])
	}
	h, w := rows*stepY-gap-below, cols*stepX-gap
	place := draw.Rect{X: at.X, Y: at.Y, W: u * float64(w), H: u * float64(h)}
	if png, err := c.Pixels(draw.Tile{Rows: h, Cols: w, Value: value, Hi: 1, Ramp: ramp, Target: math.Max(place.W, place.H)}, 1); err == nil {
		c.Image(draw.PNGURL(png), place)
	}
	for i := range n {
		x, y := at.X+u*float64(i%cols*stepX), at.Y+u*float64(i/cols*stepY)
		if len(b.labels) > 0 {
			c.Text(x+u*float64(b.cols)/2, y+u*float64(b.rows)+3, strings.Join(b.labelRows(b.labels[i], u, gap), "\n"), draw.Style{Size: labelSize, Color: "@soft", Align: "center"})
		}
	}
	return at.H
}

func (b *imagesBody) Facts() []string {
	n, _ := b.x.Dims()
	s := fmt.Sprintf("%d images of %d × %d pixels", n, b.rows, b.cols)
	if len(b.labels) > 0 && n <= 20 {
		s += ":"
		for _, l := range b.labels {
			s += " " + l
		}
	}
	return []string{s}
}

// Title sets the title, drawn above the figure.
func (f *ImagesFigure) Title(s string) *ImagesFigure { f.base.title = s; return f }

// Subtitle sets a line under the title.
func (f *ImagesFigure) Subtitle(s string) *ImagesFigure { f.base.subtitle = s; return f }

// Alt sets the text read to those who cannot see the figure. Default: title
// and a summary of the data.
func (f *ImagesFigure) Alt(s string) *ImagesFigure { f.base.alt = s; return f }

// Note prints a line below the figure.
func (f *ImagesFigure) Note(s string) *ImagesFigure { f.base.note(s); return f }

// Theme sets the colours of the page it is drawn for. Default: Auto.
func (f *ImagesFigure) Theme(t Theme) *ImagesFigure { f.base.theme = t; return f }

// Width sets the width of the whole figure in pixels; the height follows.
func (f *ImagesFigure) Width(w int) *ImagesFigure { return f.Size(w, 0) }

// Size sets width and height of the whole figure in pixels, up to 4000 × 8000;
// 0 keeps the default.
func (f *ImagesFigure) Size(w, h int) *ImagesFigure { f.base.size(w, h); return f }
