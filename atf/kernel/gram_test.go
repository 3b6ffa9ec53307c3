package kernel

import (
	"bytes"
	"encoding/gob"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestGramIsAMatrix(t *testing.T) {
	g := features(1, 5, 2, 4)
	if g.N() != 5 || g.Outputs() != 2 || g.SymmetricDim() != 10 {
		t.Fatalf("sizes %d, %d, %d", g.N(), g.Outputs(), g.SymmetricDim())
	}
	sym := mat.NewSymDense(10, nil)
	sym.CopySym(g)
	nearMatrix(t, "as SymDense", sym, g, 0)
	var a, b mat.Dense
	v := normal(2, 10, 3)
	a.Mul(g, v)
	b.Mul(mat.NewDense(10, 10, g.RawMatrix().Data), v)
	nearMatrix(t, "in a product", &a, &b, 1e-14)
	nearMatrix(t, "transposed", g.T(), g, 0)
	for i, d := range g.Diagonal() {
		if d != g.At(i, i) {
			t.Errorf("diagonal %d is %v, not %v", i, d, g.At(i, i))
		}
	}
	near(t, "trace", g.Trace(), mat.Trace(g), 1e-14)
	for i := 0; i < 10; i++ {
		for j := 0; j < 10; j++ {
			if g.At(i, j) != g.At(j, i) {
				t.Fatalf("not symmetric at %d, %d", i, j)
			}
		}
	}
}

func TestGramReorders(t *testing.T) {
	g := features(3, 6, 3, 4)
	order := []int{4, 0, 5, 2, 1, 3}
	s := g.Sorted(order)
	sub := g.Subset([]int{5, 5, 1})
	for i := range order {
		for j := range order {
			for c := range 3 {
				for e := range 3 {
					if s.At(i*3+c, j*3+e) != g.At(order[i]*3+c, order[j]*3+e) {
						t.Fatalf("sorted (%d, %d), outputs %d and %d", i, j, c, e)
					}
				}
			}
		}
	}
	if sub.N() != 3 || sub.At(1, 4) != g.At(16, 16) || sub.At(8, 0) != g.At(5, 15) {
		t.Error("the sub-matrix holds other entries")
	}
	back := make([]int, 6)
	for i, o := range order {
		back[o] = i
	}
	nearMatrix(t, "sorted and back", s.Sorted(back), g, 0)
	by := g.OrderBy([]float64{2, 5, 4, 7, math.NaN(), 4})
	nearMatrix(t, "by values", by, g.Sorted([]int{4, 0, 2, 5, 1, 3}), 0)
}

func TestGramSums(t *testing.T) {
	a, b := features(1, 7, 1, 3), features(2, 7, 1, 3)
	var want mat.Dense
	want.Add(a, b)
	nearMatrix(t, "Add", a.Add(b), &want, 1e-15)
	want.Scale(-2.5, a)
	nearMatrix(t, "Scale", a.Scale(-2.5), &want, 1e-15)
	rep := a.Replicate(2)
	var kron mat.Dense
	kron.Kronecker(a, mat.NewDiagDense(2, []float64{1, 1}))
	nearMatrix(t, "Replicate", rep, &kron, 0)
	if rep.Outputs() != 2 {
		t.Errorf("replicated for %d outputs", rep.Outputs())
	}
}

func TestGramStored(t *testing.T) {
	g := features(4, 4, 2, 5)
	var back *Gram
	roundTrip(t, g, &back)
	nearMatrix(t, "gob", back, g, 0)
	if back.Fingerprint() != g.Fingerprint() || back.Outputs() != 2 {
		t.Error("gob changed the fingerprint")
	}
	for what, other := range map[string]*Gram{
		"another number":  g.Scale(1 + 1e-15),
		"another order":   g.Sorted([]int{1, 0, 2, 3}),
		"another outputs": NewGram(8, 1, g.data),
	} {
		if other.Fingerprint() == g.Fingerprint() {
			t.Errorf("%s has the same fingerprint", what)
		}
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(gramRecord{N: 3, Outputs: 1, Upper: []float64{1, 2}}); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a damaged record", new(Gram).GobDecode(b.Bytes()), "damaged", "3 examples")
	wantError(t, "no record", new(Gram).GobDecode([]byte{1, 2}), "reading a Gram matrix")
}

func TestFromMatrix(t *testing.T) {
	g := features(5, 4, 2, 3)
	again := must(FromMatrix(g, 1))
	nearMatrix(t, "from a Gram", again, g, 0)
	sym := mat.NewSymDense(2, []float64{1, 2, math.NaN(), 3}) // what lies below counts for nothing
	nearMatrix(t, "from SymDense", must(FromMatrix(sym, 1)), mat.NewDense(2, 2, []float64{1, 2, 2, 3}), 0)
	near32 := mat.NewDense(2, 2, []float64{1, 0.5, 0.5 + 1e-7, 1})
	if k := must(FromMatrix(near32, 1)); k.At(0, 1) != k.At(1, 0) {
		t.Error("rounding was not averaged out")
	}
	_, err := FromMatrix(mat.NewDense(2, 3, nil), 1)
	wantError(t, "not square", err, "2 × 3")
	_, err = FromMatrix(mat.NewDense(4, 4, nil), 3)
	wantError(t, "outputs", err, "4 rows", "3 outputs")
	_, err = FromMatrix(mat.NewDense(2, 2, []float64{1, 2, 3, 4}), 1)
	wantError(t, "not symmetric", err, "not symmetric", "row 1, column 0")
	_, err = FromMatrix(mat.NewDense(2, 2, []float64{1, 2, math.Inf(1), 4}), 1)
	wantError(t, "infinite", err, "+Inf", "row 1, column 0")
}

func TestGramPanics(t *testing.T) {
	g := features(1, 3, 1, 3)
	wantPanic(t, "length", func() { NewGram(2, 2, make([]float64, 4)) }, "4 numbers", "4 × 4", "16")
	wantPanic(t, "sizes", func() { NewGram(0, 1, nil) }, "0 examples")
	wantPanic(t, "entry", func() { g.At(3, 0) }, "(3, 0)", "3 × 3")
	wantPanic(t, "short order", func() { g.Sorted([]int{0}) }, "1 examples", "3")
	wantPanic(t, "few values", func() { g.OrderBy([]float64{0}) }, "1 values", "3 examples")
	wantPanic(t, "repeated order", func() { g.Sorted([]int{0, 1, 1}) }, "permutation")
	wantPanic(t, "sub", func() { g.Subset([]int{3}) }, "example 3")
	wantPanic(t, "add", func() { g.Add(features(1, 4, 1, 3)) }, "3 examples", "4")
	wantPanic(t, "scale", func() { g.Scale(math.NaN()) }, "NaN")
	wantPanic(t, "sum", func() { Combine([]float64{1}, g, g) }, "2 Gram matrices with 1")
	wantPanic(t, "replicate", func() { g.Replicate(2).Replicate(2) }, "2 outputs")
}
