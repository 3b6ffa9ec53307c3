package feature

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Corrected has a matrix on one side of Θ (out × in) and, added to it, one of
// low rank on the other. With OnLeft it is
//
//	Q ↦ Own·Q + Q·(Betaᵀ M Beta),  Own and M of out × out,
//
// and otherwise
//
//	Q ↦ Q·Own + (Beta M Betaᵀ)·Q,  Own and M of in × in,
//
// for a Beta of out × in and symmetric Own and M.
type Corrected struct {
	Own, M, Beta blas64.General
	OnLeft       bool
}

// Mul overwrites q by W q.
func (w Corrected) Mul(q []float64, out, in int, s *Scratch) {
	m := blas64.General{Rows: out, Cols: in, Stride: in, Data: q}
	t := Matrix(w.Own).mul(m, w.OnLeft, s)
	w.other().add(t, m, s)
	copy(q, t.Data)
}

func (w Corrected) trivial() (float64, bool) { return 0, false }

func (w Corrected) terms() []term {
	if w.OnLeft {
		return []term{{1, Matrix(w.Own), Unchanged{}}, {1, Unchanged{}, w.other()}}
	}
	return []term{{1, Unchanged{}, Matrix(w.Own)}, {1, w.other(), Unchanged{}}}
}

func (w Corrected) other() sandwich { return sandwich{beta: w.Beta, m: w.M, onRight: w.OnLeft} }

// A sandwich is a Side of low rank, βᵀ M β on the right of a matrix or β M βᵀ
// on its left, and is never formed.
type sandwich struct {
	beta, m blas64.General
	onRight bool
}

// add adds Q·S or S·Q to dst.
func (w sandwich) add(dst, q blas64.General, s *Scratch) {
	k := w.m.Rows
	if w.onRight {
		a, b := linalg.Reuse(&s.third, q.Rows, k), linalg.Reuse(&s.fourth, q.Rows, k)
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, q, w.beta, 0, a)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a, w.m, 0, b)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, b, w.beta, 1, dst)
		return
	}
	a, b := linalg.Reuse(&s.third, k, q.Cols), linalg.Reuse(&s.fourth, k, q.Cols)
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, w.beta, q, 0, a)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w.m, a, 0, b)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w.beta, b, 1, dst)
}

func (w sandwich) mul(q blas64.General, left bool, s *Scratch) blas64.General {
	if left == w.onRight {
		panic("feature: a low-rank side on the wrong side of a matrix")
	}
	t := linalg.Reuse(&s.mul, q.Rows, q.Cols)
	clear(t.Data)
	w.add(t, q, s)
	return t
}

// between is F βᵀM and E βᵀ on the right, F β M and E β on the left.
func (w sandwich) between(f, e blas64.General, s *productScratch) (l, r blas64.General) {
	l = w.left(f, s)
	if same(f, e) {
		return l, blas64.General{Rows: f.Rows, Cols: w.m.Rows, Stride: w.m.Rows, Data: s.inner[:f.Rows*w.m.Rows]}
	}
	return l, w.right(e, s)
}

// left leaves right(F) in s.inner.
func (w sandwich) left(f blas64.General, s *productScratch) blas64.General {
	fb, l := w.low(f, &s.inner), linalg.Reuse(&s.left, f.Rows, w.m.Rows)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, fb, w.m, 0, l)
	return l
}

func (w sandwich) right(e blas64.General, s *productScratch) blas64.General {
	return w.low(e, &s.right)
}

// low is F βᵀ on the right, F β on the left.
func (w sandwich) low(f blas64.General, buf *[]float64) blas64.General {
	t := blas.NoTrans
	if w.onRight {
		t = blas.Trans
	}
	fb := linalg.Reuse(buf, f.Rows, w.m.Rows)
	blas64.Gemm(blas.NoTrans, t, 1, f, w.beta, 0, fb)
	return fb
}

func (w sandwich) width(int) int { return w.m.Rows }

// same says that both are one matrix in memory.
func same(f, e blas64.General) bool {
	return f.Rows == e.Rows && f.Rows > 0 && f.Cols > 0 && &f.Data[0] == &e.Data[0]
}
