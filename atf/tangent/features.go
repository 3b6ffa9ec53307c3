package tangent

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Progress receives reports of long work.
type Progress = progress.Func

// Report is one report of long work.
type Report = progress.Report

// batch is the number of inputs that pass through the network at once.
const batch = 512

// Features are the tangent features of a network at n inputs: ∇f(x_i) ∈
// R^{P×C}, at one parameter vector or averaged over the nodes of a segment,
// kept as factors per layer. Make them with At or Along.
//
// The setters Block, Memory, Context, Progress and WithoutBiases return a copy
// that shares the factors.
type Features struct {
	net     *nn.Network
	n, c    int
	weights []float64 // of the nodes; one node of weight 1 at a parameter vector
	layers  []factor

	settings
	biases bool
}

// settings say how products are computed, never what they are.
type settings struct {
	block    int
	memory   int64
	ctx      context.Context
	progress progress.Func
}

// factor holds one layer: the gradient of output c at input i with respect to
// W is wscale·Σ_t w_t d_t[iC+c] h_t[i]ᵀ and with respect to b it is
// bscale·dmean[iC+c].
type factor struct {
	in, out        int
	wscale, bscale float64
	bias           bool
	nodes          int            // 1, or the number of nodes where both factors move
	h              blas64.General // nodes·n × in, node-major
	d              blas64.General // nodes·nC × out, node-major
	dmean          blas64.General // nC × out, the weighted mean of d (d itself for one node)
	unit           bool           // last layer: d of output c is the unit vector e_c
}

// At gives the tangent features ∇f_θ(x_i) of net at its own parameters θ, for
// the rows x_i of x (n × d).
//
// It panics when x does not have as many columns as net has inputs. The error
// reports an empty x, an entry that is NaN or infinite, or factors larger than
// the memory budget. Cost: one forward pass and C backward passes; memory for
// n·Σ in + nC·Σ out numbers.
func At(net *nn.Network, x mat.Matrix) (*Features, error) {
	return at(net, x, settings{})
}

func at(net *nn.Network, x mat.Matrix, s settings) (*Features, error) {
	g, err := inputs(net, x)
	if err != nil {
		return nil, err
	}
	f := shell(net, g, []float64{1}, s)
	need := f.factorBytes()
	if err := budget.Check(fmt.Sprintf("tangent features of %d inputs", f.n), need, s.memory, "take fewer inputs"); err != nil {
		return nil, err
	}
	f.allocate(g)
	if err := f.fill(0, net, g, nil); err != nil {
		return nil, err
	}
	f.reduce()
	return f, nil
}

func inputs(net *nn.Network, x mat.Matrix) (blas64.General, error) {
	r, c := x.Dims()
	if r == 0 {
		return blas64.General{}, fmt.Errorf("tangent features need at least one input, got a 0 × %d matrix", c)
	}
	if c != net.Inputs() {
		panic(fmt.Sprintf("tangent: inputs are %d × %d, the network reads %d numbers", r, c, net.Inputs()))
	}
	g := linalg.General(x)
	return g, linalg.Finite("the input matrix", g)
}

// shell lays out the factors of features over the nodes' weights without
// memory for their values.
func shell(net *nn.Network, x blas64.General, weights []float64, s settings) *Features {
	f := &Features{net: net, n: x.Rows, c: net.Outputs(), weights: weights, settings: s, biases: true}
	ls := net.Layers()
	for l, layer := range ls {
		f.layers = append(f.layers, factor{
			in: layer.In, out: layer.Out, wscale: layer.WScale, bscale: layer.BScale, bias: layer.Bias,
			nodes: len(weights), unit: l == len(ls)-1,
		})
	}
	return f
}

// factorBytes estimates the memory of all factors.
func (f *Features) factorBytes() int64 {
	t, n, nc := int64(len(f.weights)), int64(f.n), int64(f.n*f.c)
	var words int64
	for l, k := range f.layers {
		if l > 0 {
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
	for l := range f.layers {
		k := &f.layers[l]
		if l == 0 {
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
		for l := 1; l < len(f.layers); l++ {
			copyRows(linalg.Rows(f.layers[l].h, t*f.n+lo, t*f.n+hi), pass.Input(l))
		}
		for c := range f.c {
			s := linalg.Rows(signal, 0, hi-lo)
			clear(s.Data)
			for i := range s.Rows {
				s.Data[i*s.Stride+c] = 1
			}
			if len(f.layers) == 1 {
				break // only the last layer, whose signal is known
			}
			pass.Backward(net, s)
			for l := range f.layers[:len(f.layers)-1] {
				d, from := f.layers[l].d, pass.Signal(l)
				for i := lo; i < hi; i++ {
					row := (t*f.n+i)*f.c + c
					copy(d.Data[row*d.Stride:row*d.Stride+d.Cols], from.Data[(i-lo)*from.Stride:])
				}
			}
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
	for l := range f.layers {
		k := &f.layers[l]
		if t == 1 {
			k.dmean = k.d
			continue
		}
		if !k.unit {
			k.dmean = f.mean(k.d, f.n*f.c)
		}
		switch {
		case l == 0 && k.unit:
			k.nodes = 1
		case l == 0:
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

func (f *Features) err() error {
	if f.ctx == nil {
		return nil
	}
	return f.ctx.Err()
}

// N is the number of inputs n.
func (f *Features) N() int { return f.n }

// Outputs is the number of outputs C.
func (f *Features) Outputs() int { return f.c }

// Params is the number of parameters P of the network, biases included.
func (f *Features) Params() int { return f.net.NumParams() }

// NumLayers is the number of layers.
func (f *Features) NumLayers() int { return len(f.layers) }

// Network is the network whose features these are; for an average, the
// network at the start of the segment.
func (f *Features) Network() *nn.Network { return f.net }

// Block sets how many inputs form a block of rows in Kernel and CrossKernel. The
// default, 0, lets the package choose. Smaller blocks take less memory.
func (f *Features) Block(rows int) *Features {
	g := *f
	g.block = rows
	return &g
}

// Memory sets the budget in bytes for what a call may take, in place of the
// one of the process ($ATF_MEMORY, or half of the free memory).
func (f *Features) Memory(bytes int64) *Features {
	g := *f
	g.memory = bytes
	return &g
}

// Context lets Kernel and CrossKernel be interrupted; they then return the context's
// error.
func (f *Features) Context(ctx context.Context) *Features {
	g := *f
	g.ctx = ctx
	return &g
}

// Progress has Kernel and CrossKernel report every finished block of rows.
func (f *Features) Progress(p Progress) *Features {
	g := *f
	g.progress = p
	return &g
}

// WithoutBiases leaves the features of the biases out of every product. Their
// places in parameter vectors stay, with features zero.
func (f *Features) WithoutBiases() *Features {
	g := *f
	g.biases = false
	return &g
}

// bscaleOf is the scale of layer l's bias features, 0 where there are none.
func (f *Features) bscaleOf(l int) float64 {
	if k := f.layers[l]; k.bias && f.biases {
		return k.bscale
	}
	return 0
}

// A Factor is one layer of tangent features at a single parameter vector. The
// gradient of output c at input i with respect to the weights is
// WScale·D[iC+c] H[i]ᵀ (out × in), with respect to the biases BScale·D[iC+c].
type Factor struct {
	H              blas64.General // n × in, the layer's inputs
	D              blas64.General // nC × out, the back-propagated signals
	WScale, BScale float64        // BScale is 0 without biases
}

// Factor gives the factors of layer l, shared and not to be written to. It
// panics for an averaged layer that is not one product.
func (f *Features) Factor(l int) Factor {
	k := f.layers[l]
	if k.nodes > 1 {
		panic(fmt.Sprintf("tangent: layer %d holds an average over %d nodes, which is no single product", l, k.nodes))
	}
	out := Factor{H: k.h, D: k.dmean, WScale: k.wscale, BScale: f.bscaleOf(l)}
	if k.unit {
		out.D = units(f.n, f.c)
	}
	return out
}

// units stacks the C unit vectors n times.
func units(n, c int) blas64.General {
	d := linalg.New(n*c, c)
	for r := range n * c {
		d.Data[r*c+r%c] = 1
	}
	return d
}
