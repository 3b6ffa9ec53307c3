package kernel

import "fmt"

// Head is the Gram matrix of the first n examples. It panics unless
// 1 ≤ n ≤ N().
func (g *Gram) Head(n int) *Gram {
	if n < 1 || n > g.n {
		panic(fmt.Sprintf("kernel: the first %d examples of a Gram matrix of %d", n, g.n))
	}
	idx := make([]int, n)
	for i := range idx {
		idx[i] = i
	}
	return g.Subset(idx)
}
