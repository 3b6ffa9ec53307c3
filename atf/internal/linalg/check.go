package linalg

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// General gives the dense row-major form of m: the matrix itself where it is
// one already (shared, not copied), else a copy.
func General(m mat.Matrix) blas64.General {
	if raw, ok := m.(mat.RawMatrixer); ok {
		return raw.RawMatrix()
	}
	return mat.DenseCopyOf(m).RawMatrix()
}

// Finite returns an error that names the first entry of m that is NaN or
// infinite; name says what m is.
func Finite(name string, m blas64.General) error {
	for i := 0; i < m.Rows; i++ {
		for j, v := range m.Data[i*m.Stride : i*m.Stride+m.Cols] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%s holds %v at row %d, column %d (counted from 0): every entry must be finite", name, v, i, j)
			}
		}
	}
	return nil
}
