package sweep

import (
	"maps"
	"slices"
)

// Group gathers a number of every result by the size it belongs to: of says for
// the settings and the result of a run which size and number they are, and
// whether they count. Sizes come in rising order, numbers in that of the results;
// runs that are not done are left out.
func Group[S, R any](results []Result[S, R], of func(S, R) (size int, value float64, counts bool)) (sizes []float64, values [][]float64) {
	by := map[int][]float64{}
	for _, r := range results {
		if !r.Done {
			continue
		}
		if size, value, counts := of(r.Settings, r.Value); counts {
			by[size] = append(by[size], value)
		}
	}
	for _, size := range slices.Sorted(maps.Keys(by)) {
		sizes, values = append(sizes, float64(size)), append(values, by[size])
	}
	return sizes, values
}
