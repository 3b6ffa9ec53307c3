package kernel

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestIndefinite: a matrix with negative eigenvalues is called that, with the
// most negative one, and the ways out that the error names lead out.
func TestIndefinite(t *testing.T) {
	for what, c := range map[string]struct {
		k                 *Gram
		smallest, largest float64
	}{
		"[[1 2] [2 1]]": {NewGram(2, 1, []float64{1, 2, 2, 1}), -1, 3},
		"−I":            {NewGram(2, 1, []float64{-1, 0, 0, -1}), -1, -1},
		"a lost sign":   {features(1, 5, 2, 20).Scale(-1), 0, 0},
		"small":         {diagonalised(1, 1, 2, 1, -1e-9), -1e-9, 2},
		"huge":          {NewGram(2, 1, []float64{1, 2, 2, 1}).Scale(1e200), -1e200, 3e200},
		"tiny":          {NewGram(2, 1, []float64{1, 2, 2, 1}).Scale(1e-200), -1e-200, 3e-200},
	} {
		if c.smallest == 0 {
			v := must(EigenValues(c.k)).Values
			c.smallest, c.largest = v[len(v)-1], v[0]
		}
		y := normal(1, c.k.N(), c.k.Outputs())
		_, err := Ridgeless(c.k, y)
		var e *IndefiniteError
		if !errors.As(err, &e) || errors.As(err, new(*SingularError)) {
			t.Errorf("%s: %v", what, err)
			continue
		}
		near(t, what+", smallest", e.Smallest/c.smallest, 1, 1e-6)
		near(t, what+", largest", e.Largest/c.largest, 1, 1e-6)
		wantError(t, what, err, "no kernel", "smallest eigenvalue", "AddRidge")
		if strings.Contains(err.Error(), "same features") {
			t.Errorf("%s: %v", what, err)
		}
		offered := strings.Contains(err.Error(), "PseudoInverse")
		if offered != (c.largest > -c.smallest) {
			t.Errorf("%s: PseudoInverse offered %v", what, offered)
		}
		if what == "huge" || what == "tiny" {
			continue // the targets do not fit the scale
		}
		ridge := 1.001 * roundUp(-e.Smallest)
		if _, err := Ridgeless(c.k.AddRidge(ridge), y); err != nil {
			t.Errorf("%s with ridge %g: %v", what, ridge, err)
		}
		if _, err = Ridge(c.k, y, ridge/2); !errors.As(err, &e) || e.Ridge != ridge/2 {
			t.Errorf("%s with ridge %g: %v", what, ridge/2, err)
		}
		if offered {
			if _, err := PseudoInverse(c.k, y, roundUp(-e.Smallest/e.Largest)); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, f := range []func() error{
			func() error { _, err := PseudoInverse(c.k, y, 0); return err },
			func() error { _, err := NewFlow(c.k, y); return err },
			func() error { _, err := must(EigenValues(c.k)).EntropyRank(); return err },
		} {
			if err := f(); !errors.As(err, &e) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
}

// TestIndefiniteLarge: the Krylov method finds the smallest eigenvalue too, and
// calls no singular kernel indefinite.
func TestIndefiniteLarge(t *testing.T) {
	const n = 300
	for _, share := range []float64{-2, -1e-3, -1e-6, -1e-9} {
		values := decaying(n, 1)
		values[n-1] = share
		_, err := Factorize(diagonalised(3, 1, values...), 0)
		var e *IndefiniteError
		if !errors.As(err, &e) {
			t.Errorf("%g: %v", share, err)
			continue
		}
		near(t, "smallest", e.Smallest/share, 1, 1e-5)
		near(t, "largest", e.Largest, 1, 1e-8)
	}
	// A kernel rounded to float32 elsewhere.
	single := features(4, n, 1, 40)
	for i, v := range single.data {
		single.data[i] = float64(float32(v))
	}
	values := must(EigenValues(single)).Values
	_, err := Factorize(single, 0)
	var e *IndefiniteError
	if !errors.As(err, &e) || !(e.Smallest < 0 && e.Smallest >= values[n-1]*(1+1e-9)) || e.Smallest > values[n-1]/2 {
		t.Errorf("smallest eigenvalue %g: %v", values[n-1], err)
	}
	if _, err := PseudoInverse(single, normal(1, n, 1), 1e-6); err != nil {
		t.Error(err)
	}
	for what, k := range map[string]*Gram{"low rank": features(5, n, 1, 40), "two outputs": features(6, n/2, 2, 100), "rank one": features(7, n, 1, 1), "zero": NewGram(n, 1, make([]float64, n*n)), "huge": features(5, n, 1, 40).Scale(1e200)} {
		var s *SingularError
		if _, err := Factorize(k, 0); !errors.As(err, &s) {
			t.Errorf("%s: %v", what, err)
		}
	}
	anyThreads(t, "indefinite", func() []float64 {
		_, err := Factorize(single, 0)
		errors.As(err, &e)
		return []float64{e.Smallest, e.Largest}
	})
}

func TestRoundUp(t *testing.T) {
	for v, want := range map[float64]float64{1: 1, 1.0001: 1.01, 0.33333: 0.335, 1.15: 1.15, 1e-9: 1e-9, 99999: 100000} {
		near(t, "rounded up", roundUp(v)/want, 1, 1e-15)
	}
	for _, v := range []float64{math.MaxFloat64, 5e-324, 1e-308, 123.456, 0.1, 0.7} {
		if up := roundUp(v); !(up >= v) || up > 1.011*v {
			t.Errorf("%g becomes %g", v, up)
		}
	}
}

func TestAddRidge(t *testing.T) {
	g := features(1, 3, 2, 4)
	var want mat.Dense
	want.Add(g, mat.NewDiagDense(6, []float64{2, 2, 2, 2, 2, 2}))
	nearMatrix(t, "K + 2I", g.AddRidge(2), &want, 0)
	if g.AddRidge(0).Fingerprint() != g.Fingerprint() {
		t.Error("no ridge changes the matrix")
	}
	wantPanic(t, "ridge", func() { g.AddRidge(math.NaN()) }, "NaN")
}
