package data

import "fmt"

// Range gives the examples lo … hi−1. It panics unless 0 ≤ lo < hi ≤ N().
func (s *Set) Range(lo, hi int) *Set {
	if lo < 0 || lo >= hi || hi > s.N() {
		panic(fmt.Sprintf("data: the examples %d to %d of a set of %d", lo, hi-1, s.N()))
	}
	return s.Subset(span(lo, hi))
}

// Spread gives n examples at equal steps in the order of the set, the first and
// the last among them. It panics unless 2 ≤ n ≤ N().
func (s *Set) Spread(n int) *Set {
	if n < 2 || n > s.N() {
		panic(fmt.Sprintf("data: %d examples at equal steps of a set of %d", n, s.N()))
	}
	idx := make([]int, n)
	for k := range idx {
		idx[k] = k * (s.N() - 1) / (n - 1)
	}
	return s.Subset(idx)
}
