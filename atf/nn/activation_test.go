package nn

import (
	"bytes"
	"encoding/gob"
	"math"
	"testing"
	"testing/quick"
)

var allActivations = []Activation{Identity, ReLU, LeakyReLU(0.01), LeakyReLU(-0.3), Tanh, GELU, Erf}

func TestActivationDerivative(t *testing.T) {
	for _, f := range allActivations {
		a := []float64{-30, -5, -1.3, -0.2, -1e-3, 1e-3, 0.4, 1, 2.5, 6, 30}
		d, up, down := make([]float64, len(a)), make([]float64, len(a)), make([]float64, len(a))
		f.Derivative(d, a)
		const h = 1e-5
		for i, v := range a {
			up[i], down[i] = v+h, v-h
		}
		f.Value(up, up)
		f.Value(down, down)
		for i, v := range a {
			if want := (up[i] - down[i]) / (2 * h); math.Abs(d[i]-want) > 1e-8 {
				t.Errorf("%v'(%v) = %v, differences give %v", f, v, d[i], want)
			}
		}
	}
}

func TestActivationAtZero(t *testing.T) {
	for f, want := range map[Activation][2]float64{
		Identity: {0, 1}, ReLU: {0, 0}, LeakyReLU(0.2): {0, 0.2}, Tanh: {0, 1}, GELU: {0, 0.5}, Erf: {0, 2 / math.SqrtPi},
	} {
		v, d := []float64{0}, []float64{0}
		f.Derivative(d, v)
		f.Value(v, v)
		if v[0] != want[0] || d[0] != want[1] {
			t.Errorf("%v: value %v and derivative %v at 0, want %v", f, v[0], d[0], want)
		}
	}
}

// TestActivationValues holds values known from their tables.
func TestActivationValues(t *testing.T) {
	for _, c := range []struct {
		f       Activation
		a, want float64
	}{
		{GELU, 1, 0.8413447460685429}, {GELU, -1, -0.15865525393145707}, {GELU, -10, -7.619853024160527e-23},
		{Erf, 1, 0.8427007929497149}, {Tanh, 0.5, 0.46211715726000975},
		{LeakyReLU(0.1), -2, -0.2}, {ReLU, -2, 0}, {ReLU, 3, 3}, {Identity, -4, -4},
	} {
		v := []float64{c.a}
		c.f.Value(v, v)
		if math.Abs(v[0]-c.want) > 1e-14*math.Abs(c.want) {
			t.Errorf("%v(%v) = %v, want %v", c.f, c.a, v[0], c.want)
		}
	}
}

// TestChainIsDerivative holds the backward short cut of the cheap activations.
func TestChainIsDerivative(t *testing.T) {
	for _, f := range allActivations {
		if f.costly() {
			continue
		}
		holds := func(g, a float64) bool {
			d, got := []float64{a}, []float64{g}
			f.Derivative(d, d)
			f.chain(got, got, []float64{a})
			return got[0] == g*d[0]
		}
		if err := quick.Check(holds, nil); err != nil {
			t.Errorf("%v: %v", f, err)
		}
		if !holds(2, 0) {
			t.Errorf("%v: the short cut differs at 0", f)
		}
	}
}

func TestActivationsPassNaN(t *testing.T) {
	for _, f := range allActivations {
		v := []float64{math.NaN()}
		f.Value(v, v)
		if !math.IsNaN(v[0]) {
			t.Errorf("%v(NaN) = %v", f, v[0])
		}
	}
}

func TestActivationNames(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range allActivations {
		if seen[f.Name()] {
			t.Errorf("two activations are called %q", f.Name())
		}
		seen[f.Name()] = true
		if g, err := ParseActivation(f.Name()); err != nil || g != f {
			t.Errorf("%q is read as %v, %v", f.Name(), g, err)
		}
		var buf bytes.Buffer
		var g Activation
		if err := gob.NewEncoder(&buf).Encode(f); err != nil {
			t.Fatal(err)
		}
		if err := gob.NewDecoder(&buf).Decode(&g); err != nil || g != f {
			t.Errorf("%v comes back as %v, %v", f, g, err)
		}
	}
	for _, s := range []string{"", "swish", "leaky-relu", "leaky-relu()", "leaky-relu(0.1", "leaky-relu(x)", "ReLU"} {
		if f, err := ParseActivation(s); err == nil {
			t.Errorf("%q is read as %v", s, f)
		}
	}
}

func TestActivationLengths(t *testing.T) {
	wantPanic(t, "nn: activation of 2 values into 1", func() { ReLU.Value(make([]float64, 1), make([]float64, 2)) })
	wantPanic(t, "nn: activation of 2 values into 3", func() { Tanh.Derivative(make([]float64, 3), make([]float64, 2)) })
}
