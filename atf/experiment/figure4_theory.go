package experiment

import (
	"context"
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/atf/sweep"
)

// Loss is the loss under which the theory's problem is solved.
type Loss string

// The losses of a Solving.
const (
	Squared Loss = "squared" // ‖f − y‖²/ρ
	Softmax Loss = "softmax" // the cross-entropy over ρ
)

// Losses are both.
var Losses = []Loss{Squared, Softmax}

// Solving is the problem of eq. (4) on the images that a training under
// SameImages sees, without SGD: kernel regression with M = I, and Theorem 2 with
// the penalties λ(s−1)² on both sides of every layer, at all ridges and λ.
type Solving struct {
	N         int // images
	Seed      uint64
	Loss      Loss
	Ridges    []float64 // ρ
	Lambdas   []float64 // from large to small
	Tolerance float64   // of the stationarity residual
	Data      string    // fingerprint of the images
}

// Solved are the fits of a Solving, for every ridge M = I and then all λ.
type Solved struct{ Fits []Fit }

// Fit is the solution for one ridge and λ.
type Fit struct {
	Ridge, Lambda         float64 // Lambda is 0 where M = I
	Fitted, HeldOut, Test float64 // error rates on the images fitted, the validation and the test images
}

// Fixed is the fit with M = I of the lowest error on the validation images,
// Adapted that with a λ. They panic where there is none.
func (s Solved) Fixed() Fit { return s.best(func(f Fit) bool { return f.Lambda == 0 }) }

// Adapted is described with Fixed.
func (s Solved) Adapted() Fit { return s.best(func(f Fit) bool { return f.Lambda > 0 }) }

func (s Solved) best(among func(Fit) bool) Fit {
	var best *Fit
	for i, f := range s.Fits {
		if among(f) && (best == nil || f.HeldOut < best.HeldOut) {
			best = &s.Fits[i]
		}
	}
	if best == nil {
		panic("experiment: there is no such fit to choose from")
	}
	return *best
}

// Solvings are the problems under both losses for these sizes and seeds
// 0 … seeds−1, the smallest first.
func (c Complexity) Solvings(sizes []int, seeds int) []Solving {
	ridges := map[Loss][]float64{Squared: {10, 1, 0.01}, Softmax: {1, 0.1, 0.01}}
	var all []Solving
	for _, n := range sizes {
		for seed := range uint64(max(seeds, 0)) {
			for _, loss := range Losses {
				all = append(all, Solving{n, seed, loss, ridges[loss], []float64{100, 10, 1, 0.1}, 1e-3, c.key})
			}
		}
	}
	return all
}

// Solve solves the problems of one Solving. Errors: a loss that is not named, no
// ridge or λ, or other images; those of Same and of atf's Solve and Path.
func (c Complexity) Solve(ctx context.Context, of Solving) (Solved, error) {
	switch {
	case of.Data != c.key || c.key == "":
		return Solved{}, fmt.Errorf("experiment: the problem is of the images %q, these are %q: make it with Solvings of the same experiment", of.Data, c.key)
	case len(of.Ridges) == 0 || len(of.Lambdas) == 0:
		return Solved{}, fmt.Errorf("experiment: %d ridges and %d λ: at least one of each must be given", len(of.Ridges), len(of.Lambdas))
	}
	images, err := c.Same(of.N, of.Seed)
	if err != nil {
		return Solved{}, err
	}
	net, err := c.Net(of.Seed)
	if err != nil {
		return Solved{}, err
	}
	var all Solved
	for _, rho := range of.Ridges {
		problem := atf.Tangent(net, images.X).Targets(images.Y).Tolerance(of.Tolerance).Context(ctx)
		switch of.Loss {
		case Squared:
			problem = problem.Ridge(rho)
		case Softmax:
			problem = problem.Softmax(rho)
		default:
			return Solved{}, fmt.Errorf("experiment: the loss is %q: it must be one of %q", of.Loss, Losses)
		}
		fixed, err := problem.Solve()
		if err != nil {
			return Solved{}, fmt.Errorf("experiment: ρ = %g, M = I: %w", rho, err)
		}
		path, err := problem.Layerwise(penalty.Squared(1)).Path(of.Lambdas...)
		if err != nil {
			return Solved{}, fmt.Errorf("experiment: ρ = %g: %w", rho, err)
		}
		for i, s := range append([]*atf.Solution{fixed}, path...) {
			f := Fit{Ridge: rho}
			if i > 0 {
				f.Lambda = of.Lambdas[i-1]
			}
			for _, part := range []struct {
				of *data.Set
				to *float64
			}{{images, &f.Fitted}, {c.validation, &f.HeldOut}, {c.test, &f.Test}} {
				outputs, err := s.Predict(part.of.X)
				if err != nil {
					return Solved{}, err
				}
				if *part.to, err = nn.ErrorRate(outputs, part.of.Y); err != nil {
					return Solved{}, err
				}
			}
			all.Fits = append(all.Fits, f)
		}
	}
	return all, nil
}

// SolveSweep makes problems a sweep. A solve takes of the order of n³ steps.
func (c Complexity) SolveSweep(of []Solving) sweep.Sweep[Solving, Solved] {
	return sweep.Of("figure 4, theory", of, c.Solve).Cost(func(s Solving) float64 {
		n := float64(s.N)
		return n * n * n
	})
}
