// Package par splits loops over goroutines. The pieces never share an output,
// so the result does not depend on how many run at once.
package par

import (
	"runtime"
	"sync"
)

// For calls f on consecutive ranges that cover [0, n), on up to GOMAXPROCS
// goroutines, with at least grain indices in each range. Small loops run in
// the calling goroutine. f must write only to what belongs to its own indices.
func For(n, grain int, f func(lo, hi int)) {
	grain = max(grain, 1)
	workers := min(runtime.GOMAXPROCS(0), n/grain)
	if workers <= 1 {
		if n > 0 {
			f(0, n)
		}
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(w*n/workers, (w+1)*n/workers)
		}()
	}
	wg.Wait()
}
