package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// Principal describes the examples of a set by their coordinates along the first
// k principal axes, those of XᵀX without centring, so that inner products between
// examples are kept as well as k numbers can, and gives the share of ‖X‖² that is
// kept (Eckart and Young). The new set holds no images, and shares the
// targets. With X Xᵀ = U Λ Uᵀ the
// coordinates are U Λ^½. Errors: a k that is not from 1 to both n and d; more
// axes than X has rank; those of kernel.TopEigen.
func Principal(set *data.Set, k int) (*data.Set, float64, error) {
	n, d := set.N(), set.Inputs()
	if k < 1 || k > n || k > d {
		return nil, 0, fmt.Errorf("experiment: %d principal axes of %d examples of %d numbers: ask for 1 to %d", k, n, d, min(n, d))
	}
	var products mat.Dense
	products.Mul(set.X, set.X.T())
	gram, err := kernel.FromMatrix(&products, 1)
	if err != nil {
		return nil, 0, err
	}
	top, err := kernel.TopEigen(gram, k, kernel.TopSettings{})
	if err != nil {
		return nil, 0, err
	}
	x := mat.NewDense(n, k, nil)
	kept := 0.0
	for j, v := range top.Values[:k] {
		if v <= 1e-12*top.Values[0] {
			return nil, 0, fmt.Errorf("experiment: %d principal axes of examples of rank %d: ask for no more than that", k, j)
		}
		kept += v
		for i := range n {
			x.Set(i, j, math.Sqrt(v)*top.Vectors.At(i, j))
		}
	}
	return &data.Set{X: x, Y: set.Y, Labels: set.Labels, Classes: set.Classes, Source: set.Source,
		Name: fmt.Sprintf("%s, %d principal coordinates", set.Name, k)}, kept / top.Trace, nil
}
