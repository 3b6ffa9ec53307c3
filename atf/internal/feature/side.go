package feature

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// A Side is a symmetric positive semidefinite matrix S that acts on one side of
// a coefficient matrix: Unchanged, or a Matrix.
type Side interface {
	// between gives L and R with F S Eᵀ = L Rᵀ, which are F and E themselves or
	// lie in scratch, and are to be read only.
	between(f, e blas64.General, s *productScratch) (l, r blas64.General)
	// left gives F S and right E up to what both have in common, so that F S Eᵀ =
	// left(F)·right(E)ᵀ: what between gives, row by row. Both have width(columns of
	// F) columns.
	left(f blas64.General, s *productScratch) blas64.General
	right(e blas64.General, s *productScratch) blas64.General
	width(cols int) int
	// mul gives S·Q (left) or Q·S, in scratch or Q itself.
	mul(q blas64.General, left bool, s *Scratch) blas64.General
}

// Unchanged is the identity on one side.
type Unchanged struct{}

func (Unchanged) between(f, e blas64.General, _ *productScratch) (l, r blas64.General) { return f, e }

func (Unchanged) left(f blas64.General, _ *productScratch) blas64.General { return f }

func (Unchanged) right(e blas64.General, _ *productScratch) blas64.General { return e }

func (Unchanged) width(cols int) int { return cols }

func (Unchanged) mul(q blas64.General, _ bool, _ *Scratch) blas64.General { return q }

// Matrix is a symmetric matrix with all its entries stored, on one side.
type Matrix blas64.General

func (m Matrix) between(f, e blas64.General, s *productScratch) (l, r blas64.General) {
	return m.left(f, s), e
}

func (m Matrix) left(f blas64.General, s *productScratch) blas64.General {
	l := linalg.Reuse(&s.left, f.Rows, m.Cols)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, f, blas64.General(m), 0, l)
	return l
}

func (m Matrix) right(e blas64.General, _ *productScratch) blas64.General { return e }

func (m Matrix) width(cols int) int { return cols }

func (m Matrix) mul(q blas64.General, left bool, s *Scratch) blas64.General {
	t := linalg.Reuse(&s.mul, q.Rows, q.Cols)
	if left {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, blas64.General(m), q, 0, t)
	} else {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, q, blas64.General(m), 0, t)
	}
	return t
}
