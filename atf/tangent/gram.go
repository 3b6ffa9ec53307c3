package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// defaultBlock is the number of inputs in a block of rows: large enough to
// keep a BLAS busy, small enough to profit from symmetry.
const defaultBlock = 256

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
// the parts of all layers add up to Kernel.
func (f *Features) LayerKernel(l int) (*kernel.Gram, error) {
	f.checkLayer(l)
	return f.gram([]int{l})
}

// CrossKernel is the kernel between two sets of inputs of the same network,
// K(x_i, z_j) for x_i of f and z_j of g: nC × mC. Errors and cost are as for
// Kernel. It panics when the two belong to different architectures or nodes.
func (f *Features) CrossKernel(g *Features) (*mat.Dense, error) {
	return f.cross(g, f.all())
}

// LayerCrossKernel is the part of CrossKernel that layer l contributes.
func (f *Features) LayerCrossKernel(g *Features, l int) (*mat.Dense, error) {
	f.checkLayer(l)
	return f.cross(g, []int{l})
}

func (f *Features) all() []int {
	ls := make([]int, len(f.layers))
	for l := range ls {
		ls[l] = l
	}
	return ls
}

func (f *Features) checkLayer(l int) {
	if l < 0 || l >= len(f.layers) {
		panic(fmt.Sprintf("tangent: layer %d of a network with %d layers", l, len(f.layers)))
	}
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
	f.checkPeer(g)
	if err := f.checkProduct(g, layers); err != nil {
		return nil, err
	}
	k := linalg.New(f.n*f.c, g.n*g.c)
	if err := f.accumulate(k, g, layers, false); err != nil {
		return nil, err
	}
	return mat.NewDense(k.Rows, k.Cols, k.Data), nil
}

func (f *Features) checkPeer(g *Features) {
	same := len(f.layers) == len(g.layers) && f.biases == g.biases
	for l := range f.layers {
		if !same {
			break
		}
		a, b := f.layers[l], g.layers[l]
		same = a.in == b.in && a.out == b.out && a.nodes == b.nodes && a.wscale == b.wscale && a.bscale == b.bscale && a.bias == b.bias
	}
	if !same {
		panic(fmt.Sprintf("tangent: cross kernel of different features: %s and %s", f.shape(), g.shape()))
	}
}

func (f *Features) shape() string {
	s := fmt.Sprintf("%d inputs, %d outputs, %d nodes, biases %v, layers", f.n, f.c, len(f.weights), f.biases)
	for _, k := range f.layers {
		s += fmt.Sprintf(" %d→%d", k.in, k.out)
	}
	return s
}

// checkProduct estimates what a kernel between f and g takes.
func (f *Features) checkProduct(g *Features, layers []int) error {
	rows, cols := int64(f.n*f.c), int64(g.n*g.c)
	words := rows * cols
	var most int64
	for _, l := range layers {
		k := f.layers[l]
		b := int64(f.blockRows())
		need := int64(k.in)*int64(g.n) + int64(k.out)*cols + b*int64(g.n) + b*int64(f.c)*cols
		if k.nodes > 1 && !f.pairsCheaper(g, l) {
			need = 2 * (rows + cols) * int64(k.in) * int64(f.chunk(g, l))
		}
		most = max(most, need)
	}
	what := fmt.Sprintf("a %d × %d kernel with its work space", rows, cols)
	return budget.Check(what, 8*(words+most), f.memory, "take fewer inputs, or part the inputs and use CrossKernel")
}

func (f *Features) blockRows() int {
	if f.block > 0 {
		return f.block
	}
	return max(defaultBlock/f.c, 1)
}

// accumulate adds the layers' parts to k; with symmetric (f and g the same)
// only the entries on and above the diagonal are sure to be right.
func (f *Features) accumulate(k blas64.General, g *Features, layers []int, symmetric bool) error {
	w := newWorkspace()
	for at, l := range layers {
		var err error
		switch {
		case f.layers[l].nodes == 1:
			err = f.addProduct(k, g, l, symmetric, w)
		case f.pairsCheaper(g, l):
			err = f.addPairs(k, g, l, symmetric, w)
		default:
			err = f.addOuter(k, g, l, symmetric, w)
		}
		if err != nil {
			return fmt.Errorf("kernel interrupted in layer %d: %w", l, err)
		}
		f.progress.Send(progress.Report{Task: "kernel", Done: at + 1, Total: len(layers)})
	}
	return nil
}

// workspace is memory that blocks and layers share.
type workspace struct {
	ht, dt, p1, p2, fa, fb, tr []float64
	product                    *linalg.Product
	hadamard                   *linalg.Hadamard
}

func newWorkspace() *workspace {
	return &workspace{product: linalg.NewProduct(), hadamard: linalg.NewHadamard()}
}

// addProduct adds the part of a layer with one pair of factors,
// (d_i·d_j)(wscale² h_i·h_j + bscale²).
func (f *Features) addProduct(k blas64.General, g *Features, l int, symmetric bool, w *workspace) error {
	a, b := f.layers[l], g.layers[l]
	ws, bs := a.wscale*a.wscale, f.bscaleOf(l)*g.bscaleOf(l)
	ht := linalg.Reuse(&w.ht, b.in, g.n)
	linalg.Transpose(ht, b.h)
	var dt blas64.General
	if !a.unit {
		dt = linalg.Reuse(&w.dt, b.out, g.n*g.c)
		linalg.Transpose(dt, b.dmean)
	}
	for lo := 0; lo < f.n; lo += f.blockRows() {
		if err := f.err(); err != nil {
			return err
		}
		hi := min(lo+f.blockRows(), f.n)
		from := 0
		if symmetric {
			from = lo
		}
		hh := linalg.Reuse(&w.p1, hi-lo, g.n-from)
		w.product.Plain(1, linalg.Rows(a.h, lo, hi), linalg.Cols(ht, from, g.n), 0, hh)
		dst := linalg.Cols(linalg.Rows(k, lo*f.c, hi*f.c), from*g.c, g.n*g.c)
		if a.unit {
			w.hadamard.AddUnit(dst, hh, f.c, ws, bs)
			continue
		}
		dd := linalg.Reuse(&w.p2, dst.Rows, dst.Cols)
		w.product.Plain(1, linalg.Rows(a.dmean, lo*f.c, hi*f.c), linalg.Cols(dt, from*g.c, g.n*g.c), 0, dd)
		w.hadamard.Add(dst, dd, hh, f.c, ws, bs)
	}
	return nil
}
