package feature

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// A Side is a symmetric positive semidefinite matrix S that acts on one side of
// a coefficient matrix: Unchanged, or a Matrix.
type Side interface {
	// product is F·S. The result is F itself or lies in buf, and is to be read
	// only.
	product(f blas64.General, buf *[]float64, s *Scratch) blas64.General
	// gram adds F S Fᵀ to p on and above the diagonal.
	gram(f, p blas64.General, s *Scratch)
	// mul gives S·Q (left) or Q·S, in buf or Q itself.
	mul(q blas64.General, left bool, buf *[]float64, s *Scratch) blas64.General
}

// Unchanged is the identity on one side.
type Unchanged struct{}

func (Unchanged) product(f blas64.General, _ *[]float64, _ *Scratch) blas64.General { return f }

func (Unchanged) gram(f, p blas64.General, s *Scratch) { linalg.AddUpper(1, f, f, &s.trans, p) }

func (Unchanged) mul(q blas64.General, _ bool, _ *[]float64, _ *Scratch) blas64.General { return q }

// Matrix is a symmetric matrix with all its entries stored, on one side.
type Matrix blas64.General

func (m Matrix) product(f blas64.General, buf *[]float64, _ *Scratch) blas64.General {
	fm := linalg.Reuse(buf, f.Rows, m.Cols)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, f, blas64.General(m), 0, fm)
	return fm
}

func (m Matrix) gram(f, p blas64.General, s *Scratch) {
	linalg.AddUpper(1, m.product(f, &s.third, s), f, &s.trans, p)
}

func (m Matrix) mul(q blas64.General, left bool, buf *[]float64, _ *Scratch) blas64.General {
	t := linalg.Reuse(buf, q.Rows, q.Cols)
	if left {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, blas64.General(m), q, 0, t)
	} else {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, q, blas64.General(m), 0, t)
	}
	return t
}
