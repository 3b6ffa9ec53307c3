package linalg

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

func random(rows, cols int, seed uint64) blas64.General {
	r := rand.New(rand.NewPCG(seed, 1))
	m := New(rows, cols)
	for i := range m.Data {
		m.Data[i] = r.NormFloat64()
	}
	return m
}

func dense(m blas64.General) *mat.Dense {
	d := mat.NewDense(m.Rows, m.Cols, nil)
	for i := range m.Rows {
		for j := range m.Cols {
			d.Set(i, j, m.Data[i*m.Stride+j])
		}
	}
	return d
}

func TestTransposeOfViews(t *testing.T) {
	big := random(300, 200, 1)
	for _, a := range []blas64.General{big, Cols(Rows(big, 3, 170), 5, 191), Rows(big, 7, 7), Rows(big, 0, 1)} {
		dst := New(a.Cols, a.Rows)
		Transpose(dst, a)
		for i := range a.Rows {
			for j := range a.Cols {
				if dst.Data[j*dst.Stride+i] != a.Data[i*a.Stride+j] {
					t.Fatalf("entry (%d, %d) of a %d × %d matrix", i, j, a.Rows, a.Cols)
				}
			}
		}
	}
	defer func() {
		if r, _ := recover().(string); !strings.Contains(r, "300 × 200") {
			t.Errorf("panic %q names no shapes", r)
		}
	}()
	Transpose(New(3, 3), big)
}

// Gram products against gonum's plain product, across the size of a panel.
func TestGramProducts(t *testing.T) {
	for _, n := range []int{1, 5, panel - 1, panel, panel + 3} {
		f, g := random(n, 37, 2), random(9, 37, 3)
		var want, cross mat.Dense
		want.Mul(dense(f), dense(f).T())
		cross.Mul(dense(f), dense(g).T())
		var scratch []float64
		k, c := New(n, n), New(n, 9)
		AddGram(0.5, f, &scratch, k)
		AddGram(0.5, f, &scratch, k)
		MirrorUpper(k)
		AddCross(2, f, g, &scratch, c)
		for i := range n {
			for j := range n {
				if d := math.Abs(k.Data[i*n+j] - want.At(i, j)); d > 1e-12*37 {
					t.Fatalf("Gram of %d rows, entry (%d, %d) off by %g", n, i, j, d)
				}
				if k.Data[i*n+j] != k.Data[j*n+i] {
					t.Fatalf("entry (%d, %d) is not mirrored", i, j)
				}
			}
			for j := range 9 {
				if d := math.Abs(c.Data[i*9+j] - 2*cross.At(i, j)); d > 1e-12*37 {
					t.Fatalf("cross of %d rows, entry (%d, %d) off by %g", n, i, j, d)
				}
			}
		}
	}
}

func TestHadamard(t *testing.T) {
	const n, m, c = 4, 3, 2
	dd, hh := random(n*c, m*c, 1), random(n, m, 2)
	got, unit := New(n*c, m*c), New(n*c, m*c)
	h := NewHadamard()
	h.Add(got, dd, hh, c, 2, 3)
	h.AddUnit(unit, hh, c, 2, 3)
	for r := range n * c {
		for s := range m * c {
			v := 2*hh.Data[r/c*m+s/c] + 3
			if want := dd.Data[r*m*c+s] * v; math.Abs(got.Data[r*m*c+s]-want) > 1e-15*math.Abs(want) {
				t.Fatalf("Add at (%d, %d): %v, want %v", r, s, got.Data[r*m*c+s], want)
			}
			if r%c != s%c {
				v = 0
			}
			if unit.Data[r*m*c+s] != v {
				t.Fatalf("AddUnit at (%d, %d): %v, want %v", r, s, unit.Data[r*m*c+s], v)
			}
		}
	}
}

func TestFinite(t *testing.T) {
	m := random(3, 4, 1)
	if err := Finite("x", m); err != nil {
		t.Fatal(err)
	}
	m.Data[6] = math.Inf(-1)
	if err := Finite("x", m); err == nil || !strings.Contains(err.Error(), "row 1, column 2") {
		t.Errorf("infinite entry: %v", err)
	}
	if err := Finite("x", Rows(m, 2, 3)); err != nil {
		t.Errorf("a view without the entry: %v", err)
	}
}

func TestReuseGrowsOnly(t *testing.T) {
	var buf []float64
	a := Reuse(&buf, 10, 10)
	b := Reuse(&buf, 2, 3)
	if &a.Data[0] != &b.Data[0] || b.Stride != 3 || len(b.Data) != 6 {
		t.Error("a smaller matrix took new memory")
	}
	if n := testing.AllocsPerRun(5, func() { Reuse(&buf, 9, 9) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
