package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// signTargets are n ± 1.
func signTargets(n int, seed uint64) *mat.Dense {
	rng := rand.New(rand.NewPCG(seed, 5))
	y := mat.NewDense(n, 1, nil)
	for i := range n {
		y.Set(i, 0, float64(2*rng.IntN(2)-1))
	}
	return y
}

// unitRows is n × d with rows of mean 0 and norm 1, like the digits of the
// paper's experiments.
func unitRows(n, d int, seed uint64) *mat.Dense {
	x := normalMatrix(n, d, seed)
	for i := range n {
		row := x.RawRowView(i)
		mean := mat.Sum(x.RowView(i)) / float64(d)
		sum := 0.0
		for j := range row {
			row[j] -= mean
			sum += row[j] * row[j]
		}
		for j := range row {
			row[j] /= math.Sqrt(sum)
		}
	}
	return x
}

// BenchmarkTrainEpoch is an epoch of the paper's student: 784-256-256-1 with
// biases, batches of 100, MSE, momentum.
func BenchmarkTrainEpoch(b *testing.B) {
	net := must(MLP(784, 256, 256, 1).ReLU().Seed(1).Build())
	for _, n := range []int{1000, 4000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			f := must(Train(net).SGD(0.1).Momentum(0.9).Batch(100).begin(unitRows(n, 784, 1), signTargets(n, 2)))
			epoch(b, f)
			b.ReportAllocs()
			for b.Loop() {
				epoch(b, f)
			}
		})
	}
}

func epoch(tb testing.TB, f *fit) {
	if _, err := f.epoch(tb.Context(), 0, 0.1); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkPredict(b *testing.B) {
	net := must(MLP(784, 256, 256, 1).ReLU().Seed(1).Build())
	for _, n := range []int{100, 1000, 4000} {
		x := unitRows(n, 784, 1)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				net.Predict(x)
			}
		})
	}
}

func BenchmarkActivation(b *testing.B) {
	a := normalMatrix(100, 256, 1).RawMatrix().Data
	dst := make([]float64, len(a))
	for _, f := range []Activation{ReLU, Tanh, GELU, Erf} {
		b.Run(f.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Value(dst, a)
				f.Derivative(dst, a)
			}
		})
	}
}

func BenchmarkUpdate(b *testing.B) {
	const p = 267009
	for name, u := range map[string]*updater{
		"momentum": newUpdater(sgd, 0.9, make([]float64, p), make([]float64, p)),
		"adam":     newUpdater(adam, 0, make([]float64, p), make([]float64, p)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				u.step(0.1)
			}
		})
	}
}

// BenchmarkTrainConvEpoch is an epoch of the paper's network for CIFAR-10, four
// convolutions and three dense layers, at its batch of 50.
func BenchmarkTrainConvEpoch(b *testing.B) {
	const n = 2000
	rng := rand.New(rand.NewPCG(2, 5))
	y := mat.NewDense(n, 10, nil)
	for i := range n {
		y.Set(i, rng.IntN(10), 1)
	}
	f := must(Train(must(cifar().Build())).Loss(SoftmaxCrossEntropy).Adam(0.001).Batch(50).begin(unitRows(n, 3072, 1), y))
	b.ReportAllocs()
	for b.Loop() {
		epoch(b, f)
	}
}
