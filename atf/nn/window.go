package nn

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
)

// Window says how a Conv, AvgPool or MaxPool layer reads its input as an image
// of Height × Width × Channels, through square windows of Size × Size pixels
// that lie Stride pixels apart. The output is an image again, with a pixel for
// each window and as many channels as the input, or Filters of a Conv.
//
// An image is a row of numbers: row by row, pixel by pixel, the channels of a
// pixel next to each other, so that channel c of the pixel at (y, x) is number
// (y·Width + x)·Channels + c. A patch, what a window shows, is laid out likewise.
//
// With Same there are ⌈Height/Stride⌉ × ⌈Width/Stride⌉ windows. They reach beyond
// the image equally far at the top (left) as at the bottom (right), or a pixel
// less; for a Conv what lies outside is 0, a pooling leaves it out. Without Same
// all windows lie within the image, and it is an error when they leave its last
// pixels unread.
type Window struct {
	Height, Width, Channels int
	Filters                 int // of a Conv, else 0
	Size, Stride            int
	Same                    bool
}

func (w Window) grid() window.Grid {
	return window.Grid{Height: w.Height, Width: w.Width, Channels: w.Channels, Size: w.Size, Stride: w.Stride, Same: w.Same}
}

// Out is the shape of the output image: height × width × channels.
func (w Window) Out() (height, width, channels int) {
	height, width = w.grid().Out()
	if channels = w.Filters; channels == 0 {
		channels = w.Channels
	}
	return height, width, channels
}

// check says what is wrong with the window of layer l.
func (w Window) check(l Layer) error {
	g := w.grid()
	if err := g.Check(); err != nil {
		return err
	}
	if l.In != g.Numbers() {
		return fmt.Errorf("reads %d values, but its images of %v have %d", l.In, g, g.Numbers())
	}
	h, wd, c := w.Out()
	if float64(h)*float64(wd)*float64(c) > maxParams {
		return fmt.Errorf("gives images of %d × %d × %d: more than %.0e numbers", h, wd, c, float64(maxParams))
	}
	if l.Out != h*wd*c {
		return fmt.Errorf("gives %d values, but its images of %d × %d × %d have %d", l.Out, h, wd, c, h*wd*c)
	}
	return nil
}

// checkPool is check for a layer without parameters.
func (w Window) checkPool(l Layer) error {
	switch {
	case w.Filters != 0:
		return fmt.Errorf("is a pooling but has %d filters: it keeps the channels, leave Filters 0", w.Filters)
	case l.Bias || l.WScale != 0 || l.BScale != 0 || l.Factor != 0:
		return fmt.Errorf("is a pooling, which has no parameters and no factor: leave Bias, WScale, BScale and Factor out")
	}
	return w.check(l)
}
