// Package window holds the geometry of windows that move over images: where
// each of them lies, and how a convolution unfolds an image into the rows that
// its windows show, so that it becomes a matrix product.
//
// The layout is the same everywhere. An image of height × width × channels is
// one row of numbers, row by row, pixel by pixel, the channels of a pixel next
// to each other: channel c of the pixel at (y, x) is number (y·width + x)·channels
// + c. A patch, what a window shows, is laid out likewise, and so is the grid of
// windows: window (y, x) is number y·(windows in a row) + x.
package window

import "fmt"

// A Grid of square windows on an image.
type Grid struct {
	Height, Width, Channels int // of the image
	Size, Stride            int // windows of Size × Size, Stride pixels apart
	// Same lets windows reach beyond the image, so that their number in a row
	// is ⌈Width/Stride⌉: those at the edges are as far outside at the left (top)
	// as at the right (bottom), or a pixel less. Otherwise all lie within.
	Same bool
}

// maxNumbers keeps the sizes of images and grids far from overflow.
const maxNumbers = 1 << 40

// Check says what is wrong with the grid.
func (g Grid) Check() error {
	switch {
	case g.Height < 1 || g.Width < 1 || g.Channels < 1:
		return fmt.Errorf("reads images of %v: height, width and channels must be positive", g)
	case g.Size < 1 || g.Stride < 1:
		return fmt.Errorf("has windows of %d × %d at a stride of %d: both must be positive", g.Size, g.Size, g.Stride)
	case float64(g.Height)*float64(g.Width)*float64(g.Channels) > maxNumbers:
		return fmt.Errorf("reads images of %v: more than %.0e numbers", g, float64(maxNumbers))
	case float64(g.Size)*float64(g.Size)*float64(g.Channels) > maxNumbers:
		return fmt.Errorf("has windows of %d × %d × %d: more than %.0e numbers", g.Size, g.Size, g.Channels, float64(maxNumbers))
	case g.Same:
		return nil
	case g.Size > g.Height || g.Size > g.Width:
		return fmt.Errorf("has windows of %d × %d on images of %v: take smaller ones, or Same", g.Size, g.Size, g)
	case (g.Height-g.Size)%g.Stride != 0 || (g.Width-g.Size)%g.Stride != 0:
		return fmt.Errorf("leaves the last pixels of images of %v unread by windows of %d × %d at a stride of %d: take another size or stride, or Same", g, g.Size, g.Size, g.Stride)
	}
	return nil
}

// String is the image's shape, height × width × channels.
func (g Grid) String() string { return fmt.Sprintf("%d × %d × %d", g.Height, g.Width, g.Channels) }

// Out is the number of windows from top to bottom and from left to right.
func (g Grid) Out() (height, width int) { return g.windows(g.Height), g.windows(g.Width) }

func (g Grid) windows(length int) int {
	if g.Same {
		return (length + g.Stride - 1) / g.Stride
	}
	return (length-g.Size)/g.Stride + 1
}

// Positions is the number of windows.
func (g Grid) Positions() int {
	h, w := g.Out()
	return h * w
}

// Numbers is the length of an image's row.
func (g Grid) Numbers() int { return g.Height * g.Width * g.Channels }

// Patch is the number of numbers that a window shows.
func (g Grid) Patch() int { return g.Size * g.Size * g.Channels }

// before is how far the first window begins before the image.
func (g Grid) before(length int) int {
	if !g.Same {
		return 0
	}
	return max((g.windows(length)-1)*g.Stride+g.Size-length, 0) / 2
}

// span is the part [from, to) of window number at, counted within the window,
// that lies on the image, and the pixel at which it begins there.
func (g Grid) span(at, length int) (from, to, pixel int) {
	start := at*g.Stride - g.before(length)
	from = max(-start, 0)
	return from, min(g.Size, length-start), start + from
}

// Unfold writes the patches of an image to dst, one after the other: Positions
// rows of Patch numbers, 0 where a window reaches beyond the image (im2col).
func (g Grid) Unfold(dst, image []float64) {
	h, w := g.Out()
	row := g.Size * g.Channels // of a patch
	for y := range h {
		y0, y1, py := g.span(y, g.Height)
		for x := range w {
			x0, x1, px := g.span(x, g.Width)
			patch := dst[:g.Size*row]
			dst = dst[g.Size*row:]
			if y1-y0 < g.Size || x1-x0 < g.Size {
				clear(patch)
			}
			for i := y0; i < y1; i++ {
				from := ((py+i-y0)*g.Width + px) * g.Channels
				copy(patch[i*row+x0*g.Channels:i*row+x1*g.Channels], image[from:])
			}
		}
	}
}

// Fold adds every number of the patches to the pixel it was taken from: the
// adjoint of Unfold (col2im).
func (g Grid) Fold(image, patches []float64) {
	h, w := g.Out()
	row := g.Size * g.Channels
	for y := range h {
		y0, y1, py := g.span(y, g.Height)
		for x := range w {
			x0, x1, px := g.span(x, g.Width)
			patch := patches[:g.Size*row]
			patches = patches[g.Size*row:]
			for i := y0; i < y1; i++ {
				from := ((py+i-y0)*g.Width + px) * g.Channels
				to := image[from : from+(x1-x0)*g.Channels]
				for j, v := range patch[i*row+x0*g.Channels : i*row+x1*g.Channels] {
					to[j] += v
				}
			}
		}
	}
}

// A Region is the part of the image that a window shows: the pixels from (Top,
// Left) up to, but without, (Bottom, Right).
type Region struct{ Top, Bottom, Left, Right int }

// Pixels is the number of pixels in the region: at least one.
func (r Region) Pixels() int { return (r.Bottom - r.Top) * (r.Right - r.Left) }

// Region is the part of the image that window (y, x) shows.
func (g Grid) Region(y, x int) Region {
	y0, y1, top := g.span(y, g.Height)
	x0, x1, left := g.span(x, g.Width)
	return Region{top, top + y1 - y0, left, left + x1 - x0}
}

// Regions are those of all windows, in the order of Unfold's rows.
func (g Grid) Regions() []Region {
	h, w := g.Out()
	all := make([]Region, 0, h*w)
	for y := range h {
		for x := range w {
			all = append(all, g.Region(y, x))
		}
	}
	return all
}
