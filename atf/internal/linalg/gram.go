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
	const strip = 64
	strips := (a.Rows + strip - 1) / strip
	par.For(strips, 1+(1<<16)/(strip*max(a.Cols, 1)), func(lo, hi int) {
		lo, hi = lo*strip, min(hi*strip, a.Rows)
		transpose(Cols(dst, lo, hi), Rows(a, lo, hi))
	})
}

// transpose writes aᵀ into dst tile by tile, in the calling goroutine.
func transpose(dst, a blas64.General) {
	const tile = 16
	for i0 := 0; i0 < a.Rows; i0 += tile {
		i1 := min(i0+tile, a.Rows)
		for j := range a.Cols {
			d := dst.Data[j*dst.Stride+i0 : j*dst.Stride+i1]
			for i := range d {
				d[i] = a.Data[(i0+i)*a.Stride+j]
			}
		}
	}
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

// AddGram adds alpha·F Fᵀ to the n × n matrix k, for F of n × p, on and above
// the diagonal. What lies below it is not kept up: call MirrorUpper at the
// end. Fᵀ takes n·p numbers of scratch in pure Go.
func AddGram(alpha float64, f blas64.General, scratch *[]float64, k blas64.General) {
	AddUpper(alpha, f, f, scratch, k)
}

// AddUpper adds alpha·F Gᵀ to the n × n matrix k, for F and G of n × p whose
// product is symmetric, in the way of AddGram.
func AddUpper(alpha float64, f, g blas64.General, scratch *[]float64, k blas64.General) {
	right, trans := transposed(g, scratch)
	for i := 0; i < f.Rows; i += panel {
		e := min(i+panel, f.Rows)
		var b blas64.General
		if trans == blas.Trans {
			b = Rows(right, i, f.Rows)
		} else {
			b = Cols(right, i, f.Rows)
		}
		blas64.Gemm(blas.NoTrans, trans, alpha, Rows(f, i, e), b, 1, Cols(Rows(k, i, e), i, f.Rows))
	}
}

// AddCross adds alpha·F Gᵀ to k (n × m), for F of n × p and G of m × p. Gᵀ
// takes m·p numbers of scratch in pure Go.
func AddCross(alpha float64, f, g blas64.General, scratch *[]float64, k blas64.General) {
	right, trans := transposed(g, scratch)
	blas64.Gemm(blas.NoTrans, trans, alpha, f, right, 1, k)
}

// transposed gives g as the right factor of F·Gᵀ: OpenBLAS reads it as it is,
// pure Go wants Gᵀ written out (see the package's comment on bits).
func transposed(g blas64.General, scratch *[]float64) (blas64.General, blas.Transpose) {
	if Threaded {
		return g, blas.Trans
	}
	t := Reuse(scratch, g.Cols, g.Rows)
	Transpose(t, g)
	return t, blas.NoTrans
}

// Calls runs f on consecutive ranges that cover [0, n): on several goroutines
// where a single small BLAS call uses one core (pure Go), in one where BLAS
// itself spreads over the cores.
func Calls(n int, f func(lo, hi int)) {
	if Threaded {
		f(0, n)
		return
	}
	par.For(n, 1, f)
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
