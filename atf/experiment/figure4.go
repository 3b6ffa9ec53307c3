package experiment

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// Model is one of the three models of Figure 4.
type Model string

// The models of Figure 4.
const (
	Fixed    Model = "fixed"    // the linearisation: tangent.Linear
	Adaptive Model = "adaptive" // the factorised linearisation: tangent.Factorised
	Network  Model = "network"  // the network itself
)

// Protocol says which images the epochs of a training see, of which Figure 4
// counts n.
type Protocol string

// The two protocols.
const (
	SameImages Protocol = "same images" // the same n in every epoch
	DrawnAnew  Protocol = "drawn anew"  // n drawn anew from all images in every epoch
)

// Chooser says which images choose the epoch whose network is reported.
type Chooser string

// Who chooses the epoch.
const (
	ByTest       Chooser = "test"       // the test images themselves, as in Figure 4
	ByValidation Chooser = "validation" // images that are in neither other part
)

// Complexity is the experiment of Figure 4, the sample complexity of the three
// models, on given images. Make it with Figure4.
type Complexity struct {
	train, validation, test *data.Set
	key                     string // fingerprint of the images
}

// Figure4 is the experiment of Figure 4 on images with one-hot targets, their
// pixels over 255 and nothing else. Every model begins at a ReLU network
// d-128-128-128-128-C with weights from N(0, 1/fan-in) and biases 0, and is
// trained by SGD with momentum 0.9 for the softmax cross-entropy, in batches of
// 50 (25 for up to 125 images), an incomplete last batch left out. It is an
// error when a part has no images, or parts differ in their inputs or classes.
func Figure4(train, validation, test *data.Set) (Complexity, error) {
	parts := map[string]*data.Set{"training": train, "validation": validation, "test": test}
	for _, name := range []string{"training", "validation", "test"} {
		s := parts[name]
		switch {
		case s == nil || s.N() == 0:
			return Complexity{}, fmt.Errorf("experiment: Figure 4 needs %s images, got none", name)
		case s.Outputs() < 2:
			return Complexity{}, fmt.Errorf("experiment: Figure 4 wants one-hot targets, the %s images have %d: choose OneHot", name, s.Outputs())
		case s.Outputs() != train.Outputs() || s.Inputs() != train.Inputs():
			return Complexity{}, fmt.Errorf("experiment: the %s images have %d pixels and %d classes, the training images %d and %d",
				name, s.Inputs(), s.Outputs(), train.Inputs(), train.Outputs())
		}
	}
	key := fingerprint.New("experiment.Complexity/1").String(train.Fingerprint()).
		String(validation.Fingerprint()).String(test.Fingerprint()).Sum()
	return Complexity{train, validation, test, key}, nil
}

// Figure4Digits are the images of Figure 4 from one source: all images of
// the train part, and the test part in two halves, in a random order since the
// files have the easier images first: the first half chooses, the second tests.
// Errors are those of Load, and a test part of less than two images.
func Figure4Digits(images data.Images) (Complexity, error) {
	train, err := images.Train().Load()
	if err != nil {
		return Complexity{}, err
	}
	others, err := images.Test().Load()
	if err != nil {
		return Complexity{}, err
	}
	if others.N() < 2 {
		return Complexity{}, fmt.Errorf("experiment: %d images to choose and to test with: Figure 4 needs some for each", others.N())
	}
	validation, test := others.Shuffle(0).Split(others.N() / 2)
	return Figure4(train, validation, test)
}

// Images are the three parts: those trained on, those that choose where the test
// images do not, and the test images.
func (c Complexity) Images() (train, validation, test *data.Set) {
	return c.train, c.validation, c.test
}

// Training is one training of Figure 4: what a result depends on.
type Training struct {
	Model    Model
	Images   Protocol
	N        int // images of an epoch
	Seed     uint64
	Rate     float64
	Epochs   int // at most
	Patience int // epochs without a better one after which training ends; 0: none end it
	ChosenBy Chooser
	Data     string // fingerprint of the images
}

// Authors is a training as the paper's authors do it: rate 0.01, up to 1000
// epochs, the end 20 epochs after the best, and the best is that of the lowest
// test error. Change its fields for other trainings.
func (c Complexity) Authors(m Model, p Protocol, n int, seed uint64) Training {
	return Training{Model: m, Images: p, N: n, Seed: seed, Rate: 0.01, Epochs: 1000, Patience: 20, ChosenBy: ByTest, Data: c.key}
}

// Models, Protocols and Sizes are those of Figure 4; of the sizes, those up to
// 4,000.
var (
	Models    = []Model{Fixed, Adaptive, Network}
	Protocols = []Protocol{DrawnAnew, SameImages}
	Sizes     = []int{125, 250, 500, 1000, 2000, 4000}
)

// Curves are the trainings behind the curves of Figure 4 under both protocols:
// all models for these sizes and seeds 0 … seeds−1, the smallest sizes first.
func (c Complexity) Curves(sizes []int, seeds int) []Training {
	return c.each(sizes, seeds, func(t Training) []Training { return []Training{t} })
}

// Causes are trainings that ask why the curves are what they are, for these
// sizes and seeds: the same trainings with the epoch chosen on validation images;
// with other learning rates, chosen so too (of which the best rate is that of
// the lowest validation error); and to the last epoch without an early end.
func (c Complexity) Causes(sizes []int, seeds int) []Training {
	return c.each(sizes, seeds, func(t Training) []Training {
		t.ChosenBy = ByValidation
		of := []Training{t}
		for _, rate := range []float64{0.001, 0.003, 0.03, 0.1} {
			t.Rate = rate
			of = append(of, t)
		}
		t.Rate, t.Patience = of[0].Rate, 0
		return append(of, t)
	})
}

// each makes trainings of the authors' for every size, seed, protocol and model.
func (c Complexity) each(sizes []int, seeds int, of func(Training) []Training) []Training {
	var all []Training
	for _, n := range sizes {
		for seed := range uint64(max(seeds, 0)) {
			for _, p := range Protocols {
				for _, m := range Models {
					all = append(all, of(c.Authors(m, p, n, seed))...)
				}
			}
		}
	}
	return all
}

// The authors' mean test errors of Figure 4 on MNIST, by the number of images of
// an epoch, as read off their figure (±0.002).
var (
	PublishedSizes  = []float64{125, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 60000}
	PublishedErrors = map[Model][]float64{
		Fixed:    {0.187, 0.176, 0.142, 0.122, 0.105, 0.094, 0.083, 0.076, 0.070, 0.066},
		Adaptive: {0.140, 0.131, 0.114, 0.099, 0.085, 0.078, 0.073, 0.070, 0.070, 0.070},
		Network:  {0.068, 0.054, 0.044, 0.033, 0.025, 0.023, 0.020, 0.018, 0.017, 0.017},
	}
)
