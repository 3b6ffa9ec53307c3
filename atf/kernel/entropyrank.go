package kernel

import (
	"errors"
	"fmt"
	"math"
)

// EntropyRank is the effective rank exp(−Σ p ln p) with p = σ/Σσ of Roy & Vetterli
// (EUSIPCO 2007), for a matrix with the singular values σ, in any order: the number
// of values where all are equal, 1 where a single one is not zero. Spectrum has it
// for the eigenvalues of a kernel.
//
// A value that is negative, NaN or infinite is an error, and so is a list without
// a positive one.
func EntropyRank(sigma []float64) (float64, error) {
	top := 0.0
	for i, s := range sigma {
		if !(s >= 0) || math.IsInf(s, 0) {
			return 0, fmt.Errorf("kernel: singular value %d, counted from 0, is %v: it must be finite and not negative", i, s)
		}
		top = math.Max(top, s)
	}
	if top == 0 {
		return 0, errors.New("kernel: the effective rank of a matrix that is zero, or has no singular values, is not defined")
	}
	scaled := make([]float64, len(sigma))
	for i, s := range sigma {
		scaled[i] = s / top
	}
	return entropyRank(scaled), nil
}

// entropyRank takes values that are negative by rounding for zero.
func entropyRank(values []float64) float64 {
	sum, h := 0.0, 0.0
	for _, l := range values {
		sum += max(l, 0)
	}
	for _, l := range values {
		if p := max(l, 0) / sum; p > 0 {
			h -= p * math.Log(p)
		}
	}
	return math.Exp(h)
}
