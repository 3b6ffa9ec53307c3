package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

func draws(seed uint64, n int) []float64 {
	src := rand.New(rand.NewPCG(seed, 17))
	v := make([]float64, n)
	for i := range v {
		v[i] = src.NormFloat64()
	}
	return v
}

func columns(seed uint64, rows, out, in int) feature.Block {
	m := linalg.New(rows, out*in)
	copy(m.Data, draws(seed, len(m.Data)))
	return feature.NewColumns(m, 1, out, in)
}

// apart fails where a and b differ by more than tol of the larger of 1 and |b|.
func apart(t *testing.T, what string, a, b, tol float64) {
	t.Helper()
	if !(math.Abs(a-b) <= tol*math.Max(1, math.Abs(b))) {
		t.Errorf("%s: %.12g, not %.12g", what, a, b)
	}
}

// kinds are parts of every kind with their number of coefficients.
func kinds() map[string]struct {
	p Part
	n int
} {
	type kind = struct {
		p Part
		n int
	}
	sq, ab, nu := penalty.Squared(0.5), penalty.Absolute(0.3), penalty.Nuclear(0.7)
	return map[string]kind{
		"fixed":                {Fixed(2), 9},
		"unstructured":         {Unstructured(sq, []int{4, 5}), 9},
		"diagonal":             {Diagonal(sq, []int{4, 5}), 9},
		"blocks":               {Blocks(ab, []int{4, 5}, [][]int{{0, 7}, {2, 3, 4}}), 9},
		"blocks, smoothed":     {Blocks(nu, []int{4, 5}, [][]int{{0, 7}, {2, 3, 4}}).Smoothed(0.1), 9},
		"two-sided, wide":      {Spectral(sq, ab, 3, 5), 15},
		"two-sided, tall":      {Spectral(penalty.LogSquared(1), sq, 5, 3), 15},
		"one-sided":            {Spectral(penalty.Identity(), sq, 4, 4), 16},
		"one-sided, smoothed":  {Spectral(penalty.Identity(), nu, 3, 4).Smoothed(0.05), 12},
		"nuclear and squared":  {Spectral(nu, sq, 3, 4).Smoothed(0.05), 12},
		"eigenvalues, wide":    {Spectral(sq, sq, 26, 30), 26 * 30},
		"eigenvalues, tall":    {Spectral(sq, sq, 30, 26), 26 * 30},
		"scaled and sharpened": {sharpened(Spectral(sq, sq, 26, 30).Scaled(3)), 26 * 30},
	}
}

func sharpened(p Part) Part {
	q, _ := p.Sharpened()
	return q
}

// shapesOf are the shapes of a part's blocks, of n coefficients in all.
func shapesOf(p Part, n int) [][2]int {
	switch p := p.(type) {
	case *spectral:
		return [][2]int{{p.out, p.in}}
	case *grouped:
		return [][2]int{{1, p.sizes[0]}, {1, p.sizes[1]}}
	}
	return [][2]int{{1, 4}, {1, n - 4}}
}

// weighted is Wz for the weights of a part.
func weighted(p Part, weights []feature.Weight, z []float64) []float64 {
	q, at := clone(z), 0
	var s feature.Scratch
	for i, shape := range shapesOf(p, len(z)) {
		n := shape[0] * shape[1]
		weights[i].Mul(q[at:at+n], shape[0], shape[1], &s)
		at += n
	}
	return q
}

func general(rows, cols int, data []float64) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: data}
}
