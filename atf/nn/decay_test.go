package nn

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestDecayToStart compares training with the pull to θ₀ with its recurrence:
// gradient descent on the mean of (ax − y)² + (λ/2)(a − a₀)² for a line.
func TestDecayToStart(t *testing.T) {
	const rate, lambda, start = 0.05, 0.7, 2.0
	x, y := mat.NewDense(2, 1, []float64{1, 2}), mat.NewDense(2, 1, []float64{3, 5})
	a := start
	for range 40 {
		g := 0.0
		for i := range 2 {
			g += (a*x.At(i, 0) - y.At(i, 0)) * x.At(i, 0)
		}
		a -= rate * (g + lambda*(a-start))
	}
	h := must(Train(line{a: start}).GradientDescent(rate).DecayToStart(lambda).Epochs(40).Fit(x, y))
	if d := math.Abs(h.Params[0] - a); d > 1e-12 {
		t.Errorf("the line ends at %v, its recurrence at %v", h.Params[0], a)
	}
	// The minimum of loss and pull: Σ(ax−y)x + λ(a−a₀) = 0.
	long := must(Train(line{a: start}).GradientDescent(rate).DecayToStart(lambda).Epochs(2000).Fit(x, y))
	if want := (13 + lambda*start) / (5 + lambda); math.Abs(long.Params[0]-want) > 1e-10 {
		t.Errorf("the line converges to %v, the minimum is at %v", long.Params[0], want)
	}
}

// TestDecayKeepsNear trains networks with growing pulls: the larger, the nearer
// they stay to their start, with every optimiser.
func TestDecayKeepsNear(t *testing.T) {
	net := must(MLP(3, 8, 1).ReLU().Seed(1).Build())
	x, y := normalMatrix(40, 3, 1), normalMatrix(40, 1, 2)
	for name, trainer := range map[string]*Trainer{
		"SGD": Train(net).SGD(0.02), "momentum": Train(net).SGD(0.02).Momentum(0.9), "Adam": Train(net).Adam(0.01),
	} {
		last := math.Inf(1)
		for _, lambda := range []float64{0, 0.1, 1, 10} {
			h := must(trainer.Epochs(60).DecayToStart(lambda).Fit(x, y))
			moved := mat.Norm(mat.NewVecDense(net.NumParams(), Segment{net, h.Network}.Displacement()), 2)
			if moved >= last {
				t.Errorf("%s: with λ = %v the parameters move by %v, with the smaller one before by %v", name, lambda, moved, last)
			}
			last = moved
		}
	}
}

func TestDecaySettings(t *testing.T) {
	net := must(MLP(3, 4, 1).ReLU().Seed(1).Build())
	x, y := normalMatrix(10, 3, 1), normalMatrix(10, 1, 2)
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := Train(net).DecayToStart(bad).Fit(x, y); !contains(err, "DecayToStart") {
			t.Errorf("DecayToStart(%v) gives the error %v", bad, err)
		}
	}
	none, some := Train(net).Fingerprint(x, y), Train(net).DecayToStart(0.1).Fingerprint(x, y)
	if none == some || some == Train(net).DecayToStart(0.2).Fingerprint(x, y) {
		t.Error("trainers of different pulls share a fingerprint")
	}
	if none != Train(net).DecayToStart(0).Fingerprint(x, y) {
		t.Error("a pull of 0 changes the fingerprint of a trainer")
	}
}
