package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// convRecord holds a convolution: the gradient of output c at input i with respect
// to the unfolded weights is WScale·Σ_t w_t Σ_p d_t[iC+c, p] h_t[i, p]ᵀ, a sum over
// positions, and with respect to b it is BScale·Σ_t w_t Σ_p d_t[iC+c, p]. It keeps
// that gradient, written out, or the signals and images that it is made of:
// whichever takes less memory, which does not depend on the number of inputs. Early
// layers have few weights and many positions, late ones many weights.
type convRecord struct {
	spot
	grid    window.Grid
	written bool
	nodes   int            // kept of signals and images, where the gradient is not
	g       blas64.General // nC × filters·patch
	d       blas64.General // nodes·nC × positions·filters, node-major
	h       blas64.General // nodes·n × numbers of an image, node-major
	sum     blas64.General // nC × filters, of d over positions and nodes
}

func newConvRecord(s spot) record {
	w := s.Window
	k := &convRecord{spot: s, nodes: len(s.weights), grid: window.Grid{
		Height: w.Height, Width: w.Width, Channels: w.Channels, Size: w.Size, Stride: w.Stride, Same: w.Same,
	}}
	if k.still() {
		k.nodes = 1 // signals are averaged
	}
	k.written = int64(k.c)*int64(k.rows)*int64(k.width) <= k.factored()
	return k
}

// factored is how many numbers the signals and images of an input are.
func (k *convRecord) factored() int64 {
	numbers := int64(k.c) * int64(k.Out)
	if !k.still() {
		numbers += int64(k.In)
	}
	return int64(k.nodes) * numbers
}

func (k *convRecord) bytes() int64 {
	words := k.factored()
	if k.written {
		words = int64(k.c) * int64(k.rows) * int64(k.width)
	}
	if k.Bias {
		words += int64(k.c) * int64(k.rows)
	}
	return 8 * int64(k.n) * words
}

func (k *convRecord) allocate(x blas64.General) {
	if k.Bias {
		k.sum = linalg.New(k.n*k.c, k.rows)
	}
	if k.written {
		k.g = linalg.New(k.n*k.c, k.rows*k.width)
		return
	}
	k.d = linalg.New(k.nodes*k.n*k.c, k.Out)
	if k.still() {
		k.h = x
	} else {
		k.h = linalg.New(k.nodes*k.n, k.In)
	}
}

func (k *convRecord) signals() bool { return true }

func (k *convRecord) forward(t, lo, hi int, p *nn.Pass) {
	if !k.written && !k.still() {
		copyRows(linalg.Rows(k.h, t*k.n+lo, t*k.n+hi), p.Input(k.at))
	}
}

func (k *convRecord) backward(t, lo, hi, c int, p *nn.Pass) {
	d, w := p.Signal(k.at), k.weights[t]
	for i := lo; i < hi; i++ {
		from := d.Data[(i-lo)*d.Stride : (i-lo)*d.Stride+d.Cols]
		if k.Bias {
			sum := k.sum.Data[(i*k.c+c)*k.sum.Stride : (i*k.c+c+1)*k.sum.Stride]
			for at := 0; at < len(from); at += k.rows {
				for o, v := range from[at : at+k.rows] {
					sum[o] += w * v
				}
			}
		}
		switch {
		case k.written:
		case k.still():
			to := k.d.Data[(i*k.c+c)*k.d.Stride:]
			for j, v := range from {
				to[j] += w * v
			}
		default:
			copy(k.d.Data[((t*k.n+i)*k.c+c)*k.d.Stride:], from)
		}
	}
	if k.written {
		k.write(lo, hi, c, w, p.Input(k.at), d)
	}
}

// write adds w·Σ_p δ_p h_pᵀ of output c at inputs lo to hi.
func (k *convRecord) write(lo, hi, c int, w float64, h, d blas64.General) {
	places := k.grid.Positions()
	linalg.Calls(hi-lo, func(from, to int) {
		patches := linalg.New(places, k.width)
		for i := from; i < to; i++ {
			k.grid.Unfold(patches.Data, h.Data[i*h.Stride:])
			signals := blas64.General{Rows: places, Cols: k.rows, Stride: k.rows, Data: d.Data[i*d.Stride : i*d.Stride+d.Cols]}
			row := ((lo+i)*k.c + c) * k.g.Stride
			g := blas64.General{Rows: k.rows, Cols: k.width, Stride: k.width, Data: k.g.Data[row : row+k.g.Cols]}
			blas64.Gemm(blas.Trans, blas.NoTrans, w, signals, patches, 1, g)
		}
	})
}

func (k *convRecord) finish() {}

func (k *convRecord) layer(biases bool) feature.Layer {
	var layer feature.ConvLayer
	if k.written {
		layer.Weights = feature.NewColumns(k.g, k.WScale, k.rows, k.width)
	} else {
		nodes := k.weights
		if k.nodes == 1 {
			nodes = nil
		}
		layer.Weights = feature.NewConv(k.d, k.h, k.c, nodes, k.grid, k.WScale)
	}
	if k.Bias && biases {
		layer.Bias = feature.NewBias(feature.NewSignals(k.sum, k.n, k.c, 1), k.BScale)
	}
	return layer
}

func (k *convRecord) factor(bool) (Factor, error) {
	return Factor{}, fmt.Errorf("is a convolution, whose gradient is a sum of outer products over positions: Explicit writes it out")
}

func (k *convRecord) shape() string {
	return fmt.Sprintf("%v→%d@%d×%d/%d,%v", k.grid, k.rows, k.grid.Size, k.grid.Size, k.grid.Stride, k.grid.Same)
}
