package nn

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
)

// maxKind is the largest number that a window shows of the image, channel by
// channel, without parameters. Its derivative is that of the number chosen; of
// equal ones the first is. A NaN is chosen before any number.
type maxKind struct{}

func (maxKind) name() string { return "max pool" }

func (maxKind) label(l Layer) string { return fmt.Sprintf("-max%d", l.Window.Size) }

func (maxKind) check(l Layer) error { return l.Window.checkPool(l) }

func (maxKind) shape(Layer) (out, in, biases int) { return 0, 0, 0 }

// buffers are the places of the numbers chosen.
func (maxKind) buffers(l Layer, rows int) int64 { return int64(rows) * int64(l.Out) }

// maxPass chooses the numbers of a batch, and takes others to and from their
// places.
type maxPass struct {
	grid                    window.Grid
	regions                 []window.Region // of every window
	chosen                  []int           // the place of every output within its image
	images, outputs         blas64.General  // one a row
	choose, gather, scatter *par.Loop       // over the images
}

// maximum is what a max pooling keeps in a pass.
func (lp *layerPass) maximum(w Window) *maxPass {
	m, ok := lp.state.(*maxPass)
	if !ok {
		m = &maxPass{grid: w.grid(), regions: w.grid().Regions()}
		m.choose, m.gather, m.scatter = par.NewLoop(m.chooses), par.NewLoop(m.gathers), par.NewLoop(m.scatters)
		lp.state = m
	}
	return m
}

// of gives image i, its outputs and the places chosen for them.
func (m *maxPass) of(i int) (image, out []float64, chosen []int) {
	w := m.outputs.Cols
	return m.images.Data[i*m.images.Stride : i*m.images.Stride+m.images.Cols],
		m.outputs.Data[i*m.outputs.Stride : i*m.outputs.Stride+w], m.chosen[i*w : (i+1)*w]
}

func (m *maxPass) chooses(lo, hi int) {
	c := m.grid.Channels
	for i := lo; i < hi; i++ {
		image, out, chosen := m.of(i)
		for at, r := range m.regions {
			best, where := out[at*c:(at+1)*c], chosen[at*c:(at+1)*c]
			first := (r.Top*m.grid.Width + r.Left) * c
			for j, v := range image[first : first+c] {
				best[j], where[j] = v, first+j
			}
			for y := r.Top; y < r.Bottom; y++ {
				for x := r.Left; x < r.Right; x++ {
					from := (y*m.grid.Width + x) * c
					for j, v := range image[from : from+c] {
						if v > best[j] || v != v && best[j] == best[j] {
							best[j], where[j] = v, from+j
						}
					}
				}
			}
		}
	}
}

func (m *maxPass) gathers(lo, hi int) {
	for i := lo; i < hi; i++ {
		image, out, chosen := m.of(i)
		for j, from := range chosen {
			out[j] = image[from]
		}
	}
}

func (m *maxPass) scatters(lo, hi int) {
	for i := lo; i < hi; i++ {
		image, out, chosen := m.of(i)
		for j, to := range chosen {
			image[to] += out[j]
		}
	}
}

func (maxKind) forward(p *Pass, net *Network, l int, h blas64.General, _ bool) {
	lp := &p.layers[l]
	m := lp.maximum(net.layers[l].Window)
	m.images, m.outputs = h, lp.pre
	size := h.Rows * lp.pre.Cols
	m.chosen = slices.Grow(m.chosen[:0], size)[:size]
	m.choose.Run(h.Rows, 1)
}

func (maxKind) own(p *Pass, _ *Network, l int, _ []float64) { clear(p.layers[l].moved.Data) }

// transport overwrites what own wrote, which is 0.
func (maxKind) transport(p *Pass, net *Network, l int, moved blas64.General) {
	m := p.layers[l].maximum(net.layers[l].Window)
	m.images, m.outputs = moved, p.layers[l].moved
	m.gather.Run(moved.Rows, 1)
}

func (maxKind) backward(p *Pass, net *Network, l int, add float64, dst blas64.General) {
	if add == 0 {
		clear(dst.Data)
	}
	m := p.layers[l].maximum(net.layers[l].Window)
	m.images, m.outputs = dst, p.layers[l].signal
	m.scatter.Run(dst.Rows, 1)
}

func (maxKind) gradient(*Pass, *Network, int, []float64) {}
