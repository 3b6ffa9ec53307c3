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

// Threaded says that one BLAS call may use several cores by itself, whatever
// its size, and should not be made from several goroutines at once.
const Threaded = true

func init() {
	blas64.Use(blas.Implementation{})
	lapack64.Use(lapack.Implementation{})
}
