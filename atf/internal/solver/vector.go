package solver

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// Sums over coefficients run in one goroutine, in the same order every time.

func inner(a, b []float64) float64 { return floats.Dot(a, b) }

func norm(v []float64) float64 { return math.Sqrt(floats.Dot(v, v)) }

// axpy adds a·x to y.
func axpy(a float64, x, y []float64) { floats.AddScaled(y, a, x) }

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }

func clone(v []float64) []float64 { return append([]float64(nil), v...) }

func solveVector(f *kernel.Factor, v []float64) ([]float64, error) {
	x, err := f.Solve(mat.NewDense(len(v), 1, v))
	if err != nil {
		return nil, err
	}
	return x.RawMatrix().Data, nil
}
