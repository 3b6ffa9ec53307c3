package tangent_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var (
	inputs = mat.NewDense(3, 2, []float64{1, 0, 0, 1, 1, 1})
	net    = must(nn.MLP(2, 8, 1).Tanh().Seed(1).Build())
)

func ExampleAt() {
	f := must(tangent.At(net, inputs))
	fmt.Println(f.N(), "inputs,", f.Params(), "parameters")
	// Output: 3 inputs, 33 parameters
}

func ExampleFeatures_Kernel() {
	// A linear model's kernel is the inner product of the inputs, plus 1 for
	// the bias.
	linear := must(nn.MLP(2, 1).Seed(1).Build())
	k := must(must(tangent.At(linear, inputs)).Kernel())
	fmt.Println(mat.Formatted(k))
	// Output:
	// ⎡2  1  2⎤
	// ⎢1  2  2⎥
	// ⎣2  2  3⎦
}

func ExampleFeatures_WithoutBiases() {
	linear := must(nn.MLP(2, 1).Seed(1).Build())
	k := must(must(tangent.At(linear, inputs)).WithoutBiases().Kernel())
	fmt.Println(mat.Formatted(k))
	// Output:
	// ⎡1  0  1⎤
	// ⎢0  1  1⎥
	// ⎣1  1  2⎦
}

func ExampleFeatures_LayerKernel() {
	f := must(tangent.At(net, inputs))
	whole, first, last := must(f.Kernel()), must(f.LayerKernel(0)), must(f.LayerKernel(1))
	fmt.Printf("%.10f\n", whole.At(0, 1)-first.At(0, 1)-last.At(0, 1))
	// Output: 0.0000000000
}

func ExampleFeatures_CrossKernel() {
	f := must(tangent.At(net, inputs))
	g := must(tangent.At(net, mat.NewDense(1, 2, []float64{2, -1})))
	rows, cols := must(f.CrossKernel(g)).Dims()
	fmt.Println(rows, "×", cols)
	// Output: 3 × 1
}

func ExampleFeatures_JVP() {
	f := must(tangent.At(net, inputs))
	step := make([]float64, net.NumParams())
	_, bias := net.Offsets(1)
	step[bias] = 0.5 // raising the last bias raises every output by as much
	fmt.Println(mat.Formatted(f.JVP(step)))
	// Output:
	// ⎡0.5⎤
	// ⎢0.5⎥
	// ⎣0.5⎦
}

func ExampleFeatures_VJP() {
	f := must(tangent.At(net, inputs))
	grad := f.VJP(mat.NewDense(3, 1, []float64{1, 1, 1}))
	_, bias := net.Offsets(1)
	fmt.Println(grad[bias]) // the last bias moves each of three outputs by 1
	// Output: 3
}

func ExampleFeatures_Explicit() {
	rows, cols := must(must(tangent.At(net, inputs)).Explicit()).Dims()
	fmt.Println(rows, "×", cols)
	// Output: 3 × 33
}

func ExampleAlong() {
	other := must(nn.MLP(2, 8, 1).Tanh().Seed(2).Build())
	seg := nn.Segment{From: net, To: other}
	a := must(tangent.Along(seg, inputs).Rule(tangent.GaussLegendre).Nodes(4).Tolerance(1e-8).Average())
	fmt.Println("eq. (2) holds to 1e-8:", a.Residual <= 1e-8)
	// Output: eq. (2) holds to 1e-8: true
}

func ExampleRule_Nodes() {
	nodes, weights, _ := tangent.Trapezoid.Nodes(3)
	fmt.Println(nodes, weights)
	// Output: [0 0.5 1] [0.25 0.5 0.25]
}

func ExampleLinear() {
	theta := net.Params()
	_, bias := net.Offsets(1)
	theta[bias] += 1
	y := must(tangent.Linear(net).Predict(theta, inputs))
	fmt.Printf("%.6f\n", y.At(0, 0)-net.Predict(inputs).At(0, 0))
	// Output: 1.000000
}

func ExampleNTK() {
	linear := must(nn.MLP(2, 1).Seed(1).Build())
	fmt.Println(mat.Formatted(must(tangent.NTK(linear, inputs))))
	// Output:
	// ⎡2  1  2⎤
	// ⎢1  2  2⎥
	// ⎣2  2  3⎦
}

func ExampleSettings() {
	// A budget that the features of three inputs do not fit.
	_, err := tangent.Settings{Memory: 100}.At(net, inputs)
	fmt.Println(err != nil)
	// Output: true
}

func ExampleLinearModel() {
	// The linearisation is trained like a network: here to its targets, which
	// are as many as the inputs.
	targets := mat.NewDense(3, 1, []float64{1, -1, 0.5})
	model := tangent.Linear(net)
	h := must(nn.Train(model).GradientDescent(0.1).Momentum(0.9).Epochs(2000).Fit(inputs, targets))
	f := must(model.Predict(h.Params, inputs))
	fmt.Printf("%.3f\n", mat.Formatted(f))
	// Output:
	// ⎡ 1.000⎤
	// ⎢-1.000⎥
	// ⎣ 0.500⎦
}

func ExampleFactorised() {
	// Trained to the same targets, the displacement of each layer is a product
	// of factors that began at I, 0 and I.
	targets := mat.NewDense(3, 1, []float64{1, -1, 0.5})
	model := must(tangent.Factorised(net))
	h := must(nn.Train(model).GradientDescent(0.1).Momentum(0.9).Epochs(2000).Fit(inputs, targets))
	f := must(model.Predict(h.Params, inputs))
	fmt.Printf("%.3f\n", mat.Formatted(f))
	a, delta, b, _ := model.Factors(h.Params, 0)
	var product mat.Dense
	product.Product(a, delta, b.T())
	w := must(net.LayerMatrix(model.Deviation(h.Params), 0))
	fmt.Println(mat.EqualApprox(&product, w, 1e-12))
	// Output:
	// ⎡ 1.000⎤
	// ⎢-1.000⎥
	// ⎣ 0.500⎦
	// true
}
