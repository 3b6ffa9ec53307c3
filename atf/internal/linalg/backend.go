//go:build !openblas

package linalg

// Backend names the BLAS and LAPACK in use.
const Backend = "gonum (pure Go)"
