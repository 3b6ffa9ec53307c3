package data

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestRangeAndSpread(t *testing.T) {
	s := &Set{X: mat.NewDense(10, 1, []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), Y: mat.NewDense(10, 1, nil)}
	values := func(s *Set) []float64 { return mat.Col(nil, 0, s.X) }
	if got := values(s.Range(3, 6)); !slices.Equal(got, []float64{3, 4, 5}) {
		t.Errorf("examples 3 to 5: %v", got)
	}
	if got := values(s.Range(0, 10)); len(got) != 10 {
		t.Errorf("all examples: %v", got)
	}
	if got := values(s.Spread(4)); !slices.Equal(got, []float64{0, 3, 6, 9}) {
		t.Errorf("four at equal steps: %v", got)
	}
	if got := values(s.Spread(10)); !slices.Equal(got, values(s)) {
		t.Errorf("all at equal steps: %v", got)
	}
	for _, bad := range []func(){
		func() { s.Range(-1, 2) }, func() { s.Range(3, 3) }, func() { s.Range(5, 11) },
		func() { s.Spread(1) }, func() { s.Spread(11) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			bad()
		}()
	}
}
