package nn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// sine is a small regression problem.
func sine(n int, seed uint64) (x, y *mat.Dense) {
	x, y = normalMatrix(n, 3, seed), mat.NewDense(n, 1, nil)
	for i := range n {
		y.Set(i, 0, math.Sin(x.At(i, 0)+2*x.At(i, 1)))
	}
	return x, y
}

// TestFitAgainstPlainLoop trains with every optimiser, and once more by the
// definition, example by example.
func TestFitAgainstPlainLoop(t *testing.T) {
	x, y := sine(23, 1)
	net := must(MLP(3, 7, 7, 1).Tanh().Residual().Seed(2).Build())
	const epochs, batch = 4, 5
	h := must(Train(net).SGD(0.05).Momentum(0.8).Cosine(epochs).Batch(batch).Seed(9).Context(t.Context()).Fit(x, y))

	theta := net.Params()
	vel := make([]float64, len(theta))
	order := make([]int, 23)
	for i := range order {
		order[i] = i
	}
	rng := rand.New(rand.NewPCG(9, 1<<32))
	for e := range epochs {
		for i := len(order) - 1; i > 0; i-- {
			j := rng.IntN(i + 1)
			order[i], order[j] = order[j], order[i]
		}
		rate, sum := 0.05*(1+math.Cos(math.Pi*float64(e)/epochs))/2, 0.0
		for lo := 0; lo < 23; lo += batch {
			hi := min(lo+batch, 23)
			g, now := make([]float64, len(theta)), net.At(theta)
			for _, i := range order[lo:hi] {
				p, gi := NewPass(now), make([]float64, len(theta))
				p.Forward(now, x.Slice(i, i+1, 0, 3).(*mat.Dense).RawMatrix())
				diff := p.Output().Data[0] - y.At(i, 0)
				sum += diff * diff
				s := linalg.New(1, 1)
				s.Data[0] = 2 * diff / float64(hi-lo)
				p.Backward(now, s)
				p.Gradient(now, gi)
				for k, v := range gi {
					g[k] += v
				}
			}
			for k := range theta {
				vel[k] = 0.8*vel[k] + g[k]
				theta[k] -= rate * vel[k]
			}
		}
		if d := math.Abs(h.Loss[e] - sum/23); d > 1e-13 {
			t.Errorf("the loss of epoch %d differs by %.1e", e, d)
		}
		if h.Rate[e] != rate {
			t.Errorf("the rate of epoch %d is %v, want %v", e, h.Rate[e], rate)
		}
	}
	if d := worst(h.Network.Params(), theta); d > 1e-12 {
		t.Errorf("the trained parameters differ by %.1e", d)
	}
	if h.Steps != epochs*5 || h.Stopped != StoppedEpochs || h.Epochs() != epochs || h.LossName != "mse" {
		t.Errorf("%d steps, %d epochs, stopped by %s", h.Steps, h.Epochs(), h.Stopped)
	}
}

// TestFitLearns holds that every optimiser and loss gets somewhere.
func TestFitLearns(t *testing.T) {
	x, y := sine(60, 1)
	sign, hot := mat.NewDense(60, 1, nil), mat.NewDense(60, 2, nil)
	for i := range 60 {
		sign.Set(i, 0, math.Copysign(1, y.At(i, 0)))
		hot.Set(i, int(1+sign.At(i, 0))/2, 1)
	}
	for name, run := range map[string]func() (*History, error){
		"sgd": func() (*History, error) {
			return Train(must(MLP(3, 30, 1).Build())).SGD(0.02).Momentum(0.9).Epochs(200).Context(t.Context()).Fit(x, y)
		},
		"adam": func() (*History, error) {
			return Train(must(MLP(3, 30, 1).GELU().Build())).Adam(0.01).Epochs(150).Context(t.Context()).Fit(x, y)
		},
		"descent": func() (*History, error) {
			return Train(must(MLP(3, 30, 1).Tanh().Build())).GradientDescent(0.1).Momentum(0.9).Epochs(300).Context(t.Context()).Fit(x, y)
		},
		"logistic": func() (*History, error) {
			return Train(must(MLP(3, 30, 1).Build())).Loss(Logistic).SGD(0.3).Momentum(0.9).Epochs(150).Context(t.Context()).Fit(x, sign)
		},
		"softmax": func() (*History, error) {
			return Train(must(MLP(3, 30, 2).Build())).Loss(SoftmaxCrossEntropy).Adam(0.02).Epochs(200).Context(t.Context()).Fit(x, hot)
		},
	} {
		h := must(run())
		if h.FinalLoss() > 0.1*h.Loss[0] {
			t.Errorf("%s: the loss went from %.3g to %.3g only", name, h.Loss[0], h.FinalLoss())
		}
	}
}

func TestFitProcessors(t *testing.T) {
	if linalg.Backend == "OpenBLAS" {
		t.Skip("OpenBLAS threads as it likes")
	}
	x, y := normalMatrix(150, 300, 1), normalMatrix(150, 2, 2)
	net := must(MLP(300, 200, 200, 2).GELU().Seed(4).Build())
	var prints []string
	for _, procs := range []int{1, 2, 3} {
		withProcs(procs, func() {
			h := must(Train(net).SGD(0.01).Momentum(0.9).Batch(70).Epochs(3).Context(t.Context()).Fit(x, y))
			prints = append(prints, h.Network.Fingerprint())
		})
	}
	if prints[0] != prints[1] || prints[0] != prints[2] {
		t.Errorf("the trained network depends on GOMAXPROCS: %v", prints)
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	x, y := normalMatrix(200, 100, 1), normalMatrix(200, 2, 2)
	net := must(MLP(100, 150, 150, 2).Tanh().Residual().Build())
	for name, tr := range map[string]*Trainer{
		"momentum": Train(net).SGD(1e-3).Momentum(0.9).Batch(64),
		"adam":     Train(net).Adam(1e-3).Batch(64),
		"descent":  Train(net).GradientDescent(1e-3),
	} {
		f := must(tr.begin(x, y))
		epoch(t, f)
		if a := testing.AllocsPerRun(5, func() { epoch(t, f) }); a != 0 {
			t.Errorf("%s: %v allocations an epoch", name, a)
		}
	}
}

func TestCancel(t *testing.T) {
	x, y := sine(40, 1)
	net := must(MLP(3, 8, 1).Build())
	ctx, cancel := context.WithCancel(t.Context())
	tr := Train(net).Batch(10).Epochs(50).Snapshots(2).Progress(func(r progress.Report) {
		if r.Done == 7 {
			cancel()
		}
	})
	h, err := tr.Context(ctx).Fit(x, y)
	if !errors.Is(err, context.Canceled) || h == nil || h.Stopped != StoppedCancelled || h.Epochs() != 7 || h.Steps != 28 {
		t.Fatalf("%v, %+v", err, h)
	}
	seven := must(Train(net).Batch(10).Epochs(7).Context(t.Context()).Fit(x, y))
	if !sameBits(h.Network.Params(), seven.Network.Params()) {
		t.Error("cancelling after seven epochs gives another network than seven epochs")
	}
	if h.Fingerprint() == tr.Fingerprint(x, y) {
		t.Error("a cancelled history has the fingerprint of the whole one")
	}
	if s := h.Snapshots[len(h.Snapshots)-1]; s.Step != 28 || !sameBits(s.Params, h.Network.Params()) {
		t.Errorf("the last snapshot is of step %d", s.Step)
	}
}

func TestDiverged(t *testing.T) {
	x, y := sine(40, 1)
	net := must(MLP(3, 20, 20, 1).Build())
	for name, c := range map[string]struct {
		tr *Trainer
	}{
		"sgd":     {Train(net).SGD(1e6).Batch(10).Epochs(30)},
		"descent": {Train(net).GradientDescent(1e6).Epochs(30)},
		"once":    {Train(net).SGD(1e308).Momentum(0.9).Batch(40).Epochs(1)},
	} {
		h, err := c.tr.Context(t.Context()).Fit(x, y)
		var d *DivergedError
		if !errors.As(err, &d) || h == nil || h.Stopped != StoppedDiverged {
			t.Fatalf("%s: %v, %+v", name, err, h)
		}
		if want := fmt.Sprintf("diverged in epoch %d (step %d) at learning rate %g", h.Epochs()+1, d.Step, c.tr.rate); d.Epoch != h.Epochs()+1 || d.Rate != c.tr.rate || !contains(err, want) {
			t.Errorf("%s: error %q, want %q", name, err, want)
		}
		for _, v := range append(h.Network.Params(), h.Loss...) {
			if !finite(v) {
				t.Fatalf("%s: the network or history that comes back holds %v", name, v)
			}
		}
		for _, v := range h.Network.Predict(x).RawMatrix().Data {
			if !finite(v) {
				t.Fatalf("%s: the network that comes back gives %v", name, v)
			}
		}
	}
}

// TestDivergedFinite holds that a run which explodes without leaving the finite
// numbers is an error, with the parameters of the lowest loss.
func TestDivergedFinite(t *testing.T) {
	x, y := sine(40, 1)
	net := must(MLP(3, 20, 20, 1).Identity().Build())
	mean := func(n *Network) float64 { return MSE.Value(n.Predict(x).RawMatrix(), y.RawMatrix()) }
	for name, tr := range map[string]*Trainer{
		"at the last step": Train(net).GradientDescent(1e3).Epochs(1),
		"linear":           Train(must(MLP(3, 1).Seed(1).Build())).SGD(0.5).Momentum(0.9).Batch(10).Epochs(20),
		"patience":         Train(must(MLP(3, 1).Seed(1).Build())).SGD(0.5).Momentum(0.9).Batch(10).Epochs(200).Validate(x, y).Patience(20),
		"model":            Train(plainModel{must(MLP(3, 1).Seed(1).Build())}).SGD(0.5).Momentum(0.9).Batch(10).Epochs(20),
	} {
		h, err := tr.Fit(x, y)
		var d *DivergedError
		if !errors.As(err, &d) || h == nil || h.Stopped != StoppedDiverged || !contains(err, "at its start it was") {
			t.Fatalf("%s: %v, %+v", name, err, h)
		}
		if d.Epoch != h.Epochs() || d.Step != h.Steps || !(d.Loss > 100*d.Start) || !finite(d.Loss) {
			t.Errorf("%s: %+v after %d epochs", name, d, h.Epochs())
		}
		params := h.Params
		if h.Network != nil {
			params = h.Network.Params()
		}
		back := must(New(tr.model.(interface{ Layers() []Layer }).Layers(), params))
		if v := mean(back); !(v <= d.Start) {
			t.Errorf("%s: the best parameters have the loss %v, the first ones %v", name, v, d.Start)
		}
	}
}

// plainModel is a network that the trainer does not know as one.
type plainModel struct{ *Network }

// TestNotDiverged holds what is no divergence: a spike that comes back, a start
// at a loss near 0, a loss that never was positive.
func TestNotDiverged(t *testing.T) {
	x, y := sine(40, 1)
	net := must(MLP(3, 20, 1).Tanh().Build())
	spike := must(Train(must(MLP(3, 1).Build())).GradientDescent(1.2).Step(25, 0.4).Epochs(100).Fit(x, y))
	if !(spike.Loss[25] > 1e3*spike.Loss[0]) || spike.Stopped != StoppedEpochs {
		t.Errorf("no spike: the loss is %v, then %v, stopped by %s", spike.Loss[0], spike.Loss[25], spike.Stopped)
	}
	own := net.Predict(x)
	again := must(Train(net).SGD(0.5).Batch(1).Epochs(1).Fit(x, own))
	if again.FinalLoss() != 0 {
		t.Errorf("the loss of the network's own outputs is %v", again.FinalLoss())
	}
	near := mat.DenseCopyOf(own) // Adam steps by its rate, however small the gradient
	near.Set(0, 0, near.At(0, 0)+1e-9)
	if h := must(Train(net).Adam(1e-3).Batch(1).Epochs(1).Fit(x, near)); !(MSE.Value(h.Network.Predict(x).RawMatrix(), near.RawMatrix()) > 100*1e-18/40) {
		t.Error("the loss did not rise from near 0")
	}
	must(Train(net).Loss(negative{}).SGD(1e-3).Epochs(3).Fit(x, y))
}

// negative is a loss that lies below 0.
type negative struct{ mse }

func (negative) Name() string                      { return "negative" }
func (negative) Value(f, y blas64.General) float64 { return mse{}.Value(f, y) - 1e9 }
func (negative) Signal(dst, f, y blas64.General) float64 {
	return mse{}.Signal(dst, f, y) - 1e9
}
