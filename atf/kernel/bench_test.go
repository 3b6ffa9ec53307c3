package kernel

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// wellConditioned is the infinite-width NTK of random inputs.
func wellConditioned(b *testing.B, n int) *Gram {
	k, err := InfiniteReLU(2).NTK(normal(1, n, 784))
	if err != nil {
		b.Fatal(err)
	}
	return k
}

func sizes(b *testing.B, run func(b *testing.B, n int)) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { run(b, n) })
	}
}

func BenchmarkRidgeless(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		k, y := wellConditioned(b, n), normal(2, n, 1)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Ridgeless(k, y); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkTopEigen(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		k := features(1, n, 1, 784)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := TopEigen(k, 10, TopSettings{Tolerance: 1e-8}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEigen(b *testing.B) {
	k := features(1, 500, 1, 784)
	b.Run("n=500", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Eigen(k); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSimilarity(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		k, other := wellConditioned(b, n), must(Label(normal(1, n, 1)))
		for _, m := range []struct {
			name string
			f    func(a, b mat.Matrix) (float64, error)
		}{{"cosine", Similarity}, {"CKA", CKA}} {
			b.Run(m.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := m.f(k, other); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

func BenchmarkInfiniteNTK(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		x := normal(1, n, 784)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := InfiniteReLU(3).NTK(x); err != nil {
				b.Fatal(err)
			}
		}
	})
}
