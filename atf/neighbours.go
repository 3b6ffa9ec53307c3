package atf

import (
	"fmt"
	"math"
)

// Neighbours solves a problem with all its penalties times λ, for one λ after
// the other in any order, each time from the nearest λ that it has solved. It is
// for what must answer at once, such as a slider: where Path walks down once, it
// goes where the hand goes. Made by Problem.Neighbours; not for several
// goroutines at a time.
type Neighbours struct {
	problem *Problem
	kept    map[int]*Solution // by quarters of a decade
}

// Neighbours begins with no solution: the first solve starts as the problem
// says.
func (p *Problem) Neighbours() *Neighbours {
	return &Neighbours{problem: p, kept: map[int]*Solution{}}
}

// quarters counts quarters of a decade: four solutions per decade of λ are kept.
func quarters(lambda float64) int { return int(math.Round(4 * math.Log10(lambda))) }

// At solves for λ by a warm start from the kept solution whose λ is nearest by
// its ratio, of two equally near the one with the larger λ, and keeps the result
// in place of the one that it had for that quarter of a decade. Where the
// effective penalty is not convex, a descent ends in a stationary point that may
// depend on where it began, so on the way taken.
//
// Errors: a λ that is not finite or not above 0; those of Solve, with the λ, and
// with the best point where Solve gives one, which is not kept.
func (n *Neighbours) At(lambda float64) (*Solution, error) {
	if !(lambda > 0) || math.IsInf(lambda, 0) {
		return nil, fmt.Errorf("atf: a neighbour needs a finite λ > 0, got %v", lambda)
	}
	at, nearest := quarters(lambda), -1
	problem := n.problem.scaled(lambda)
	for place, s := range n.kept {
		d := place - at
		if d = 2 * d; d < 0 {
			d = 1 - d // behind the one as far above
		}
		if nearest < 0 || d < nearest {
			problem.set.warm, nearest = s, d
		}
	}
	s, err := problem.Solve()
	if err != nil {
		return s, fmt.Errorf("atf: the neighbour at λ = %g: %w", lambda, err)
	}
	n.kept[at] = s
	return s, nil
}
