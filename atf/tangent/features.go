package tangent

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Features are the tangent features of a network at n inputs: ∇f(x_i) ∈
// R^{P×C}, at one parameter vector or averaged over the nodes of a segment,
// kept as factors per layer. Make them with At or Along.
//
// The setters Block, Memory, Context, Progress and WithoutBiases return a copy
// that shares the factors.
type Features struct {
	net     *nn.Network
	n, c    int
	weights []float64       // of the nodes; one node of weight 1 at a parameter vector
	places  []int           // of the layers with parameters, among the network's
	records []record        // by layer
	layers  []feature.Layer // the same, with their algebra
	batch   int             // of inputs in a pass
	biases  bool
	set     Settings
}

// At gives the tangent features ∇f_θ(x_i) of net at its own parameters θ, for
// the rows x_i of x (n × d).
//
// The error reports an x that is empty or has not as many columns as net has
// inputs, an entry that is NaN or infinite, or factors larger than the memory
// budget. Cost: one forward pass and C backward passes; memory for
// n·Σ in + nC·Σ out numbers. Settings.At does the same within a budget or a
// context of the caller's, and reports its progress.
func At(net *nn.Network, x mat.Matrix) (*Features, error) { return Settings{}.At(net, x) }

// NTK is the Gram matrix of net's tangent kernel K_θ(x_i, x_j) = ∇f_θ(x_i)ᵀ∇f_θ(x_j)
// at its own parameters θ (section 2.1 of the paper), for the rows of x (n × d):
// nC × nC. Errors are those of At and Features.Kernel; a kernel beyond the memory
// budget is refused before the features are computed.
func NTK(net *nn.Network, x mat.Matrix) (*kernel.Gram, error) { return Settings{}.NTK(net, x) }

func inputs(net *nn.Network, x mat.Matrix) (blas64.General, error) {
	r, c := x.Dims()
	if r == 0 {
		return blas64.General{}, fmt.Errorf("tangent: features need at least one input, got a 0 × %d matrix", c)
	}
	if c != net.Inputs() {
		return blas64.General{}, fmt.Errorf("tangent: inputs are %d × %d, the network reads %d numbers: pass one input a row", r, c, net.Inputs())
	}
	g := linalg.General(x)
	return g, linalg.Finite("tangent: the input matrix", g)
}

func (f *Features) err() error {
	if f.set.Context == nil {
		return nil
	}
	return f.set.Context.Err()
}

// N is the number of inputs n.
func (f *Features) N() int { return f.n }

// Outputs is the number of outputs C.
func (f *Features) Outputs() int { return f.c }

// Params is the number of parameters P of the network, biases included.
func (f *Features) Params() int { return f.net.NumParams() }

// NumLayers is the number of layers with parameters, which are the layers counted
// here and in the paper's Theorem 2.
func (f *Features) NumLayers() int { return len(f.records) }

// Network is the network whose features these are; for an average, the
// network at the start of the segment.
func (f *Features) Network() *nn.Network { return f.net }

// Block sets how many inputs form a block of rows in Kernel and CrossKernel. The
// default, 0, lets the package choose. Smaller blocks take less memory.
func (f *Features) Block(rows int) *Features {
	g := *f
	g.set.Block = rows
	return &g
}

// Memory sets the budget in bytes for what a call may take, in place of the
// one of the process ($ATF_MEMORY, or half of the free memory).
func (f *Features) Memory(bytes int64) *Features {
	g := *f
	g.set.Memory = bytes
	return &g
}

// Context lets Kernel and CrossKernel be interrupted; they then return the context's
// error.
func (f *Features) Context(ctx context.Context) *Features {
	g := *f
	g.set.Context = ctx
	return &g
}

// Progress has Kernel and CrossKernel report every finished layer and, of a layer
// that takes more than two seconds, the share that is done.
func (f *Features) Progress(p Progress) *Features {
	g := *f
	g.set.Progress = p
	return &g
}

// WithoutBiases leaves the features of the biases out of every product. Their
// places in parameter vectors stay, with features zero.
func (f *Features) WithoutBiases() *Features {
	g := *f
	g.biases = false
	g.assemble()
	return &g
}
