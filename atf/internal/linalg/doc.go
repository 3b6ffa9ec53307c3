// Package linalg holds the BLAS choice and the few dense routines that several
// rooms share: Gram accumulation, transposition and checks on matrices.
//
// The default build runs gonum's pure-Go BLAS and LAPACK. With the build tag
// openblas the same calls go to OpenBLAS through gonum.org/v1/netlib; Backend
// names the one in use.
//
// In pure Go every routine here gives the same bits for any block size and any
// GOMAXPROCS: products are taken in the form A·B with both operands as stored,
// for which gonum adds the terms of each entry in the order of the inner index.
// OpenBLAS chooses its kernels by shape and thread count, so there the last
// bits may change with the block size (about 1e-15 relative per term).
package linalg
