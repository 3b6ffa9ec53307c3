package atf

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Solutions from neighbours are the loop of warm starts written out, bit for
// bit, from the nearest λ, the larger of two.
func TestNeighboursStartAtTheNearest(t *testing.T) {
	base := layeredProblem(t)
	at := func(lambda float64, warm *Solution) *Solution {
		p := base.Layerwise(penalty.Squared(lambda))
		if warm != nil {
			p = p.WarmStart(warm)
		}
		return mustSolve(t, p)
	}
	ten := at(10, nil)
	tenth := at(0.1, ten)   // ten is all there is
	one := at(1, ten)       // as near to 0.1 as to 10: the larger
	near := at(0.09, tenth) // in the same quarter of a decade: takes its place
	n := base.Layerwise(penalty.Squared(1)).Neighbours()
	for _, c := range []struct {
		lambda float64
		want   *Solution
	}{{10, ten}, {0.1, tenth}, {1, one}, {0.09, near}, {0.1, at(0.1, near)}} {
		got, err := n.At(c.lambda)
		if err != nil {
			t.Fatal(err)
		}
		nearVector(t, "β", got.Beta, c.want.Beta, 0)
		if got.Fingerprint() != c.want.Fingerprint() {
			t.Errorf("λ = %v: another fingerprint", c.lambda)
		}
	}
}

// A neighbour saves steps.
func TestNeighboursAreQuick(t *testing.T) {
	n := layeredProblem(t).Layerwise(penalty.Squared(1)).Neighbours()
	cold, err := n.At(0.1)
	if err != nil {
		t.Fatal(err)
	}
	warm, err := n.At(0.099)
	if err != nil || warm.Iterations >= cold.Iterations {
		t.Errorf("%d steps from a neighbour, %d from scratch, %v", warm.Iterations, cold.Iterations, err)
	}
}

func TestNeighboursErrors(t *testing.T) {
	p := layeredProblem(t).Layerwise(penalty.Squared(1))
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := p.Neighbours().At(bad); err == nil || !strings.Contains(err.Error(), "λ > 0") {
			t.Errorf("%v: %v", bad, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	n := p.Context(ended).Neighbours()
	if _, err := n.At(0.5); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "λ = 0.5") {
		t.Errorf("%v", err)
	}
	if len(n.kept) != 0 {
		t.Error("a solve that did not end was kept")
	}
}
