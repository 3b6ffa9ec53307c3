package order

import (
	"math"
	"slices"
	"testing"
)

func TestBy(t *testing.T) {
	if got := By([]float64{2, 1, math.NaN(), 1, -3}); !slices.Equal(got, []int{2, 4, 1, 3, 0}) {
		t.Errorf("order %v", got)
	}
	if got := By(nil); len(got) != 0 {
		t.Errorf("the order of nothing is %v", got)
	}
}
