package atf

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// layeredProblem has several minima.
func layeredProblem(t *testing.T) *Problem {
	net := mustNet(t, nn.MLP(5, 12, 9, 2).ReLU().UniformBias().Seed(11))
	src := source2(81, 1)
	return Tangent(net, randomMatrix(src, 10, 5)).Targets(randomMatrix(src, 10, 2)).Layerwise(penalty.Squared(0.02))
}

func TestAlternationAgrees(t *testing.T) {
	p := layeredProblem(t).Restarts(0, 0)
	fast, slow := mustSolve(t, p), mustSolve(t, p.Alternation().MaxIterations(20000))
	nearValue(t, "objective", slow.Final(), fast.Final(), 1e-8)
	nearVector(t, "β", slow.Beta, fast.Beta, 1e-4)
	if fast.Iterations*3 > slow.Iterations {
		t.Errorf("%d steps against %d of plain alternation", fast.Iterations, slow.Iterations)
	}
	ridge := p.Ridge(0.2)
	fast, slow = mustSolve(t, ridge), mustSolve(t, ridge.Alternation().MaxIterations(20000))
	nearValue(t, "objective with a ridge", slow.Final(), fast.Final(), 1e-8)
}

func TestWarmStart(t *testing.T) {
	p := layeredProblem(t)
	cold := mustSolve(t, p)
	warm := mustSolve(t, p.WarmStart(cold))
	nearValue(t, "objective", warm.Final(), cold.Final(), 1e-9)
	if warm.Iterations > cold.Iterations/2 {
		t.Errorf("%d steps from the solution itself, %d from M = I", warm.Iterations, cold.Iterations)
	}
	// Another penalty, another loss, other targets: the start changes, the answer
	// stays stationary.
	for name, q := range map[string]*Problem{
		"penalty": p.Layerwise(penalty.Absolute(0.1)), "ridge": p.Ridge(0.1), "nuclear": p.Diagonal(penalty.Nuclear(0.1)),
	} {
		if s, err := q.WarmStart(cold).Solve(); err != nil || s.Final() > mustSolve(t, q).Final()*1.5 {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	if _, err := p.Homogeneous().WarmStart(cold).Solve(); err == nil {
		t.Error("a warm start from parameters in another order")
	}
	other := FromFeatures(eye(3)).Targets(mat.NewDense(3, 1, nil)).WarmStart(cold)
	if _, err := other.Solve(); err == nil {
		t.Error("a warm start from another number of coefficients")
	}
}

func TestContinuation(t *testing.T) {
	p := layeredProblem(t)
	plain := mustSolve(t, p)
	for _, from := range []float64{100, 0.1} {
		s := mustSolve(t, p.Continuation(from, 4))
		if math.Abs(s.Final()-plain.Final()) > 0.2*plain.Final() || s.Stationarity > 1e-6 {
			t.Errorf("continuation from %v: %v, without %v", from, s, plain)
		}
		// The penalties at the end are the problem's own.
		total := 0.0
		for _, part := range s.Parts {
			total += part.Effective
		}
		nearValue(t, "Σ Ω̃ of the parts", total, s.Final(), 1e-9)
		again := mustSolve(t, p.Continuation(from, 4))
		if !slices.Equal(s.Beta, again.Beta) {
			t.Error("two runs with different bits")
		}
	}
	convex := p.Diagonal(penalty.Squared(0.1))
	nearValue(t, "convex", mustSolve(t, convex.Continuation(50, 3)).Final(), mustSolve(t, convex).Final(), 1e-9)
}

func TestRestarts(t *testing.T) {
	src := source2(82, 1)
	p := FromFeatures(randomMatrix(src, 5, 14)).Targets(randomMatrix(src, 5, 1)).Diagonal(penalty.Absolute(0.02))
	alone := mustSolve(t, p.Restarts(0, 0))
	a, b, c := mustSolve(t, p.Restarts(8, 3)), mustSolve(t, p.Restarts(8, 3)), mustSolve(t, p.Restarts(8, 4))
	if !slices.Equal(a.Beta, b.Beta) || !slices.Equal(a.Starts, b.Starts) {
		t.Error("the same seed gave different solutions")
	}
	if slices.Equal(a.Starts[1:], c.Starts[1:]) {
		t.Error("another seed gave the same starts")
	}
	if len(a.Starts) != 9 || a.Starts[0] != alone.Final() {
		t.Errorf("starts %v, the first alone %v", a.Starts, alone.Final())
	}
	if a.Final() > alone.Final() || a.Final() > slices.Min(a.Starts) {
		t.Errorf("restarts ended at %v, without %v, starts %v", a.Final(), alone.Final(), a.Starts)
	}
	if slices.Max(a.Starts) < 1.001*slices.Min(a.Starts) {
		t.Errorf("every start ended in the same place, %v: the problem tests nothing", a.Starts)
	}
}

func TestSameBitsForAnyGOMAXPROCS(t *testing.T) {
	if linalg.Threaded {
		t.Skip("OpenBLAS adds in an order of its own")
	}
	net := mustNet(t, nn.MLP(20, 40, 40, 2).ReLU().UniformBias().Seed(12))
	src := source2(83, 1)
	x, y := randomMatrix(src, 60, 20), randomMatrix(src, 60, 2)
	base := Tangent(net, x).Targets(y).Tolerance(1e-4)
	for name, p := range map[string]*Problem{
		"layerwise": base.Layerwise(penalty.Squared(0.1)), "diagonal": base.Diagonal(penalty.Squared(0.1)),
		"softmax": base.Targets(oneHot(60, 2)).Layerwise(penalty.Squared(0.1)).Softmax(1),
	} {
		var first *Solution
		for _, procs := range []int{1, 2} {
			old := runtime.GOMAXPROCS(procs)
			s := mustSolve(t, p)
			runtime.GOMAXPROCS(old)
			if first == nil {
				first = s
				continue
			}
			if !slices.Equal(first.Beta, s.Beta) || !slices.Equal(first.Objective, s.Objective) {
				t.Errorf("%s: other bits with %d threads", name, procs)
			}
			if !slices.Equal(first.Kernel().RawMatrix().Data, s.Kernel().RawMatrix().Data) {
				t.Errorf("%s: kernel of other bits with %d threads", name, procs)
			}
		}
	}
}

func TestCancel(t *testing.T) {
	p := layeredProblem(t).Restarts(0, 0)
	whole := mustSolve(t, p)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := p.Context(ctx).Progress(func(r Report) {
		if r.Done == 5 {
			cancel()
		}
	}).Solve()
	if !errors.Is(err, context.Canceled) || s == nil {
		t.Fatalf("%v, %v", s, err)
	}
	if s.Iterations < 5 || s.Iterations > 6 || len(s.Objective) < 2 {
		t.Errorf("%d iterations, trace %v", s.Iterations, s.Objective)
	}
	if !slices.Equal(s.Objective, whole.Objective[:len(s.Objective)]) {
		// Polishing may move the last one by rounding.
		nearVector(t, "trace", s.Objective, whole.Objective[:len(s.Objective)], 1e-12)
	}
	if s.Interpolation > 1e-10 || !(s.Stationarity > whole.Stationarity) || s.Stopped == "" || s.Kernel() == nil {
		t.Errorf("%v", s)
	}
	// Before there are features: nothing.
	if s, err := p.Context(ctx).Solve(); !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("%v, %v", s, err)
	}
	// Before the first step: ridgeless regression.
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	s, err = p.Context(ctx).Progress(func(Report) { cancel() }).Solve()
	if !errors.Is(err, context.Canceled) || s == nil {
		t.Fatalf("%v, %v", s, err)
	}
	// A solution predicts also after its context has ended.
	if _, err := s.Predict(randomMatrix(source2(88, 1), 2, 5)); err != nil {
		t.Error(err)
	}
	nearVector(t, "β", s.Beta, mustSolve(t, p.Fixed()).Beta, 1e-9)
	// Between restarts, and under smoothing.
	for _, q := range []*Problem{p.Restarts(3, 1), p.Diagonal(penalty.Nuclear(1)), p.Continuation(10, 3)} {
		ctx, cancel := context.WithCancel(context.Background())
		s, err := q.Context(ctx).Progress(func(r Report) {
			if r.Done == whole.Iterations+3 || r.Done == 20 && q != nil && q.set.restarts == 0 {
				cancel()
			}
		}).Solve()
		if !errors.Is(err, context.Canceled) || s == nil || s.Interpolation > 1e-9 {
			t.Errorf("%v, %v", s, err)
		}
		cancel()
	}
}

func TestLimits(t *testing.T) {
	p := layeredProblem(t)
	s, err := p.MaxIterations(3).Solve()
	var limit *LimitError
	if !errors.As(err, &limit) || s == nil {
		t.Fatalf("%v, %v", s, err)
	}
	if limit.Iterations != 3 || s.Iterations != 3 || limit.Tolerance != 1e-6 || math.Abs(limit.Stationarity-s.Stationarity) > 1e-6*s.Stationarity {
		t.Errorf("%+v against %v", limit, s)
	}
	s, err = p.Tolerance(1e-15).Solve()
	var stall *StalledError
	if !errors.As(err, &stall) || s == nil || s.Stationarity > 1e-6 {
		t.Errorf("%v, %v", s, err)
	}
}

// The last report tells the solution's own stationarity, also of a smoothed
// problem and of several starts.
func TestProgressEnds(t *testing.T) {
	for name, p := range map[string]*Problem{
		"smoothed": layeredProblem(t).Layerwise(penalty.Nuclear(0.1)),
		"restarts": layeredProblem(t).Restarts(2, 1),
	} {
		var last Report
		s := mustSolve(t, p.Progress(func(r Report) { last = r }))
		if !last.Ended || last.Value != s.Stationarity || last.Done != s.Iterations {
			t.Errorf("%s: %+v, the solution has %g after %d", name, last, s.Stationarity, s.Iterations)
		}
	}
}

func TestProgressCounts(t *testing.T) {
	last, calls, ended := -1, 0, false
	s := mustSolve(t, layeredProblem(t).Restarts(1, 2).Progress(func(r Report) {
		if ended || r.Done < last || r.Task != "solve" || r.Measure != "stationarity" || !(r.Value >= 0) {
			t.Errorf("report %+v after %d", r, last)
		}
		last, ended = r.Done, r.Ended
		calls++
	}))
	if !ended || last != s.Iterations || calls < s.Iterations {
		t.Errorf("%d reports up to %d for %d iterations", calls, last, s.Iterations)
	}
}
