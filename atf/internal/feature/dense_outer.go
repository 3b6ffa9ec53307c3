package feature

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Where a weight does not fall into factors, or a sum over pairs of nodes would
// cost more, a dense layer's features are written out for a few output units at
// a time.

// chunk is how many output units are written out at a time for that many rows:
// features of about 32 MB, never all of them.
func (b *Dense) chunk(rows int) int {
	return min(max(1, (1<<22)/max(rows*b.h.Cols, 1)), b.d.out)
}

// addOuter adds scale·scale' Σ_p w_p G_ip G'_jp; without coords all w_p are 1.
func (b *Dense) addOuter(k blas64.General, o *Dense, coords Coordinates, factor float64, how Products, s *Scratch) error {
	in := b.h.Cols
	size := b.chunk(max(b.rows(), o.rows()))
	alpha := b.scale * o.scale * factor
	for lo := 0; lo < b.d.out; lo += size {
		if err := s.interrupted(); err != nil {
			return err
		}
		hi := min(lo+size, b.d.out)
		e := linalg.Reuse(&s.first, b.rows(), (hi-lo)*in)
		b.outer(e, lo, hi)
		f := e
		if coords != nil || !how.symmetric {
			f = linalg.Reuse(&s.second, o.rows(), (hi-lo)*in)
			o.outer(f, lo, hi)
		}
		if coords != nil {
			multiplyRows(e, coords[lo*in:hi*in])
		}
		how.add(alpha, e, f, s, k)
		s.piece(hi, b.d.out)
	}
	return nil
}

func multiplyRows(m blas64.General, v []float64) {
	linalg.Calls(m.Rows, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			row := m.Data[r*m.Stride : r*m.Stride+m.Cols]
			for j, x := range v {
				row[j] *= x
			}
		}
	})
}

// pieces writes the features out, without their scale, size output units at a
// time, and passes them on with the range of units.
func (b *Dense) pieces(size int, f func(lo, hi int, g blas64.General)) {
	var buf []float64
	for lo := 0; lo < b.d.out; lo += size {
		hi := min(lo+size, b.d.out)
		g := linalg.Reuse(&buf, b.rows(), (hi-lo)*b.h.Cols)
		b.outer(g, lo, hi)
		f(lo, hi, g)
	}
}

// outer writes the features of the output units lo to hi, without their scale:
// row iC+c of dst holds Σ_t w_t δ_t[iC+c][lo:hi] h_t[i]ᵀ.
func (b *Dense) outer(dst blas64.General, lo, hi int) {
	in, nc, nodes := b.h.Cols, b.rows(), len(b.nodes)
	d := b.d.all()
	if nodes == 1 {
		linalg.Calls(nc, func(r0, r1 int) {
			for r := r0; r < r1; r++ {
				h := b.h.Data[r/b.c*b.h.Stride : r/b.c*b.h.Stride+in]
				row := dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]
				for o, v := range d.Data[r*d.Stride+lo : r*d.Stride+hi] {
					part := row[o*in : (o+1)*in]
					for j, x := range h {
						part[j] = v * x
					}
				}
			}
		})
		return
	}
	linalg.Calls(nc, func(r0, r1 int) {
		dt := linalg.New(hi-lo, nodes)
		for r := r0; r < r1; r++ {
			for t, wt := range b.nodes {
				row := d.Data[(t*nc+r)*d.Stride:]
				for o := lo; o < hi; o++ {
					dt.Data[(o-lo)*dt.Stride+t] = wt * row[o]
				}
			}
			i := r / b.c
			h := blas64.General{Rows: nodes, Cols: in, Stride: b.n * b.h.Stride, Data: b.h.Data[i*b.h.Stride:]}
			row := blas64.General{Rows: hi - lo, Cols: in, Stride: in, Data: dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]}
			blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, dt, h, 0, row)
		}
	})
}
