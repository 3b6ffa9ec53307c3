package atf_test

import (
	"math"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// The smoothed problems behind ω = s² have weights over many orders of size.
// The fit must survive them: a sparse vector is found, at twice its ℓ1 norm,
// with a duality gap to prove it.
func TestNuclearFindsSparseVectors(t *testing.T) {
	for _, k := range []int{1, 4, 10, 20} {
		set := atf.Must(data.SparseLinear(40, 80, k).Seed(1).Load())
		s, err := atf.FromFeatures(set.X).Targets(set.Y).Diagonal(penalty.Nuclear(1)).Solve()
		if err != nil {
			t.Fatalf("k = %d: %v", k, err)
		}
		for p, b := range s.Beta {
			if math.Abs(b-set.Truth[p]) > 1e-8 {
				t.Fatalf("k = %d: β[%d] = %v, the truth is %v", k, p, b, set.Truth[p])
			}
		}
		if f := s.Final(); math.Abs(f-2*float64(k)) > 1e-6 || s.Gap > 1e-8 {
			t.Errorf("k = %d: objective %v with duality gap %g", k, f, s.Gap)
		}
	}
}
