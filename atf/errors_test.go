package atf

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// refused solves p and wants an error that says all of the words and no
// solution.
func refused(t *testing.T, p *Problem, words ...string) error {
	t.Helper()
	s, err := p.Solve()
	if err == nil || s != nil {
		t.Errorf("no error, but %v; wanted one with %q", s, words)
		return err
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
	if !strings.HasPrefix(err.Error(), "atf: ") && !strings.Contains(err.Error(), "budget") && !strings.Contains(err.Error(), "kernel: ") {
		t.Errorf("error %q does not say where it comes from", err)
	}
	return err
}

// panics wants a panic that says all of the words.
func panics(t *testing.T, f func(), words ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		got := fmt.Sprint(recover())
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("panic %q does not say %q", got, w)
			}
		}
	}()
	f()
}

func plainProblem() *Problem {
	src := source2(91, 1)
	return FromFeatures(randomMatrix(src, 4, 12)).Matrices(Shape{2, 3}, Shape{3, 2}).Targets(randomMatrix(src, 4, 1))
}

func TestSettersRefuse(t *testing.T) {
	p := plainProblem()
	w := penalty.Squared(1)
	nan, inf := math.NaN(), math.Inf(1)
	for _, tol := range []float64{0, -1e-6, nan, 1, inf} {
		refused(t, p.Tolerance(tol), "tolerance", fmt.Sprint(tol))
	}
	for _, rho := range []float64{0, -1, nan, inf} {
		refused(t, p.Ridge(rho), "ρ", fmt.Sprint(rho))
		refused(t, p.Logistic(rho), "ρ")
		refused(t, p.Softmax(rho), "ρ")
	}
	refused(t, p.MaxIterations(0), "iteration", "0")
	refused(t, p.Restarts(-1, 1), "restarts", "-1")
	for _, c := range []struct {
		from  float64
		steps int
	}{{0, 3}, {-1, 3}, {nan, 3}, {inf, 3}, {10, 0}} {
		refused(t, p.Continuation(c.from, c.steps), "continuation")
	}
	refused(t, p.WithOutputs(3), "3 outputs", "4 rows")
	refused(t, p.WithOutputs(0), "0 outputs")
	refused(t, p.Matrices(Shape{2, 3}), "6 entries", "12 columns")
	refused(t, p.Matrices(Shape{0, 3}, Shape{4, 3}), "matrix number 1", "0 × 3")
	refused(t, p.Layer(2, Fixed()), "layer 2", "2 layers")
	refused(t, p.Layer(-1, Fixed()), "layer -1")
	refused(t, p.Layerwise(nil), "nil")
	refused(t, p.LayerwiseSides(w, nil), "nil")
	refused(t, p.Diagonal(nil), "nil", "penalty.Squared(1)")
	refused(t, p.Unstructured(nil), "nil")
	refused(t, p.Layer(1, OneSided(nil)), "layer 1", "nil")
	// The first mistake of a chain is the one that is told.
	refused(t, p.Tolerance(-1).Ridge(-2).Diagonal(w), "tolerance")
	refused(t, FromFeatures(eye(3)), "no targets")
}

func TestPenaltiesRefused(t *testing.T) {
	p := plainProblem()
	for _, l := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		for _, bad := range []penalty.Penalty{penalty.Squared(l), penalty.Absolute(l), penalty.Nuclear(l), penalty.LogSquared(l), penalty.Power(l, 3)} {
			refused(t, p.Unstructured(bad), fmt.Sprint(l))
			refused(t, p.Diagonal(bad), fmt.Sprint(l))
			refused(t, p.Blocks(bad, []int{0}), fmt.Sprint(l))
			refused(t, p.Layerwise(bad), "layer 0", fmt.Sprint(l))
			refused(t, p.Layer(1, OneSided(bad)), "layer 1", fmt.Sprint(l))
		}
	}
}

func TestGroupsRefused(t *testing.T) {
	p, w := plainProblem(), penalty.Squared(1)
	refused(t, p.Blocks(w), "without a group")
	refused(t, p.Blocks(w, []int{0}, nil), "group 1, counted from 0, is empty")
	refused(t, p.Blocks(w, []int{0, 12}), "parameter 12", "12")
	refused(t, p.Blocks(w, []int{-1}), "-1")
	refused(t, p.Blocks(w, []int{0, 1}, []int{2, 1}), "parameter 1", "groups 0 and 1", "overlap")
	refused(t, p.Blocks(w, []int{5, 5}), "parameter 5")
	refused(t, p.Layer(0, Blocks(w, []int{6})), "layer 0", "parameter 6")
}

func TestFrozenEverything(t *testing.T) {
	refused(t, plainProblem().Layer(0, Frozen()).Layer(1, Frozen()), "frozen")
	net := mustNet(t, nn.MLP(2, 1).Seed(1))
	refused(t, Tangent(net, eye(2)).Targets(mat.NewDense(2, 1, nil)).Layer(0, Frozen()), "frozen")
}

func TestNumbersThatAreNotFinite(t *testing.T) {
	net := mustNet(t, nn.MLP(2, 3, 1).Tanh().Seed(1))
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		x := mat.NewDense(2, 2, []float64{1, 2, bad, 4})
		y := mat.NewDense(2, 1, []float64{1, bad})
		good := mat.NewDense(2, 1, []float64{1, 2})
		says := fmt.Sprint(bad)
		if _, err := Tangent(net, x).Targets(good).Solve(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("inputs with %v: %v", bad, err)
		}
		refused(t, FromFeatures(x).Targets(good), "feature matrix", says, "row 1")
		refused(t, FromFeatures(eye(2)).Targets(y), "target", says, "row 1")
		refused(t, FromFeatures(eye(2)).Residuals(y), "target", says)
		refused(t, FromGram(kernel.NewGram(2, 1, []float64{1, bad, bad, 1})).Targets(good), "Gram", says)
		s := mustSolve(t, FromFeatures(eye(2)).Targets(good))
		if _, err := s.Predict(x); err == nil {
			t.Errorf("a prediction at features with %v", bad)
		}
		if _, err := s.CrossKernel(eye(2), x); err == nil {
			t.Errorf("a kernel at features with %v", bad)
		}
		s = mustSolve(t, Tangent(net, eye(2)).Targets(good))
		if _, err := s.Predict(x); err == nil {
			t.Errorf("a prediction at inputs with %v", bad)
		}
	}
}

func TestShapesRefused(t *testing.T) {
	net := mustNet(t, nn.MLP(2, 3, 2).Tanh().Seed(1))
	x := eye(2)
	refused(t, Tangent(net, mat.NewDense(4, 3, nil)), "4 × 3", "2 numbers")
	refused(t, Tangent(net, mat.NewDense(4, 3, nil)).Targets(mat.NewDense(1, 1, nil)).Tolerance(-1), "4 × 3", "2 numbers")
	refused(t, Tangent(net, x).Targets(mat.NewDense(2, 1, nil)), "2 × 1", "2 inputs", "2 outputs")
	refused(t, Tangent(net, x).Residuals(mat.NewDense(3, 2, nil)), "3 × 2")
	refused(t, FromFeatures(eye(4)).WithOutputs(2).Targets(mat.NewDense(4, 1, nil)), "4 × 1", "2 inputs and 2 outputs")
	s := mustSolve(t, FromFeatures(eye(2)).Targets(mat.NewDense(2, 1, nil)))
	check := func(f func() (*mat.Dense, error), words string) {
		t.Helper()
		if m, err := f(); m != nil || err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
	check(func() (*mat.Dense, error) { return s.Predict(eye(3)) }, "3 × 3, the problem has 2 columns")
	check(func() (*mat.Dense, error) { return s.CrossKernel(eye(2), eye(3)) }, "3 × 3")
	check(func() (*mat.Dense, error) { return s.LayerCrossKernel(0, x, x) }, "structure by layer")
	check(func() (*mat.Dense, error) { return s.LayerBeta(1) }, "layer 1")
	check(func() (*mat.Dense, error) { return s.LayerFittedChange(-1, x) }, "layer -1")
	panics(t, func() { s.LayerKernel(0) }, "structure by layer")
	panics(t, func() { s.Layer(0) }, "structure by layer")
	s = mustSolve(t, Tangent(net, x).Targets(eye(2)).Layerwise(penalty.Squared(1)))
	panics(t, func() { s.LayerKernel(2) }, "layer 2", "2 layers")
	panics(t, func() { s.Layer(2) }, "layer 2", "2 layers")
	check(func() (*mat.Dense, error) { return s.Predict(eye(3)) }, "3 × 3, the network reads 2 numbers")
	check(func() (*mat.Dense, error) { return s.LayerCrossKernel(2, x, x) }, "layer 2")
	check(func() (*mat.Dense, error) { return s.LayerTheta(2) }, "layer 2")
	if _, err := s.SingularValues(2); err == nil {
		t.Error("singular values of a layer that is none")
	}
	s = mustSolve(t, FromGram(kernel.NewGram(2, 1, []float64{2, 1, 1, 2})).Targets(mat.NewDense(2, 1, []float64{1, 2})))
	check(func() (*mat.Dense, error) { return s.PredictGram(eye(3)) }, "3 × 3")
	check(func() (*mat.Dense, error) { return s.LayerBeta(0) }, "Gram matrix")
}

func TestMustAndCheck(t *testing.T) {
	panics(t, func() { Must(1, errors.New("under the cell")) }, "under the cell")
	panics(t, func() { Check(errors.New("under the cell")) }, "under the cell")
	Check(nil)
	if Must("v", nil) != "v" {
		t.Error("Must lost its value")
	}
	panics(t, func() { Must(newProblem()) }, "*atf.Problem and no error", "Solve")
	panics(t, func() { Must(errors.New("alone")) }, "alone")
	panics(t, func() { Must(func() error { return nil }()) }, "Check")
}

// nothing stands for whatever a package imports.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path)
	p.MarkComplete()
	return p, nil
}

// The compiler names a misspelt method first, and no missing argument of Must.
func TestMustLeavesTheFirstMessageToTheMistake(t *testing.T) {
	const cell = `package atf
type builder struct{}
func (builder) ReLU() builder { return builder{} }
func (builder) Build() (int, error) { return 0, nil }
var right = Must(builder{}.ReLU().Build())
var wrong = Must(builder{}.Relu().Build())`
	files := token.NewFileSet()
	var parsed []*ast.File
	for name, source := range map[string]any{"cell.go": cell, "must.go": nil} {
		f, err := parser.ParseFile(files, name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	var said []string
	set := types.Config{Importer: nothing{}, Error: func(err error) {
		if e := err.(types.Error); files.Position(e.Pos).Filename == "cell.go" {
			said = append(said, e.Msg)
		}
	}}
	set.Check("atf", files, parsed, nil) // its errors go to Error
	if len(said) != 1 || !strings.Contains(said[0], "ReLU") {
		t.Errorf("the compiler says %q", said)
	}
}

func TestGramRefuses(t *testing.T) {
	k := kernel.NewGram(2, 1, []float64{2, 1, 1, 2})
	p, w := FromGram(k).Targets(mat.NewDense(2, 1, []float64{1, 2})), penalty.Squared(1)
	refused(t, p.Diagonal(w), "features themselves", "diagonal")
	refused(t, p.Blocks(w, []int{0}), "features themselves")
	refused(t, p.Layerwise(w), "no layers")
	refused(t, p.Layer(0, Unstructured(w)), "no layers")
	refused(t, p.WithOutputs(2), "WithOutputs")
	refused(t, p.Matrices(Shape{1, 2}), "Matrices")
	net := mustNet(t, nn.MLP(2, 1).Seed(1))
	refused(t, Tangent(net, eye(2)).Targets(mat.NewDense(2, 1, nil)).WithOutputs(2), "WithOutputs")
	refused(t, Tangent(net, eye(2)).Targets(mat.NewDense(2, 1, nil)).Matrices(Shape{1, 2}), "Matrices")
	var singular *SingularError
	flat := FromGram(kernel.NewGram(2, 1, []float64{1, 1, 1, 1})).Targets(mat.NewDense(2, 1, []float64{1, 2}))
	if err := refused(t, flat); !errors.As(err, &singular) {
		t.Errorf("%v is no *SingularError", err)
	}
}

func TestInfeasible(t *testing.T) {
	src := source2(92, 1)
	// More independent equations than features.
	err := refused(t, FromFeatures(randomMatrix(src, 6, 4)).Targets(randomMatrix(src, 6, 1)), "6 equations", "4 features", "Ridge")
	var miss *InfeasibleError
	if !errors.As(err, &miss) || !(miss.Miss > 1e-3 && miss.Miss <= 1) || miss.Twins != [2]int{-1, -1} {
		t.Errorf("%+v", miss)
	}
	// Two inputs the same, with different targets, whatever the structure.
	net := mustNet(t, nn.MLP(3, 8, 2).Tanh().UniformBias().Seed(2))
	x := randomMatrix(src, 5, 3)
	x.SetRow(3, x.RawRowView(1))
	y := randomMatrix(src, 5, 2)
	for _, p := range []*Problem{Tangent(net, x).Targets(y), Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1)), Tangent(net, x).Targets(y).Diagonal(penalty.Nuclear(1))} {
		err = refused(t, p, "inputs 1 and 3", "different targets")
		var singular *SingularError
		if !errors.As(err, &miss) || miss.Twins != [2]int{1, 3} || !errors.As(err, &singular) {
			t.Errorf("%+v", err)
		}
		if s, err := p.Ridge(0.1).Solve(); err != nil {
			t.Errorf("with a ridge: %v, %v", s, err)
		}
	}
	// The same targets can be fitted, but not by a singular system: the error
	// says so and does not call them infeasible.
	y.SetRow(3, y.RawRowView(1))
	var singular *SingularError
	if err = refused(t, Tangent(net, x).Targets(y), "singular", "Ridge"); errors.As(err, new(*InfeasibleError)) || !errors.As(err, &singular) {
		t.Errorf("%v", err)
	}
	// Features that are all zero.
	if err = refused(t, FromFeatures(mat.NewDense(2, 3, nil)).Targets(mat.NewDense(2, 1, []float64{1, 2}))); !errors.As(err, &miss) || miss.Miss != 1 {
		t.Errorf("%v", err)
	}
}

func TestLossesRefuse(t *testing.T) {
	p := FromFeatures(eye(4))
	signs := mat.NewDense(4, 1, []float64{1, -1, 1, 0})
	refused(t, p.Targets(signs).Logistic(1), "±1", "target 3", "0")
	refused(t, p.Targets(signs).Softmax(1), "two outputs", "Logistic")
	two := p.WithOutputs(2)
	refused(t, two.Targets(eye(2)).Logistic(1), "one output", "Softmax")
	refused(t, two.Targets(mat.NewDense(2, 2, []float64{1, 0, 0.5, 0.4})).Softmax(1), "sum", "target 1")
	refused(t, two.Targets(mat.NewDense(2, 2, []float64{1, 0, -0.5, 1.5})).Softmax(1), "target 1", "-0.5")
	refused(t, two.Residuals(eye(2)).Softmax(1), "Targets", "Residuals")
}

func TestMemoryBudget(t *testing.T) {
	net := mustNet(t, nn.MLP(4, 30, 30, 1).Seed(1))
	src := source2(93, 1)
	p := Tangent(net, randomMatrix(src, 50, 4)).Targets(randomMatrix(src, 50, 1)).Layerwise(penalty.Squared(1))
	for _, limit := range []int64{1, 1 << 16, 1 << 18} {
		var mem *MemoryError
		if err := refused(t, p.Memory(limit), "budget"); !errors.As(err, &mem) || mem.Limit != limit || mem.Need <= limit {
			t.Errorf("%v", err)
		}
	}
	mustSolve(t, p.Memory(64<<20))
	t.Setenv("ATF_MEMORY", "10kB")
	var mem *MemoryError
	if _, err := p.Solve(); !errors.As(err, &mem) {
		t.Errorf("%v", err)
	}
}

func TestEmptyProblem(t *testing.T) {
	refused(t, FromFeatures(&mat.Dense{}).Targets(&mat.Dense{}), "no inputs")
}
