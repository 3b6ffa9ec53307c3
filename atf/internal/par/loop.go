package par

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Loop is a parallel loop prepared once, so that running it again allocates
// nothing: the goroutines start a function that is already there, and take
// pieces of the range by a counter. The pieces share no output, so the result
// depends neither on their order nor on how many run at once.
type Loop struct {
	body     func(lo, hi int)
	n, chunk int
	next     atomic.Int64
	wg       sync.WaitGroup
	worker   func()
}

// NewLoop prepares a loop over body.
func NewLoop(body func(lo, hi int)) *Loop {
	l := &Loop{body: body}
	l.worker = func() {
		defer l.wg.Done()
		l.drain()
	}
	return l
}

func (l *Loop) drain() {
	for {
		hi := int(l.next.Add(int64(l.chunk)))
		lo := hi - l.chunk
		if lo >= l.n {
			return
		}
		l.body(lo, min(hi, l.n))
	}
}

// Run covers [0, n) in pieces of chunk indices.
func (l *Loop) Run(n, chunk int) {
	workers := min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk)
	if workers <= 1 {
		if n > 0 {
			l.body(0, n)
		}
		return
	}
	l.n, l.chunk = n, chunk
	l.next.Store(0)
	l.wg.Add(workers - 1)
	for range workers - 1 {
		go l.worker()
	}
	l.drain()
	l.wg.Wait()
}
