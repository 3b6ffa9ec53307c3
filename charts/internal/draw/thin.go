package draw

import (
	"math"
	"slices"
	"sort"
)

// thinPath keeps points at equal steps along a path, both ends among them, and
// a gap wherever it passes over one.
func thinPath(x, y []float64, limit int) (tx, ty []float64) {
	steps := limit
	if slices.ContainsFunc(x, notFinitely) || slices.ContainsFunc(y, notFinitely) {
		steps = limit / 2 // the others are for the gaps
	}
	last := -1
	for k := range steps {
		i := k * (len(x) - 1) / (steps - 1)
		for j := last + 1; j < i; j++ {
			if !Finite(x[j]) || !Finite(y[j]) {
				tx, ty = append(tx, x[j]), append(ty, math.NaN())
				break
			}
		}
		tx, ty = append(tx, x[i]), append(ty, y[i])
		last = i
	}
	return tx, ty
}

// thinLine keeps the lowest and the highest finite value of every stretch, so
// that no peak is lost, a gap of every stretch that has one, and both ends.
func thinLine(x, y []float64, limit int) (tx, ty []float64) {
	kept := thinStretches(x, y, limit/2)
	if len(kept) > limit { // gaps and ends take room of their own
		kept = thinStretches(x, y, (limit-2)/3)
	}
	for _, i := range kept {
		tx, ty = append(tx, x[i]), append(ty, y[i])
		if !Finite(x[i]) || !Finite(y[i]) {
			ty[len(ty)-1] = math.NaN()
		}
	}
	return tx, ty
}

// thinStretches gives the points of thinLine for a number of stretches, in
// order: two each, one more for a gap, and two for the ends.
func thinStretches(x, y []float64, parts int) (kept []int) {
	n := len(x)
	for k := range parts {
		lo, hi := k*n/parts, (k+1)*n/parts
		least, most, hole := -1, -1, -1
		for i := lo; i < hi; i++ {
			switch {
			case !Finite(x[i]) || !Finite(y[i]):
				if hole < 0 {
					hole = i
				}
				continue
			case least < 0:
				least, most = i, i
			}
			if y[i] < y[least] {
				least = i
			}
			if y[i] > y[most] {
				most = i
			}
		}
		some := []int{least, most, hole}
		if k == 0 {
			some = append(some, 0)
		}
		if k == parts-1 {
			some = append(some, n-1)
		}
		slices.Sort(some)
		for _, i := range slices.Compact(some) {
			if i >= 0 {
				kept = append(kept, i)
			}
		}
	}
	return kept
}

func notFinitely(v float64) bool { return !Finite(v) }

// thinCloud chooses the first few points of each cell of a grid, as many as the
// limit allows, so that no outlier is lost.
func thinCloud(x, y []float64, limit int) (chosen []int) {
	const side = 64
	xlo, xhi := Span(x)
	ylo, yhi := Span(y)
	cell := func(v, lo, hi float64) int {
		if !(hi > lo) {
			return 0
		}
		return min(int(Fraction(v, lo, hi)*side), side-1)
	}
	where := make([]int, len(x))
	var counts [side * side]int
	for i := range x {
		where[i] = -1
		if Finite(x[i]) && Finite(y[i]) {
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
			chosen = append(chosen, i)
		}
	}
	return chosen
}
