package charts

import (
	"cmp"
	"slices"
)

// OrderBy sorts rows and columns of every map by values, one for each example,
// upwards: by y, the maps of the paper's Figure 1. Equal values keep their
// order, and NaN comes first. See Order for an order of another kind; the last
// call counts.
func (f *KernelsFigure) OrderBy(values []float64) *KernelsFigure {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	f.k.order, f.k.by = order, append([]float64{}, values...)
	return f
}
