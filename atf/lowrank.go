package atf

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// LowRank is a symmetric matrix I + U diag(e) Uᵀ with orthonormal columns U:
// the form of A, B and M in Theorems 1 and 2, which are never stored in full.
// Off the columns of U it is 0 instead of I for a penalty with its minimum
// there, such as penalty.Nuclear: U diag(1 + e) Uᵀ. The zero value is a 0 × 0
// matrix.
type LowRank struct {
	N      int        // the matrix is N × N
	U      *mat.Dense // N × r; nil for the identity
	Excess []float64  // e: the singular values less 1, all in falling order of the coefficients they belong to
	Base   float64    // the singular value in all other directions: 1, or 0
}

// Rank is r, the number of directions in which the matrix is not Base·I.
func (l LowRank) Rank() int { return len(l.Excess) }

// Dense writes the matrix out, N × N.
func (l LowRank) Dense() *mat.Dense {
	return l.dense(l.Base, func(e float64) float64 { return e + (1 - l.Base) })
}

// Square writes the square out, N × N: AAᵀ or BBᵀ, which are unique where A
// and B are not (footnote 1 of the paper).
func (l LowRank) Square() *mat.Dense {
	return l.dense(l.Base*l.Base, func(e float64) float64 { return e*(2+e) + (1 - l.Base*l.Base) })
}

// dense is base·I + U diag(f(e)) Uᵀ.
func (l LowRank) dense(base float64, f func(e float64) float64) *mat.Dense {
	if l.N == 0 {
		return &mat.Dense{} // of a part that is no matrix
	}
	d := mat.NewDense(l.N, l.N, nil)
	for i := range l.N {
		d.Set(i, i, base)
	}
	if len(l.Excess) == 0 {
		return d
	}
	scaled := mat.NewDense(l.N, len(l.Excess), nil)
	for j, e := range l.Excess {
		for i := range l.N {
			scaled.Set(i, j, l.U.At(i, j)*f(e))
		}
	}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, scaled.RawMatrix(), l.U.RawMatrix(), 1, d.RawMatrix())
	return d
}
