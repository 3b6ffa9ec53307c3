package tangent

import (
	"fmt"
	"testing"

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
