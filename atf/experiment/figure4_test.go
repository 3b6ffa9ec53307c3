package experiment

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// threeClasses is a small task with one-hot targets.
func threeClasses(t testing.TB, n int, seed uint64) *data.Set {
	t.Helper()
	set := must(data.Gaussian(n, 6).Seed(seed).Load())
	y := mat.NewDense(n, 3, nil)
	for i := range n {
		c := 0
		if set.X.At(i, 0) > 0.4 {
			c = 1
		} else if set.X.At(i, 1)*set.X.At(i, 2) > 0 {
			c = 2
		}
		y.Set(i, c, 1)
	}
	return set.WithTargets(y)
}

func complexity(t testing.TB) Complexity {
	return must(Figure4(threeClasses(t, 120, 1), threeClasses(t, 60, 2), threeClasses(t, 80, 3)))
}

// The experiment is the authors', written out here a second time.
func TestFigure4IsTheAuthorsProtocol(t *testing.T) {
	c := complexity(t)
	train, validation, test := c.Images()
	for _, m := range Models {
		for _, p := range Protocols {
			for _, by := range []Chooser{ByTest, ByValidation} {
				s := c.Authors(m, p, 60, 3)
				if s.Rate != 0.01 || s.Epochs != 1000 || s.Patience != 20 || s.ChosenBy != ByTest {
					t.Errorf("the authors' settings are %+v", s)
				}
				s.Epochs, s.Patience, s.ChosenBy, s.N = 12, 4, by, 110
				got := must(c.Train(t.Context(), s))

				net := must(nn.MLP(6, 128, 128, 128, 128, 3).LeCun().ZeroBias().Seed(3).Build())
				model := map[Model]nn.Model{Network: net, Fixed: tangent.Linear(net), Adaptive: must(tangent.Factorised(net))}[m]
				chooses := test
				if by == ByValidation {
					chooses = validation
				}
				tr := nn.Train(model).Loss(nn.SoftmaxCrossEntropy).SGD(0.01).Momentum(0.9).Batch(25).WholeBatches().
					Epochs(12).Patience(4).ByError().Validate(chooses.X, chooses.Y).Seed(3)
				images := train
				if p == SameImages {
					images = must(c.Same(110, 3))
				} else {
					tr = tr.Draw(110)
				}
				h := must(tr.Fit(images.X, images.Y))
				if h.Steps != 4*h.Epochs() {
					t.Errorf("%d steps in %d epochs: an incomplete batch was not left out", h.Steps, h.Epochs())
				}
				outputs := map[Model]func(*nn.Network, []float64) *mat.Dense{
					Network: func(n *nn.Network, _ []float64) *mat.Dense { return n.Predict(test.X) },
					Fixed:   func(_ *nn.Network, p []float64) *mat.Dense { return must(tangent.Linear(net).Predict(p, test.X)) },
					Adaptive: func(_ *nn.Network, p []float64) *mat.Dense {
						return must(must(tangent.Factorised(net)).Predict(p, test.X))
					},
				}[m]
				best := must(nn.ErrorRate(outputs(h.Best, h.BestParams), test.Y))
				last := must(nn.ErrorRate(outputs(h.Network, h.Params), test.Y))
				if got.TestError != best || got.LastTest != last || got.Epoch != h.BestEpoch+1 || got.Stopped != h.Stopped ||
					!slices.Equal(got.Errors, h.ValidationError) || got.Loss != h.FinalLoss() || got.ChosenError != slices.Min(got.Errors) {
					t.Errorf("%s, %s, chosen by %s: %+v, but %v at epoch %d, %v at the end", m, p, by, got, best, h.BestEpoch+1, last)
				}
				if by == ByTest && got.TestError != got.ChosenError {
					t.Errorf("%s, %s: test error %v, chosen by %v", m, p, got.TestError, got.ChosenError)
				}
			}
		}
	}
}

// Batches are of 25 up to 125 images and of 50 beyond; the images of a larger n
// begin with those of a smaller one, and other seeds have others.
func TestFigure4Images(t *testing.T) {
	train := threeClasses(t, 200, 1)
	c := must(Figure4(train, threeClasses(t, 20, 2), threeClasses(t, 20, 3)))
	for n, fewest := range map[int]string{125: "25", 126: "50"} {
		s := c.Authors(Network, DrawnAnew, n, 0)
		s.N, s.Epochs = n, 1
		must(c.Train(t.Context(), s))
		s.N = map[int]int{125: 24, 126: 200}[n]
		if _, err := c.Train(t.Context(), s); (n == 125) != (err != nil && strings.Contains(err.Error(), fewest)) {
			t.Errorf("n = %d: %v", s.N, err)
		}
	}
	few, many, other := must(c.Same(30, 5)), must(c.Same(90, 5)), must(c.Same(30, 6))
	if few.N() != 30 || few.Fingerprint() != many.Head(30).Fingerprint() || few.Fingerprint() == other.Fingerprint() {
		t.Error("the images of a seed are others")
	}
	for _, n := range []int{0, 201} {
		if _, err := c.Same(n, 1); err == nil || !strings.Contains(err.Error(), "of the 200 there are") {
			t.Errorf("%d images: %v", n, err)
		}
	}
}

// The sweep's trainings are all different, the smallest first, and a result from
// the folder is the one that was made.
func TestFigure4Sweep(t *testing.T) {
	c := complexity(t)
	all := append(c.Curves(Sizes, 5), c.Causes([]int{125, 1000}, 2)...)
	if s := c.Sweep(all).In(t.TempDir()); s.Len() != 6*5*6+2*2*6*6 {
		t.Errorf("%d trainings", s.Len())
	} else if _, err := s.Results(); err != nil {
		t.Error(err)
	}
	curves := c.Curves(Sizes, 5)
	if !slices.IsSortedFunc(curves, func(a, b Training) int { return a.N - b.N }) {
		t.Error("the smallest sizes are not first")
	}
	if len(PublishedErrors) != len(Models) || !slices.Equal(PublishedSizes[:6], []float64{125, 250, 500, 1000, 2000, 4000}) {
		t.Error("the published values are of other models or sizes")
	}
	for m, errors := range PublishedErrors {
		if len(errors) != len(PublishedSizes) {
			t.Errorf("%d published values for %s", len(errors), m)
		}
	}
	few := c.Curves([]int{50}, 1)
	for i := range few {
		few[i].Epochs = 2
	}
	folder := t.TempDir()
	made, err := c.Sweep(few).In(folder).Run()
	if err != nil {
		t.Fatal(err)
	}
	read := must(c.Sweep(few).In(folder).Results())
	for i := range made {
		if !read[i].Done || read[i].Value.TestError != made[i].Value.TestError || !slices.Equal(read[i].Value.Errors, made[i].Value.Errors) {
			t.Errorf("result %d is read back as %+v", i, read[i])
		}
	}
	if c.cost(c.Authors(Adaptive, SameImages, 500, 0)) <= c.cost(c.Authors(Fixed, SameImages, 500, 0)) {
		t.Error("adapting costs less than not")
	}
}

func TestFigure4Diverges(t *testing.T) {
	c := complexity(t)
	s := c.Authors(Network, SameImages, 100, 0)
	s.Rate, s.Epochs = 3, 30
	got, err := c.Train(t.Context(), s)
	if err != nil {
		if !strings.Contains(err.Error(), "diverged") {
			t.Error(err)
		}
		return
	}
	if got.Stopped != nn.StoppedDiverged || !(got.TestError >= 0 && got.TestError <= 1) || math.IsNaN(got.Loss) {
		t.Errorf("%+v", got)
	}
}

func TestFigure4Refuses(t *testing.T) {
	set := threeClasses(t, 60, 1)
	for says, parts := range map[string][3]*data.Set{
		"needs training images":       {nil, set, set},
		"needs validation images":     {set, nil, set},
		"needs test images":           {set, set, nil},
		"wants one-hot":               {points(t, 60), set, set},
		"6 pixels and 2 classes, the": {set, set, set.WithTargets(mat.NewDense(60, 2, nil))},
	} {
		if _, err := Figure4(parts[0], parts[1], parts[2]); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	c := complexity(t)
	ok := c.Authors(Network, SameImages, 60, 0)
	for says, change := range map[string]func(*Training){
		"make it with Authors":  func(s *Training) { s.Data = "other" },
		`the model is "deep"`:   func(s *Training) { s.Model = "deep" },
		`chosen by "chance"`:    func(s *Training) { s.ChosenBy = "chance" },
		`protocol is "none"`:    func(s *Training) { s.Images = "none" },
		"121 images of the 120": func(s *Training) { s.N = 121 },
		"Draw(121)":             func(s *Training) { s.N, s.Images = 121, DrawnAnew },
		"learning rate is 0":    func(s *Training) { s.Rate = 0 },
		"no epoch":              func(s *Training) { s.Epochs = 0 },
		"Patience(-1)":          func(s *Training) { s.Patience = -1 },
	} {
		s := ok
		change(&s)
		if _, err := c.Train(t.Context(), s); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Train(ctx, ok); err == nil {
		t.Error("a training that was interrupted has a result")
	}
}
