package linalg

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// panel is the number of rows of a Gram matrix computed by one product. It
// trades the half of the work that symmetry saves against the size that keeps
// a BLAS busy.
const panel = 256

// Transpose writes aᵀ into dst, which must be a.Cols × a.Rows.
func Transpose(dst, a blas64.General) {
	if dst.Rows != a.Cols || dst.Cols != a.Rows {
		panic(fmt.Sprintf("linalg: transpose of %d × %d into %d × %d", a.Rows, a.Cols, dst.Rows, dst.Cols))
	}
	const tile = 32
	strips := (a.Rows + tile - 1) / tile
	par.For(strips, 1+(1<<15)/(tile*max(a.Cols, 1)), func(lo, hi int) {
		for i0 := lo * tile; i0 < min(hi*tile, a.Rows); i0 += tile {
			i1 := min(i0+tile, a.Rows)
			for j0 := 0; j0 < a.Cols; j0 += tile {
				j1 := min(j0+tile, a.Cols)
				for j := j0; j < j1; j++ {
					d := dst.Data[j*dst.Stride:]
					for i := i0; i < i1; i++ {
						d[i] = a.Data[i*a.Stride+j]
					}
				}
			}
		}
	})
}

// New returns a zero r × c matrix.
func New(r, c int) blas64.General {
	return blas64.General{Rows: r, Cols: c, Stride: max(c, 1), Data: make([]float64, r*c)}
}

// Reuse returns an r × c matrix over *buf, which grows where it is too small.
// The values are whatever the buffer held.
func Reuse(buf *[]float64, r, c int) blas64.General {
	if cap(*buf) < r*c {
		*buf = make([]float64, r*c)
	}
	*buf = (*buf)[:cap(*buf)]
	return blas64.General{Rows: r, Cols: c, Stride: max(c, 1), Data: (*buf)[:r*c]}
}

// Rows is the view of rows lo to hi of a.
func Rows(a blas64.General, lo, hi int) blas64.General {
	v := blas64.General{Rows: hi - lo, Cols: a.Cols, Stride: a.Stride}
	if hi > lo {
		v.Data = a.Data[lo*a.Stride : (hi-1)*a.Stride+a.Cols]
	}
	return v
}

// Cols is the view of columns lo to hi of a.
func Cols(a blas64.General, lo, hi int) blas64.General {
	v := blas64.General{Rows: a.Rows, Cols: hi - lo, Stride: a.Stride}
	if a.Rows > 0 {
		v.Data = a.Data[lo : (a.Rows-1)*a.Stride+hi]
	}
	return v
}

// AddGram adds alpha·F Fᵀ to the upper triangle of the n × n matrix k, for F
// of n × p; ft is Fᵀ. Entries far below the diagonal are left alone, those
// just below it (within a panel) are overwritten: call MirrorUpper at the end.
func AddGram(alpha float64, f, ft, k blas64.General) {
	for i := 0; i < f.Rows; i += panel {
		e := min(i+panel, f.Rows)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, alpha, Rows(f, i, e), Cols(ft, i, f.Rows), 1, Cols(Rows(k, i, e), i, f.Rows))
	}
}

// MirrorUpper copies the upper triangle of the square matrix k below the
// diagonal.
func MirrorUpper(k blas64.General) {
	const tile = 64
	strips := (k.Rows + tile - 1) / tile
	par.For(strips, 1, func(lo, hi int) {
		for i0 := lo * tile; i0 < min(hi*tile, k.Rows); i0 += tile {
			i1 := min(i0+tile, k.Rows)
			for j0 := 0; j0 <= i0; j0 += tile {
				for i := i0; i < i1; i++ {
					for j := j0; j < min(j0+tile, i); j++ {
						k.Data[i*k.Stride+j] = k.Data[j*k.Stride+i]
					}
				}
			}
		}
	})
}
