package atf

import (
	"errors"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Plain alternation is what was asked for under a classification loss too: it
// takes more steps, and where the problem is convex it ends in the same point.
func TestAlternationClassifies(t *testing.T) {
	src := source2(84, 1)
	g := randomMatrix(src, 8, 30)
	signs := mat.NewDense(8, 1, []float64{1, -1, 1, 1, -1, -1, 1, -1})
	w := penalty.Squared(0.3)
	one := FromFeatures(g).Matrices(Shape{4, 5}, Shape{2, 5}).Targets(signs).Logistic(0.3)
	two := FromFeatures(g).WithOutputs(2).Matrices(Shape{4, 5}, Shape{2, 5}).Targets(oneHot(4, 2)).Softmax(0.2)
	for name, p := range map[string]*Problem{
		"logistic, diagonal":  one.Diagonal(w),
		"logistic, one-sided": one.Layer(0, OneSided(w)).Layer(1, OneSided(w)),
		"logistic, fixed":     one,
		"softmax, diagonal":   two.Diagonal(w),
		"softmax, two-sided":  two.Layerwise(penalty.Power(1, 4)),
	} {
		fast, slow := mustSolve(t, p), mustSolve(t, p.Alternation().MaxIterations(20000))
		nearValue(t, name, slow.Final(), fast.Final(), 1e-9)
		if name != "logistic, fixed" && slow.Iterations <= fast.Iterations {
			t.Errorf("%s: %d steps of plain alternation, %d of the accelerated method: it was not plain", name, slow.Iterations, fast.Iterations)
		}
		for i := 1; i < len(slow.Objective); i++ {
			if a, b := slow.Objective[i-1], slow.Objective[i]; b > a*(1+1e-13) {
				t.Errorf("%s: step %d rises from %.17g to %.17g", name, i, a, b)
			}
		}
		// Its first step from β = 0, M = I, is the regression with M = I.
		first, err := p.Alternation().MaxIterations(1).Solve()
		if err != nil && !errors.As(err, new(*LimitError)) {
			t.Fatal(err)
		}
		nearVector(t, name+": first step", first.Beta, mustSolve(t, p.Fixed().Tolerance(1e-9)).Beta, 1e-7)
	}
}

// Where the penalty has its minimum at 0, directions off the singular vectors
// have no weight: with weight 1 there the alternation would end elsewhere.
func TestAlternationNuclear(t *testing.T) {
	src := source2(85, 1)
	w := penalty.Nuclear(1)
	p := FromFeatures(randomMatrix(src, 6, 24)).Matrices(Shape{3, 8}).Targets(randomMatrix(src, 6, 1)).Layer(0, OneSided(w))
	fast := mustSolve(t, p)
	slow, err := p.Alternation().MaxIterations(5000).Solve() // sublinear at σ = 0
	if err != nil && !errors.As(err, new(*LimitError)) {
		t.Fatal(err)
	}
	nearValue(t, "nuclear norm", slow.Final(), fast.Final(), 1e-4)
}

// The memory error advises what its own estimate allows.
func TestMemoryAdvice(t *testing.T) {
	net := mustNet(t, nn.MLP(40, 60, 60, 1).Seed(1))
	src := source2(86, 1)
	p := Tangent(net, randomMatrix(src, 6, 40)).Targets(randomMatrix(src, 6, 1)).Layerwise(penalty.Squared(1)).MaxIterations(3)
	var mem *MemoryError
	_, err := p.Memory(700 << 10).Solve()
	if !errors.As(err, &mem) || !strings.Contains(err.Error(), "Alternation") {
		t.Fatalf("%v", err)
	}
	if _, err := p.Alternation().Memory(700 << 10).Solve(); err != nil && !errors.As(err, new(*LimitError)) {
		t.Errorf("what the error advised ends in %v", err)
	}
	for _, q := range []*Problem{p.Memory(100 << 10), p.Alternation().Memory(100 << 10)} {
		if _, err := q.Solve(); !errors.As(err, &mem) || strings.Contains(err.Error(), "Alternation") {
			t.Errorf("advice that does not help: %v", err)
		}
	}
}
