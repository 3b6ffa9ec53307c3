package nn

import (
	"fmt"
	"math"
)

// schedule gives the learning rate of an epoch as a share of the base rate.
type schedule struct {
	kind   scheduleKind
	epochs int     // length of the cosine, or epochs between steps
	factor float64 // of a step
}

type scheduleKind uint8

const (
	constantRate scheduleKind = iota
	cosineRate
	stepRate
)

// at is the share in the given epoch, counted from 0.
func (s schedule) at(epoch int) float64 {
	switch s.kind {
	case cosineRate:
		return (1 + math.Cos(math.Pi*float64(epoch)/float64(s.epochs))) / 2
	case stepRate:
		return math.Pow(s.factor, float64(epoch/s.epochs))
	}
	return 1
}

func (s schedule) check(epochs int) error {
	switch s.kind {
	case cosineRate:
		if s.epochs <= 0 {
			return fmt.Errorf("nn: Cosine(%d): the number of epochs must be positive", s.epochs)
		}
		if epochs > s.epochs {
			return fmt.Errorf("nn: Cosine(%d) reaches the rate 0 before the %d epochs of training are over: give it as many", s.epochs, epochs)
		}
	case stepRate:
		if s.epochs <= 0 {
			return fmt.Errorf("nn: Step(%d, %v): the number of epochs between steps must be positive", s.epochs, s.factor)
		}
		if !(s.factor > 0) || math.IsInf(s.factor, 0) {
			return fmt.Errorf("nn: Step(%d, %v): the factor must be positive and finite", s.epochs, s.factor)
		}
	}
	return nil
}

// snapshotSteps are the steps at which parameters are kept: 0, the powers of
// 10^(1/perDecade) rounded to whole steps, and the last step.
func snapshotSteps(perDecade, last int) []int {
	steps := []int{0}
	for k := 0; ; k++ {
		s := int(math.Round(math.Pow(10, float64(k)/float64(perDecade))))
		if s >= last {
			break
		}
		if s > steps[len(steps)-1] {
			steps = append(steps, s)
		}
	}
	return append(steps, last)
}
