package experiment

import (
	"fmt"
	"math"
)

// Crossover is the x at which y first rises to the level, between two of the
// given x by a straight line on logarithmic axes. It is +Inf where y stays below
// the level, and −Inf where it is there from the first x on: both say that the
// crossover lies outside of what was looked at.
//
// Errors: no numbers, or not as many y as x; an x that is not larger than the one
// before; a level, an x or a y that is not positive and finite.
func Crossover(x, y []float64, level float64) (float64, error) {
	if len(x) == 0 || len(x) != len(y) {
		return 0, fmt.Errorf("experiment: a crossover of %d y for %d x: there must be as many, and one at least", len(y), len(x))
	}
	logX, err := logs("x", x)
	if err != nil {
		return 0, err
	}
	logY, err := logs("y", y)
	if err != nil {
		return 0, err
	}
	logLevel, err := logs("the level", []float64{level})
	if err != nil {
		return 0, err
	}
	for i := 1; i < len(x); i++ {
		if x[i] <= x[i-1] {
			return 0, fmt.Errorf("experiment: the x of a crossover must rise, and %v comes after %v", x[i], x[i-1])
		}
	}
	if logY[0] >= logLevel[0] {
		return math.Inf(-1), nil
	}
	for i := 1; i < len(x); i++ {
		if logY[i] >= logLevel[0] {
			share := (logLevel[0] - logY[i-1]) / (logY[i] - logY[i-1])
			return math.Exp(logX[i-1] + share*(logX[i]-logX[i-1])), nil
		}
	}
	return math.Inf(1), nil
}
