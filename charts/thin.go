package charts

import (
	"math"
	"sort"
)

// thinPath keeps points at equal steps along a path, both ends among them.
func thinPath(x, y []float64, limit int) (tx, ty []float64) {
	for k := range limit {
		i := k * (len(x) - 1) / (limit - 1)
		tx, ty = append(tx, x[i]), append(ty, y[i])
	}
	return tx, ty
}

// thinLine keeps the lowest and the highest value of every stretch, so that no
// peak is lost.
func thinLine(x, y []float64, limit int) (tx, ty []float64) {
	n := len(x)
	parts := limit / 2
	for k := range parts {
		lo, hi := k*n/parts, (k+1)*n/parts
		a, b, hole := lo, lo, false
		for i := lo; i < hi; i++ {
			if math.IsNaN(y[i]) {
				hole = true
				continue
			}
			if math.IsNaN(y[a]) || y[i] < y[a] {
				a = i
			}
			if math.IsNaN(y[b]) || y[i] > y[b] {
				b = i
			}
		}
		if k == 0 {
			a = lo
		}
		if k == parts-1 {
			b = hi - 1
		}
		if hole && !math.IsNaN(y[a]) {
			tx, ty = append(tx, x[a], x[b]), append(ty, y[a], math.NaN())
			continue
		}
		if a > b {
			a, b = b, a
		}
		tx, ty = append(tx, x[a], x[b]), append(ty, y[a], y[b])
	}
	return tx, ty
}

// thinCloud keeps the first few points of each cell of a grid, as many as the
// limit allows, so that no outlier is lost.
func thinCloud(x, y []float64, limit int) (tx, ty []float64) {
	const side = 64
	xlo, xhi := span(x)
	ylo, yhi := span(y)
	cell := func(v, lo, hi float64) int {
		if !(hi > lo) {
			return 0
		}
		return min(int((v-lo)/(hi-lo)*side), side-1)
	}
	where := make([]int, len(x))
	var counts [side * side]int
	for i := range x {
		where[i] = -1
		if finite(x[i]) && finite(y[i]) {
			where[i] = cell(y[i], ylo, yhi)*side + cell(x[i], xlo, xhi)
			counts[where[i]]++
		}
	}
	kept := func(most int) (sum int) {
		for _, c := range counts {
			sum += min(c, most)
		}
		return sum
	}
	most := sort.Search(len(x), func(k int) bool { return kept(k+1) > limit })
	var taken [side * side]int
	for i, w := range where {
		if w >= 0 && taken[w] < most {
			taken[w]++
			tx, ty = append(tx, x[i]), append(ty, y[i])
		}
	}
	return tx, ty
}
