package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// AddHadamard adds dd∘(ws·hh + bs) to dst, where one entry of hh stands for a
// block of c × c entries of dd: the Gram block of a layer from the products of
// its signals (nC × mC) and of its inputs (n × m).
func AddHadamard(dst, dd, hh blas64.General, c int, ws, bs float64) {
	par.For(dst.Rows, 1+(1<<14)/max(dst.Cols, 1), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			out := dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]
			d := dd.Data[r*dd.Stride:]
			h := hh.Data[r/c*hh.Stride:]
			if c == 1 {
				for j := range out {
					out[j] += d[j] * (ws*h[j] + bs)
				}
				continue
			}
			for j := 0; j < len(out); j += c {
				v := ws*h[j/c] + bs
				for e := j; e < j+c; e++ {
					out[e] += d[e] * v
				}
			}
		}
	})
}
