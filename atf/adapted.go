package atf

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// Kernel is the adapted kernel K_M(x_i, x_j) = ∇f_0(x_i)ᵀ M Mᵀ ∇f_0(x_j) of
// eq. (7) at the inputs of the problem: nC × nC, example-major. Frozen layers
// do not take part; fixed biases do, with M = I.
//
// A solution that was read back computes its features on the first call, and
// panics with the error where they do not fit into the memory budget.
func (s *Solution) Kernel() *kernel.Gram { return s.ownGram(-1) }

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
	for i, sp := range s.problem.outline().pieces {
		if layer >= 0 && sp.layer != layer {
			continue
		}
		part := &s.Parts[i]
		for j := sp.lo; j < sp.hi; j++ {
			w := s.transformation(sp, part, j)
			if symmetric {
				a[j].Gram(w, k, &sc)
			} else {
				a[j].Cross(b[j].Block, w, k, &sc)
			}
		}
		if g, ok := sp.piece.(*groupedPiece); ok {
			s.addGroups(k, g, sp, part, a, b)
		}
	}
}

// transformation is M Mᵀ on one source, as far as it is not rank one by group:
// I on the groups of more than one coefficient, or 0 where M has no such part.
func (s *Solution) transformation(sp span, part *Part, source int) feature.Weight {
	switch g := sp.piece.(type) {
	case *spectralPiece:
		return feature.Sides{Left: part.A.side(), Right: part.B.side()}
	case *groupedPiece:
		base := g.pen.Minimum()
		if g.whole != nil {
			return feature.Scalar(base)
		}
		if len(g.loners()) == 0 && base == 1 {
			return feature.Scalar(1)
		}
		at := 0
		for k := sp.lo; k < source; k++ {
			at += g.sizes[k-sp.lo]
		}
		coords := make([]float64, g.sizes[source-sp.lo])
		lone := g.loners()
		for i := range coords {
			coords[i] = 1
			if m := g.member[at+i]; m >= 0 && lone[m] {
				coords[i] = part.Scales[m] * part.Scales[m]
			} else if m >= 0 {
				coords[i] = base
			}
		}
		return feature.Coordinates(coords)
	}
	return feature.Scalar(1)
}

// loners are the groups of a single coefficient, whose M is a plain weight.
func (p *groupedPiece) loners() map[int32]bool {
	if p.alone == nil {
		count := make([]int, p.groups)
		for _, m := range p.member {
			if m >= 0 {
				count[m]++
			}
		}
		p.alone = map[int32]bool{}
		for g, c := range count {
			if c == 1 {
				p.alone[int32(g)] = true
			}
		}
	}
	return p.alone
}

// addGroups adds Σ_g (s_g² − 1)/‖β_g‖² · g_g(x) g_g(x')ᵀ with
// g_g(x) = ∇f_0(x)ᵀβ_g: the rank-one parts of Theorem 1. For a penalty with its
// minimum at 0 it is s_g² in place of s_g² − 1.
func (s *Solution) addGroups(k blas64.General, g *groupedPiece, sp span, part *Part, a, b []placed) {
	var cols []int // the groups that count, by their column or −1
	slot := make([]int, g.groups)
	for i := range slot {
		slot[i] = -1
		if g.whole == nil && g.loners()[int32(i)] || part.Norms[i] == 0 || part.Scales[i] == g.pen.Minimum() {
			continue
		}
		slot[i] = len(cols)
		cols = append(cols, i)
	}
	if len(cols) == 0 {
		return
	}
	ga := s.groupFits(g, sp, a, slot, len(cols), k.Rows)
	gb := s.groupFits(g, sp, b, slot, len(cols), k.Cols)
	for j, i := range cols {
		f := (part.Scales[i]*part.Scales[i] - g.pen.Minimum()) / (part.Norms[i] * part.Norms[i])
		for r := range ga.Rows {
			ga.Data[r*ga.Stride+j] *= f
		}
	}
	var buf []float64
	linalg.AddCross(1, ga, gb, &buf, k)
}

// groupFits is G_gβ_g for every group, in columns.
func (s *Solution) groupFits(g *groupedPiece, sp span, src []placed, slot []int, cols, rows int) blas64.General {
	out := linalg.New(rows, cols)
	at := 0
	for k := range g.sizes {
		p := src[sp.lo+k]
		beta := s.coef[p.from : p.from+p.count]
		if g.whole != nil {
			if c := slot[g.whole[k]]; c >= 0 {
				v := make([]float64, rows)
				p.Apply(beta, v)
				for r, x := range v {
					out.Data[r*cols+c] += x
				}
			}
		} else {
			column := make([]int, p.count)
			for i := range column {
				column[i] = -1
				if m := g.member[at+i]; m >= 0 {
					column[i] = slot[m]
				}
			}
			p.Scatter(beta, column, out)
		}
		at += g.sizes[k]
	}
	return out
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
