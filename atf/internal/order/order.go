// Package order sorts examples by a value that each of them has, as the kernel
// maps of the paper's Figure 1 are sorted by y.
package order

import (
	"cmp"
	"slices"
)

// By gives the indices that sort values upwards; equal values keep their
// order, and NaN comes first.
func By(values []float64) []int {
	idx := make([]int, len(values))
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	return idx
}
