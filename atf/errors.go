package atf

import (
	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/solver"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// InfeasibleError reports targets that no choice of coefficients fits: more
// independent equations than features, or equal inputs with different targets.
// Miss is the share of the targets out of reach, Twins are two inputs with the
// same features or −1, −1, and Cause is the singular Gram matrix that showed it.
type InfeasibleError = solver.InfeasibleError

// LimitError reports a solve that ended at its iteration limit; the solution
// beside it is the best point so far. It has Iterations, Stationarity and
// Tolerance.
type LimitError = solver.LimitError

// StalledError reports a descent that rounding ended above the tolerance; the
// solution beside it is the best point found. It has Stationarity and Tolerance.
type StalledError = solver.StalledError

// SingularError reports a Gram matrix that is singular to working precision.
type SingularError = kernel.SingularError

// IndefiniteError reports a matrix given for a Gram matrix that has a negative
// eigenvalue.
type IndefiniteError = kernel.IndefiniteError

// MemoryError reports a request beyond the memory budget.
type MemoryError = budget.Error
