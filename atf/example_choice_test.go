package atf_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// oneDirection gives n random inputs of d numbers, and targets that depend on one
// direction alone.
func oneDirection(n, d int) (x, y *mat.Dense) {
	src := rand.New(rand.NewPCG(4, 0))
	x, y = mat.NewDense(n, d, nil), mat.NewDense(n, 1, nil)
	for i := range n {
		for j := range d {
			x.Set(i, j, src.NormFloat64()/math.Sqrt(float64(d)))
		}
		y.Set(i, 0, float64(d)*x.At(i, 0)*x.At(i, 0)-1)
	}
	return x, y
}

// λ is chosen by a quarter of the examples, and the problem is then solved on
// all of them.
func ExampleProblem_HoldOut() {
	x, y := oneDirection(120, 6)
	net := atf.Must(nn.MLP(6, 40, 40, 1).ReLU().UniformBias().Seed(1).Build())
	problem := atf.Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1))
	choice := atf.Must(problem.HoldOut(0.25, 1).Choose(10, 1, 0.1, 0.01))
	fmt.Println(choice)
	fmt.Println("on all examples:", choice.Solution.Stationarity < 1e-6)
	// Output:
	//                         mean loss
	//                 fitted   held out
	// M = I          < 1e-12      0.766
	// λ = 10         < 1e-12       0.66
	// λ = 1          < 1e-12       0.61  ← chosen
	// λ = 0.1        < 1e-12      0.614
	// λ = 0.01       < 1e-12      0.678
	// fitted on 90 examples, judged by 30
	// on all examples: true
}

// Held-out examples of one's own, and kernel ridge regression: M = I, with its
// ridge chosen.
func ExampleProblem_Validate() {
	x, y := oneDirection(60, 3)
	net := atf.Must(nn.MLP(3, 40, 40, 1).ReLU().UniformBias().Seed(1).Build())
	for i := range 60 { // noise, which an exact fit would follow
		y.Set(i, 0, y.At(i, 0)+0.3*float64(1-i%2*2))
	}
	hx, hy := oneDirection(100, 3)
	problem := atf.Tangent(net, x).Targets(y)
	choice := atf.Must(problem.Validate(hx.Slice(60, 100, 0, 3), hy.Slice(60, 100, 0, 1)).ChooseRidge(0.1, 1, 10, 100))
	fmt.Println(choice)
	// Output:
	//                         mean loss
	//                 fitted   held out
	// ρ = 0.1        0.00656      0.452
	// ρ = 1           0.0387      0.347
	// ρ = 10            0.22      0.339  ← chosen
	// ρ = 100          0.912      0.701
	// fitted on 60 examples, judged by 40
}
