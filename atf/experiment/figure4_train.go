package experiment

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/sweep"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// Trained is what came out of a Training.
type Trained struct {
	TestError   float64   // of the chosen epoch, on the test images
	Epoch       int       // the chosen epoch, counted from 1
	ChosenError float64   // of that epoch, on the images that chose it
	Errors      []float64 // on those images, after each epoch
	LastTest    float64   // test error after the last epoch
	Loss        float64   // training loss of the last epoch
	Stopped     string    // why training ended, as nn.History has it
}

// Net is the network at which the models with this seed begin. Errors are those
// of nn's Build.
func (c Complexity) Net(seed uint64) (*nn.Network, error) {
	return nn.MLP(c.train.Inputs(), 128, 128, 128, 128, c.train.Outputs()).ReLU().LeCun().ZeroBias().Seed(seed).Build()
}

// Same are the n images that a training with this seed sees in every epoch under
// SameImages, drawn from all; those for a larger n begin with them. It is an
// error when there are not so many.
func (c Complexity) Same(n int, seed uint64) (*data.Set, error) {
	if n < 1 || n > c.train.N() {
		return nil, fmt.Errorf("experiment: %d images of the %d there are", n, c.train.N())
	}
	return c.train.Subset(rand.New(rand.NewPCG(seed, 4)).Perm(c.train.N())[:n]), nil
}

// Train trains one model. A training that diverges reports the best of what came
// before. Errors: settings that are none of those named, or of other images;
// fewer than 25 images, or more than there are; those of nn's Fit.
func (c Complexity) Train(ctx context.Context, t Training) (Trained, error) {
	if t.Data != c.key || c.key == "" {
		return Trained{}, fmt.Errorf("experiment: the training is of the images %q, these are %q: make it with Authors of the same experiment", t.Data, c.key)
	}
	net, err := c.Net(t.Seed)
	if err != nil {
		return Trained{}, err
	}
	var model nn.Model
	switch t.Model {
	case Fixed:
		model = tangent.Linear(net)
	case Adaptive:
		if model, err = tangent.Factorised(net); err != nil {
			return Trained{}, err
		}
	case Network:
		model = net
	default:
		return Trained{}, fmt.Errorf("experiment: the model is %q: it must be one of %q", t.Model, Models)
	}
	batch := 50
	if t.N <= 125 {
		batch = 25
	}
	train := nn.Train(model).Loss(nn.SoftmaxCrossEntropy).SGD(t.Rate).Momentum(0.9).
		Batch(batch).WholeBatches().Epochs(t.Epochs).Seed(t.Seed).Context(ctx)
	if t.Patience != 0 {
		train = train.Patience(t.Patience)
	}
	choosing := c.test
	switch t.ChosenBy {
	case ByTest:
	case ByValidation:
		choosing = c.validation
	default:
		return Trained{}, fmt.Errorf("experiment: the epoch is chosen by %q: it must be %q or %q", t.ChosenBy, ByTest, ByValidation)
	}
	images := c.train
	switch t.Images {
	case SameImages:
		if images, err = c.Same(t.N, t.Seed); err != nil {
			return Trained{}, err
		}
	case DrawnAnew:
		train = train.Draw(t.N)
	default:
		return Trained{}, fmt.Errorf("experiment: the protocol is %q: it must be one of %q", t.Images, Protocols)
	}
	h, err := train.Validate(choosing.X, choosing.Y).ByError().Fit(images.X, images.Y)
	var diverged *nn.DivergedError
	if err != nil && !(errors.As(err, &diverged) && h.BestEpoch >= 0) {
		return Trained{}, err
	}
	return c.read(model, h)
}

// read takes the results from a history.
func (c Complexity) read(model nn.Model, h *nn.History) (Trained, error) {
	if h.BestEpoch < 0 {
		return Trained{}, fmt.Errorf("experiment: no epoch was trained")
	}
	t := Trained{Epoch: h.BestEpoch + 1, ChosenError: h.ValidationError[h.BestEpoch], Errors: h.ValidationError, Loss: h.FinalLoss(), Stopped: h.Stopped}
	best, last := h.BestParams, h.Params
	if h.Network != nil {
		best, last = h.Best.Params(), h.Network.Params()
	}
	var err error
	if t.TestError, err = c.testError(model, best); err != nil {
		return t, err
	}
	t.LastTest, err = c.testError(model, last)
	return t, err
}

// testError is the share of the test images that the model decides wrongly with
// these parameters.
func (c Complexity) testError(model nn.Model, params []float64) (float64, error) {
	var f *mat.Dense
	var err error
	switch m := model.(type) {
	case *nn.Network:
		f = m.At(params).Predict(c.test.X)
	case tangent.LinearModel:
		f, err = m.Predict(params, c.test.X)
	case *tangent.FactorisedModel:
		f, err = m.Predict(params, c.test.X)
	}
	if err != nil {
		return 0, err
	}
	return nn.ErrorRate(f, c.test.Y)
}

// Sweep makes trainings a sweep, whose results are in a folder as soon as they
// are there.
func (c Complexity) Sweep(of []Training) sweep.Sweep[Training, Trained] {
	return sweep.Of("figure 4", of, c.Train).Cost(c.cost)
}

// cost estimates the work of an epoch: so many products with each parameter, for
// the images trained on and for those that choose.
func (c Complexity) cost(t Training) float64 {
	per := map[Model]float64{Fixed: 2, Adaptive: 6, Network: 1}[t.Model]
	choosing := 2.0
	if t.Model == Network {
		choosing = 1
	}
	return 3*per*float64(t.N) + choosing*float64(c.test.N())
}
