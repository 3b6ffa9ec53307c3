package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// denseRecord holds a dense layer: the gradient of output c at input i with respect
// to W is WScale·Σ_t w_t d_t[iC+c] h_t[i]ᵀ and with respect to b it is
// BScale·dmean[iC+c]. Of the last layer d of output c is the unit vector e_c, and
// not kept.
type denseRecord struct {
	spot
	nodes int            // 1, or the number of nodes where both factors move
	h     blas64.General // nodes·n × in, node-major
	d     blas64.General // nodes·nC × out, node-major
	dmean blas64.General // nC × out, the weighted mean of d (d itself for one node)
}

func newDenseRecord(s spot) record { return &denseRecord{spot: s, nodes: len(s.weights)} }

func (k *denseRecord) bytes() int64 {
	t, n, nc := int64(len(k.weights)), int64(k.n), int64(k.n*k.c)
	var words int64
	if !k.still() {
		words += t * n * int64(k.In)
	}
	if !k.last {
		words += t * nc * int64(k.Out)
		if t > 1 {
			words += nc * int64(k.Out)
		}
	}
	return 8 * words
}

func (k *denseRecord) allocate(x blas64.General) {
	t := len(k.weights)
	if k.still() {
		k.h = x
	} else {
		k.h = linalg.New(t*k.n, k.In)
	}
	if !k.last {
		k.d = linalg.New(t*k.n*k.c, k.Out)
	}
}

func (k *denseRecord) signals() bool { return !k.last }

func (k *denseRecord) forward(t, lo, hi int, p *nn.Pass) {
	if !k.still() {
		copyRows(linalg.Rows(k.h, t*k.n+lo, t*k.n+hi), p.Input(k.at))
	}
}

func (k *denseRecord) backward(t, lo, hi, c int, p *nn.Pass) {
	d, from := k.d, p.Signal(k.at)
	for i := lo; i < hi; i++ {
		row := (t*k.n+i)*k.c + c
		copy(d.Data[row*d.Stride:row*d.Stride+d.Cols], from.Data[(i-lo)*from.Stride:])
	}
}

// finish averages the factor that moves where the other one stands still, so that
// only layers with both moving keep all nodes.
func (k *denseRecord) finish() {
	if len(k.weights) == 1 {
		k.dmean = k.d
		return
	}
	if !k.last {
		k.dmean = k.mean(k.d, k.n*k.c)
	}
	switch {
	case k.still() && k.last:
		k.nodes = 1
	case k.still():
		k.d, k.nodes = k.dmean, 1
	case k.last:
		k.h, k.nodes = k.mean(k.h, k.n), 1
	}
}

// mean is the weighted mean over the nodes of a node-major stack.
func (k *denseRecord) mean(stack blas64.General, rows int) blas64.General {
	m := linalg.New(rows, stack.Cols)
	size := rows * stack.Cols
	for t, w := range k.weights {
		for i, v := range stack.Data[t*size : (t+1)*size] {
			m.Data[i] += w * v
		}
	}
	return m
}

func (k *denseRecord) layer(biases bool) feature.Layer {
	signals, mean := feature.UnitSignals(k.n, k.c), feature.UnitSignals(k.n, k.c)
	if !k.last {
		signals, mean = feature.NewSignals(k.d, k.n, k.c, k.nodes), feature.NewSignals(k.dmean, k.n, k.c, 1)
	}
	nodes := k.weights
	if k.nodes == 1 {
		nodes = []float64{1}
	}
	layer := feature.DenseLayer{Weights: feature.NewDense(signals, k.h, nodes, k.WScale)}
	if k.Bias && biases {
		layer.Bias = feature.NewBias(mean, k.BScale)
	}
	return layer
}

func (k *denseRecord) factor(biases bool) (Factor, error) {
	if k.nodes > 1 {
		return Factor{}, fmt.Errorf("is an average over %d nodes with both factors moving, which is no outer product: take the factors at one parameter vector, by At", k.nodes)
	}
	out := Factor{H: copyDense(k.h), WScale: k.WScale}
	if k.Bias && biases {
		out.BScale = k.BScale
	}
	if !k.last {
		out.D = copyDense(k.dmean)
		return out, nil
	}
	out.D = mat.NewDense(k.n*k.c, k.c, nil)
	for r := range k.n * k.c {
		out.D.Set(r, r%k.c, 1)
	}
	return out, nil
}

func copyDense(g blas64.General) *mat.Dense {
	m := mat.NewDense(g.Rows, g.Cols, nil)
	copyRows(m.RawMatrix(), g)
	return m
}

func (k *denseRecord) shape() string { return fmt.Sprintf("%d→%d", k.In, k.Out) }
