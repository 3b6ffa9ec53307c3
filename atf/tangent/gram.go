package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// Kernel is the Gram matrix of the tangent kernel K(x_i, x_j) = ∇f(x_i)ᵀ∇f(x_j)
// over all layers and, unless WithoutBiases was asked for, biases: nC × nC, row
// i·C + c for input i and output c.
//
// Errors: a request beyond the memory budget, or the context's error. Cost:
// about n²·Σ(in + C²·out) multiplications for features at a parameter vector;
// an average over T nodes adds, for each layer between the first and the last,
// the smaller of (nC)²·in·out and T²·((nC)²·out + n²·in).
func (f *Features) Kernel() (*kernel.Gram, error) {
	return f.gram(f.all())
}

// LayerKernel is the part of Kernel that layer l (counted from 0) contributes;
// the parts of all layers add up to Kernel. It is an error when there is no layer
// l; the others are those of Kernel.
func (f *Features) LayerKernel(l int) (*kernel.Gram, error) {
	if err := f.checkLayer(l); err != nil {
		return nil, err
	}
	return f.gram([]int{l})
}

// CrossKernel is the kernel between two sets of inputs of the same network,
// K(x_i, z_j) for x_i of f and z_j of g: nC × mC. It is an error when the two
// belong to different architectures or nodes; other errors and cost are as for
// Kernel.
func (f *Features) CrossKernel(g *Features) (*mat.Dense, error) {
	return f.cross(g, f.all())
}

// LayerCrossKernel is the part of CrossKernel that layer l (counted from 0)
// contributes. It is an error when there is no layer l; the others are those of
// CrossKernel.
func (f *Features) LayerCrossKernel(g *Features, l int) (*mat.Dense, error) {
	if err := f.checkLayer(l); err != nil {
		return nil, err
	}
	return f.cross(g, []int{l})
}

func (f *Features) all() []int {
	ls := make([]int, len(f.layers))
	for l := range ls {
		ls[l] = l
	}
	return ls
}

func (f *Features) checkLayer(l int) error {
	if l < 0 || l >= len(f.layers) {
		return fmt.Errorf("tangent: layer %d of a network with %d layers with parameters, counted from 0", l, len(f.layers))
	}
	return nil
}

func (f *Features) gram(layers []int) (*kernel.Gram, error) {
	nc := f.n * f.c
	if err := f.checkProduct(f, layers); err != nil {
		return nil, err
	}
	k := linalg.New(nc, nc)
	if err := f.accumulate(k, f, layers, true); err != nil {
		return nil, err
	}
	linalg.MirrorUpper(k)
	return kernel.NewGram(f.n, f.c, k.Data), nil
}

func (f *Features) cross(g *Features, layers []int) (*mat.Dense, error) {
	if err := f.checkPeer(g); err != nil {
		return nil, err
	}
	if err := f.checkProduct(g, layers); err != nil {
		return nil, err
	}
	k := linalg.New(f.n*f.c, g.n*g.c)
	if err := f.accumulate(k, g, layers, false); err != nil {
		return nil, err
	}
	return mat.NewDense(k.Rows, k.Cols, k.Data), nil
}

func (f *Features) checkPeer(g *Features) error {
	same := len(f.weights) == len(g.weights) && f.biases == g.biases && len(f.places) == len(g.places)
	if same {
		a, b := f.net.Layers(), g.net.Layers()
		for l, at := range f.places {
			one, other := a[at], b[g.places[l]]
			same = same && f.records[l].shape() == g.records[l].shape() && one.WScale == other.WScale && one.BScale == other.BScale && one.Bias == other.Bias
		}
	}
	if !same {
		return fmt.Errorf("tangent: cross kernel of different features: %s and %s: both must come from networks of one architecture, at as many nodes", f.shape(), g.shape())
	}
	return nil
}

func (f *Features) shape() string {
	s := fmt.Sprintf("%d inputs, %d outputs, %d nodes, biases %v, layers", f.n, f.c, len(f.weights), f.biases)
	for _, k := range f.records {
		s += " " + k.shape()
	}
	return s
}

// checkProduct estimates what a kernel between f and g takes.
func (f *Features) checkProduct(g *Features, layers []int) error {
	rows, cols := int64(f.n*f.c), int64(g.n*g.c)
	var most int64
	for _, l := range layers {
		most = max(most, f.layers[l].Work(g.layers[l], f.products()))
	}
	what := fmt.Sprintf("tangent: a %d × %d kernel with its work space", rows, cols)
	return budget.Check(what, 8*rows*cols+most, f.set.Memory, smallerKernel)
}

const smallerKernel = "take fewer inputs, or part the inputs and use CrossKernel"

// checkKernels estimates so many kernels over n inputs and c outputs, before
// features are computed for them.
func (s Settings) checkKernels(count, n, c int) error {
	nc := int64(n) * int64(c)
	what := fmt.Sprintf("tangent: a %d × %d kernel", nc, nc)
	if count > 1 {
		what = fmt.Sprintf("tangent: %d kernels of %d × %d", count, nc, nc)
	}
	return budget.Check(what, 8*int64(count)*nc*nc, s.Memory, smallerKernel)
}

func (f *Features) products() feature.Products {
	return feature.Products{Rows: f.set.Block}
}

// accumulate adds the layers' parts to k; with symmetric (f and g the same)
// only the entries on and above the diagonal are sure to be right.
func (f *Features) accumulate(k blas64.General, g *Features, layers []int, symmetric bool) error {
	scratch := feature.Scratch{Interrupted: f.err}
	silence := progress.NewSilence()
	for at, l := range layers {
		scratch.Piece = func(done, total int) {
			if silence.Long() {
				f.set.Progress.Send(progress.Report{Task: "kernel", Done: at, Total: len(layers), Measure: "share of this layer", Value: float64(done) / float64(total)})
			}
		}
		var err error
		if symmetric {
			err = f.layers[l].Gram(k, f.products(), &scratch)
		} else {
			err = f.layers[l].Cross(g.layers[l], k, f.products(), &scratch)
		}
		if err != nil {
			return fmt.Errorf("tangent: kernel interrupted in layer %d, counted from 0: %w", l, err)
		}
		silence.Break()
		f.set.Progress.Send(progress.Report{Task: "kernel", Done: at + 1, Total: len(layers)})
	}
	return nil
}
