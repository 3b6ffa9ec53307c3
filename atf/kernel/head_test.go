package kernel

import (
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestHead(t *testing.T) {
	k := must(Label(normal(9, 5, 2)))
	for n := 1; n <= 5; n++ {
		if h := k.Head(n); h.N() != n || h.Outputs() != 2 || !mat.Equal(h, mat.DenseCopyOf(k).Slice(0, 2*n, 0, 2*n)) {
			t.Errorf("the first %d examples: %d × %d outputs", n, h.N(), h.Outputs())
		}
	}
	for _, n := range []int{-1, 0, 6} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the first %d of 5 examples", n)
				}
			}()
			k.Head(n)
		}()
	}
}
