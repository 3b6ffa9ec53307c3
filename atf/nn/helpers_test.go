package nn

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// must is for builders in tests.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// normalMatrix is r × c with entries from N(0,1).
func normalMatrix(r, c int, seed uint64) *mat.Dense {
	rng := rand.New(rand.NewPCG(seed, 99))
	m := mat.NewDense(r, c, nil)
	for i := range r {
		for j := range c {
			m.Set(i, j, rng.NormFloat64())
		}
	}
	return m
}

// wantPanic runs f and demands that it panics with the text want.
func wantPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		switch got := recover().(type) {
		case nil:
			t.Errorf("no panic, want %q", want)
		case string:
			if got != want {
				t.Errorf("panic %q, want %q", got, want)
			}
		default:
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	f()
}

// withProcs runs f with the given GOMAXPROCS.
func withProcs(n int, f func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	f()
}

func sameBits(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if math.Float64bits(v) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

// values copies a matrix into a slice.
func values(m blas64.General) []float64 {
	out := make([]float64, 0, m.Rows*m.Cols)
	for i := range m.Rows {
		out = append(out, m.Data[i*m.Stride:i*m.Stride+m.Cols]...)
	}
	return out
}

// worst is the largest |a−b| relative to the largest |b|.
func worst(a, b []float64) float64 {
	diff, size := 0.0, 1e-300
	for i, v := range b {
		diff = max(diff, math.Abs(a[i]-v))
		size = max(size, math.Abs(v))
	}
	return diff / size
}

// zoo is a network for every activation, parametrisation, bias rule and
// residual choice.
func zoo() map[string]*Network {
	acts := []Activation{Identity, ReLU, LeakyReLU(0.1), Tanh, GELU, Erf}
	out := map[string]*Network{}
	for _, a := range acts {
		for _, init := range []string{"he", "lecun", "ntk"} {
			for _, bias := range []string{"none", "uniform", "normal", "zero"} {
				for _, residual := range []bool{false, true} {
					b := MLP(4, 5, 5, 5, 3).Activation(a).Seed(7)
					switch init {
					case "lecun":
						b = b.LeCun()
					case "ntk":
						b = b.NTK()
					}
					switch bias {
					case "none":
						b = b.NoBias()
					case "normal":
						b = b.NormalBias(0.5)
					case "zero":
						b = b.ZeroBias()
					}
					name := a.Name() + "/" + init + "/" + bias
					if residual {
						b = b.Residual()
						name += "/residual"
					}
					out[name] = must(b.Build())
				}
			}
		}
	}
	return out
}
