package nn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
)

// Kind is what a layer computes of its input before the activation. The zero
// value is Dense.
type Kind uint8

// The kinds of layers. A new one is a file with its kind, and a line in each of
// the two lists here.
const (
	// Dense is a = WScale·W h + BScale·b.
	Dense Kind = iota
	// Scale is a = Factor·h, without parameters.
	Scale
	// Conv is a = WScale·W p + BScale·b for every patch p that Window shows of
	// the image h.
	Conv
	// AvgPool is the mean of what Window shows, channel by channel.
	AvgPool
	// MaxPool is the largest number that Window shows, channel by channel.
	MaxPool
)

var kinds = [...]kind{Dense: denseKind{}, Scale: scaleKind{}, Conv: convKind{}, AvgPool: averageKind{}, MaxPool: maxKind{}}

// String is the kind's name: "dense", "scale", "conv", "average pool" or "max
// pool".
func (k Kind) String() string {
	if int(k) >= len(kinds) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kinds[k].name()
}

// A kind is the part of a layer that is linear in its input; activation and
// residual connection are put around it by Pass, the same for all kinds. To the
// tangent features a layer hands its input and its signal, Pass.Input and
// Pass.Signal; a kind without parameters hands nothing and is no layer of
// Theorem 2.
type kind interface {
	name() string
	// check says what is wrong with such a layer, without its place.
	check(l Layer) error
	// label is the layer in a line about the network, after what it reads.
	label(l Layer) string
	// shape is that of the matrix of weights, and the number of biases: 0 × 0 and
	// 0 without parameters.
	shape(l Layer) (out, in, biases int)
	// buffers is how many numbers the layer keeps in a pass over that many rows,
	// besides its outputs and signals.
	buffers(l Layer, rows int) int64
	// forward writes a from the input h. known says that what the pass holds of
	// the parameters in transposed form is that of net.
	forward(p *Pass, net *Network, l int, h blas64.General, known bool)
	// own writes the part of ȧ that comes from the direction v of the layer's
	// own parameters.
	own(p *Pass, net *Network, l int, v []float64)
	// transport adds to ȧ what comes from ḣ, the change of the input.
	transport(p *Pass, net *Network, l int, moved blas64.General)
	// backward writes add·dst plus the derivative by the input to dst, from the
	// signal at a. add is 0 or 1.
	backward(p *Pass, net *Network, l int, add float64, dst blas64.General)
	// gradient writes the derivative by the parameters, summed over the batch.
	gradient(p *Pass, net *Network, l int, grad []float64)
}

func (l Layer) kind() kind { return kinds[l.Kind] }
