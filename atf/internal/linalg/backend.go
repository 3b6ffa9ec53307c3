//go:build !openblas

package linalg

// Backend names the BLAS and LAPACK in use.
const Backend = "gonum (pure Go)"

// Threaded says that one BLAS call may use several cores by itself, whatever
// its size, and should not be made from several goroutines at once.
const Threaded = false
