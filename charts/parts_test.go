package charts

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"gonum.org/v1/gonum/mat"
)

// Nothing that carries a value may be lost when the SVG is made small.
func TestPolishKeepsDots(t *testing.T) {
	needECharts(t)
	x := make([]float64, 500)
	for i := range x {
		x[i] = float64(i)
	}
	svg, err := Scatter().Add("a", x, x).SVG()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(svg, "h0"); n != 500 {
		t.Errorf("%d dots, want 500", n)
	}
	if strings.Contains(svg, "ecmeta") || strings.Contains(svg, "<style") || strings.Contains(svg, "NaN") {
		t.Error("the SVG holds what it should not")
	}
	if !strings.Contains(svg, "<title>") {
		t.Error("the SVG has no title for readers of the screen")
	}
}

// Order goes by examples where a Gram matrix has several outputs.
func TestKernelOutputs(t *testing.T) {
	k := Kernels().Add("K", twoOutputs{testKernel(6)}).Order([]int{2, 0}).Classes([]float64{1, 1, 2})
	if _, err := k.sheet().scene(); err != nil {
		t.Fatal(err)
	}
	if k.k.shown() != 4 || k.k.index(0) != 4 || k.k.index(1) != 5 || k.k.index(3) != 1 {
		t.Errorf("rows %d: %d %d %d", k.k.shown(), k.k.index(0), k.k.index(1), k.k.index(3))
	}
	if len(k.k.at) != 1 || k.k.at[0] != 2 {
		t.Errorf("boundaries %v, want [2]", k.k.at)
	}
	fails(t, Kernels().Add("K", twoOutputs{testKernel(6)}).Order([]int{3}).Show, "index 3", "3 rows")
}

// OrderBy goes upwards through one value for each example.
func TestKernelsOrderBy(t *testing.T) {
	by := []float64{2, math.NaN(), -1}
	k := Kernels().Add("K", twoOutputs{testKernel(6)}).OrderBy(by)
	by[0] = -5 // the figure keeps the values as they were given
	if _, err := k.sheet().scene(); err != nil || k.k.shown() != 6 {
		t.Fatal(k.k.shown(), err)
	}
	for row, want := range []int{2, 3, 4, 5, 0, 1} {
		if got := k.k.index(row); got != want {
			t.Errorf("row %d shows row %d of the matrix, want %d", row, got, want)
		}
	}
	fails(t, Kernels().Add("K", testKernel(3)).OrderBy([]float64{1}).Show, "1 values to order kernels of 3 rows by")
	if _, err := k.Order([]int{1}).sheet().scene(); err != nil || k.k.shown() != 2 {
		t.Errorf("Order after OrderBy: %d rows, %v", k.k.shown(), err)
	}
}

type twoOutputs struct{ mat.Symmetric }

func (twoOutputs) Outputs() int { return 2 }

func TestSimilarity(t *testing.T) {
	k := testKernel(5)
	if s := similarity(k, k); math.Abs(s-1) > 1e-15 {
		t.Errorf("similarity with itself is %g", s)
	}
	e := mat.NewDiagDense(5, []float64{1, 1, 1, 1, 1})
	ones := mat.NewDense(5, 5, nil)
	ones.Apply(func(_, _ int, _ float64) float64 { return 1 }, ones)
	if s := similarity(e, ones); math.Abs(s-1/math.Sqrt(5)) > 1e-15 {
		t.Errorf("similarity of identity and ones is %g", s)
	}
}

func TestSmallestIsAnOrderStatistic(t *testing.T) {
	agree := func(v []uint8, at uint8) bool {
		if len(v) == 0 {
			return true
		}
		values := make([]float64, len(v)) // bytes, so that many are equal
		for i, b := range v {
			values[i] = float64(b)
		}
		k := int(at) % len(values)
		sorted := slices.Sorted(slices.Values(values))
		return smallest(values, k) == sorted[k]
	}
	if err := quick.Check(agree, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}
