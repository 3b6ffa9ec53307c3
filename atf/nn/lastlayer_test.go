package nn

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// residuals are the derivatives of the squared error and the penalty by the
// last layer's parameters, which vanish at a least-squares solution.
func residuals(n *Network, x, y *mat.Dense, ridge float64) float64 {
	p := NewPass(n)
	p.Forward(n, x.RawMatrix())
	var s mat.Dense
	s.Sub(n.Predict(x), y)
	p.Backward(n, s.RawMatrix())
	grad := make([]float64, n.NumParams())
	p.Gradient(n, grad)
	w, _ := n.Offsets(len(n.layers) - 1)
	size := 0.0
	for i, v := range grad[w:] {
		size = max(size, math.Abs(v+ridge*n.theta[w+i]))
	}
	return size
}

func TestFitLastLayer(t *testing.T) {
	for _, c := range []struct {
		name  string
		b     *Builder
		rows  int
		exact bool
	}{
		{"tall", MLP(4, 12, 9, 3), 60, false},
		{"tall without biases", MLP(4, 12, 9, 3).NoBias(), 60, false},
		{"tall, NTK", MLP(4, 12, 9, 2).NTK(), 60, false},
		{"square", MLP(4, 12, 9, 3), 10, true},
		{"wide", MLP(4, 12, 40, 3), 10, true},
		{"linear", MLP(4, 2), 30, false},
	} {
		n := must(c.b.Seed(3).Build())
		x, y := normalMatrix(c.rows, 4, 1), normalMatrix(c.rows, n.Outputs(), 2)
		m, err := FitLastLayer(n, x, y)
		if err != nil {
			t.Fatal(err)
		}
		w, _ := n.Offsets(len(n.layers) - 1)
		if !sameBits(m.Params()[:w], n.Params()[:w]) {
			t.Errorf("%s: the other layers changed", c.name)
		}
		if r := residuals(m, x, y, 0); r > 1e-10 {
			t.Errorf("%s: the gradient at the solution is %.1e", c.name, r)
		}
		if e := MSE.Value(m.Predict(x).RawMatrix(), y.RawMatrix()); c.exact != (e < 1e-20) {
			t.Errorf("%s: the mean squared error is %v", c.name, e)
		}
		for _, ridge := range []float64{1e-6, 0.1, 10} {
			m := must(FitLastLayerRidge(n, x, y, ridge))
			if r := residuals(m, x, y, ridge); r > 1e-10*(1+ridge) {
				t.Errorf("%s: with ridge %v the gradient at the solution is %.1e", c.name, ridge, r)
			}
		}
	}
}

// TestFitLastLayerLeastNorm compares rank-deficient solutions with the limit
// of small ridges.
func TestFitLastLayerLeastNorm(t *testing.T) {
	n := must(MLP(4, 6, 2).Seed(3).Build())
	// A unit that never fires, and one that is another's double.
	theta := n.Params()
	w, b := n.Offsets(0)
	copy(theta[w:w+4], []float64{0, 0, 0, 0})
	theta[b] = -1
	for j := range 4 {
		theta[w+8+j] = 2 * theta[w+4+j]
	}
	theta[b+2] = 2 * theta[b+1]
	n = n.At(theta)
	for _, rows := range []int{50, 4} {
		x, y := normalMatrix(rows, 4, 1), normalMatrix(rows, 2, 2)
		got := must(FitLastLayer(n, x, y))
		want := must(FitLastLayerRidge(n, x, y, 1e-9))
		if d := worst(got.Params(), want.Params()); d > 1e-6 {
			t.Errorf("%d examples: %.1e from the limit of small ridges", rows, d)
		}
		top, _ := got.Offsets(1)
		if v := got.Params()[top]; math.Abs(v) > 1e-12 {
			t.Errorf("%d examples: the dead unit has the weight %v", rows, v)
		}
	}
	// No feature at all: the last layer is 0.
	zero := must(MLP(4, 6, 2).NoBias().Build())
	zero = zero.At(make([]float64, zero.NumParams()))
	m := must(FitLastLayer(zero, normalMatrix(9, 4, 1), normalMatrix(9, 2, 2)))
	if m.Fingerprint() != zero.Fingerprint() {
		t.Error("without features the last layer is not 0")
	}
}

func TestFitLastLayerErrors(t *testing.T) {
	n := must(MLP(4, 6, 2).Build())
	x, y := normalMatrix(9, 4, 1), normalMatrix(9, 2, 2)
	wrong := mat.DenseCopyOf(x)
	wrong.Set(1, 2, math.NaN())
	huge := n.Params()
	huge[0], huge[1] = 1e308, 1e308
	fill := mat.NewDense(9, 4, nil)
	fill.Apply(func(int, int, float64) float64 { return 10 }, fill)
	for want, run := range map[string]func() (*Network, error){
		"no examples":                        func() (*Network, error) { return FitLastLayer(n, &mat.Dense{}, &mat.Dense{}) },
		"inputs holds NaN at row 1":          func() (*Network, error) { return FitLastLayer(n, wrong, y) },
		"targets holds NaN at row 1":         func() (*Network, error) { return FitLastLayer(must(MLP(4, 4).Build()), x, wrong) },
		"features holds +Inf at row 0":       func() (*Network, error) { return FitLastLayer(n.At(huge), fill, y) },
		"the ridge is 0":                     func() (*Network, error) { return FitLastLayerRidge(n, x, y, 0) },
		"the ridge is NaN":                   func() (*Network, error) { return FitLastLayerRidge(n, x, y, math.NaN()) },
		"the ridge is -1: it must be positi": func() (*Network, error) { return FitLastLayerRidge(n, x, y, -1) },
	} {
		if m, err := run(); !contains(err, want) || m != nil {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	t.Setenv("ATF_MEMORY", "1kB")
	if _, err := FitLastLayer(n, x, y); !contains(err, "fit it to fewer examples") {
		t.Errorf("error %v", err)
	}
	if _, err := FitLastLayer(n, x, x); !contains(err, "nn: the inputs are 9 × 4 and the targets 9 × 4, for a network of 4 inputs and 2 outputs") {
		t.Errorf("error %v", err)
	}
}
