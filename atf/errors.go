package atf

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// InfeasibleError reports targets that no choice of coefficients fits: more
// independent equations than features, or equal inputs with different targets.
type InfeasibleError struct {
	Equations, Features int
	// Miss is the part of the targets out of reach, ‖ŷ − projection‖ / ‖ŷ‖.
	Miss float64
	// Twins are two inputs with the same features, or −1, −1.
	Twins [2]int
	Cause error
}

func (e *InfeasibleError) Error() string {
	s := fmt.Sprintf("atf: the targets cannot be interpolated: %d equations, %d features, and %.3g of the targets' norm is out of reach", e.Equations, e.Features, e.Miss)
	if e.Twins[0] >= 0 {
		s += fmt.Sprintf("; inputs %d and %d have the same features but different targets", e.Twins[0], e.Twins[1])
	}
	return s + ": remove what contradicts, or take the squared loss by Ridge"
}

// Unwrap is the singular Gram matrix that showed it.
func (e *InfeasibleError) Unwrap() error { return e.Cause }

// LimitError reports a solve that ended at its iteration limit; the solution
// beside it is the best point so far.
type LimitError struct {
	Iterations              int
	Stationarity, Tolerance float64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("atf: stationarity residual %.3g after %d iterations, above the tolerance %.3g: allow more by MaxIterations, or ask for less by Tolerance", e.Stationarity, e.Iterations, e.Tolerance)
}

// SingularError reports a Gram matrix that is singular to working precision.
type SingularError = kernel.SingularError

// IndefiniteError reports a matrix given for a Gram matrix that has a negative
// eigenvalue.
type IndefiniteError = kernel.IndefiniteError

// MemoryError reports a request beyond the memory budget.
type MemoryError = budget.Error
