package solver

import (
	"context"
	"errors"
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// Status says why a descent ended.
type Status int

// What a descent ends with.
const (
	NotStarted   Status = iota
	Stationary          // the stationarity residual is at most the tolerance
	Smoothed            // the last smoothing of a kinked penalty was reached
	Stalled             // rounding hides any further descent
	IterationCap        // the iteration limit
	Interrupted         // the context ended
	Failed              // an error
)

var statusWords = [...]string{
	NotStarted:   "not started",
	Stationary:   "stationary to the tolerance",
	Smoothed:     "smoothing at its end",
	Stalled:      "no further descent at working precision",
	IterationCap: "iteration limit",
	Interrupted:  "interrupted",
	Failed:       "failed",
}

func (s Status) String() string {
	if s < 0 || int(s) >= len(statusWords) {
		return fmt.Sprintf("Status(%d)", int(s))
	}
	return statusWords[s]
}

// Early says that the descent ended before it reached what was asked for.
func (s Status) Early() bool { return s != Stationary && s != Smoothed }

// statusOf is the status that an error of a descent stands for.
func statusOf(err error, smoothed bool) Status {
	var limit *LimitError
	var stall *StalledError
	switch {
	case err == nil && smoothed:
		return Smoothed
	case err == nil:
		return Stationary
	case errors.As(err, &limit):
		return IterationCap
	case errors.As(err, &stall), errors.Is(err, errStalled):
		return Stalled
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Interrupted
	}
	return Failed
}

// The errors begin with atf, whose call the user made.

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
		s += fmt.Sprintf("; inputs %d and %d, counted from 0, have the same features but different targets", e.Twins[0], e.Twins[1])
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

// StalledError reports a descent that rounding ended above the tolerance; the
// solution beside it is the best point found.
type StalledError struct{ Stationarity, Tolerance float64 }

func (e *StalledError) Error() string {
	return fmt.Sprintf("atf: no further descent at working precision with a stationarity residual of %.3g, above the tolerance %.3g: ask for less by Tolerance, or add a Ridge", e.Stationarity, e.Tolerance)
}

func isSingular(err error) bool {
	var s *kernel.SingularError
	return errors.As(err, &s)
}
