package atf

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A path is the loop of warm starts written out, bit for bit, for every
// structure.
func TestPathIsTheLoopOfWarmStarts(t *testing.T) {
	base, lambdas := layeredProblem(t), []float64{10, 1, 0.1}
	one := penalty.Squared(1)
	for name, at := range map[string]func(lambda float64) *Problem{
		"layerwise": func(l float64) *Problem { return base.Layerwise(penalty.Squared(l)) },
		"sides":     func(l float64) *Problem { return base.LayerwiseSides(penalty.Squared(2*l), penalty.Absolute(l)) },
		"mix": func(l float64) *Problem {
			return base.Layerwise(penalty.Squared(l)).Layer(0, Diagonal(penalty.Squared(l)))
		},
		"diagonal": func(l float64) *Problem { return base.Diagonal(penalty.Squared(l)) },
	} {
		path, err := at(1).Path(lambdas...)
		if err != nil || len(path) != len(lambdas) {
			t.Fatalf("%s: %d solutions, %v", name, len(path), err)
		}
		var last *Solution
		for k, lambda := range lambdas {
			p := at(lambda)
			if last != nil {
				p = p.WarmStart(last)
			}
			last = mustSolve(t, p)
			nearVector(t, name+": β", path[k].Beta, last.Beta, 0)
			if path[k].Fingerprint() != last.Fingerprint() {
				t.Errorf("%s: the solution for λ = %v has another fingerprint", name, lambda)
			}
		}
	}
	// The problem itself is as before.
	p := base.Layerwise(one)
	before := p.Fingerprint()
	if _, err := p.Path(3); err != nil || p.Fingerprint() != before {
		t.Errorf("%v, or the path changed its problem", err)
	}
}

func TestPathEndsEarly(t *testing.T) {
	p := layeredProblem(t).Layerwise(penalty.Squared(1))
	for _, bad := range [][]float64{nil, {0}, {1, -1}, {math.NaN()}, {1, math.Inf(1)}} {
		if path, err := p.Path(bad...); err == nil || path != nil || !strings.Contains(err.Error(), "λ") {
			t.Errorf("%v: %d solutions, %v", bad, len(path), err)
		}
	}
	if path, err := p.Tolerance(-1).Path(1); err == nil || len(path) != 0 || !strings.Contains(err.Error(), "tolerance") {
		t.Errorf("a bad setting: %d solutions, %v", len(path), err)
	}
	// Interrupted in the second solve, it keeps the first and the best point of
	// the second.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := 0
	path, err := p.Context(ctx).Progress(func(r Report) {
		if ended == 1 {
			cancel()
		}
		if r.Ended {
			ended++
		}
	}).Path(1, 0.01, 0.001)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "0.01 (2 of 3)") || len(path) != 2 {
		t.Fatalf("%d solutions, %v", len(path), err)
	}
	whole := mustSolve(t, p)
	nearVector(t, "the finished solution", path[0].Beta, whole.Beta, 0)
	var limit *LimitError
	if path, err := p.MaxIterations(1).Path(0.01, 0.001); !errors.As(err, &limit) || len(path) != 1 {
		t.Errorf("at its limit: %d solutions, %v", len(path), err)
	}
}
