package atf

import "sync"

// features are the laid out problem with its tangent features at its own
// inputs. A solution that was read back computes them when they are first
// asked for. Only one goroutine at a time works with them, since their blocks
// keep products of one Gram matrix for the next.
type features struct {
	mu    sync.Mutex
	sys   *system
	build func() (*system, error)
}

// keep holds features that there are.
func keep(sys *system) *features { return &features{sys: sys} }

// rebuild computes the features of p when they are first used.
func rebuild(p *Problem) *features { return &features{build: p.assemble} }

// use calls f with the features, or says why there are none. A failure, such as
// a memory budget too small, may be over at the next call.
func (l *features) use(f func(sys *system)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sys == nil {
		sys, err := l.build()
		if err != nil {
			return err
		}
		l.sys, l.build = sys, nil
	}
	f(l.sys)
	return nil
}

// outline is the system of a problem without its features: where the
// coefficients lie and which parts of M act on them.
func (p *Problem) outline() *system {
	s := &system{c: p.outputs}
	for _, at := range p.layout() {
		s.sources = append(s.sources, placed{slot: at})
	}
	p.divide(s)
	return s
}
