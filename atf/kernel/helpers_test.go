package kernel

import (
	"bytes"
	"encoding/gob"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func normal(seed uint64, r, c int) *mat.Dense {
	rng := rand.New(rand.NewPCG(seed, 7))
	m := mat.NewDense(r, c, nil)
	for i := 0; i < r; i++ {
		for j := 0; j < c; j++ {
			m.Set(i, j, rng.NormFloat64())
		}
	}
	return m
}

// features is F Fᵀ for F of n·outputs rows and p columns.
func features(seed uint64, n, outputs, p int) *Gram {
	f := normal(seed, n*outputs, p)
	var k mat.Dense
	k.Mul(f, f.T())
	g, err := FromMatrix(&k, outputs)
	if err != nil {
		panic(err)
	}
	return g
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %.17g, want %.17g (tolerance %g)", what, got, want, tol)
	}
}

// nearMatrix compares to tol relative to the largest entry of want.
func nearMatrix(t *testing.T, what string, got, want mat.Matrix, tol float64) {
	t.Helper()
	gr, gc := got.Dims()
	wr, wc := want.Dims()
	if gr != wr || gc != wc {
		t.Fatalf("%s: got %d × %d, want %d × %d", what, gr, gc, wr, wc)
	}
	scale, worst := 0.0, 0.0
	for i := 0; i < wr; i++ {
		for j := 0; j < wc; j++ {
			scale = math.Max(scale, math.Abs(want.At(i, j)))
			if d := math.Abs(got.At(i, j) - want.At(i, j)); !(d <= worst) {
				worst = d
			}
		}
	}
	if !(worst <= tol*math.Max(scale, 1e-300)) {
		t.Errorf("%s: largest difference %g on a scale of %g (tolerance %g)", what, worst, scale, tol)
	}
}

func wantError(t *testing.T, what string, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%s: the error %q does not mention %q", what, err, p)
		}
	}
}

func wantPanic(t *testing.T, what string, f func(), parts ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		p := recover()
		s, ok := p.(string)
		if p == nil || !ok {
			t.Errorf("%s: panic value %v", what, p)
			return
		}
		for _, part := range parts {
			if !strings.Contains(s, part) {
				t.Errorf("%s: the panic %q does not mention %q", what, s, part)
			}
		}
	}()
	f()
}

// roundTrip sends v through encoding/gob into w.
func roundTrip(t *testing.T, v, w any) {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&b).Decode(w); err != nil {
		t.Fatal(err)
	}
}

// anyThreads runs f under several GOMAXPROCS and expects the same bits.
func anyThreads(t *testing.T, what string, f func() []float64) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first []float64
	for _, p := range []int{1, 2, 3, 7} {
		runtime.GOMAXPROCS(p)
		v := f()
		if first == nil {
			first = v
		}
		for i := range v {
			if math.Float64bits(v[i]) != math.Float64bits(first[i]) {
				t.Fatalf("%s: entry %d is %v with %d threads and %v with one", what, i, v[i], p, first[i])
			}
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// errorOf is the error of a call, whatever else it gives.
func errorOf[T any](_ T, err error) error { return err }
