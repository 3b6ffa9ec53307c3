package feature

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// A diagonal weight does not fall into factors: its Gram block needs the
// features themselves, written out for a few output units at a time.

// chunk is how many output units are written out at a time: features of about
// 16 MB, never all of them.
func (b *Dense) chunk() int {
	return min(max(1, (1<<21)/max(b.d.Rows*b.h.Cols, 1)), b.d.Cols)
}

// coordinates adds Σ_p w_p G_ip G'_jp.
func (b *Dense) coordinates(m *Dense, w Coordinates, k blas64.General, symmetric bool, s *Scratch) {
	out, in := b.Shape()
	size := min(b.chunk(), m.chunk())
	alpha := b.scale * m.scale
	for lo := 0; lo < out; lo += size {
		hi := min(lo+size, out)
		e := linalg.Reuse(&s.first, b.d.Rows, (hi-lo)*in)
		b.outer(e, lo, hi, w[lo*in:hi*in])
		f := linalg.Reuse(&s.second, m.d.Rows, (hi-lo)*in)
		m.outer(f, lo, hi, nil)
		if symmetric {
			linalg.AddUpper(alpha, e, f, &s.trans, k)
		} else {
			linalg.AddCross(alpha, e, f, &s.trans, k)
		}
	}
}

// outer writes d[r][o] h[i] for the output units lo to hi, times coords where
// there are any.
func (b *Dense) outer(dst blas64.General, lo, hi int, coords []float64) {
	in := b.h.Cols
	par.For(b.d.Rows, rowGrain(dst.Cols), func(r0, r1 int) {
		for r := r0; r < r1; r++ {
			h := b.h.Data[r/b.c*b.h.Stride : r/b.c*b.h.Stride+in]
			row := dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]
			for o := lo; o < hi; o++ {
				d := b.d.Data[r*b.d.Stride+o]
				part := row[(o-lo)*in : (o-lo+1)*in]
				for j, v := range h {
					part[j] = d * v
				}
			}
			for j, v := range coords {
				row[j] *= v
			}
		}
	})
}
