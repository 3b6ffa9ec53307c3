package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
)

// scaleKind is a = Factor·h: a multiplication by a fixed number, without
// parameters.
type scaleKind struct{}

func (scaleKind) name() string { return "scale" }

func (scaleKind) check(l Layer) error {
	switch {
	case l.In != l.Out:
		return fmt.Errorf("is a scale but %d × %d: it gives as many values as it reads", l.Out, l.In)
	case l.Factor == 0 || math.IsNaN(l.Factor) || math.IsInf(l.Factor, 0):
		return fmt.Errorf("is a scale with the factor %v: it must be finite and not 0", l.Factor)
	case l.Window != Window{}:
		return fmt.Errorf("is a scale but has the window of a convolution or a pooling: leave it out")
	case l.Bias || l.WScale != 0 || l.BScale != 0:
		return fmt.Errorf("is a scale, which has no weights and no biases: leave Bias, WScale and BScale out")
	}
	return nil
}

func (scaleKind) shape(Layer) (out, in, biases int) { return 0, 0, 0 }

// label is the factor, or the activation where that is all the layer is for;
// nothing where it only closes a residual block.
func (scaleKind) label(l Layer) string {
	switch {
	case l.Factor == 1 && l.Activation != Identity:
		return "-" + l.Activation.Name()
	case l.Factor == 1:
		return ""
	}
	return fmt.Sprintf(" ×%.4g", l.Factor)
}

func (scaleKind) buffers(Layer, int) int64 { return 0 }

func (scaleKind) forward(p *Pass, net *Network, l int, h blas64.General, _ bool) {
	addScaled(0, p.layers[l].pre, net.layers[l].Factor, h)
}

func (scaleKind) own(p *Pass, _ *Network, l int, _ []float64) { clear(p.layers[l].moved.Data) }

func (scaleKind) transport(p *Pass, net *Network, l int, moved blas64.General) {
	addScaled(0, p.layers[l].moved, net.layers[l].Factor, moved) // own is 0
}

func (scaleKind) backward(p *Pass, net *Network, l int, add float64, dst blas64.General) {
	addScaled(add, dst, net.layers[l].Factor, p.layers[l].signal)
}

func (scaleKind) gradient(*Pass, *Network, int, []float64) {}

// addScaled is dst = add·dst + factor·src; dst is not read when add is 0.
func addScaled(add float64, dst blas64.General, factor float64, src blas64.General) {
	for i := range dst.Rows {
		to := dst.Data[i*dst.Stride : i*dst.Stride+dst.Cols]
		from := src.Data[i*src.Stride : i*src.Stride+src.Cols]
		if add == 0 {
			for j, v := range from {
				to[j] = factor * v
			}
			continue
		}
		for j, v := range from {
			to[j] = add*to[j] + factor*v
		}
	}
}
