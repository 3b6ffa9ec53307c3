package atf

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// hollow is a problem with several minima: a network of width 10 and 20 random
// inputs with random signs.
func hollow(t *testing.T, seed uint64) *Problem {
	net := mustNet(t, nn.MLP(5, 10, 10, 1).ReLU().UniformBias().Seed(seed))
	src := source2(300+seed, 1)
	x := randomMatrix(src, 20, 5)
	y := mat.NewDense(20, 1, nil)
	for i := range 20 {
		y.Set(i, 0, math.Copysign(1, src.NormFloat64()))
	}
	return Tangent(net, x).Targets(y)
}

// hollowCase is a problem with several minima, and how far above the best one
// the descent from M = I ends, at least.
type hollowCase struct {
	p     *Problem
	least float64
}

func hollowProblems(t *testing.T) map[string]hollowCase {
	return map[string]hollowCase{
		"squared, classification":               {hollow(t, 1).Layerwise(penalty.Squared(0.01)).Logistic(0.01), 0.018},
		"absolute, interpolation":               {hollow(t, 2).Layerwise(penalty.Absolute(1)), 0.018},
		"absolute, homogeneous, classification": {hollow(t, 2).Layerwise(penalty.Absolute(0.1)).Homogeneous().Logistic(0.1), 0.13},
		"log², homogeneous, classification":     {hollow(t, 2).Layerwise(penalty.LogSquared(0.1)).Homogeneous().Logistic(0.1), 0.16},
	}
}

// From M = I alone these problems end in a true local minimum, well above the
// best of many random restarts; the problem's own starts find one at least as
// low.
func TestStartsFindLowerMinima(t *testing.T) {
	restarts := 12
	if testing.Short() {
		restarts = 3
	}
	for name, c := range hollowProblems(t) {
		one, own := mustSolve(t, c.p.Restarts(0, 0)), mustSolve(t, c.p)
		many, err := c.p.Tolerance(1e-3).MaxIterations(150).Restarts(restarts, 1).Solve()
		if many == nil {
			t.Fatal(err)
		}
		t.Logf("%s: M = I alone %+.2f %%, %d random restarts %+.2f %%; %v", name, 100*(one.Final()/own.Final()-1), restarts, 100*(many.Final()/own.Final()-1), own)
		if above := one.Final()/own.Final() - 1; above < c.least {
			t.Errorf("%s: M = I alone ends %.3g above, not %.3g: the problem tests nothing", name, above, c.least)
		}
		if own.Final() > many.Final()*(1+1e-3) {
			t.Errorf("%s: %v of the problem's own starts, %v of %d random restarts", name, own.Final(), many.Final(), restarts)
		}
		if own.Stationarity > 1e-6 || own.Final() > slices.Min(own.Starts)*(1+1e-8) || math.Abs(own.Starts[0]-one.Final()) > 1e-12*one.Final() {
			t.Errorf("%s: %v, starts %v, one start %v", name, own, own.Starts, one.Final())
		}
		words := fmt.Sprintf("not convex: best of %d starts, spread ", len(own.Starts))
		if !strings.Contains(own.String(), words) || !strings.Contains(own.Spread(), words) {
			t.Errorf("%s: %q does not say %q", name, own, words)
		}
		if again := mustSolve(t, c.p); !slices.Equal(again.Beta, own.Beta) || !slices.Equal(again.Starts, own.Starts) {
			t.Errorf("%s: two runs with different bits", name)
		}
	}
}

// Ends that rounding alone tells apart are one minimum.
func TestSpreadInWords(t *testing.T) {
	nan := math.NaN()
	for want, c := range map[string]Certificates{
		"convex":                {Gap: 1e-9, Starts: []float64{1}},
		"not convex: one start": {Gap: nan, Starts: []float64{1}},
		"not convex: best of 2 starts, spread below 0.01 %": {Gap: nan, Starts: []float64{1, 1 + 1e-12}},
		"not convex: best of 3 starts, spread 50 %":         {Gap: nan, Starts: []float64{3, 2, 2.5}},
		"not convex: best of 2 starts, the worst 4":         {Gap: nan, Starts: []float64{0, 4}},
	} {
		if got := c.Spread(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// Who asks for one start gets one; convex, large and warm problems have one
// without being asked, and say so.
func TestOneStart(t *testing.T) {
	p := hollow(t, 1).Layerwise(penalty.Absolute(0.1)).Tolerance(1e-4)
	s := mustSolve(t, p.Restarts(0, 0))
	if len(s.Starts) != 1 || s.Spread() != "not convex: one start" || !strings.Contains(s.String(), s.Spread()) {
		t.Errorf("%v, %v", s.Starts, s)
	}
	if convex := mustSolve(t, p.Diagonal(penalty.Squared(1))); len(convex.Starts) != 1 || convex.Spread() != "convex" {
		t.Errorf("convex: %v, %v", convex.Starts, convex)
	}
	for name, q := range map[string]*Problem{"warm": p.WarmStart(s), "continuation": p.Continuation(10, 2)} {
		if s := mustSolve(t, q); len(s.Starts) != 1 {
			t.Errorf("%s: starts %v", name, s.Starts)
		}
	}
	net := mustNet(t, nn.MLP(20, 40, 40, 1).ReLU().UniformBias().Seed(1))
	src := source2(87, 1)
	large := Tangent(net, randomMatrix(src, 40, 20)).Targets(randomMatrix(src, 40, 1)).Layerwise(penalty.Squared(0.1)).Tolerance(1e-3)
	if s := mustSolve(t, large); len(s.Starts) != 1 {
		t.Errorf("a large problem: starts %v", s.Starts)
	}
	if a, b := p.Fingerprint(), p.Restarts(0, 0).Fingerprint(); a == b {
		t.Error("one start and several have the same fingerprint")
	}
}
