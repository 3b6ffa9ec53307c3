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

type wireSolution struct {
	Problem      wireProblem
	Coef         []float64
	Multiplier   []float64
	Fit          *mat.Dense
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

// GobEncode implements gob.GobEncoder. The inputs, the network and the
// settings go along, so that a solution read back predicts and gives kernels
// as before. A custom penalty, which holds a function, is an error.
func (s *Solution) GobEncode() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(wireSolution{
		Problem: s.problem.wire(), Coef: s.coef, Multiplier: s.Multiplier, Fit: s.Fit, Certificates: s.Certificates,
	})
	if err != nil {
		return nil, fmt.Errorf("atf: a solution cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// GobDecode implements gob.GobDecoder.
func (s *Solution) GobDecode(data []byte) error {
	var w wireSolution
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&w); err != nil {
		return fmt.Errorf("atf: no solution can be read: %w", err)
	}
	p := w.Problem.problem()
	sys, err := p.assemble()
	if err != nil {
		return fmt.Errorf("atf: a solution read back: %w", err)
	}
	if len(w.Coef) != sys.size {
		return fmt.Errorf("atf: a solution with %d coefficients for a problem with %d: the data is damaged or of another version", len(w.Coef), sys.size)
	}
	*s = Solution{Multiplier: w.Multiplier, Fit: w.Fit, Certificates: w.Certificates, problem: p, coef: w.Coef, sys: sys}
	return s.describe()
}
