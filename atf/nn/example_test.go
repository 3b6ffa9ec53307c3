package nn_test

import (
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// wave is a small regression problem: sin 3x on [−1, 1].
func wave(n int) (x, y *mat.Dense) {
	x, y = mat.NewDense(n, 1, nil), mat.NewDense(n, 1, nil)
	for i := range n {
		v := 2*float64(i)/float64(n-1) - 1
		x.Set(i, 0, v)
		y.Set(i, 0, math.Sin(3*v))
	}
	return x, y
}

func ExampleMLP() {
	net, err := nn.MLP(784, 256, 256, 1).ReLU().Seed(1).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net)
	_, err = nn.MLP(784, 0, 1).Build()
	fmt.Println(err)
	// Output:
	// network 784-256-256-1, relu, biases, 267009 parameters
	// nn: size number 2 of MLP[784 0 1] is 0: sizes must be positive
}

func ExampleImages() {
	net, err := nn.Images(32, 32, 3).
		Conv(16, 3).ReLU().AvgPool(2).
		Residual(func(b *nn.Stack) *nn.Stack { return b.Conv(16, 3).ReLU().Conv(16, 3) }).ReLU().
		Conv(32, 3).Stride(2).ReLU().MaxPool(2).
		Flatten().Dense(128).ReLU().Dense(10).Seed(1).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net)
	_, err = nn.Images(32, 32, 3).Conv(16, 3).ReLU().Dense(10).Build()
	fmt.Println(err)
	// Output:
	// network 32×32×3-16@3×3-avg2-16@3×3-16@3×3-relu-32@3×3/2-max2-128-10, relu, biases, 76682 parameters
	// nn: the 2nd layer, Dense(10), reads images of 32 × 32 × 16: call Flatten before it
}

func ExampleNew() {
	net, err := nn.New(
		[]nn.Layer{
			{In: 1, Out: 2, Activation: nn.ReLU, WScale: 1},
			{In: 2, Out: 1, WScale: 1},
		},
		[]float64{1, -1 /* W of layer 0 */, 1, 1 /* W of layer 1 */})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Formatted(net.Predict(mat.NewDense(3, 1, []float64{-2, 0, 3}))))
	// Output:
	// ⎡2⎤
	// ⎢0⎥
	// ⎣3⎦
}

func ExampleTrain() {
	x, y := wave(64)
	net, err := nn.MLP(1, 32, 32, 1).Tanh().Seed(1).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := nn.Train(net).Loss(nn.MSE).SGD(0.05).Momentum(0.9).Cosine(200).Batch(16).Seed(1).
		Fit(x, y)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Epochs(), "epochs,", h.Steps, "steps, stopped by", h.Stopped)
	fmt.Println("loss below 1e-3:", h.FinalLoss() < 1e-3)
	fmt.Printf("learning rate from %g to %.1g\n", h.Rate[0], h.Rate[199])
	// Output:
	// 200 epochs, 800 steps, stopped by epochs
	// loss below 1e-3: true
	// learning rate from 0.05 to 3e-06
}

func ExampleTrainer_Patience() {
	x, y := wave(16)
	vx, vy := wave(101)
	net, _ := nn.MLP(1, 32, 1).Seed(1).Build()
	h, err := nn.Train(net).Adam(0.01).Batch(8).Epochs(1000).
		Validate(vx, vy).Patience(20).
		Fit(x, y)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("stopped by", h.Stopped)
	fmt.Println("epochs after the best:", h.Epochs()-1-h.BestEpoch)
	// Output:
	// stopped by patience
	// epochs after the best: 20
}

func ExampleTrainer_Fit_diverged() {
	x, y := wave(16)
	net, _ := nn.MLP(1, 8, 1).Seed(1).Build()
	h, err := nn.Train(net).GradientDescent(1e200).Fit(x, y)
	var diverged *nn.DivergedError
	if errors.As(err, &diverged) {
		fmt.Println("diverged in epoch", diverged.Epoch, "at learning rate", diverged.Rate)
	}
	fmt.Println("the best network is the first:", h.Network.Fingerprint() == net.Fingerprint())
	// Output:
	// diverged in epoch 2 at learning rate 1e+200
	// the best network is the first: true
}

func ExampleFitLastLayer() {
	x, y := wave(64)
	net, _ := nn.MLP(1, 50, 1).Seed(1).Build()
	teacher, err := nn.FitLastLayer(net, x, y)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := teacher.Predict(x).RawMatrix()
	fmt.Println("mean squared error below 1e-3:", nn.MSE.Value(f, y.RawMatrix()) < 1e-3)
	// Output: mean squared error below 1e-3: true
}

func ExampleSegment() {
	from, _ := nn.MLP(1, 1).NoBias().Seed(1).Build()
	s := nn.Segment{From: from.At([]float64{1}), To: from.At([]float64{3})}
	fmt.Println(s.At(0.25).Params(), s.Displacement())
	// Output: [1.5] [2]
}

func ExamplePass() {
	net, _ := nn.New(
		[]nn.Layer{{In: 1, Out: 1, Activation: nn.ReLU, WScale: 1}, {In: 1, Out: 1, WScale: 1}},
		[]float64{2, 5})
	x, one := linalg.New(1, 1), linalg.New(1, 1)
	x.Data[0], one.Data[0] = 3, 1
	p := nn.NewPass(net)
	p.Forward(net, x)
	p.Backward(net, one)
	grad := make([]float64, net.NumParams())
	p.Gradient(net, grad)
	fmt.Println("f =", p.Output().Data[0])
	fmt.Println("∇f =", grad)
	// Output:
	// f = 30
	// ∇f = [15 6]
}

func ExampleNetwork_Save() {
	dir, _ := os.MkdirTemp("", "nn")
	defer os.RemoveAll(dir)
	net, _ := nn.MLP(3, 4, 1).Seed(1).Build()
	path := filepath.Join(dir, "net.npz")
	if err := net.Save(path); err != nil {
		fmt.Println(err)
		return
	}
	other, _ := nn.MLP(3, 4, 1).Seed(2).Build()
	loaded, err := other.Load(path)
	fmt.Println(err, loaded.Fingerprint() == net.Fingerprint())
	// Output: <nil> true
}

// A network goes through encoding/gob, and so into GoNB's cache.
func ExampleNetwork_GobEncode() {
	r, w, _ := os.Pipe()
	net, _ := nn.MLP(3, 4, 1).Seed(1).Build()
	go gob.NewEncoder(w).Encode(net)
	var back nn.Network
	err := gob.NewDecoder(r).Decode(&back)
	fmt.Println(err, back.Fingerprint() == net.Fingerprint())
	// Output: <nil> true
}

func ExampleErrorRate() {
	f := mat.NewDense(4, 1, []float64{0.3, -2, 1, -1})
	y := mat.NewDense(4, 1, []float64{1, 1, 1, -1})
	fmt.Println(nn.ErrorRate(f, y))
	// Output: 0.25 <nil>
}

func ExampleActivation() {
	a, d := []float64{-1, 0, 2}, make([]float64, 3)
	nn.LeakyReLU(0.1).Derivative(d, a)
	nn.LeakyReLU(0.1).Value(a, a)
	fmt.Println(a, d)
	// Output: [-0.1 0 2] [0.1 0.1 1]
}
