package atf

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/solver"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// A placed block knows where its coefficients lie.
type placed struct {
	feature.Block
	slot
}

// A span is a part of M with the sources [lo, hi) that it acts on.
type span struct {
	solver.Part
	label    string
	layer    int // −1: all parameters
	lo, hi   int // sources
	from, to int // coefficients
}

// system is a problem ready to be solved.
type system struct {
	rows, c int
	size    int // coefficients
	sources []placed
	pieces  []span
	yhat    []float64 // nC
	f0      []float64 // nC; nil for 0
	y       []float64 // nC, for classification
}

func (p *Problem) frozen(l int) bool {
	return p.layered && p.structureOf(l).kind == kindFrozen
}

// joined says that layer l's biases are part of its matrix.
func (p *Problem) joined(l int) bool {
	return p.homogeneous && p.layered && p.structureOf(l).kind == kindSpectral
}

// place makes the sources for tangent features f of the problem's network.
func (p *Problem) place(f *tangent.Features) []placed {
	var out []placed
	for _, at := range p.layout() {
		layer := f.Layer(at.layer).Keeping()
		block := layer.Blocks()[0]
		switch {
		case at.width == 0:
			block = layer.Blocks()[1] // the biases
		case p.joined(at.layer):
			block = layer.Joined()
		}
		out = append(out, placed{block, at})
	}
	return out
}

// placeDense makes the sources of an explicit feature matrix, or of a square
// root of the Gram matrix.
func (p *Problem) placeDense(g blas64.General) []placed {
	var out []placed
	for _, at := range p.layout() {
		from := at.theta[0]
		out = append(out, placed{feature.NewColumns(linalg.Cols(g, from, from+at.count), 1, at.out, at.in), at})
	}
	return out
}

// assemble checks the problem and lays it out.
func (p *Problem) assemble() (*system, error) {
	return p.assembleReporting(func(string, int, int) {})
}

// assembleReporting reports the shares of what may take long.
func (p *Problem) assembleReporting(phase func(what string, done, total int)) (*system, error) {
	if p.err != nil {
		return nil, p.err
	}
	if p.targets == nil {
		return nil, fmt.Errorf("atf: the problem has no targets: set them by Targets (y) or Residuals (ŷ = y − f₀)")
	}
	s := &system{c: p.outputs}
	if err := p.checkFinite(); err != nil {
		return nil, err
	}
	if err := p.checkStructures(); err != nil {
		return nil, err
	}
	nc := int64(p.n() * p.outputs)
	if err := budget.Check(fmt.Sprintf("the adaptive problem's Gram matrices of %d × %d", nc, nc), 8*6*nc*nc, p.set.memory, "take fewer inputs"); err != nil {
		return nil, err
	}
	switch {
	case p.net != nil:
		report := func(r Report) { phase(r.Task, r.Done, r.Total) }
		f, err := tangent.Settings{Memory: p.set.memory, Context: p.set.ctx, Progress: report}.At(p.net, p.x)
		if err != nil {
			return nil, err
		}
		s.sources = p.place(f)
		f0 := linalg.General(p.net.Predict(p.x))
		s.f0 = f0.Data[:f0.Rows*f0.Cols]
	case p.features != nil:
		s.sources = p.placeDense(p.features.RawMatrix())
	default:
		phase("root of the Gram matrix", 0, 1)
		g, err := root(p.gram)
		if err != nil {
			return nil, err
		}
		s.sources = p.placeDense(g)
	}
	if len(s.sources) == 0 {
		return nil, fmt.Errorf("atf: every layer is frozen: nothing is left to fit the targets with")
	}
	s.rows, s.size = int(nc), coefficients(p.layout())
	if err := p.checkMemory(s); err != nil {
		return nil, err
	}
	p.setTargets(s)
	p.divide(s)
	return s, nil
}

func (p *Problem) checkFinite() error {
	if err := linalg.Finite("atf: the target matrix", p.targets.RawMatrix()); err != nil {
		return err
	}
	if p.n() == 0 {
		return fmt.Errorf("atf: the problem has no inputs")
	}
	switch {
	case p.features != nil:
		return linalg.Finite("atf: the feature matrix", p.features.RawMatrix())
	case p.gram != nil:
		return linalg.Finite("atf: the Gram matrix", p.gram.RawMatrix())
	}
	return nil // tangent checks the inputs
}

// checkMemory counts what the solver keeps besides the Gram matrices.
func (p *Problem) checkMemory(s *system) error {
	what := fmt.Sprintf("solving for %d coefficients on %d equations", s.size, s.rows)
	plain := solver.Memory(blocks(s.sources), true)
	least := budget.Check(what, plain, p.set.memory, "take fewer inputs or a smaller network")
	if least != nil || p.set.alternate {
		return least
	}
	return budget.Check(what, solver.Memory(blocks(s.sources), false), p.set.memory,
		fmt.Sprintf("Alternation, which keeps no steps, needs %s; or take fewer inputs or a smaller network", budget.Size(plain)))
}

// root is a square feature matrix with the given Gram matrix: UᵀU = K, rows of
// Uᵀ.
func root(k *kernel.Gram) (blas64.General, error) {
	if _, err := kernel.Factorize(k, 0); err != nil {
		return blas64.General{}, err
	}
	n := k.SymmetricDim()
	u := linalg.New(n, n)
	copy(u.Data, k.RawMatrix().Data)
	if _, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Upper, N: n, Stride: n, Data: u.Data}); !ok {
		return u, &kernel.SingularError{Rows: n, Condition: 1e16, Twins: [2]int{-1, -1}}
	}
	g := linalg.New(n, n)
	for i := range n {
		for j := range i + 1 {
			g.Data[i*n+j] = u.Data[j*n+i]
		}
	}
	return g, nil
}

// setTargets lays out y and ŷ = y − f₀, example-major.
func (p *Problem) setTargets(s *system) {
	s.y = mat.DenseCopyOf(p.targets).RawMatrix().Data
	s.yhat = append([]float64(nil), s.y...)
	if p.residuals {
		return
	}
	for r, v := range s.f0 {
		s.yhat[r] -= v
	}
}

func (p *Problem) checkStructures() error {
	switch p.loss {
	case lossLogistic:
		if p.outputs != 1 {
			return fmt.Errorf("atf: the logistic loss is for one output, the problem has %d: take Softmax", p.outputs)
		}
	case lossSoftmax:
		if p.outputs < 2 {
			return fmt.Errorf("atf: the softmax loss needs at least two outputs, the problem has one: take Logistic")
		}
	}
	if p.loss == lossLogistic || p.loss == lossSoftmax {
		if p.residuals {
			return fmt.Errorf("atf: a classification loss wants the labels themselves: set them by Targets, not Residuals")
		}
		check := solver.CheckSigns
		if p.loss == lossSoftmax {
			check = solver.CheckProbabilities
		}
		if err := check(p.targets); err != nil {
			return err
		}
	}
	if !p.layered {
		if p.gram != nil && p.whole.kind != kindFixed && p.whole.kind != kindUnstructured {
			return fmt.Errorf("atf: %v needs the features themselves; a Gram matrix serves M = I and Unstructured: use Tangent or FromFeatures", p.whole)
		}
		total := 0
		switch {
		case p.net != nil:
			total = p.net.NumParams()
		case p.features != nil:
			_, total = p.features.Dims()
		}
		return p.whole.validate("atf", total)
	}
	if p.gram != nil {
		return fmt.Errorf("atf: a Gram matrix has no layers: use Tangent, or FromFeatures with Matrices")
	}
	for l := range p.numLayers() {
		total := 0
		if p.net != nil {
			place := p.net.ParamLayers()[l]
			weights := p.net.Weight(place)
			total = weights.Rows*weights.Cols + len(p.net.Bias(place))
		} else if len(p.shapes) > 0 {
			total = p.shapes[l].Out * p.shapes[l].In
		} else {
			_, total = p.features.Dims()
		}
		if err := p.structureOf(l).validate(fmt.Sprintf("atf: layer %d, counted from 0", l), total); err != nil {
			return err
		}
	}
	return nil
}

// divide cuts the coefficients into the pieces that M consists of.
func (p *Problem) divide(s *system) {
	if !p.layered {
		s.add(p.whole, -1, 0, len(s.sources))
		return
	}
	for lo := 0; lo < len(s.sources); {
		hi := lo + 1
		l := s.sources[lo].layer
		for hi < len(s.sources) && s.sources[hi].layer == l {
			hi++
		}
		st := p.structureOf(l)
		if st.kind == kindSpectral || st.kind == kindFixed {
			// Biases that are not joined to the matrix stay as they are.
			s.add(st, l, lo, lo+1)
			if lo+1 < hi {
				s.add(Fixed(), l, lo+1, hi)
			}
		} else {
			s.add(st, l, lo, hi)
		}
		lo = hi
	}
}

func (s *system) add(st Structure, layer, lo, hi int) {
	sp := span{layer: layer, lo: lo, hi: hi, label: st.String(), from: s.sources[lo].from, to: s.sources[hi-1].from + s.sources[hi-1].count}
	sizes := make([]int, 0, hi-lo)
	for _, src := range s.sources[lo:hi] {
		sizes = append(sizes, src.count)
	}
	switch st.kind {
	case kindFixed:
		sp.Part = solver.Fixed(hi - lo)
	case kindUnstructured:
		sp.Part = solver.Unstructured(st.a, sizes)
	case kindDiagonal:
		sp.Part = solver.Diagonal(st.a, sizes)
	case kindBlocks:
		sp.Part = solver.Blocks(st.a, sizes, st.groups)
	case kindSpectral:
		m := s.sources[lo].slot
		sp.Part = solver.Spectral(st.a, st.b, m.out, m.in)
	}
	s.pieces = append(s.pieces, sp)
}
