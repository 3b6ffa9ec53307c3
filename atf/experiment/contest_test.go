package experiment

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Every number of a contest is the one that its parts give by themselves, and
// errors are counted by plain loops.
func TestCompete(t *testing.T) {
	lambdas := []float64{10, 0.1}
	net := must(nn.MLP(6, 16, 1).ReLU().Seed(2).Build())
	smooth, signs := must(data.Gaussian(80, 6).Seed(3).Load()), points(t, 80)
	signs.Labels = make([]int, 80) // as sets with classes have them
	for name, set := range map[string]*data.Set{"numbers": smooth, "classes": signs} {
		train, test := set.Split(50)
		c := must(Compete(net, train, test, 5, lambdas...))
		count := func(f mat.Matrix) float64 {
			miss, size := 0.0, 0.0
			for i := range test.N() {
				switch y := test.Y.At(i, 0); {
				case name == "numbers":
					miss, size = miss+math.Pow(f.At(i, 0)-y, 2), size+y*y
				case f.At(i, 0)*y <= 0:
					miss, size = miss+1, size+1
				default:
					size++
				}
			}
			return miss / size
		}
		same := func(what string, got float64, f mat.Matrix) {
			t.Helper()
			if want := count(f); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s: the error of %s is %v, not %v", name, what, got, want)
			}
		}
		problem := atf.Tangent(net, train.X).Targets(train.Y).Tolerance(1e-4)
		same("M = I", c.Fixed, must(must(problem.Solve()).Predict(test.X)))
		adapting := problem.Layerwise(penalty.Squared(1))
		for i, s := range must(adapting.Path(lambdas...)) {
			same("Theorem 2", c.Adapted[i], must(s.Predict(test.X)))
		}
		choice := must(adapting.HoldOut(0.25, 5).Choose(lambdas...))
		same("the choice", c.Chosen, must(choice.Solution.Predict(test.X)))
		if c.Lambda != choice.Chosen().Value {
			t.Errorf("%s: λ = %v was chosen, not %v", name, c.Lambda, choice.Chosen().Value)
		}
		h := must(nn.Train(net).SGD(0.03).Momentum(0.9).Batch(50).Cosine(300).Seed(5).Fit(train.X, train.Y))
		same("the network", c.Trained, h.Network.Predict(test.X))
	}
}

func TestCompeteRefuses(t *testing.T) {
	net := must(nn.MLP(6, 16, 1).ReLU().Seed(2).Build())
	train, test := must(data.Gaussian(80, 6).Seed(3).Load()).Split(50)
	for words, err := range map[string]error{
		"at least one λ":  second(Compete(net, train, test, 1)),
		"λ > 0, got -1":   second(Compete(net, train, test, 1, -1)),
		"mean nothing":    second(Compete(net, train, test.WithTargets(mat.NewDense(30, 1, nil)), 1, 1)),
		"network reads 6": second(Compete(net, must(data.Gaussian(60, 5).Load()), test, 1, 1)),
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
}

func second(_ *Contest, err error) error { return err }

// The tasks are what their names say, and every contest is that of Compete.
func TestFewAndMany(t *testing.T) {
	images := points(t, 170)
	images.Name, images.Labels = "points", make([]int, 170)
	all := must(FewAndMany(images, 1, 1))
	rules := map[string]func(x []float64) float64{
		"line, one of 100":  func(x []float64) float64 { return x[0] * math.Sqrt(100) },
		"square, one of 10": func(x []float64) float64 { return math.Pow(x[0]*math.Sqrt(10), 2) - 1 },
		"products, all of 20": func(x []float64) (y float64) {
			for j := 0; j < 10; j++ {
				y += x[2*j] * x[2*j+1] * 20 / math.Sqrt(10)
			}
			return y
		},
	}
	inputs := map[string]int{"line, one of 100": 100, "square, one of 10": 10, "products, all of 20": 20}
	if len(all) != 4 {
		t.Fatalf("%d tasks", len(all))
	}
	for _, c := range all {
		set := images.Shuffle(1)
		if rule := rules[c.Task]; rule != nil {
			set = must(data.Sphere(1150, inputs[c.Task]).Seed(1).Rule(rule).Load())
		} else if c.Task != "points" {
			t.Fatalf("the task is %q", c.Task)
		}
		train, test := set.Split(150)
		net := must(nn.MLP(set.Inputs(), 100, 100, 1).ReLU().Seed(1).Build())
		want := must(wrong(must(must(atf.Tangent(net, train.X).Targets(train.Y).Solve()).Predict(test.X)), test))
		if got := c.Mean(func(c *Contest) float64 { return c.Fixed }); len(c.Runs) != 1 || math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: the error of M = I is %v, not %v", c.Task, got, want)
		}
	}
	two := &Contests{Runs: []*Contest{{Fixed: 1, Chosen: 2}, {Fixed: 4, Chosen: 8}}}
	if got := two.OverFixed(func(c *Contest) float64 { return c.Chosen }); got != 2 {
		t.Errorf("10 over 5 is %v", got)
	}
	if got := two.Mean(func(c *Contest) float64 { return c.Fixed }); got != 2.5 {
		t.Errorf("the mean of 1 and 4 is %v", got)
	}
	for words, err := range map[string]error{
		"at least one seed": third(FewAndMany(images, 0, 1)),
		"150 images":        third(FewAndMany(images.Head(150), 1, 1)),
		"at least one λ":    third(FewAndMany(images, 1)),
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
}

func third(_ []*Contests, err error) error { return err }
