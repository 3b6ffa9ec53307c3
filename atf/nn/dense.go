package nn

import (
	"fmt"
	"math"
	"math/rand/v2"

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
	case l.Factor != 0:
		return fmt.Errorf("is dense but has the factor %v of a scale: leave it 0", l.Factor)
	case (float64(l.In)+1)*float64(l.Out) > maxParams: // as integers they may overflow
		return fmt.Errorf("of %d × %d makes the network too large: more than %.0e parameters", l.Out, l.In, float64(maxParams))
	}
	return nil
}

func (denseKind) params(l Layer) (weights, biases int) {
	if l.Bias {
		biases = l.Out
	}
	return l.In * l.Out, biases
}

// draw fills weights and biases from streams of their own, so that neither
// changes with the other's rule.
func (denseKind) draw(b *Builder, i int, l Layer, weights, biases []float64) {
	std, unit := 1.0, 1.0
	switch b.weights {
	case heRule:
		std = math.Sqrt(2 / float64(l.In))
	case leCunRule:
		std = math.Sqrt(1 / float64(l.In))
	}
	if b.weights != ntkRule {
		switch b.bias {
		case normalBias:
			unit = b.biasStd
		case uniformBias:
			unit = 1 / math.Sqrt(float64(l.In))
		}
	}
	rng := rand.New(rand.NewPCG(b.seed, uint64(2*i)))
	for j := range weights {
		weights[j] = std * rng.NormFloat64()
	}
	rng = rand.New(rand.NewPCG(b.seed, uint64(2*i+1)))
	for j := range biases {
		switch b.bias {
		case normalBias:
			biases[j] = unit * rng.NormFloat64()
		case uniformBias:
			biases[j] = unit * (2*rng.Float64() - 1)
		}
	}
}

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
	b := net.biasIn(grad, l)
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
		b[j] *= ly.BScale
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
