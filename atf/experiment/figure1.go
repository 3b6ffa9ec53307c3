package experiment

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Progress receives reports of long work.
type Progress = progress.Func

// Targets are what a student of Figure 1 is trained on.
type Targets string

// The two kinds of targets of Figure 1.
const (
	Smooth Targets = "y"       // the teacher's outputs
	Signs  Targets = "sign(y)" // their signs, which jump where y is 0
)

// Students is the experiment of Figure 1 in the making. Make it with Figure1.
// Setters return a changed copy.
type Students struct {
	images   *data.Set
	epochs   int
	rate     float64
	keep     bool
	ctx      context.Context
	progress Progress
}

// Figure1 is the experiment of Figure 1 on images with targets ±1 (the paper:
// 5,000 images of the digits 2 and 3, each minus its mean and over its norm).
//
// A teacher, a random ReLU network d-256-256-1 without biases, of which only
// the last layer is fitted to the images' targets by least squares, gives the
// smooth targets y. A student, a ReLU network d-256-256-1 with weights from
// N(0, 2/fan-in) and biases uniform on ±1/√fan-in, is trained on y or on
// sign(y) by SGD with momentum 0.9 and batches of 100, on a cosine schedule, for
// the mean squared error.
func Figure1(images *data.Set) Students {
	return Students{images: images, epochs: 500, rate: 0.1, ctx: context.Background()}
}

// Epochs is the number of epochs of the schedule. Default: 500.
func (e Students) Epochs(n int) Students { e.epochs = n; return e }

// Rate is the learning rate at the start of the schedule. Default: 0.1.
func (e Students) Rate(rate float64) Students { e.rate = rate; return e }

// Images are other images for the same experiment.
func (e Students) Images(images *data.Set) Students { e.images = images; return e }

// Keep has what takes long (the teacher's outputs, the trained students, their
// kernels, what the theory says of them) computed once and kept, as atf.Keep does,
// under names that begin with "Figure 1". Nothing is kept of a failure. Default:
// nothing is kept.
func (e Students) Keep() Students { e.keep = true; return e }

// Context lets training be interrupted.
func (e Students) Context(ctx context.Context) Students { e.ctx = ctx; return e }

// Progress has every epoch of training reported.
func (e Students) Progress(f Progress) Students { e.progress = f; return e }

func (e Students) check() error {
	switch {
	case e.images == nil || e.images.N() == 0:
		return fmt.Errorf("experiment: Figure 1 needs images, got none")
	case e.images.Outputs() != 1:
		return fmt.Errorf("experiment: Figure 1 wants one target for each image, ±1, got %d: choose two classes", e.images.Outputs())
	}
	return nil
}

// mlp is a network d-256-256-1.
func (e Students) mlp() *nn.Builder { return nn.MLP(e.images.Inputs(), 256, 256, 1) }

// Teach gives the images with the outputs y of the teacher with this seed as
// their targets. Errors: no images, or not one target each; those of
// nn.FitLastLayer.
func (e Students) Teach(seed uint64) (*data.Set, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	random, err := e.mlp().NoBias().Seed(1000 + seed).Build()
	if err != nil {
		return nil, err
	}
	y, err := keep(e.keep, "the teacher's outputs", func() (*mat.Dense, error) {
		teacher, err := nn.FitLastLayer(random, e.images.X, e.images.Y)
		if err != nil {
			return nil, err
		}
		return teacher.Predict(e.images.X), nil
	}, random, e.images)
	if err != nil {
		return nil, err
	}
	return e.images.WithTargets(y), nil
}

// Train trains the student with this seed on targets of the teacher with the
// same seed. Errors: those of Teach and of nn's Fit; targets other than Smooth
// and Signs; a y of exactly 0, which has no sign.
func (e Students) Train(seed uint64, targets Targets) (*Run, error) {
	r, err := e.student(seed, targets)
	if err != nil {
		return nil, err
	}
	trainer := e.trainer(r.From, seed)
	r.History, err = keep(e.keep, "student", func() (*nn.History, error) {
		return trainer.Context(e.ctx).Fit(r.Images.X, r.Targets)
	}, trainer.Fingerprint(r.Images.X, r.Targets))
	if err != nil {
		return nil, err
	}
	r.To = r.History.Network
	return r, nil
}

// student is a run before its training.
func (e Students) student(seed uint64, targets Targets) (*Run, error) {
	set, err := e.Teach(seed)
	if err != nil {
		return nil, err
	}
	r := &Run{Trained: targets, Seed: seed, Images: set, Targets: set.Y, keep: e.keep}
	switch targets {
	case Smooth:
	case Signs:
		if r.Targets, err = data.Signs(set.Y); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("experiment: the targets are %q: they must be %q or %q", targets, Smooth, Signs)
	}
	r.From, err = e.mlp().Seed(seed).Build()
	return r, err
}

// trainer is how Figure 1 trains: the student, and its linearisations beside it.
func (e Students) trainer(m nn.Model, seed uint64) *nn.Trainer {
	return nn.Train(m).SGD(e.rate).Momentum(0.9).Batch(100).Cosine(e.epochs).Seed(seed).Progress(e.progress)
}

// Both trains the students with the seeds 1 … seeds, each on both kinds of
// targets: the runs on y first, then those on sign(y). Errors are those of
// Train.
func (e Students) Both(seeds int) (runs [2][]*Run, err error) {
	for seed := range uint64(max(seeds, 0)) {
		for kind, targets := range []Targets{Smooth, Signs} {
			r, err := e.Train(seed+1, targets)
			if err != nil {
				return runs, err
			}
			runs[kind] = append(runs[kind], r)
		}
	}
	return runs, nil
}
