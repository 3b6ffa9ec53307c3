package par

import (
	"runtime"
	"sync/atomic"
	"testing"
)

// Every index is met once, whatever the grain and the number of goroutines.
func TestLoopsCoverTheRangeOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(procs)
		for _, n := range []int{0, 1, 5, 100} {
			for _, grain := range []int{-1, 0, 1, 3, 1000} {
				seen := make([]atomic.Int32, n)
				count := func(lo, hi int) {
					for i := lo; i < hi; i++ {
						seen[i].Add(1)
					}
				}
				For(n, grain, count)
				NewLoop(count).Run(n, max(grain, 1))
				for i := range seen {
					if v := seen[i].Load(); v != 2 {
						t.Fatalf("n=%d grain=%d procs=%d: index %d was met %d times in two loops", n, grain, procs, i, v)
					}
				}
			}
		}
	}
}

func TestLoopRunsAgainWithoutAllocating(t *testing.T) {
	out := make([]float64, 1000)
	l := NewLoop(func(lo, hi int) {
		for i := lo; i < hi; i++ {
			out[i]++
		}
	})
	if n := testing.AllocsPerRun(10, func() { l.Run(len(out), 10) }); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}
