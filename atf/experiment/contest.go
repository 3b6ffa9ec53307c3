package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A Contest has errors on new examples of one task: of the features as they are,
// of features that adapt, and of the trained network. An error is ‖f − y‖²/‖y‖²,
// or the share of wrong decisions where the task has labels.
type Contest struct {
	Fixed   float64   // M = I
	Adapted []float64 // Theorem 2 with the penalty λ(s−1)², for every λ
	Chosen  float64   // Theorem 2 with the λ that a held-out quarter chooses
	Lambda  float64   // this λ; +Inf where the choice is M = I
	Trained float64   // the network
}

// Compete takes the errors at the examples test of what a network and the
// examples train give: with its tangent features at the start fixed and adapted,
// solved to a stationarity residual of 10⁻⁴, and after 300 epochs of SGD with
// rate 0.03, momentum 0.9, batches of 50 and a cosine schedule, for the mean
// squared error. The seed is that of the held-out part (atf's HoldOut) and of
// training. Errors: fewer than 50 examples; those of atf's Solve, Path and Choose,
// and of nn's Fit.
func Compete(net *nn.Network, train, test *data.Set, seed uint64, lambdas ...float64) (*Contest, error) {
	c := &Contest{}
	fixed := atf.Tangent(net, train.X).Targets(train.Y).Tolerance(1e-4)
	adapting := fixed.Layerwise(penalty.Squared(1))
	s, err := fixed.Solve()
	if err != nil {
		return nil, err
	}
	if c.Fixed, err = missed(s, test); err != nil {
		return nil, err
	}
	path, err := adapting.Path(lambdas...)
	if err != nil {
		return nil, err
	}
	for _, s := range path {
		e, err := missed(s, test)
		if err != nil {
			return nil, err
		}
		c.Adapted = append(c.Adapted, e)
	}
	choice, err := adapting.HoldOut(0.25, seed).Choose(lambdas...)
	if err != nil {
		return nil, err
	}
	c.Lambda = choice.Chosen().Value
	if c.Chosen, err = missed(choice.Solution, test); err != nil {
		return nil, err
	}
	h, err := nn.Train(net).SGD(0.03).Momentum(0.9).Batch(50).Cosine(300).Seed(seed).Fit(train.X, train.Y)
	if err != nil {
		return nil, err
	}
	c.Trained, err = wrong(h.Network.Predict(test.X), test)
	return c, err
}

func missed(s *atf.Solution, test *data.Set) (float64, error) {
	f, err := s.Predict(test.X)
	if err != nil {
		return 0, err
	}
	return wrong(f, test)
}

func wrong(f mat.Matrix, test *data.Set) (float64, error) {
	if test.Labels != nil {
		return nn.ErrorRate(f, test.Y)
	}
	size := mat.Norm(test.Y, 2)
	if size == 0 {
		return 0, fmt.Errorf("experiment: the targets of the new examples are all 0: errors relative to them mean nothing")
	}
	var d mat.Dense
	d.Sub(f, test.Y)
	return math.Pow(mat.Norm(&d, 2)/size, 2), nil
}
