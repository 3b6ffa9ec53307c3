package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
)

// averageKind is the mean over the pixels that a window shows of the image,
// channel by channel, without parameters.
type averageKind struct{}

func (averageKind) name() string { return "average pool" }

func (averageKind) label(l Layer) string { return fmt.Sprintf("-avg%d", l.Window.Size) }

func (averageKind) check(l Layer) error { return l.Window.checkPool(l) }

func (averageKind) shape(Layer) (out, in, biases int) { return 0, 0, 0 }

func (averageKind) buffers(Layer, int) int64 { return 0 }

// averagePass takes the means of a batch, or spreads signals over the pixels.
type averagePass struct {
	grid             window.Grid
	regions          []window.Region // of every window
	images, averages blas64.General  // one a row
	mean, spread     *par.Loop       // over the images
}

// average is what an average pooling keeps in a pass.
func (lp *layerPass) average(w Window) *averagePass {
	a, ok := lp.state.(*averagePass)
	if !ok {
		a = &averagePass{grid: w.grid(), regions: w.grid().Regions()}
		a.mean, a.spread = par.NewLoop(a.means), par.NewLoop(a.spreads)
		lp.state = a
	}
	return a
}

func (a *averagePass) means(lo, hi int) {
	c := a.grid.Channels
	for i := lo; i < hi; i++ {
		image, out := a.images.Data[i*a.images.Stride:], a.averages.Data[i*a.averages.Stride:]
		for at, r := range a.regions {
			to := out[at*c : (at+1)*c]
			clear(to)
			for y := r.Top; y < r.Bottom; y++ {
				for x := r.Left; x < r.Right; x++ {
					from := (y*a.grid.Width + x) * c
					for j, v := range image[from : from+c] {
						to[j] += v
					}
				}
			}
			for j := range to {
				to[j] /= float64(r.Pixels())
			}
		}
	}
}

func (a *averagePass) spreads(lo, hi int) {
	c := a.grid.Channels
	for i := lo; i < hi; i++ {
		image, out := a.images.Data[i*a.images.Stride:], a.averages.Data[i*a.averages.Stride:]
		for at, r := range a.regions {
			for y := r.Top; y < r.Bottom; y++ {
				for x := r.Left; x < r.Right; x++ {
					to := image[(y*a.grid.Width+x)*c:]
					for j, v := range out[at*c : (at+1)*c] {
						to[j] += v / float64(r.Pixels())
					}
				}
			}
		}
	}
}

func (averageKind) forward(p *Pass, net *Network, l int, h blas64.General, _ bool) {
	a := p.layers[l].average(net.layers[l].Window)
	a.images, a.averages = h, p.layers[l].pre
	a.mean.Run(h.Rows, 1)
}

func (averageKind) own(p *Pass, _ *Network, l int, _ []float64) { clear(p.layers[l].moved.Data) }

// transport overwrites what own wrote, which is 0.
func (averageKind) transport(p *Pass, net *Network, l int, moved blas64.General) {
	a := p.layers[l].average(net.layers[l].Window)
	a.images, a.averages = moved, p.layers[l].moved
	a.mean.Run(moved.Rows, 1)
}

func (averageKind) backward(p *Pass, net *Network, l int, add float64, dst blas64.General) {
	if add == 0 {
		clear(dst.Data)
	}
	a := p.layers[l].average(net.layers[l].Window)
	a.images, a.averages = dst, p.layers[l].signal
	a.spread.Run(dst.Rows, 1)
}

func (averageKind) gradient(*Pass, *Network, int, []float64) {}
