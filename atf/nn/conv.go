package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
)

// convKind is a two-dimensional convolution: at every position of its window
// a = WScale·W p + BScale·b for the patch p there, with W of filters ×
// size·size·channels, the unfolded kernel. Images are unfolded into patches, a
// few at a time, and the rest are matrix products (Chellapilla, Puri and Simard,
// High performance convolutional neural networks for document processing, 2006).
type convKind struct{}

func (convKind) name() string { return "conv" }

func (convKind) label(l Layer) string {
	s := fmt.Sprintf("-%d@%d×%d", l.Window.Filters, l.Window.Size, l.Window.Size)
	if l.Window.Stride > 1 {
		s += fmt.Sprintf("/%d", l.Window.Stride)
	}
	return s
}

func (convKind) check(l Layer) error {
	switch {
	case l.Window.Filters < 1:
		return fmt.Errorf("is a convolution with %d filters: it needs one at least", l.Window.Filters)
	case !(l.WScale > 0) || math.IsInf(l.WScale, 0):
		return fmt.Errorf("has the weight scale %v: it must be positive and finite", l.WScale)
	case l.Bias && (!(l.BScale > 0) || math.IsInf(l.BScale, 0)):
		return fmt.Errorf("has the bias scale %v: it must be positive and finite", l.BScale)
	case l.Factor != 0:
		return fmt.Errorf("is a convolution but has the factor %v of a scale: leave it 0", l.Factor)
	}
	if err := l.Window.check(l); err != nil {
		return err
	}
	g := l.Window.grid()
	patch, places := float64(g.Patch()), float64(g.Positions())
	if n := (patch + 1) * float64(l.Window.Filters); n > maxParams {
		return fmt.Errorf("has %.0e parameters, which makes the network too large", n)
	}
	if patch*places > maxParams {
		return fmt.Errorf("unfolds an image into %.0e numbers, %.0f patches of %.0f: take smaller windows or a larger stride", patch*places, places, patch)
	}
	return nil
}

func (convKind) shape(l Layer) (out, in, biases int) {
	if l.Bias {
		biases = l.Window.Filters
	}
	return l.Window.Filters, l.Window.grid().Patch(), biases
}

func (convKind) buffers(l Layer, rows int) int64 {
	g := l.Window.grid()
	return int64(min(rows, imagesAtATime(g))) * int64(g.Positions()) * int64(g.Patch())
}

// imagesAtATime is how many images are unfolded at a time: patches of about 2 MB.
func imagesAtATime(g window.Grid) int {
	return max(1, (1<<18)/(g.Positions()*g.Patch()))
}

// convPass unfolds the images of a batch.
type convPass struct {
	grid         window.Grid
	images       blas64.General // one a row
	patches      blas64.General // Positions rows an image
	unfold, fold *par.Loop      // over the images
}

// convolution is what a convolution keeps in a pass.
func (lp *layerPass) convolution(w Window) *convPass {
	c, ok := lp.state.(*convPass)
	if !ok {
		c = &convPass{grid: w.grid()}
		c.unfold, c.fold = par.NewLoop(c.unfoldImages), par.NewLoop(c.foldImages)
		lp.state = c
	}
	return c
}

func (c *convPass) unfoldImages(lo, hi int) {
	size := c.grid.Positions() * c.patches.Cols
	for i := lo; i < hi; i++ {
		c.grid.Unfold(c.patches.Data[i*size:(i+1)*size], c.images.Data[i*c.images.Stride:])
	}
}

func (c *convPass) foldImages(lo, hi int) {
	size := c.grid.Positions() * c.patches.Cols
	for i := lo; i < hi; i++ {
		c.grid.Fold(c.images.Data[i*c.images.Stride:i*c.images.Stride+c.images.Cols], c.patches.Data[i*size:(i+1)*size])
	}
}

// reserve takes images lo to hi and the memory for their patches.
func (c *convPass) reserve(p *Pass, images blas64.General, lo, hi int) {
	c.images = linalg.Rows(images, lo, hi)
	c.patches = linalg.Reuse(&p.patchBuf, (hi-lo)*c.grid.Positions(), c.grid.Patch())
}

// unfolded are the patches of images lo to hi.
func (c *convPass) unfolded(p *Pass, images blas64.General, lo, hi int) blas64.General {
	c.reserve(p, images, lo, hi)
	c.unfold.Run(hi-lo, 1)
	return c.patches
}

// pixels is a batch of images with the channels of a pixel in a row; the rows of
// the batch must lie one after the other.
func pixels(images blas64.General, channels int) blas64.General {
	n := images.Rows * images.Cols
	return blas64.General{Rows: n / channels, Cols: channels, Stride: channels, Data: images.Data[:n]}
}

// convolve adds scale·W p at every position of every image to out, of the batch's
// positions × filters.
func (c *convPass) convolve(p *Pass, scale float64, images, w blas64.General, trans *[]float64, known bool, out blas64.General) {
	size, places := imagesAtATime(c.grid), c.grid.Positions()
	for lo := 0; lo == 0 || lo < images.Rows; lo += size { // once for no images: it prepares trans
		hi := min(lo+size, images.Rows)
		p.prod.Forward(scale, c.unfolded(p, images, lo, hi), w, trans, known || lo > 0, linalg.Rows(out, lo*places, hi*places))
	}
}

func (convKind) forward(p *Pass, net *Network, l int, h blas64.General, known bool) {
	ly, lp := &net.layers[l], &p.layers[l]
	a := pixels(lp.pre, ly.Window.Filters)
	fillBias(a, net.Bias(l), ly.BScale)
	lp.convolution(ly.Window).convolve(p, ly.WScale, h, net.Weight(l), &lp.transBuf, known, a)
}

func (convKind) own(p *Pass, net *Network, l int, v []float64) {
	ly, lp := &net.layers[l], &p.layers[l]
	a := pixels(lp.moved, ly.Window.Filters)
	fillBias(a, net.biasIn(v, l), ly.BScale)
	lp.convolution(ly.Window).convolve(p, ly.WScale, p.Input(l), net.weightIn(v, l), &p.directionBuf, false, a)
}

func (convKind) transport(p *Pass, net *Network, l int, moved blas64.General) {
	ly, lp := &net.layers[l], &p.layers[l]
	lp.convolution(ly.Window).convolve(p, ly.WScale, moved, net.Weight(l), &lp.transBuf, true, pixels(lp.moved, ly.Window.Filters))
}

func (convKind) backward(p *Pass, net *Network, l int, add float64, dst blas64.General) {
	ly, lp := &net.layers[l], &p.layers[l]
	c, delta := lp.convolution(ly.Window), pixels(lp.signal, ly.Window.Filters)
	if add == 0 {
		clear(dst.Data)
	}
	size, places := imagesAtATime(c.grid), c.grid.Positions()
	for lo := 0; lo < dst.Rows; lo += size {
		hi := min(lo+size, dst.Rows)
		c.reserve(p, dst, lo, hi)
		p.prod.Plain(ly.WScale, linalg.Rows(delta, lo*places, hi*places), net.Weight(l), 0, c.patches)
		c.fold.Run(hi-lo, 1)
	}
}

func (convKind) gradient(p *Pass, net *Network, l int, grad []float64) {
	ly, lp := &net.layers[l], &p.layers[l]
	c, delta, h := lp.convolution(ly.Window), pixels(lp.signal, ly.Window.Filters), p.Input(l)
	size, places := imagesAtATime(c.grid), c.grid.Positions()
	w := net.weightIn(grad, l)
	clear(w.Data)
	for lo := 0; lo < h.Rows; lo += size {
		hi := min(lo+size, h.Rows)
		p.prod.AddOuter(ly.WScale, linalg.Rows(delta, lo*places, hi*places), c.unfolded(p, h, lo, hi), w)
	}
	biasGradient(net.biasIn(grad, l), ly.BScale, delta)
}
