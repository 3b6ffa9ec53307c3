package tangent

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// shifted are the network's parameters after some step.
func shifted(net *nn.Network) []float64 {
	theta := net.Params()
	for i := range theta {
		theta[i] += 0.3 * math.Sin(float64(i))
	}
	return theta
}

// The outputs are those of the features written out.
func TestLinearModelEqualsItsFeatures(t *testing.T) {
	for name, net := range allNetworks(t) {
		x := gaussian(7, net.Inputs(), 1)
		theta := shifted(net)
		step := append([]float64(nil), theta...)
		for i, v := range net.Params() {
			step[i] -= v
		}
		var want mat.Dense
		want.Mul(explicit(t, features(t, net, x)), mat.NewDense(len(step), 1, step))
		shaped := mat.NewDense(7, net.Outputs(), want.RawMatrix().Data)
		shaped.Add(shaped, net.Predict(x))
		got, err := Linear(net).Predict(theta, x)
		if err != nil {
			t.Fatal(err)
		}
		within(t, name, got, shaped, 1e-12)
	}
}

// The gradient of every loss is the difference quotient of its value.
func TestLinearModelGradient(t *testing.T) {
	x := gaussian(6, 5, 1)
	signs, classes := mat.NewDense(6, 1, []float64{1, -1, 1, 1, -1, -1}), mat.NewDense(6, 2, nil)
	for i := range 6 {
		classes.Set(i, i%2, 1)
	}
	one, two := build(t, nn.MLP(5, 8, 7, 1).GELU().Seed(1)), build(t, nn.MLP(5, 8, 8, 2).Residual().Seed(2))
	for _, c := range []struct {
		loss nn.Loss
		net  *nn.Network
		y    *mat.Dense
	}{{nn.MSE, two, gaussian(6, 2, 3)}, {nn.Logistic, one, signs}, {nn.SoftmaxCrossEntropy, two, classes}} {
		theta := shifted(c.net)
		r := Linear(c.net).Runner(theta)
		value := func(at []float64) float64 {
			copy(theta, at)
			r.Changed()
			return c.loss.Value(r.Forward(x.RawMatrix()), c.y.RawMatrix())
		}
		want := fd.Gradient(nil, value, shifted(c.net), &fd.Settings{Formula: fd.Central})
		value(shifted(c.net))
		signal, got := mat.NewDense(6, c.net.Outputs(), nil), make([]float64, len(theta))
		c.loss.Signal(signal.RawMatrix(), r.Forward(x.RawMatrix()), c.y.RawMatrix())
		r.Gradient(signal.RawMatrix(), got)
		within(t, c.loss.Name(), mat.NewDense(1, len(got), got), mat.NewDense(1, len(want), want), 1e-7)
	}
}

// Trained to the end under squared loss, the linear model is ridgeless
// regression with the NTK, at the examples and elsewhere.
func TestTrainedLinearModelIsKernelRegression(t *testing.T) {
	net := build(t, nn.MLP(3, 200, 1).Tanh().NTK().Seed(1))
	x, z, y := gaussian(5, 3, 1), gaussian(4, 3, 2), gaussian(5, 1, 3)
	model := Linear(net)
	h, err := nn.Train(model).GradientDescent(0.1).Momentum(0.9).Epochs(4000).StopAt(1e-22).Context(t.Context()).Fit(x, y)
	if err != nil {
		t.Fatal(err)
	}
	f, g := features(t, net, x), features(t, net, z)
	k, err := f.Kernel()
	if err != nil {
		t.Fatal(err)
	}
	cross, err := g.CrossKernel(f)
	if err != nil {
		t.Fatal(err)
	}
	var residuals mat.Dense
	residuals.Sub(y, net.Predict(x))
	reg, err := kernel.Ridgeless(k, &residuals)
	if err != nil {
		t.Fatal(err)
	}
	want, err := reg.Predict(cross)
	if err != nil {
		t.Fatal(err)
	}
	want.Add(want, net.Predict(z))
	got, err := model.Predict(h.Params, z)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "new inputs", got, want, 1e-7)
	if last := h.Loss[len(h.Loss)-1]; last > 1e-18 {
		t.Errorf("the loss ends at %.3g", last)
	}
}

// SGD on classes, with validation: the history has the parameters, also of the
// best epoch, and the fingerprint tells the model from its network.
func TestLinearModelTrainsOnClasses(t *testing.T) {
	net := build(t, nn.MLP(5, 30, 3).Seed(1))
	x, y := gaussian(60, 5, 1), mat.NewDense(60, 3, nil)
	for i := range 60 {
		c := 0
		if x.At(i, 0) > 0.3 {
			c = 1
		} else if x.At(i, 1) > 0 {
			c = 2
		}
		y.Set(i, c, 1)
	}
	model := Linear(net)
	train := nn.Train(model).Loss(nn.SoftmaxCrossEntropy).SGD(0.1).Momentum(0.9).Batch(10).Epochs(60).Validate(x, y)
	h, err := train.Context(t.Context()).Fit(x, y)
	if err != nil {
		t.Fatal(err)
	}
	if h.Loss[59] > 0.3*h.Loss[0] || h.Network != nil || len(h.Params) != net.NumParams() {
		t.Errorf("the loss goes from %.3g to %.3g; %d parameters", h.Loss[0], h.Loss[59], len(h.Params))
	}
	out, err := model.Predict(h.BestParams, x)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := nn.ErrorRate(out, y); err != nil || got != h.ValidationError[h.BestEpoch] {
		t.Errorf("error rate %v, %v at the best parameters, the history says %v", got, err, h.ValidationError[h.BestEpoch])
	}
	if train.Fingerprint(x, y) == nn.Train(net).Loss(nn.SoftmaxCrossEntropy).SGD(0.1).Momentum(0.9).Batch(10).Epochs(60).Validate(x, y).Fingerprint(x, y) {
		t.Error("training the network has the same fingerprint")
	}
}

func TestLinearModelBadInputs(t *testing.T) {
	net := build(t, nn.MLP(5, 6, 2).Seed(1))
	if _, err := Linear(net).Predict(net.Params(), &mat.Dense{}); err == nil || !strings.Contains(err.Error(), "tangent: ") {
		t.Errorf("no inputs: %v", err)
	}
	if _, err := Linear(net).Predict(net.Params(), mat.NewDense(1, 5, []float64{0, math.Inf(1), 0, 0, 0})); err == nil || !strings.Contains(err.Error(), "column 1") {
		t.Errorf("an infinite input: %v", err)
	}
	if _, err := Linear(net).Predict(make([]float64, 3), gaussian(1, 5, 1)); err == nil || !strings.Contains(err.Error(), "3 numbers") {
		t.Errorf("three parameters: %v", err)
	}
	if _, err := Linear(net).Predict(net.Params(), gaussian(2, 4, 1)); err == nil || !strings.Contains(err.Error(), "2 × 4") {
		t.Errorf("inputs of four numbers: %v", err)
	}
	defer func() {
		if r, ok := recover().(string); !ok || !strings.Contains(r, "3 numbers") {
			t.Errorf("Runner: %q", r)
		}
	}()
	Linear(net).Runner(make([]float64, 3))
	t.Error("Runner: no panic")
}
