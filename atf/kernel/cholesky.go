package kernel

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// cholBlock is the number of rows factored at a time.
const cholBlock = 128

// cholesky overwrites the upper triangle of the symmetric matrix a by U with
// a = UᵀU, by the blocked right-looking algorithm (Golub & Van Loan, Matrix
// Computations, §4.2.9). What lies below the diagonal is left as it was, except
// near the diagonal, and is not valid. It reports false when a leading minor is
// not positive.
//
// The blocks go to BLAS as they lie in the row-major square; LAPACK's C
// interface would transpose the whole matrix into memory of its own.
func cholesky(a blas64.General) bool {
	n := a.Rows
	for i := 0; i < n; i += cholBlock {
		e := min(i+cholBlock, n)
		t, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Upper, N: e - i, Stride: a.Stride, Data: a.Data[i*a.Stride+i:]})
		if !ok {
			return false
		}
		if e == n {
			break
		}
		strip := linalg.Cols(linalg.Rows(a, i, e), e, n)
		blas64.Trsm(blas.Left, blas.Trans, 1, t, strip)
		for r := e; r < n; r += 2 * cholBlock {
			// Row panels of the upper triangle, each one product.
			s := min(r+2*cholBlock, n)
			blas64.Gemm(blas.Trans, blas.NoTrans, -1, linalg.Cols(strip, r-e, s-e), linalg.Cols(strip, r-e, n-e),
				1, linalg.Cols(linalg.Rows(a, r, s), r, n))
		}
	}
	return true
}

// upper is the triangular view of a factored square.
func upper(a blas64.General) blas64.Triangular {
	return blas64.Triangular{Uplo: blas.Upper, Diag: blas.NonUnit, N: a.Rows, Stride: a.Stride, Data: a.Data}
}

// cholSolve overwrites b by (UᵀU)⁻¹ b.
func cholSolve(u blas64.Triangular, b blas64.General) {
	if b.Cols == 1 && b.Stride == 1 {
		v := blas64.Vector{N: b.Rows, Inc: 1, Data: b.Data}
		blas64.Trsv(blas.Trans, u, v)
		blas64.Trsv(blas.NoTrans, u, v)
		return
	}
	blas64.Trsm(blas.Left, blas.Trans, 1, u, b)
	blas64.Trsm(blas.Left, blas.NoTrans, 1, u, b)
}

// inverseNorm is a lower estimate, nearly always within a factor of three, of
// the 1-norm of (UᵀU)⁻¹: Hager's method as in Higham, Accuracy and Stability of
// Numerical Algorithms, 2nd ed., algorithm 15.1, with his alternating vector.
// It costs up to a dozen triangular solves.
func inverseNorm(u blas64.Triangular) float64 {
	n := u.N
	x := linalg.New(n, 1)
	for i := range x.Data {
		x.Data[i] = 1 / float64(n)
	}
	cholSolve(u, x)
	best, last := norm1(x.Data), -1
	y := linalg.New(n, 1)
	for round := 0; round < 5 && n > 1; round++ {
		for i, v := range x.Data {
			y.Data[i] = math.Copysign(1, v)
		}
		cholSolve(u, y)
		j := 0
		for i, v := range y.Data {
			if math.Abs(v) > math.Abs(y.Data[j]) {
				j = i
			}
		}
		if j == last {
			break
		}
		last = j
		clear(x.Data)
		x.Data[j] = 1
		cholSolve(u, x)
		v := norm1(x.Data)
		if !(v > best) {
			break
		}
		best = v
	}
	if n > 1 {
		for i := range y.Data {
			y.Data[i] = 1 + float64(i)/float64(n-1)
			if i%2 == 1 {
				y.Data[i] = -y.Data[i]
			}
		}
		cholSolve(u, y)
		best = math.Max(best, 2*norm1(y.Data)/(3*float64(n)))
	}
	return best
}

func norm1(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += math.Abs(v)
	}
	return s
}
