package kernel

import (
	"math"
	"testing"
	"testing/quick"

	"gonum.org/v1/gonum/mat"
)

// plainCosine is the definition, entry by entry.
func plainCosine(a, b mat.Matrix) float64 {
	r, c := a.Dims()
	var ab, aa, bb float64
	for i := 0; i < r; i++ {
		for j := 0; j < c; j++ {
			ab += a.At(i, j) * b.At(i, j)
			aa += a.At(i, j) * a.At(i, j)
			bb += b.At(i, j) * b.At(i, j)
		}
	}
	return ab / math.Sqrt(aa*bb)
}

func TestSimilarity(t *testing.T) {
	a, b := features(1, 23, 2, 9), features(2, 23, 2, 5)
	near(t, "similarity", must(Similarity(a, b)), plainCosine(a, b), 1e-14)
	near(t, "of itself", must(Similarity(a, a)), 1, 0)
	near(t, "of its negative", must(Similarity(a, a.Scale(-3))), -1, 1e-15)
	near(t, "rectangles", must(Similarity(normal(1, 4, 7), normal(2, 4, 7))), plainCosine(normal(1, 4, 7), normal(2, 4, 7)), 1e-14)
	want := must(Similarity(a, b))
	for _, s := range []float64{1e-300, 1e-170, 1e170, 1e300} {
		near(t, "scaled", must(Similarity(a.Scale(s), b)), want, 1e-12)
		near(t, "both scaled", must(Similarity(a.Scale(s), b.Scale(s))), want, 1e-12)
	}
	anyThreads(t, "similarity", func() []float64 {
		big := features(3, 300, 1, 2)
		return []float64{must(Similarity(big, big.Add(features(4, 300, 1, 3)))), must(CKA(big, features(4, 300, 1, 3)))}
	})
}

func TestSimilarityProperties(t *testing.T) {
	f := func(seed uint64, scale float64) bool {
		a, b := features(seed, 6, 1, 3), features(seed+1, 6, 1, 4)
		scale = math.Abs(math.Remainder(scale, 1e6)) + 0.1
		s := must(Similarity(a, b))
		back := must(Similarity(b, a.Scale(scale)))
		c := must(CKA(a, b))
		return s >= 0 && s <= 1 && math.Abs(s-back) < 1e-13 && c >= -1e-13 && c <= 1
	}
	if err := quick.Check(f, &quick.Config{MaxCount: 200}); err != nil {
		t.Error(err)
	}
}

func TestCKA(t *testing.T) {
	for _, outputs := range []int{1, 3} {
		n := 11
		a, b := features(1, n, outputs, 6), features(2, n, outputs, 40)
		h := mat.NewDense(n, n, nil)
		for i := 0; i < n; i++ {
			for j := 0; j < n; j++ {
				h.Set(i, j, -1/float64(n))
			}
			h.Set(i, i, 1-1/float64(n))
		}
		eye := mat.NewDiagDense(outputs, nil)
		for c := 0; c < outputs; c++ {
			eye.SetDiag(c, 1)
		}
		var hh, ca, cb mat.Dense
		hh.Kronecker(h, eye)
		ca.Product(&hh, a, &hh)
		cb.Product(&hh, b, &hh)
		near(t, "CKA", must(CKA(a, b)), plainCosine(&ca, &cb), 1e-12)
		near(t, "CKA of itself", must(CKA(a, a)), 1, 1e-14)
		// A constant added to the features changes nothing.
		if outputs == 1 {
			ones := NewGram(n, 1, make([]float64, n*n))
			for i := range ones.data {
				ones.data[i] = 100
			}
			near(t, "CKA with an offset", must(CKA(a.Add(ones), b)), must(CKA(a, b)), 1e-11)
			_, err := CKA(ones, a)
			wantError(t, "a constant kernel", err, "first matrix", "zero after centring")
		}
	}
	wantError(t, "outputs", errorOf(CKA(features(1, 4, 1, 2), features(1, 2, 2, 2))), "1 and 2 outputs")
	wantError(t, "rectangle", errorOf(CKA(normal(1, 2, 3), normal(1, 2, 3))), "2 × 3")
}

func TestTargetAlignment(t *testing.T) {
	k, y := features(1, 12, 2, 5), normal(2, 12, 2)
	near(t, "flattened", must(TargetAlignment(k, y)), must(Similarity(k, must(Label(y)))), 1e-13)
	flat := mat.NewDense(24, 1, append([]float64(nil), y.RawMatrix().Data...))
	near(t, "nC × 1", must(TargetAlignment(k, flat)), must(TargetAlignment(k, y)), 1e-15)
	one := features(3, 12, 1, 5)
	var yy mat.Dense
	yy.Mul(y, y.T())
	near(t, "shared", must(TargetAlignment(one, y)), must(Similarity(one, &yy)), 1e-13)
	near(t, "its own label", must(TargetAlignment(must(Label(y)), y)), 1, 1e-14)
	near(t, "tiny targets", must(TargetAlignment(k, mat.NewDense(24, 1, scaled(flat, 1e-200)))), must(TargetAlignment(k, y)), 1e-13)
	_, err := TargetAlignment(k, mat.NewDense(12, 2, nil))
	wantError(t, "zero targets", err, "targets", "zero everywhere")
	wantError(t, "rows", errorOf(TargetAlignment(k, normal(1, 11, 2))), "11 × 2", "12 examples")
	wantError(t, "matrix", errorOf(TargetAlignment(normal(1, 2, 3), normal(1, 2, 1))), "2 × 3", "square")
	wantError(t, "rows of a matrix", errorOf(TargetAlignment(mat.DenseCopyOf(one), normal(1, 5, 1))), "5 rows")
	wantError(t, "empty label", errorOf(Label(&mat.Dense{})), "0 × 0")
	wantError(t, "hidden flattening", errorOf(TargetAlignment(one, normal(1, 6, 2))), "6 × 2")
}

func scaled(m *mat.Dense, s float64) []float64 {
	v := append([]float64(nil), m.RawMatrix().Data...)
	for i := range v {
		v[i] *= s
	}
	return v
}

func TestLabel(t *testing.T) {
	g := normal(1, 5, 3)
	k := must(Label(g))
	if k.N() != 5 || k.Outputs() != 3 {
		t.Fatalf("%d examples, %d outputs", k.N(), k.Outputs())
	}
	for i := range 5 {
		for j := range 5 {
			for c := range 3 {
				for e := range 3 {
					if k.At(i*3+c, j*3+e) != g.At(i, c)*g.At(j, e) {
						t.Fatalf("entry of examples %d, %d, outputs %d, %d", i, j, c, e)
					}
				}
			}
		}
	}
	part := g.Slice(1, 4, 0, 2).(*mat.Dense) // rows that are not contiguous
	nearMatrix(t, "of a view", must(Label(part)), must(Label(mat.DenseCopyOf(part))), 0)
	nearMatrix(t, "of a column view", must(Label(g.Slice(0, 5, 1, 2))), must(Label(mat.DenseCopyOf(g.Slice(0, 5, 1, 2)))), 0)
	if k := must(Label(normal(1, 1, 4))); k.N() != 1 || k.Outputs() != 4 {
		t.Error("one example with four outputs")
	}
	t.Setenv("ATF_MEMORY", "1kB")
	_, err := Label(normal(1, 50, 1))
	wantError(t, "beyond the budget", err, "label kernel", "memory")
}

func TestMeasuresRefuse(t *testing.T) {
	good, bad, zero := features(1, 3, 1, 3), features(1, 3, 1, 3), NewGram(3, 1, make([]float64, 9))
	bad.data[5] = math.NaN()
	for what, f := range map[string]func(a, b mat.Matrix) (float64, error){"Similarity": Similarity, "CKA": CKA} {
		_, err := f(good, bad)
		wantError(t, what+" NaN", err, "second matrix", "NaN", "row 1, column 2")
		_, err = f(zero, good)
		wantError(t, what+" zero", err, "first matrix", "zero everywhere")
		wantError(t, what, errorOf(f(good, normal(1, 4, 4))), "3 × 3", "4 × 4")
	}
	_, err := TargetAlignment(bad, normal(1, 3, 1))
	wantError(t, "alignment NaN", err, "kernel", "NaN")
	_, err = TargetAlignment(good, mat.NewDense(3, 1, []float64{1, math.Inf(-1), 0}))
	wantError(t, "alignment infinite", err, "targets", "-Inf")
	_, err = Label(mat.NewDense(2, 1, []float64{0, math.NaN()}))
	wantError(t, "label NaN", err, "NaN", "row 1")
}
