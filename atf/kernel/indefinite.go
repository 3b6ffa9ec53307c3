package kernel

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/blas/blas64"
)

// IndefiniteError reports a symmetric matrix with an eigenvalue below zero by
// more than rounding. No features have it for their Gram matrix: with β of the
// eigenvector's coefficients, ‖β‖² would be negative.
type IndefiniteError struct {
	// Rows is nC.
	Rows int
	// Ridge is what was added to the diagonal, and did not make the matrix
	// positive definite.
	Ridge float64
	// Smallest and Largest are the most negative and the largest eigenvalue,
	// without the ridge. For a matrix of more than 128 rows that was to be
	// factorised they are found by a Krylov method and lie inside the range of
	// the eigenvalues, at its ends unless these are crowded.
	Smallest, Largest float64
}

func (e *IndefiniteError) Error() string {
	s := fmt.Sprintf("kernel: the %d × %d matrix is no kernel: its smallest eigenvalue is %.6g beside a largest of %.6g, and Gram matrices of features have none below zero", e.Rows, e.Rows, e.Smallest, e.Largest)
	larger := "a ridge"
	if e.Ridge > 0 {
		s += fmt.Sprintf("; with ridge %g it is not positive definite", e.Ridge)
		larger = "a larger ridge,"
	}
	s += ". Look for a sign, a difference of kernels, or rows and columns in different orders; to go on without, take " +
		fmt.Sprintf("%s above %.3g (Ridge, Gram.AddRidge)", larger, roundUp(-e.Smallest))
	if share := roundUp(-e.Smallest / e.Largest); e.Largest > 0 && share < 1 {
		s += fmt.Sprintf(", or leave the negative directions out by PseudoInverse with a tolerance of %.3g", share)
	}
	return s
}

// roundUp is a number of three digits at or a little above v > 0.
func roundUp(v float64) float64 {
	for _, w := range []float64{v, 1.005 * v} { // half a unit of the third digit, or more
		up, err := strconv.ParseFloat(strconv.FormatFloat(w, 'e', 2, 64), 64)
		if err == nil && up >= v {
			return up
		}
	}
	return v // at the end of the range of float64
}

const (
	// negligible is how far below zero an eigenvalue may lie, relative to the
	// norm, before a matrix that is not positive definite is called indefinite:
	// the rounding of kernels computed in float64.
	negligible = 1e-12
	// smallMatrix is the number of rows up to which all eigenvalues are taken.
	smallMatrix = 128
)

// indefinite returns an error when the smallest eigenvalue of K is below zero by
// more than rounding, and nil when it is not. It overwrites scratch, a square of
// K's size.
//
// For large matrices the Cholesky factorisation of K + δI decides, with δ above
// its backward error (Higham, Accuracy and Stability of Numerical Algorithms,
// 2nd ed., theorems 10.3 and 10.7): it goes through exactly when no eigenvalue
// lies below −δ, but for rounding. Only then is the smallest eigenvalue sought,
// as the largest of −K, by the block Krylov method of TopEigen.
func indefinite(k *Gram, scratch blas64.General) *IndefiniteError {
	raw := k.RawMatrix()
	scale, err := scaleOf("the Gram matrix", raw)
	if err != nil {
		return nil // zero everywhere is singular, and has been refused if not finite
	}
	n := raw.Rows
	tolerance := max(negligible, 4*float64(n)*0x1p-52)
	if n <= smallMatrix {
		s, err := EigenValues(k.Scale(1 / scale))
		if err != nil || s.Values[n-1] >= -tolerance*math.Max(s.Values[0], -s.Values[n-1]) {
			return nil
		}
		return &IndefiniteError{Rows: n, Smallest: s.Values[n-1] * scale, Largest: s.Values[0] * scale}
	}
	shift := 0.0 // the largest row sum is a norm, at most √n times the largest |eigenvalue|
	for i := range n {
		shift = math.Max(shift, tolerance*norm1(row(raw, i)))
		copy(row(scratch, i), row(raw, i))
	}
	for i := range n {
		scratch.Data[i*scratch.Stride+i] += shift
	}
	if cholesky(scratch) {
		return nil
	}
	e := &IndefiniteError{Rows: n, Smallest: -shift}
	if low, ok := extreme(raw, -1/scale); ok {
		e.Smallest = math.Min(-low*scale, -shift)
	}
	if high, ok := extreme(raw, 1/scale); ok {
		e.Largest = high * scale
	}
	return e
}

// extreme is the largest eigenvalue of c K, or a Ritz value below it where the
// method takes more than its rounds. It reports false when it fails.
func extreme(k blas64.General, c float64) (float64, bool) {
	const block, limit, rounds, tolerance = 4, 48, 60, 1e-9
	it := newKrylov(k, c, 1, block, limit)
	for round := 1; ; round++ {
		worst, err := it.ritz()
		if err != nil {
			return 0, false
		}
		if !(worst > tolerance) || round == rounds {
			return it.values[0], true
		}
		it.extend(tolerance)
	}
}
