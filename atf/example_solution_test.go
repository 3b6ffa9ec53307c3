package atf_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// adaptiveCircle is a small solved problem of Theorem 2.
func adaptiveCircle() *atf.Solution {
	x, y := circle(12)
	return atf.Must(atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(0.1)).Solve())
}

// Predictions at inputs that were not fitted.
func ExampleSolution_Predict() {
	s := adaptiveCircle()
	f := atf.Must(s.Predict(mat.NewDense(2, 2, []float64{0.6, 0.8, -0.8, 0.6})))
	fmt.Println(f.At(0, 0) > 0, f.At(1, 0) < 0)
	// Output: true true
}

// The adapted kernel, and what each layer gives to it.
func ExampleSolution_Kernel() {
	s := adaptiveCircle()
	k := s.Kernel()
	sum := mat.NewDense(12, 12, nil)
	for l := range 3 {
		part := s.LayerKernel(l)
		sum.Add(sum, part)
		fmt.Printf("layer %d: %.0f%% of the trace\n", l, 100*part.Trace()/k.Trace())
	}
	fmt.Println("the parts add up:", mat.EqualApprox(sum, k, 1e-9))
	// Output:
	// layer 0: 2% of the trace
	// layer 1: 81% of the trace
	// layer 2: 17% of the trace
	// the parts add up: true
}

// The adapted kernel at other inputs.
func ExampleSolution_CrossKernel() {
	s := adaptiveCircle()
	x, _ := circle(12)
	k := atf.Must(s.CrossKernel(x, x))
	fmt.Println(mat.EqualApprox(k, s.Kernel(), 1e-9))
	// Output: true
}

// The transformation of a layer, in factored form and written out.
func ExampleSolution_Layer() {
	last := adaptiveCircle().Layer(2)
	b := last.B
	fmt.Printf("B is %d × %d: I and %d direction\n", b.N, b.N, b.Rank())
	fmt.Printf("trace of BBᵀ − I: %.3f, s² − 1: %.3f\n", mat.Trace(b.Square())-float64(b.N), (1+b.Excess[0])*(1+b.Excess[0])-1)
	// Output:
	// B is 12 × 12: I and 1 direction
	// trace of BBᵀ − I: 0.492, s² − 1: 0.492
}

// A problem with several minima, tried from several random starts.
func ExampleProblem_Restarts() {
	g := mat.NewDense(1, 3, []float64{1, 0.8, 0.6})
	p := atf.FromFeatures(g).Targets(mat.NewDense(1, 1, []float64{3})).Diagonal(penalty.Absolute(0.01))
	one, many := atf.Must(p.Solve()), atf.Must(p.Restarts(5, 1).Solve())
	fmt.Println(len(many.Starts), "starts, no worse:", many.Final() <= one.Final())
	// Output: 6 starts, no worse: true
}

// A path in λ, each solve beginning where the last one ended.
func ExampleProblem_WarmStart() {
	x, y := circle(8)
	p := atf.Tangent(smallNet(), x).Targets(y)
	s := atf.Must(p.Solve())
	for _, lambda := range []float64{10, 1, 0.1} {
		s = atf.Must(p.Layerwise(penalty.Squared(lambda)).WarmStart(s).Solve())
		fmt.Printf("λ = %v: %.3f\n", lambda, s.Final())
	}
	// Output:
	// λ = 10: 14.775
	// λ = 1: 6.550
	// λ = 0.1: 2.069
}

// The same path in one call, with all its solutions.
func ExampleProblem_Path() {
	x, y := circle(8)
	problem := atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(1))
	for _, s := range atf.Must(problem.Path(10, 1, 0.1)) {
		last := atf.Must(s.SingularValues(2))
		fmt.Printf("%.3f, last layer %.3f\n", s.Final(), last)
	}
	// Output:
	// 14.775, last layer [1.539]
	// 6.550, last layer [0.711]
	// 2.069, last layer [0.200]
}

// What each layer adds to the fitted change of the output.
func ExampleSolution_LayerFittedChange() {
	s := adaptiveCircle()
	x := mat.NewDense(1, 2, []float64{0.6, 0.8})
	sum := 0.0
	for l := range 3 {
		sum += atf.Must(s.LayerFittedChange(l, x)).At(0, 0)
	}
	fmt.Println(math.Abs(sum-atf.Must(s.FittedChange(x)).At(0, 0)) < 1e-12)
	// Output: true
}

// Its end alone.
func ExampleProblem_Continuation() {
	x, y := circle(8)
	p := atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(0.1))
	s := atf.Must(p.Continuation(100, 2).Solve())
	fmt.Printf("%.3f\n", s.Final())
	// Output:
	// 2.069
}

// An interrupted solve keeps what it has.
func ExampleProblem_Context() {
	x, y := circle(12)
	ctx, cancel := context.WithCancel(context.Background())
	s, err := atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(0.01)).Context(ctx).
		Progress(func(r atf.Report) {
			if r.Done == 2 {
				cancel()
			}
		}).Solve()
	fmt.Println(errors.Is(err, context.Canceled), s.Iterations, s.Interpolation < 1e-8)
	// Output: true 2 true
}

// Plain alternation needs more steps to the same place.
func ExampleProblem_Alternation() {
	x, y := circle(12)
	p := atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(0.01)).Restarts(0, 0)
	fast, slow := atf.Must(p.Solve()), atf.Must(p.Alternation().Solve())
	fmt.Printf("%.4f in fewer steps: %v\n", slow.Final()/fast.Final(), fast.Iterations < slow.Iterations)
	// Output: 1.0000 in fewer steps: true
}

// A solution survives the end of a notebook cell.
func ExampleSolution_GobEncode() {
	s := adaptiveCircle()
	var file bytes.Buffer
	fmt.Println(gob.NewEncoder(&file).Encode(s))
	var back atf.Solution
	fmt.Println(gob.NewDecoder(&file).Decode(&back))
	fmt.Println(back.Fingerprint() == s.Fingerprint())
	// Output:
	// <nil>
	// <nil>
	// true
}

// Targets out of reach.
func ExampleInfeasibleError() {
	g := mat.NewDense(2, 3, []float64{1, 2, 3, 1, 2, 3})
	_, err := atf.FromFeatures(g).Targets(mat.NewDense(2, 1, []float64{0, 1})).Solve()
	var e *atf.InfeasibleError
	fmt.Println(errors.As(err, &e), e.Twins)
	// Output: true [0 1]
}
