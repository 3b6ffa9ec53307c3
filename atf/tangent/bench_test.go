package tangent

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// BenchmarkNTK is the whole way from inputs to the kernel of the network of
// Figure 1.
func BenchmarkNTK(b *testing.B) {
	net := build(b, nn.MLP(784, 256, 256, 1).ReLU().UniformBias().Seed(1))
	for _, n := range []int{500, 1000, 2000, 5000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x := gaussian(n, 784, 1)
			b.ReportAllocs()
			for b.Loop() {
				f := features(b, net, x)
				if _, err := f.Kernel(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAverageNTK is the kernel of the average features over 50 equally
// spaced points of a segment.
func BenchmarkAverageNTK(b *testing.B) {
	net := build(b, nn.MLP(784, 256, 256, 1).ReLU().UniformBias().Seed(1))
	other := build(b, nn.MLP(784, 256, 256, 1).ReLU().UniformBias().Seed(2))
	seg := nn.Segment{From: net, To: other}
	for _, n := range []int{125, 250, 500} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x := gaussian(n, 784, 1)
			b.ReportAllocs()
			for b.Loop() {
				a, err := Along(seg, x).Rule(Uniform).Nodes(50).Average()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := a.Kernel(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkModelEpoch is an epoch of 1,000 examples in batches of 50 for the
// network of Figure 4, its linearisation and its factorised linearisation, each
// with the training around it. As of digits, four pixels of five are 0.
func BenchmarkModelEpoch(b *testing.B) {
	net := build(b, nn.MLP(784, 128, 128, 128, 128, 10).LeCun().ZeroBias().Seed(1))
	factors, err := Factorised(net)
	if err != nil {
		b.Fatal(err)
	}
	const n = 1000
	rng := rand.New(rand.NewPCG(1, 9))
	x, y := mat.NewDense(n, 784, nil), mat.NewDense(n, 10, nil)
	for i := range n {
		y.Set(i, i%10, 1)
		for j := range 784 {
			if rng.IntN(5) == 0 {
				x.Set(i, j, rng.Float64())
			}
		}
	}
	for _, c := range []struct {
		name  string
		model nn.Model
	}{{"network", net}, {"linear", Linear(net)}, {"factorised", factors}} {
		b.Run(c.name, func(b *testing.B) {
			train := nn.Train(c.model).Loss(nn.SoftmaxCrossEntropy).SGD(0.01).Momentum(0.9).Batch(50).Epochs(2)
			for b.Loop() {
				if _, err := train.Fit(x, y); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(2*b.N), "s/epoch")
		})
	}
}
