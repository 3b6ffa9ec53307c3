package tangent

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// batch is the number of inputs that pass through the network at once.
const batch = 512

// factor holds one layer: the gradient of output c at input i with respect to
// W is wscale·Σ_t w_t d_t[iC+c] h_t[i]ᵀ and with respect to b it is
// bscale·dmean[iC+c].
type factor struct {
	at             int // its place among the network's layers
	in, out        int
	wscale, bscale float64
	bias           bool
	nodes          int            // 1, or the number of nodes where both factors move
	h              blas64.General // nodes·n × in, node-major
	d              blas64.General // nodes·nC × out, node-major
	dmean          blas64.General // nC × out, the weighted mean of d (d itself for one node)
	unit           bool           // last layer: d of output c is the unit vector e_c
	still          bool           // first layer: h is the network's input at every node
}

// shell lays out the factors of features over the nodes' weights without
// memory for their values.
func shell(net *nn.Network, x blas64.General, weights []float64, s Settings) *Features {
	f := &Features{net: net, n: x.Rows, c: net.Outputs(), weights: weights, set: s, biases: true}
	ls := net.Layers()
	for _, at := range net.ParamLayers() {
		layer := ls[at]
		f.factors = append(f.factors, factor{
			at: at, in: layer.In, out: layer.Out, wscale: layer.WScale, bscale: layer.BScale, bias: layer.Bias,
			nodes: len(weights), unit: at == len(ls)-1, still: at == 0,
		})
	}
	return f
}

// factorBytes estimates the memory of all factors.
func (f *Features) factorBytes() int64 {
	t, n, nc := int64(len(f.weights)), int64(f.n), int64(f.n*f.c)
	var words int64
	for _, k := range f.factors {
		if !k.still {
			words += t * n * int64(k.in)
		}
		if !k.unit {
			words += t * nc * int64(k.out)
			if t > 1 {
				words += nc * int64(k.out)
			}
		}
	}
	return 8 * words
}

func (f *Features) allocate(x blas64.General) {
	t := len(f.weights)
	for l := range f.factors {
		k := &f.factors[l]
		if k.still {
			k.h = x // does not move along a segment
		} else {
			k.h = linalg.New(t*f.n, k.in)
		}
		if !k.unit {
			k.d = linalg.New(t*f.n*f.c, k.out)
		}
	}
}

// fill runs the network through all inputs and keeps the factors of node t.
// Where first is given it holds the pre-activations of the first layer.
func (f *Features) fill(t int, net *nn.Network, x blas64.General, first *blas64.General) error {
	pass := nn.NewPass(net)
	signal := linalg.New(min(batch, f.n), f.c)
	for lo := 0; lo < f.n; lo += batch {
		if err := f.err(); err != nil {
			return err
		}
		hi := min(lo+batch, f.n)
		if first == nil {
			pass.Forward(net, linalg.Rows(x, lo, hi))
		} else {
			pass.ForwardFrom(net, linalg.Rows(x, lo, hi), linalg.Rows(*first, lo, hi))
		}
		for _, k := range f.factors {
			if !k.still {
				copyRows(linalg.Rows(k.h, t*f.n+lo, t*f.n+hi), pass.Input(k.at))
			}
		}
		for c := range f.c {
			s := linalg.Rows(signal, 0, hi-lo)
			clear(s.Data)
			for i := range s.Rows {
				s.Data[i*s.Stride+c] = 1
			}
			if len(f.factors) == 1 && f.factors[0].unit {
				break // only the last layer, whose signal is known
			}
			pass.Backward(net, s)
			for _, k := range f.factors {
				if k.unit {
					continue
				}
				d, from := k.d, pass.Signal(k.at)
				for i := lo; i < hi; i++ {
					row := (t*f.n+i)*f.c + c
					copy(d.Data[row*d.Stride:row*d.Stride+d.Cols], from.Data[(i-lo)*from.Stride:])
				}
			}
		}
		if len(f.weights) == 1 { // an average reports its nodes instead
			f.set.Progress.Send(progress.Report{Task: "tangent features", Done: hi, Total: f.n})
		}
	}
	return nil
}

func copyRows(dst, src blas64.General) {
	for i := range dst.Rows {
		copy(dst.Data[i*dst.Stride:i*dst.Stride+dst.Cols], src.Data[i*src.Stride:])
	}
}

// reduce averages the factor that moves where the other one stands still, so
// that only layers with both moving keep all nodes.
func (f *Features) reduce() {
	t := len(f.weights)
	for l := range f.factors {
		k := &f.factors[l]
		if t == 1 {
			k.dmean = k.d
			continue
		}
		if !k.unit {
			k.dmean = f.mean(k.d, f.n*f.c)
		}
		switch {
		case k.still && k.unit:
			k.nodes = 1
		case k.still:
			k.d, k.nodes = k.dmean, 1
		case k.unit:
			k.h, k.nodes = f.mean(k.h, f.n), 1
		}
	}
}

// mean is the weighted mean over the nodes of a node-major stack.
func (f *Features) mean(stack blas64.General, rows int) blas64.General {
	m := linalg.New(rows, stack.Cols)
	size := rows * stack.Cols
	for t, w := range f.weights {
		for i, v := range stack.Data[t*size : (t+1)*size] {
			m.Data[i] += w * v
		}
	}
	return m
}

// assemble hands the factors to the algebra of the layers' kinds. nn.Dense is the
// only kind with parameters.
func (f *Features) assemble() {
	f.layers = make([]feature.Layer, len(f.factors))
	for l, k := range f.factors {
		signals, mean := feature.UnitSignals(f.n, f.c), feature.UnitSignals(f.n, f.c)
		if !k.unit {
			signals, mean = feature.NewSignals(k.d, f.n, f.c, k.nodes), feature.NewSignals(k.dmean, f.n, f.c, 1)
		}
		nodes := f.weights
		if k.nodes == 1 {
			nodes = []float64{1}
		}
		layer := feature.DenseLayer{Weights: feature.NewDense(signals, k.h, nodes, k.wscale)}
		if k.bias && f.biases {
			layer.Bias = feature.NewBias(mean, k.bscale)
		}
		f.layers[l] = layer
	}
}

// Layer is the algebra of layer l's features: a block for its weights and, where
// they take part, one for its biases. It shares the factors, which are not to be
// written to. It panics when there is no layer l.
func (f *Features) Layer(l int) feature.Layer {
	if err := f.checkLayer(l); err != nil {
		panic(err.Error())
	}
	return f.layers[l]
}
