//go:build openblas

package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Product computes matrix products; OpenBLAS threads inside.
type Product struct{}

// NewProduct prepares products.
func NewProduct() *Product { return &Product{} }

// Forward is c = c + alpha·h wᵀ.
func (*Product) Forward(alpha float64, h, w blas64.General, _ *[]float64, _ bool, c blas64.General) {
	if c.Rows > 0 {
		blas64.Gemm(blas.NoTrans, blas.Trans, alpha, h, w, 1, c)
	}
}

// Plain is c = beta·c + alpha·a b.
func (*Product) Plain(alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	if c.Rows > 0 {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, alpha, a, b, beta, c)
	}
}

// Outer is c = alpha·aᵀ b.
func (*Product) Outer(alpha float64, a, b, c blas64.General) {
	blas64.Gemm(blas.Trans, blas.NoTrans, alpha, a, b, 0, c)
}

// AddOuter is c = c + alpha·aᵀ b.
func (*Product) AddOuter(alpha float64, a, b, c blas64.General) {
	blas64.Gemm(blas.Trans, blas.NoTrans, alpha, a, b, 1, c)
}
