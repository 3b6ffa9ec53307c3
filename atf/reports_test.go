package atf

import (
	"slices"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/solver"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// What lasts between steps is reported once nothing was for two seconds, beside
// the count of steps, and only then.
func TestReportsOfPhases(t *testing.T) {
	var got []Report
	r := newReports(func(r Report) { got = append(got, r) })
	clock := time.Unix(0, 0)
	r.silence.Now = func() time.Time { return clock }
	r.silence.Break()
	wait := func(s float64) { clock = clock.Add(time.Duration(s * float64(time.Second))) }
	wait(1.9)
	r.phase("features", 1, 4)
	wait(0.2)
	r.phase("features", 2, 4)
	wait(1)
	r.step(3, 0.25)
	wait(1.5)
	r.phase("Gram matrix", 0, 1)
	wait(5)
	r.phase("Gram matrix", 3, 4)
	r.end()
	want := []Report{
		{Task: "solve", Measure: "features, share done", Value: 0.5},
		{Task: "solve", Measure: "stationarity", Done: 3, Value: 0.25},
		{Task: "solve", Measure: "Gram matrix, share done", Done: 3, Value: 0.75},
		{Task: "solve", Measure: "stationarity", Done: 3, Value: 0.25, Ended: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// Every piece of a solve that may last is told of: features, Gram matrices piece
// by piece, factorisations, the parts of M.
func TestSolvesTellTheirPhases(t *testing.T) {
	source := source2(5, 1)
	x, y := randomMatrix(source, 30, 6), randomMatrix(source, 30, 1)
	net := mustNet(t, nn.MLP(6, 40, 1).Seed(2))
	p := Tangent(net, x).Targets(y).Diagonal(penalty.Squared(0.1)).Restarts(0, 0)
	seen, pieces := map[string]bool{}, 0
	sys, err := p.assembleReporting(func(what string, done, total int) { seen[what] = true })
	if err != nil {
		t.Fatal(err)
	}
	opt := solver.Options{Tolerance: 1e-6, MaxIterations: 2000}
	opt.Phase = func(what string, done, total int) {
		if seen[what] = true; done < 0 || done > total {
			t.Errorf("%s: %d of %d", what, done, total)
		}
		if what == "Gram matrix" && total > len(sys.sources) {
			pieces++
		}
	}
	if _, err := solver.Solve(sys.solver(p), opt); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"tangent features", "Gram matrix", "Cholesky factor", "singular values and norms", "certificates"} {
		if !seen[what] {
			t.Errorf("nothing is told of %s: %v", what, seen)
		}
	}
	if pieces == 0 {
		t.Error("the Gram matrix is not told of piece by piece")
	}
}
