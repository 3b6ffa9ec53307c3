package feature

import (
	"fmt"
	"sync"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Signals are a layer's back-propagated signals δ: row iC+c is the derivative
// of output c at input i by what the layer gives there, before its activation.
// Those of several nodes of a segment lie one after the other.
type Signals struct {
	d      blas64.General // nodes·nC × out; for unit signals empty until asked for
	rows   int            // nC
	c, out int
	unit   bool
	once   sync.Once // writes unit signals out
}

// NewSignals makes signals of C outputs from d, of nC × out for each node, which
// is shared. It panics when there are not as many rows.
func NewSignals(d blas64.General, n, c, nodes int) *Signals {
	if d.Rows != n*c*nodes {
		panic(fmt.Sprintf("feature: %d rows of signals for %d inputs, %d outputs and %d nodes", d.Rows, n, c, nodes))
	}
	return &Signals{d: d, rows: n * c, c: c, out: d.Cols}
}

// UnitSignals are those of a last layer without an activation, where the signal
// of output c is the unit vector e_c, at n inputs. They take no memory.
func UnitSignals(n, c int) *Signals { return &Signals{rows: n * c, c: c, out: c, unit: true} }

// all gives the signals of all nodes, written out.
func (s *Signals) all() blas64.General {
	if s.unit {
		s.once.Do(func() {
			s.d = linalg.New(s.rows, s.c)
			for r := range s.rows {
				s.d.Data[r*s.c+r%s.c] = 1
			}
		})
	}
	return s.d
}

// at gives the signals of node t.
func (s *Signals) at(t int) blas64.General { return linalg.Rows(s.all(), t*s.rows, (t+1)*s.rows) }

// addDots adds factor·δ_r·z_i to g[r] for every row r of node t, with i the
// input that row belongs to: z is n × out.
func (s *Signals) addDots(factor float64, t int, z blas64.General, g []float64) {
	if s.unit {
		for r := range g {
			g[r] += factor * z.Data[r/s.c*z.Stride+r%s.c]
		}
		return
	}
	d := s.at(t)
	par.For(len(g), rowGrain(s.out), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			g[r] += factor * dot(d.Data[r*d.Stride:r*d.Stride+s.out], z.Data[r/s.c*z.Stride:])
		}
	})
}

// sum writes Σ_c α_(i,c) δ_(i,c) of node t to row i of dst, n × out.
func (s *Signals) sum(t int, alpha []float64, dst blas64.General) {
	if s.unit {
		for r, a := range alpha {
			dst.Data[r/s.c*dst.Stride+r%s.c] = a
		}
		return
	}
	d := s.at(t)
	par.For(dst.Rows, rowGrain(s.out*s.c), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := dst.Data[i*dst.Stride : i*dst.Stride+s.out]
			clear(row)
			for r := i * s.c; r < (i+1)*s.c; r++ {
				for o, v := range d.Data[r*d.Stride : r*d.Stride+s.out] {
					row[o] += alpha[r] * v
				}
			}
		}
	})
}

// bytes is the memory of the signals written out, as far as it is not counted
// elsewhere.
func (s *Signals) bytes() int64 {
	if s.unit {
		return 8 * int64(s.rows) * int64(s.c)
	}
	return 0
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}
