package fingerprint

import (
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Sequences that would run together without marks and lengths stay apart, and
// the same sequence gives the same name.
func TestFingerprintsDiffer(t *testing.T) {
	m := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	make := []func() string{
		func() string { return New("a").Sum() },
		func() string { return New("b").Sum() },
		func() string { return New("a").String("x").String("y").Sum() },
		func() string { return New("a").String("xy").Sum() },
		func() string { return New("a").String("xy").String("").Sum() },
		func() string { return New("a").Int(1, 2).Sum() },
		func() string { return New("a").Int(1).Int(2).Sum() },
		func() string { return New("a").Float(1, 2).Sum() },
		func() string { return New("a").Float(1).Float(2).Sum() },
		func() string { return New("a").Bool(true).Sum() },
		func() string { return New("a").Bool(false).Sum() },
		func() string { return New("a").Matrix(m).Sum() },
		func() string { return New("a").Matrix(m.T()).Sum() },
		func() string { return New("a").Matrix(nil).Sum() },
		func() string { return New("a").Matrix(&mat.Dense{}).Sum() },
	}
	seen := map[string]int{}
	for i, f := range make {
		s := f()
		if len(s) != 16 || s != f() {
			t.Errorf("%d: %q, then %q", i, s, f())
		}
		if j, twice := seen[s]; twice {
			t.Errorf("%d and %d share the fingerprint %s", i, j, s)
		}
		seen[s] = i
	}
}

// A matrix is named by its entries, not by how it lies in memory.
func TestMatrixViews(t *testing.T) {
	big := mat.NewDense(3, 4, []float64{1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 0})
	view := big.Slice(0, 2, 0, 3)
	copied := mat.DenseCopyOf(view)
	if New("m").Matrix(view).Sum() != New("m").Matrix(copied).Sum() {
		t.Error("a view and its copy differ")
	}
	if New("m").Matrix(copied.T()).Sum() != New("m").Matrix(mat.DenseCopyOf(copied.T())).Sum() {
		t.Error("a transposed view and its copy differ")
	}
}

// Many values cross the writer's buffer.
func TestLongSequences(t *testing.T) {
	v := make([]float64, 5000)
	a := New("v").Float(v...).Sum()
	v[4999] = 1
	if a == New("v").Float(v...).Sum() {
		t.Error("the last of many values does not count")
	}
}
