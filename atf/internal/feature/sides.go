package feature

import "gonum.org/v1/gonum/blas/blas64"

// Sides is the Kronecker product W = Right ⊗ Left on an out × in matrix Θ, that
// is Θ ↦ Left·Θ·Right, with Left of out × out and Right of in × in: the
// structure of Theorem 2 with Left = A Aᵀ and Right = B Bᵀ.
type Sides struct{ Left, Right Side }

// Mul overwrites Q by Left·Q·Right.
func (w Sides) Mul(q []float64, out, in int, s *Scratch) {
	m := blas64.General{Rows: out, Cols: in, Stride: in, Data: q}
	copy(q, w.Left.mul(m, true, s).Data)
	copy(q, w.Right.mul(m, false, s).Data)
}

func (w Sides) trivial() (float64, bool) {
	_, l := w.Left.(Unchanged)
	_, r := w.Right.(Unchanged)
	return 1, l && r
}

func (w Sides) terms() []term { return []term{{1, w.Left, w.Right}} }
