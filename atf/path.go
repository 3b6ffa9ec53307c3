package atf

import (
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Path solves the problem with all its penalties times λ, for one λ after the
// other, each solve beginning with the transformation of the one before (a warm
// start), and returns the solutions in the order of the lambdas:
//
//	path, err := problem.Layerwise(penalty.Squared(1)).Path(100, 10, 1, 0.1)
//
// is the path of penalty.Squared(100) … penalty.Squared(0.1). From large λ to
// small it begins near M = I, where the problem is easiest. Continuation takes
// the same way and keeps its end alone. HoldOut and Validate choose one λ of a path
// by examples that the fits do not see.
//
// Errors: no λ; a λ that is not finite or not above 0; those of Solve, with the
// λ where it happened. A path that ends early, by its context for instance,
// returns the solutions it has, the last of which is the best point of the
// solve that was not finished where that gave one.
func (p *Problem) Path(lambdas ...float64) ([]*Solution, error) {
	if len(lambdas) == 0 {
		return nil, fmt.Errorf("atf: a path needs at least one λ")
	}
	for _, lambda := range lambdas {
		if !(lambda > 0) || math.IsInf(lambda, 0) {
			return nil, fmt.Errorf("atf: a path needs finite λ > 0, got %v", lambda)
		}
	}
	path := make([]*Solution, 0, len(lambdas))
	next := *p
	for k, lambda := range lambdas {
		s, err := next.scaled(lambda).Solve()
		if s != nil {
			path = append(path, s)
		}
		if err != nil {
			return path, fmt.Errorf("atf: the path at λ = %g (%d of %d): %w", lambda, k+1, len(lambdas), err)
		}
		next.set.warm = s
	}
	return path, nil
}

// scaled is the problem with all penalties times c.
func (p Problem) scaled(c float64) *Problem {
	p.whole = p.whole.scaled(c)
	layers := map[int]Structure{}
	for l, s := range p.layers {
		layers[l] = s.scaled(c)
	}
	p.layers = layers
	for _, side := range []*penalty.Penalty{&p.sideA, &p.sideB} {
		if *side != nil {
			*side = penalty.Scale(c, *side)
		}
	}
	return &p
}
