package data

import (
	"image"
	"image/color"

	"gonum.org/v1/gonum/mat"
)

// channels is how many numbers a pixel has: a set made before there were colour
// images says nothing, and has one.
func (s *Set) channels() int { return max(s.Channels, 1) }

// imageSize is how many pixel values an image has.
func (s *Set) imageSize() int { return s.Rows * s.Cols * s.channels() }

// Picture gives example i as an image of Go's own kind, in grey or in colour,
// as image/png writes it and gonbui shows it; nil when the set holds no images.
// It panics when there is no example i.
func (s *Set) Picture(i int) image.Image {
	px := s.Image(i)
	if px == nil {
		return nil
	}
	frame := image.Rect(0, 0, s.Cols, s.Rows)
	if s.channels() == 1 {
		return &image.Gray{Pix: px, Stride: s.Cols, Rect: frame}
	}
	out := image.NewRGBA(frame)
	for p := range s.Rows * s.Cols {
		out.SetRGBA(p%s.Cols, p/s.Cols, color.RGBA{R: px[3*p], G: px[3*p+1], B: px[3*p+2], A: 255})
	}
	return out
}

// Grey gives the images without colour, n × Rows·Cols, 0 black to 1 white, as
// charts.Images draws them:
//
//	charts.Images(set.Grey(), set.Rows, set.Cols).Show()
//
// Of a colour it is the luma 0.299 red + 0.587 green + 0.114 blue (ITU-R
// BT.601). Nil when the set holds no images.
func (s *Set) Grey() *mat.Dense {
	if s.pixels == nil {
		return nil
	}
	n, area := s.N(), s.Rows*s.Cols
	out := mat.NewDense(n, area, nil)
	for i := range n {
		row, px := out.RawRowView(i), s.pixels[i*s.imageSize():]
		for p := range row {
			if s.channels() == 1 {
				row[p] = float64(px[p]) / 255
			} else {
				row[p] = (0.299*float64(px[3*p]) + 0.587*float64(px[3*p+1]) + 0.114*float64(px[3*p+2])) / 255
			}
		}
	}
	return out
}
