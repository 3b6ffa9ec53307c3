package atf

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/solver"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// Kernel is the adapted kernel K_M(x_i, x_j) = ∇f_0(x_i)ᵀ M Mᵀ ∇f_0(x_j) of
// eq. (7) at the inputs of the problem: nC × nC, example-major. Frozen layers
// do not take part; fixed biases do, with M = I.
//
// A solution that was read back computes its features on the first call, and
// panics with the error where they do not fit into the memory budget: call Ready
// first where that may be. KernelAt has an error of its own.
func (s *Solution) Kernel() *kernel.Gram { return s.ownGram(-1) }

// Ready computes what Kernel and LayerKernel need of a solution that was read
// back, the tangent features at the problem's inputs; one that Solve gave has
// them. Where Ready gives no error those do not panic for want of memory. Errors
// are those of Solve before its first step.
func (s *Solution) Ready() error { return s.inputs.use(func(*system) {}) }

// LayerKernel is the part of Kernel that layer l contributes, its biases
// included; the parts of all layers add up to Kernel. It panics when M was not
// chosen layer by layer, since no part belongs to one layer then.
func (s *Solution) LayerKernel(l int) *kernel.Gram {
	if err := s.checkLayered(l); err != nil {
		panic(err)
	}
	return s.ownGram(l)
}

func (s *Solution) ownGram(layer int) (k *kernel.Gram) {
	err := s.inputs.use(func(sys *system) { k = s.gram(sys.sources, sys.rows, layer) })
	if err != nil {
		panic(err)
	}
	return k
}

// KernelAt is the adapted kernel at new inputs x (m × d): mC × mC, the Gram
// matrix that Kernel gives at the problem's own. Errors are those of
// CrossKernel.
func (s *Solution) KernelAt(x mat.Matrix) (*kernel.Gram, error) { return s.gramAt(x, -1) }

// LayerKernelAt is the part of KernelAt that layer l contributes. It is an
// error when M was not chosen layer by layer.
func (s *Solution) LayerKernelAt(l int, x mat.Matrix) (*kernel.Gram, error) {
	if err := s.checkLayered(l); err != nil {
		return nil, err
	}
	return s.gramAt(x, l)
}

func (s *Solution) gramAt(x mat.Matrix, layer int) (*kernel.Gram, error) {
	if err := s.checkKernel(x, x); err != nil {
		return nil, err
	}
	a, rows, err := s.sourcesAt(x)
	if err != nil {
		return nil, err
	}
	return s.gram(a, rows, layer), nil
}

func (s *Solution) gram(a []placed, rows, layer int) *kernel.Gram {
	k := linalg.New(rows, rows)
	s.accumulate(k, a, a, layer, true)
	linalg.MirrorUpper(k)
	c := s.problem.outputs
	return kernel.NewGram(rows/c, c, k.Data)
}

func (s *Solution) checkLayered(l int) error {
	if !s.problem.layered {
		return fmt.Errorf("atf: kernels by layer need a structure by layer, such as Layerwise")
	}
	return s.problem.checkLayer(l)
}

// CrossKernel is the adapted kernel between new inputs x (m × d) and z
// (k × d): mC × kC. For a problem from a feature matrix x and z are rows of
// features.
//
// Errors: inputs of another width than the problem's; a problem from a Gram
// matrix, which knows no other inputs; those of tangent.At.
func (s *Solution) CrossKernel(x, z mat.Matrix) (*mat.Dense, error) {
	return s.between(x, z, -1)
}

// LayerCrossKernel is the part of CrossKernel that layer l contributes.
func (s *Solution) LayerCrossKernel(l int, x, z mat.Matrix) (*mat.Dense, error) {
	if err := s.checkLayered(l); err != nil {
		return nil, err
	}
	return s.between(x, z, l)
}

func (s *Solution) between(x, z mat.Matrix, layer int) (*mat.Dense, error) {
	if err := s.checkKernel(x, z); err != nil {
		return nil, err
	}
	a, rows, err := s.sourcesAt(x)
	if err != nil {
		return nil, err
	}
	b, cols, err := s.sourcesAt(z)
	if err != nil {
		return nil, err
	}
	k := linalg.New(rows, cols)
	s.accumulate(k, a, b, layer, false)
	return mat.NewDense(rows, cols, k.Data), nil
}

// checkKernel estimates the kernel between x and z before their features are
// computed.
func (s *Solution) checkKernel(x, z mat.Matrix) error {
	p := s.problem
	rows, _ := x.Dims()
	cols, _ := z.Dims()
	if p.net != nil {
		rows, cols = rows*p.outputs, cols*p.outputs
	}
	return budget.Check(fmt.Sprintf("atf: a %d × %d kernel", rows, cols), 8*int64(rows)*int64(cols), p.set.memory, "take fewer inputs, or part them")
}

// sourcesAt makes the problem's sources for other inputs.
func (s *Solution) sourcesAt(x mat.Matrix) ([]placed, int, error) {
	p := s.problem
	switch r, c := x.Dims(); {
	case p.net != nil:
		if c != p.net.Inputs() && r > 0 {
			return nil, 0, fmt.Errorf("atf: new inputs are %d × %d, the network reads %d numbers", r, c, p.net.Inputs())
		}
		f, err := tangent.Settings{Memory: p.set.memory}.At(p.net, x)
		if err != nil {
			return nil, 0, err
		}
		return p.place(f), f.N() * p.outputs, nil
	case p.features != nil:
		if _, cols := p.features.Dims(); c != cols || r%p.outputs != 0 {
			return nil, 0, fmt.Errorf("atf: new features are %d × %d, the problem has %d columns and %d outputs for each input", r, c, cols, p.outputs)
		}
		g := linalg.General(x)
		if err := linalg.Finite("atf: the feature matrix", g); err != nil {
			return nil, 0, err
		}
		return p.placeDense(g), r, nil
	}
	return nil, 0, fmt.Errorf("atf: a problem from a Gram matrix knows no other inputs: take PredictGram with their kernel to the problem's inputs")
}

// accumulate adds the adapted kernel between sources a and b.
func (s *Solution) accumulate(k blas64.General, a, b []placed, layer int, symmetric bool) {
	var sc feature.Scratch
	left, right := blocks(a), blocks(b)
	for i, sp := range s.problem.outline().pieces {
		if layer >= 0 && sp.layer != layer {
			continue
		}
		part := &s.Parts[i]
		d := solver.Description{A: solver.Side(part.A), B: solver.Side(part.B), Norms: part.Norms, Scales: part.Scales}
		sp.AddKernel(k, d, s.coef[sp.from:sp.to], left[sp.lo:sp.hi], right[sp.lo:sp.hi], symmetric, &sc)
	}
}

// Predict gives the fitted model f_0(x) + ∇f_0(x)ᵀβ at new inputs (m × d):
// m × C. For a problem from a feature matrix x holds rows of features and
// f_0 = 0. Errors are those of CrossKernel.
func (s *Solution) Predict(x mat.Matrix) (*mat.Dense, error) {
	g, err := s.FittedChange(x)
	if err != nil || s.problem.net == nil {
		return g, err
	}
	g.Add(g, s.problem.net.Predict(x))
	return g, nil
}

// FittedChange is the fitted change of the output alone, g(x) = ∇f_0(x)ᵀβ:
// m × C. Errors are those of CrossKernel.
func (s *Solution) FittedChange(x mat.Matrix) (*mat.Dense, error) { return s.change(x, -1) }

// PredictGram is FittedChange for a problem from a Gram matrix: cross is the kernel
// of new inputs to the problem's, mC × nC. Structures that a Gram matrix
// carries do not change predictions, so they are those of the kernel regression
// that fits Fit.
//
// Errors: cross has not nC columns; an entry that is NaN or infinite; a problem
// that knows its features; the Gram matrix is singular.
func (s *Solution) PredictGram(cross mat.Matrix) (*mat.Dense, error) {
	k := s.problem.gram
	if k == nil {
		return nil, fmt.Errorf("atf: PredictGram is for problems from a Gram matrix; this one knows its features: take Predict")
	}
	if m, n := cross.Dims(); n != k.SymmetricDim() || m%k.Outputs() != 0 {
		return nil, fmt.Errorf("atf: a cross kernel of %d × %d for a problem with %d inputs and %d outputs, which wants mC × %d", m, n, k.N(), k.Outputs(), k.SymmetricDim())
	}
	r, err := kernel.Ridgeless(k, s.Fit)
	if err != nil {
		return nil, err
	}
	return r.Predict(cross)
}
