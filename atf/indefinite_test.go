package atf

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// TestFromGramIndefinite: a matrix that no features have for their Gram matrix
// is called that, whatever the loss, and the ridge that the error names makes
// it one.
func TestFromGramIndefinite(t *testing.T) {
	y := mat.NewDense(2, 1, []float64{1, 2})
	for what, k := range map[string]*kernel.Gram{
		"[[1 2] [2 1]]": kernel.NewGram(2, 1, []float64{1, 2, 2, 1}),
		"−I":            kernel.NewGram(2, 1, []float64{-1, 0, 0, -1}),
	} {
		p := FromGram(k).Targets(y)
		for _, p := range []*Problem{p, p.Ridge(0.1), p.Unstructured(penalty.Squared(1))} {
			var e *IndefiniteError
			err := refused(t, p, "no kernel", "smallest eigenvalue is -1", "a ridge above 1 ", "AddRidge")
			if !errors.As(err, &e) || math.Abs(e.Smallest+1) > 1e-14 {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := FromGram(k.AddRidge(1.01)).Targets(y).Solve(); err != nil {
			t.Errorf("%s with a ridge: %v", what, err)
		}
	}
}
