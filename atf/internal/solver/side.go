package solver

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
)

// A Side is A or B of Theorem 2: the symmetric matrix Base·I off the columns of
// U, and U diag(1 + e) Uᵀ on them.
type Side struct {
	N      int        // the matrix is N × N
	U      *mat.Dense // N × r with orthonormal columns; nil for the identity
	Excess []float64  // e: the singular values less 1
	Base   float64    // the singular value in all other directions
}

// newSide makes a side from singular vectors and excesses, none of them where it
// is the identity.
func newSide(u blas64.General, excess []float64, base float64) Side {
	if u.Cols != len(excess) {
		panic(fmt.Sprintf("solver: %d singular values for %d singular vectors", len(excess), u.Cols))
	}
	s := Side{N: u.Rows, Base: base}
	for _, e := range excess {
		if e != 0 || base != 1 {
			s.U, s.Excess = mat.NewDense(u.Rows, u.Cols, nil), excess
			for i := range u.Rows {
				copy(s.U.RawRowView(i), u.Data[i*u.Stride:i*u.Stride+u.Cols])
			}
			break
		}
	}
	return s
}

// Squared is AAᵀ as a side of a weight.
func (s Side) Squared() feature.Side {
	if len(s.Excess) == 0 && s.Base == 1 {
		return feature.Unchanged{}
	}
	square := s.Base * s.Base
	d := mat.NewDense(s.N, s.N, nil)
	for i := range s.N {
		d.Set(i, i, square)
	}
	if len(s.Excess) > 0 {
		scaled := mat.NewDense(s.N, len(s.Excess), nil)
		for j, e := range s.Excess {
			f := e*(2+e) + (1 - square)
			for i := range s.N {
				scaled.Set(i, j, s.U.At(i, j)*f)
			}
		}
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, scaled.RawMatrix(), s.U.RawMatrix(), 1, d.RawMatrix())
	}
	return feature.Matrix(d.RawMatrix())
}
