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
