package kernel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
)

// SingularError reports a Gram matrix that is not positive definite to working
// precision, so that no ridgeless solution can be computed from it. Its
// eigenvalues are not negative beyond rounding; for one that has such, see
// IndefiniteError.
type SingularError struct {
	// Rows is nC.
	Rows int
	// Ridge is what was added to the diagonal.
	Ridge float64
	// Condition is the estimated condition number; +Inf when the factorisation
	// broke down.
	Condition float64
	// Twins are two examples with the same features, or −1, −1 when no pair
	// explains the singularity.
	Twins [2]int
}

func (e *SingularError) Error() string {
	s := fmt.Sprintf("kernel: the %d × %d Gram matrix", e.Rows, e.Rows)
	if e.Ridge > 0 {
		s += fmt.Sprintf(" with ridge %g", e.Ridge)
	}
	if math.IsInf(e.Condition, 1) {
		s += " is singular (not positive definite)"
	} else {
		s += fmt.Sprintf(" is singular to working precision (condition about %.1e)", e.Condition)
	}
	if e.Twins[0] >= 0 {
		s += fmt.Sprintf("; examples %d and %d, counted from 0, have the same features", e.Twins[0], e.Twins[1])
	}
	if e.Ridge > 0 {
		return s + ": use Ridge with a larger ridge, or PseudoInverse for the minimum-norm solution"
	}
	return s + ": use Ridge with a small positive ridge, or PseudoInverse for the minimum-norm solution"
}

// twins finds the first two examples whose features agree to rounding:
// K_ii + K_jj − 2 K_ij is their squared distance.
func twins(k blas64.General, outputs int) [2]int {
	for i := 0; i < k.Rows; i++ {
		for j := 0; j < i; j++ {
			a, b := k.Data[i*k.Stride+i], k.Data[j*k.Stride+j]
			if i/outputs != j/outputs && i%outputs == j%outputs && math.Abs(a+b-2*k.Data[i*k.Stride+j]) <= 1e-14*(a+b) {
				return [2]int{j / outputs, i / outputs}
			}
		}
	}
	return [2]int{-1, -1}
}
