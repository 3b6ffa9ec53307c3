package atf

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// figureOne is the network of Figure 1 with n digits 2 and 3 and their signs:
// MNIST where it is to be had, else typeset digits.
func figureOne(t testing.TB, n int) (*nn.Network, *data.Set) {
	t.Helper()
	set, err := data.MNISTOrDigits().Offline().Classes(2, 3).Take(n).UnitNorm().Load()
	if err != nil {
		t.Fatal(err)
	}
	net, err := nn.MLP(784, 256, 256, 1).ReLU().UniformBias().Seed(1).Build()
	if err != nil {
		t.Fatal(err)
	}
	return net, set
}

// BenchmarkLayerwise is a whole solve of Theorem 2's problem, two-sided
// (s−1)², for sign targets.
func BenchmarkLayerwise(b *testing.B) {
	for _, n := range []int{200, 500, 1000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			net, set := figureOne(b, n)
			problem := Tangent(net, set.X).Targets(set.Y).Layerwise(penalty.Squared(1))
			steps := 0
			b.ReportAllocs()
			for b.Loop() {
				s, err := problem.Solve()
				if err != nil {
					b.Fatal(err)
				}
				steps += s.Iterations
			}
			b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
		})
	}
}

// BenchmarkUnstructured is a whole solve of Theorem 1's problem.
func BenchmarkUnstructured(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			net, set := figureOne(b, 500)
			x := set.X
			y := set.Y
			if n != 500 {
				net, set = figureOne(b, n)
				x, y = set.X, set.Y
			}
			problem := Tangent(net, x).Targets(mat.DenseCopyOf(y)).Unstructured(penalty.Squared(1))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := problem.Solve(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
