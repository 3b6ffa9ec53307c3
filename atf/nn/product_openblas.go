//go:build openblas

package nn

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// product computes matrix products for a Pass; OpenBLAS threads inside.
type product struct{}

func newProduct() *product { return &product{} }

// forward is c = c + alpha·h wᵀ.
func (*product) forward(alpha float64, h, w blas64.General, _ *[]float64, _ bool, c blas64.General) {
	if c.Rows > 0 {
		blas64.Gemm(blas.NoTrans, blas.Trans, alpha, h, w, 1, c)
	}
}

// plain is c = beta·c + alpha·a b.
func (*product) plain(alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	if c.Rows > 0 {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, alpha, a, b, beta, c)
	}
}

// outer is c = alpha·aᵀ b.
func (*product) outer(alpha float64, a, b, c blas64.General) {
	blas64.Gemm(blas.Trans, blas.NoTrans, alpha, a, b, 0, c)
}
