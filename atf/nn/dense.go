package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
)

// denseKind is a = WScale·W h + BScale·b, with W of out × in.
type denseKind struct{}

func (denseKind) name() string { return "dense" }

func (denseKind) check(l Layer) error {
	switch {
	case !(l.WScale > 0) || math.IsInf(l.WScale, 0):
		return fmt.Errorf("has the weight scale %v: it must be positive and finite", l.WScale)
	case l.Bias && (!(l.BScale > 0) || math.IsInf(l.BScale, 0)):
		return fmt.Errorf("has the bias scale %v: it must be positive and finite", l.BScale)
	case l.Window != Window{}:
		return fmt.Errorf("is dense but has the window of a convolution or a pooling: leave it out")
	case l.Factor != 0:
		return fmt.Errorf("is dense but has the factor %v of a scale: leave it 0", l.Factor)
	case (float64(l.In)+1)*float64(l.Out) > maxParams: // as integers they may overflow
		return fmt.Errorf("of %d × %d makes the network too large: more than %.0e parameters", l.Out, l.In, float64(maxParams))
	}
	return nil
}

func (denseKind) shape(l Layer) (out, in, biases int) {
	if l.Bias {
		biases = l.Out
	}
	return l.Out, l.In, biases
}

func (denseKind) label(l Layer) string { return fmt.Sprintf("-%d", l.Out) }

func (denseKind) buffers(Layer, int) int64 { return 0 }

func (denseKind) forward(p *Pass, net *Network, l int, h blas64.General, known bool) {
	ly, lp := &net.layers[l], &p.layers[l]
	fillBias(lp.pre, net.Bias(l), ly.BScale)
	p.prod.Forward(ly.WScale, h, net.Weight(l), &lp.transBuf, known, lp.pre)
}

func (denseKind) own(p *Pass, net *Network, l int, v []float64) {
	ly, lp := &net.layers[l], &p.layers[l]
	fillBias(lp.moved, net.biasIn(v, l), ly.BScale)
	p.prod.Forward(ly.WScale, p.Input(l), net.weightIn(v, l), &p.directionBuf, false, lp.moved)
}

func (denseKind) transport(p *Pass, net *Network, l int, moved blas64.General) {
	lp := &p.layers[l]
	p.prod.Forward(net.layers[l].WScale, moved, net.Weight(l), &lp.transBuf, true, lp.moved)
}

func (denseKind) backward(p *Pass, net *Network, l int, add float64, dst blas64.General) {
	p.prod.Plain(net.layers[l].WScale, p.layers[l].signal, net.Weight(l), add, dst)
}

func (denseKind) gradient(p *Pass, net *Network, l int, grad []float64) {
	ly, delta := &net.layers[l], p.layers[l].signal
	p.prod.Outer(ly.WScale, delta, p.Input(l), net.weightIn(grad, l))
	biasGradient(net.biasIn(grad, l), ly.BScale, delta)
}

// biasGradient writes scale times the sum of the rows of delta to b.
func biasGradient(b []float64, scale float64, delta blas64.General) {
	if b == nil {
		return
	}
	clear(b)
	for i := range delta.Rows {
		for j, v := range delta.Data[i*delta.Stride : i*delta.Stride+delta.Cols] {
			b[j] += v
		}
	}
	for j := range b {
		b[j] *= scale
	}
}

// fillBias writes scale·b to every row of a; without biases 0.
func fillBias(a blas64.General, b []float64, scale float64) {
	if a.Rows == 0 {
		return
	}
	first := a.Data[:a.Cols]
	if b == nil {
		clear(a.Data[:a.Rows*a.Cols])
		return
	}
	for j, v := range b {
		first[j] = scale * v
	}
	for i := 1; i < a.Rows; i++ {
		copy(a.Data[i*a.Stride:i*a.Stride+a.Cols], first)
	}
}
