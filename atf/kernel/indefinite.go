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
	// factorised they are Ritz values, inside the range of the eigenvalues.
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
	// largest magnitude, before a matrix that is not positive definite is
	// called indefinite: the rounding of kernels computed in float64.
	negligible = 1e-12
	// smallMatrix is the number of rows up to which all eigenvalues are taken.
	smallMatrix = 128
)

// indefinite returns an error when the smallest eigenvalue of K is below zero by
// more than rounding, and nil when it is not or when that cannot be told.
//
// For large matrices the smallest eigenvalue is the largest of −K, which the
// block Krylov method of TopEigen approaches from the inside: a negative Ritz
// value vᵀKv proves the matrix indefinite, converged or not, and a slow
// convergence to an eigenvalue near zero is cut short.
func indefinite(k *Gram) *IndefiniteError {
	raw := k.RawMatrix()
	scale, err := scaleOf("the Gram matrix", raw)
	if err != nil {
		return nil // zero everywhere is singular, and has been refused if not finite
	}
	n := raw.Rows
	var smallest, largest float64 // of K over its scale
	if n <= smallMatrix {
		s, err := EigenValues(k.Scale(1 / scale))
		if err != nil {
			return nil
		}
		smallest, largest = s.Values[n-1], s.Values[0]
	} else {
		low, ok := extreme(raw, -1/scale)
		high, found := extreme(raw, 1/scale)
		if !ok || !found {
			return nil
		}
		smallest, largest = -low, high
	}
	if smallest >= -max(negligible, float64(n)*0x1p-52)*math.Max(largest, -smallest) {
		return nil
	}
	return &IndefiniteError{Rows: n, Smallest: smallest * scale, Largest: largest * scale}
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
