package atf

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// What a problem and a solution are, as they are written. Contexts, progress
// callbacks, memory budgets and warm starts belong to one run and stay behind.
type wireStructure struct {
	Kind   int
	A, B   penalty.Penalty
	Groups [][]int
}

type wireProblem struct {
	Network     *nn.Network
	Features    *mat.Dense
	Gram        *kernel.Gram
	X           *mat.Dense
	Outputs     int
	Shapes      []Shape
	Targets     *mat.Dense
	Residuals   bool
	Whole       wireStructure
	Layered     bool
	Layers      map[int]wireStructure
	SideA       penalty.Penalty
	SideB       penalty.Penalty
	Homogeneous bool
	Loss        int
	Rho         float64
	Tolerance   float64
	MaxIter     int
	Restarts    int
	Seed        uint64
	LambdaFrom  float64
	LambdaSteps int
	Alternate   bool
	Warm        string
}

// form is the number of the form in which solutions are written. It stands
// before everything else, so that data of another form is recognised.
const form = 2

type wireSolution struct {
	Problem      wireProblem
	Coef, Theta  *mat.VecDense // written as they lie in memory, which gob's own slices are not
	Multiplier   []float64
	Fit          *mat.Dense
	Parts        []Part // without Beta, which Coef holds
	Certificates Certificates
}

func (s Structure) wire() wireStructure {
	return wireStructure{Kind: int(s.kind), A: s.a, B: s.b, Groups: s.groups}
}

func (w wireStructure) structure() Structure {
	return Structure{kind: structureKind(w.Kind), a: w.A, b: w.B, groups: w.Groups}
}

func (p *Problem) wire() wireProblem {
	w := wireProblem{
		Network: p.net, Features: p.features, Gram: p.gram, X: p.x, Outputs: p.outputs, Shapes: p.shapes,
		Targets: p.targets, Residuals: p.residuals, Whole: p.whole.wire(), Layered: p.layered, Layers: map[int]wireStructure{},
		SideA: p.sideA, SideB: p.sideB, Homogeneous: p.homogeneous, Loss: int(p.loss), Rho: p.rho,
		Tolerance: p.set.tol, MaxIter: p.set.maxIter, Restarts: p.set.restarts, Seed: p.set.seed,
		LambdaFrom: p.set.lambdaFrom, LambdaSteps: p.set.lambdaSteps, Alternate: p.set.alternate, Warm: p.warmKey(),
	}
	for l, s := range p.layers {
		w.Layers[l] = s.wire()
	}
	return w
}

func (w wireProblem) problem() *Problem {
	p := &Problem{
		net: w.Network, features: w.Features, gram: w.Gram, x: w.X, outputs: w.Outputs, shapes: w.Shapes,
		targets: w.Targets, residuals: w.Residuals, whole: w.Whole.structure(), layered: w.Layered, layers: map[int]Structure{},
		sideA: w.SideA, sideB: w.SideB, homogeneous: w.Homogeneous, loss: lossKind(w.Loss), rho: w.Rho,
	}
	p.set = settings{
		tol: w.Tolerance, maxIter: w.MaxIter, restarts: w.Restarts, seed: w.Seed,
		lambdaFrom: w.LambdaFrom, lambdaSteps: w.LambdaSteps, alternate: w.Alternate, warmKey: w.Warm,
	}
	for l, s := range w.Layers {
		p.layers[l] = s.structure()
	}
	return p
}

// GobEncode implements gob.GobEncoder. Written are the problem (network, inputs,
// targets, structure, settings), β and θ, the multiplier, the fit, the
// certificates, and of every part the singular values or norms with A and B as
// identity plus low rank. The tangent features are not: a solution read back
// computes them when Kernel first needs them, and predicts at new inputs without.
// A custom penalty, which holds a function, is an error.
func (s *Solution) GobEncode() ([]byte, error) {
	w := wireSolution{
		Problem: s.problem.wire(), Coef: wireVector(s.coef), Theta: wireVector(s.Theta), Multiplier: s.Multiplier, Fit: s.Fit,
		Parts: append([]Part(nil), s.Parts...), Certificates: s.Certificates,
	}
	for i := range w.Parts {
		w.Parts[i].Beta = nil
	}
	var b bytes.Buffer
	e := gob.NewEncoder(&b)
	if err := e.Encode(form); err != nil {
		return nil, fmt.Errorf("atf: a solution cannot be written: %w", err)
	}
	if err := e.Encode(w); err != nil {
		return nil, fmt.Errorf("atf: a solution cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// GobDecode implements gob.GobDecoder. It reads and computes nothing. Errors:
// damaged data; data of another version of this package, which has to be made
// again.
func (s *Solution) GobDecode(data []byte) error {
	d := gob.NewDecoder(bytes.NewReader(data))
	var is int
	if err := d.Decode(&is); err != nil || is != form {
		return fmt.Errorf("atf: no solution can be read: the data is damaged, or another version of this package wrote it: solve again, and remove it from the cache")
	}
	var w wireSolution
	if err := d.Decode(&w); err != nil {
		return fmt.Errorf("atf: no solution can be read: %w", err)
	}
	p := w.Problem.problem()
	if err := p.checkSource(); err != nil {
		return err
	}
	outline, coef, theta := p.outline(), vectorOf(w.Coef), vectorOf(w.Theta)
	if n := coefficients(p.layout()); len(coef) != n || len(w.Parts) != len(outline.pieces) || len(theta) != p.numParams() {
		return fmt.Errorf("atf: a solution with %d coefficients in %d parts for a problem with %d in %d: the data is damaged", len(coef), len(w.Parts), n, len(outline.pieces))
	}
	for i, sp := range outline.pieces {
		if m := outline.sources[sp.lo]; w.Parts[i].SingularValues != nil {
			w.Parts[i].Beta = mat.NewDense(m.out, m.in, append([]float64(nil), coef[sp.from:sp.to]...))
		}
	}
	*s = Solution{
		Theta: theta, Multiplier: w.Multiplier, Fit: w.Fit, Parts: w.Parts, Certificates: w.Certificates,
		problem: p, coef: coef, inputs: rebuild(p),
	}
	if p.gram == nil {
		s.Beta = p.user(s.coef)
	}
	return nil
}

func wireVector(v []float64) *mat.VecDense {
	if len(v) == 0 {
		return nil
	}
	return mat.NewVecDense(len(v), v)
}

func vectorOf(w *mat.VecDense) []float64 {
	if w == nil {
		return nil
	}
	return w.RawVector().Data
}

// checkSource says what is wrong with a problem that was read back before
// anything is computed from it.
func (p *Problem) checkSource() error {
	if p.net == nil && p.features == nil && p.gram == nil || p.outputs < 1 || p.targets == nil {
		return fmt.Errorf("atf: no solution can be read: the data lacks the problem")
	}
	return nil
}
