//go:build openblas

package linalg

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	blas "gonum.org/v1/netlib/blas/netlib"
	lapack "gonum.org/v1/netlib/lapack/netlib"
)

// Backend names the BLAS and LAPACK in use.
const Backend = "OpenBLAS"

func init() {
	blas64.Use(blas.Implementation{})
	lapack64.Use(lapack.Implementation{})
}
