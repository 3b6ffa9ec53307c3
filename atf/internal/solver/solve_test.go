package solver

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

func small(loss Loss, parts ...Span) *System {
	return &System{Outputs: 1, Rows: 6, Blocks: []feature.Block{columns(40, 6, 3, 4), columns(41, 6, 1, 5)}, Parts: parts, Loss: loss}
}

func twoParts() []Span {
	return []Span{
		{Part: Spectral(penalty.Squared(0.1), penalty.Squared(0.1), 3, 4), Name: "matrix", Lo: 0, Hi: 1},
		{Part: Fixed(1), Name: "rest", Lo: 1, Hi: 2},
	}
}

func options() Options { return Options{Tolerance: 1e-7, MaxIterations: 500, Restarts: -1} }

// A system needs no network: every loss and every kind of part is solved to the
// tolerance, with the condition for a minimum checked by hand.
func TestSolve(t *testing.T) {
	for name, loss := range losses() {
		if strings.Contains(name, "softmax") {
			continue // two inputs of three outputs: below
		}
		sys := small(loss, twoParts()...)
		r, err := Solve(sys, options())
		if err != nil || r.Status != Stationary || r.Status.Early() || r.Err != nil || r.Stopped() != "stationary to the tolerance" {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		o, err := newObjective(context.Background(), sys, func(string, int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		p, err := o.point(r.Beta, o.apply(r.Beta))
		if err != nil {
			t.Fatal(err)
		}
		d := &descent{objective: o}
		d.move(p)
		z := o.adjoint(r.Multiplier)
		grad := make([]float64, o.size)
		for i, sp := range o.parts {
			p.states[i].Gradient(sp.of(grad))
		}
		for i, v := range grad {
			apart(t, name+": ∇Ω̃ − Gᵀα", v-z[i], 0, 1e-5)
		}
		if !slices.Equal(r.Fit, p.g) || len(r.Starts) < 2 {
			t.Errorf("%s: fit %v, starts %v", name, r.Fit, r.Starts)
		}
	}
	sys := small(losses()["softmax"], twoParts()...)
	sys.Outputs = 3
	if r, err := Solve(sys, options()); err != nil || r.Stationarity > 1e-7 {
		t.Errorf("softmax: %+v, %v", r, err)
	}
}

func TestStatuses(t *testing.T) {
	sys := small(losses()["interpolation"], twoParts()...)
	opt := options()
	opt.MaxIterations = 1
	r, err := Solve(sys, opt)
	var limit *LimitError
	if !errors.As(err, &limit) || r.Status != IterationCap || !r.Status.Early() || !errors.As(r.Err, &limit) || r.Stopped() != limit.Error() {
		t.Errorf("%+v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	opt = options()
	opt.Context = ctx
	if r, err = Solve(sys, opt); !errors.Is(err, context.Canceled) || r.Status != Interrupted || !r.Status.Early() {
		t.Errorf("%+v, %v", r, err)
	}
	opt = options()
	opt.Tolerance = 1e-17
	var stall *StalledError
	if r, err = Solve(sys, opt); !errors.As(err, &stall) || r.Status != Stalled || r.Stopped() != Stalled.String() {
		t.Errorf("%+v, %v", r, err)
	}
	sys.Parts[0].Part = Spectral(penalty.Identity(), penalty.Nuclear(1), 3, 4)
	opt = options()
	opt.MaxIterations = 20000
	if r, err = Solve(sys, opt); err != nil || r.Status != Smoothed || r.Status.Early() {
		t.Errorf("%+v, %v", r, err)
	}
	for s := NotStarted; s <= Failed; s++ {
		if strings.Contains(s.String(), "Status(") {
			t.Errorf("status %d has no words", int(s))
		}
	}
	if Status(99).String() != "Status(99)" {
		t.Error(Status(99))
	}
}

// breaking is a block that stops working when it is told to.
type breaking struct {
	feature.Block
	broken *bool
}

func (b breaking) Apply(beta, g []float64) {
	b.Block.Apply(beta, g)
	if *b.broken {
		g[0] += 1e-9 // so that there is something to polish
	}
}

func (b breaking) Gram(w feature.Weight, k blas64.General, s *feature.Scratch) {
	b.Block.Gram(w, k, s)
	if *b.broken {
		k.Data[0] = math.NaN()
	}
}

// If the last correction fails, no words call the solution finished.
func TestPolishFails(t *testing.T) {
	sys, broken := small(losses()["interpolation"], twoParts()...), false
	sys.Blocks[0] = breaking{sys.Blocks[0], &broken}
	opt := options()
	opt.Restarts = 0
	opt.Report = func(_ int, stationarity float64) { broken = stationarity <= opt.Tolerance }
	r, err := Solve(sys, opt)
	if err == nil || r == nil || r.Status != Failed || !r.Status.Early() || r.Err == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if r.Stopped() != err.Error() || !strings.Contains(r.Stopped(), "correction of the fit") {
		t.Errorf("stopped: %q, error: %v", r.Stopped(), err)
	}
}

// pieced is a block whose Gram matrix comes in many pieces.
type pieced struct {
	feature.Block
	piece func()
}

func (b pieced) Gram(w feature.Weight, k blas64.General, s *feature.Scratch) {
	for range 1000 {
		if s.Interrupted() != nil {
			return
		}
		b.piece()
	}
	b.Block.Gram(w, k, s)
}

// A context ends a Gram matrix that takes long, the first one too; a short one is
// finished, so that there is a result.
func TestContextEndsAGramMatrix(t *testing.T) {
	defer func(p time.Duration) { patience = p }(patience)
	for name, long := range map[string]bool{"long": true, "short": false} {
		if patience = time.Hour; long {
			patience = 0
		}
		ctx, cancel := context.WithCancel(context.Background())
		sys, pieces := small(losses()["interpolation"], twoParts()...), 0
		sys.Blocks[0] = pieced{sys.Blocks[0], func() {
			if pieces++; pieces == 7 {
				cancel()
			}
		}}
		opt := options()
		opt.Context = ctx
		r, err := Solve(sys, opt)
		if !errors.Is(err, context.Canceled) || long != (r == nil) || long != (pieces == 7) {
			t.Errorf("%s: %+v, %v after %d pieces", name, r, err, pieces)
		}
		cancel()
	}
}

// What the solver takes is estimated with and without the steps it keeps.
func TestMemory(t *testing.T) {
	blocks := small(nil).Blocks
	fast, plain := Memory(blocks, false), Memory(blocks, true)
	if fast-plain != 8*17*2*memorySteps || plain <= 0 {
		t.Errorf("%d and %d bytes", fast, plain)
	}
}
