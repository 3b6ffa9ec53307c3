package atf_test

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// circle gives n points on the unit circle and the signs of their first
// coordinates times the second.
func circle(n int) (x, y *mat.Dense) {
	x, y = mat.NewDense(n, 2, nil), mat.NewDense(n, 1, nil)
	for i := range n {
		a := 2 * math.Pi * (float64(i) + 0.3) / float64(n)
		x.SetRow(i, []float64{math.Cos(a), math.Sin(a)})
		y.Set(i, 0, math.Copysign(1, math.Cos(a)*math.Sin(a)))
	}
	return x, y
}

func smallNet() *nn.Network {
	return atf.Must(nn.MLP(2, 16, 12, 1).Tanh().NormalBias(0.3).Seed(1).Build())
}

// The paper's problem for a network: M = I first, then Theorem 2's structure,
// whose kernel follows the targets more closely.
func ExampleTangent() {
	x, y := circle(12)
	problem := atf.Tangent(smallNet(), x).Targets(y)
	fixed := atf.Must(problem.Solve())
	adaptive := atf.Must(problem.Layerwise(penalty.Squared(0.1)).Solve())
	label := atf.Must(kernel.Label(y))
	before := atf.Must(kernel.Similarity(fixed.Kernel(), label))
	after := atf.Must(kernel.Similarity(adaptive.Kernel(), label))
	fmt.Printf("similarity with the label kernel: %.2f, then %.2f\n", before, after)
	fmt.Println("stationary:", adaptive.Stationarity < 1e-6, "fitted:", adaptive.Interpolation < 1e-8)
	// Output:
	// similarity with the label kernel: 0.01, then 0.09
	// stationary: true fitted: true
}

// Basis pursuit: a diagonal M with ω = s² gives twice the ℓ1 norm.
func ExampleFromFeatures() {
	g := mat.NewDense(2, 4, []float64{
		1, 0, 1, 3,
		0, 1, 1, 1,
	})
	y := mat.NewDense(2, 1, []float64{3, 1})
	least := atf.Must(atf.FromFeatures(g).Targets(y).Solve())
	sparse := atf.Must(atf.FromFeatures(g).Targets(y).Diagonal(penalty.Nuclear(1)).Solve())
	fmt.Printf("minimum norm %.2f\n", least.Beta)
	for i, b := range sparse.Beta {
		sparse.Beta[i] = math.Round(100*b)/100 + 0 // no −0
	}
	fmt.Printf("pursuit      %.2f, objective %.3f\n", sparse.Beta, sparse.Final())
	// Output:
	// minimum norm [0.29 -0.06 0.24 0.82]
	// pursuit      [0.00 0.00 0.00 1.00], objective 2.000
}

// A Gram matrix is enough for M = I and for Theorem 1.
func ExampleFromGram() {
	k := kernel.NewGram(2, 1, []float64{2, 1, 1, 2})
	y := mat.NewDense(2, 1, []float64{1, -1})
	s := atf.Must(atf.FromGram(k).Targets(y).Unstructured(penalty.Squared(1)).Solve())
	between := mat.NewDense(1, 2, []float64{2, 0})
	fmt.Printf("s = %.4f\n", s.Parts[0].Scales[0])
	fmt.Printf("prediction %.1f\n", atf.Must(s.PredictGram(between)).At(0, 0))
	fmt.Printf("adapted kernel\n%.4f\n", mat.Formatted(s.Kernel()))
	// Output:
	// s = 1.5437
	// prediction 2.0
	// adapted kernel
	// ⎡2.6915  0.3085⎤
	// ⎣0.3085  2.6915⎦
}

// Theorem 1: the kernel gains the label kernel with the weight (s²−1)/‖β̂‖².
func ExampleProblem_Unstructured() {
	x, y := circle(6)
	problem := atf.Tangent(smallNet(), x).Targets(y)
	fixed := atf.Must(problem.Solve())
	s := atf.Must(problem.Unstructured(penalty.Squared(1)).Solve())
	size, scale := s.Parts[0].Norms[0], s.Parts[0].Scales[0]
	weight := (scale*scale - 1) / (size * size)
	k0, k := fixed.Kernel(), s.Kernel()
	fmt.Printf("predicted %.4f\n", weight*s.Fit.At(0, 0)*s.Fit.At(1, 0))
	fmt.Printf("measured  %.4f\n", k.At(0, 1)-k0.At(0, 1))
	// Output:
	// predicted 0.3290
	// measured  0.3290
}

// Diagonal M: few coefficients carry the fit.
func ExampleProblem_Diagonal() {
	g := mat.NewDense(2, 5, []float64{
		1, 0.9, 0.2, 0, 0.1,
		0, 0.1, 0.3, 1, 0.9,
	})
	y := mat.NewDense(2, 1, []float64{2, 0})
	s := atf.Must(atf.FromFeatures(g).Targets(y).Diagonal(penalty.Squared(0.01)).Solve())
	fmt.Printf("β %.2f\n", s.Beta)
	fmt.Printf("m %.2f\n", s.Parts[0].Scales)
	// Output:
	// β [1.61 0.43 0.01 -0.03 -0.02]
	// m [4.29 2.38 1.01 1.08 1.02]
}

// Blocks: groups of coefficients stay or go together.
func ExampleProblem_Blocks() {
	g := mat.NewDense(2, 5, []float64{
		1, 0.9, 0.2, 0, 0.1,
		0, 0.1, 0.3, 1, 0.9,
	})
	y := mat.NewDense(2, 1, []float64{2, 0})
	s := atf.Must(atf.FromFeatures(g).Targets(y).Blocks(penalty.Squared(0.01), []int{0, 1}, []int{2, 3, 4}).Solve())
	fmt.Printf("norms  %.3f\n", s.Parts[0].Norms)
	fmt.Printf("scales %.3f\n", s.Parts[0].Scales)
	fmt.Printf("duality gap below 1e-8: %v\n", s.Gap < 1e-8)
	// Output:
	// norms  [1.490 0.073]
	// scales [4.137 1.263]
	// duality gap below 1e-8: true
}

// Theorem 2: every hidden layer has two transformations, the last layer one.
func ExampleProblem_Layerwise() {
	x, y := circle(12)
	s := atf.Must(atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(0.1)).Solve())
	for l := range 3 {
		part := s.Layer(l)
		fmt.Printf("layer %d: %d × %d, largest singular value %.2f, A %d, B %d directions\n",
			l, part.A.N, part.B.N, part.SingularValues[0], part.A.Rank(), part.B.Rank())
	}
	// Output:
	// layer 0: 16 × 2, largest singular value 0.13, A 2, B 2 directions
	// layer 1: 12 × 16, largest singular value 32.98, A 12, B 12 directions
	// layer 2: 1 × 12, largest singular value 0.20, A 0, B 1 directions
}

// A penalty for each side; Identity leaves one out.
func ExampleProblem_LayerwiseSides() {
	x, y := circle(8)
	s := atf.Must(atf.Tangent(smallNet(), x).Targets(y).LayerwiseSides(penalty.Identity(), penalty.Squared(0.1)).Solve())
	fmt.Println("A has", s.Layer(0).A.Rank(), "directions")
	fmt.Println("convex, so with a gap:", s.Gap < 1e-8)
	// Output:
	// A has 0 directions
	// convex, so with a gap: true
}

// A structure for each layer.
func ExampleProblem_Layer() {
	x, y := circle(8)
	w := penalty.Squared(0.1)
	s := atf.Must(atf.Tangent(smallNet(), x).Targets(y).
		Layer(0, atf.Frozen()).
		Layer(1, atf.TwoSided(w, penalty.Absolute(0.1))).
		Layer(2, atf.OneSided(w)).
		Solve())
	for _, part := range s.Parts {
		fmt.Println(part.Layer, part.Structure)
	}
	// Output:
	// 1 A Θ Bᵀ, ω_A = 0.1 (s−1)², ω_B = 0.1 |s−1|
	// 1 M = I
	// 2 A Θ Bᵀ, ω_A = I, ω_B = 0.1 (s−1)²
	// 2 M = I
}

// Two matrices in one explicit feature matrix.
func ExampleProblem_Matrices() {
	g := mat.NewDense(2, 6, []float64{
		1, 2, 0, 1, 1, 0,
		0, 1, 1, 0, 2, 1,
	})
	y := mat.NewDense(2, 1, []float64{1, -1})
	s := atf.Must(atf.FromFeatures(g).Matrices(atf.Shape{Out: 2, In: 2}, atf.Shape{Out: 1, In: 2}).
		Targets(y).Layerwise(penalty.Squared(0.1)).Solve())
	fmt.Printf("singular values %.3f and %.3f\n", s.Layer(0).SingularValues, s.Layer(1).SingularValues)
	// Output:
	// singular values [0.941 0.303] and [0.170]
}

// Ridge gives up the exact fit.
func ExampleProblem_Ridge() {
	g := mat.NewDense(3, 2, []float64{1, 0, 1, 1, 1, 2})
	y := mat.NewDense(3, 1, []float64{0, 1, 1})
	_, err := atf.FromFeatures(g).Targets(y).Solve()
	fmt.Println(err != nil)
	s := atf.Must(atf.FromFeatures(g).Targets(y).Ridge(0.1).Solve())
	fmt.Printf("%.3f\n", s.Beta)
	// Output:
	// true
	// [0.176 0.485]
}

// Class labels.
func ExampleProblem_Softmax() {
	x, y := circle(8)
	labels := mat.NewDense(8, 2, nil)
	for i := range 8 {
		labels.Set(i, int(y.At(i, 0)+1)/2, 1)
	}
	net := atf.Must(nn.MLP(2, 16, 2).Tanh().NormalBias(0.3).Seed(1).Build())
	s := atf.Must(atf.Tangent(net, x).Targets(labels).Layerwise(penalty.Squared(0.1)).Softmax(0.05).Solve())
	f := atf.Must(s.Predict(x))
	fmt.Printf("%.0f%% wrong\n", 100*atf.Must(nn.ErrorRate(f, labels)))
	// Output:
	// 0% wrong
}

// Binary labels.
func ExampleProblem_Logistic() {
	x, y := circle(8)
	s := atf.Must(atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(0.1)).Logistic(0.05).Solve())
	fmt.Printf("%.0f%% wrong\n", 100*atf.Must(nn.ErrorRate(atf.Must(s.Predict(x)), y)))
	// Output:
	// 0% wrong
}
