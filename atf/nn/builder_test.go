package nn

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

func TestBuildErrors(t *testing.T) {
	for want, b := range map[string]*Builder{
		"MLP has 1 sizes":                         MLP(3),
		"MLP has 0 sizes":                         MLP(),
		"size number 2 of MLP[3 0 1] is 0":        MLP(3, 0, 1),
		"size number 1 of MLP[-2 1] is -2":        MLP(-2, 1),
		"slope of a leaky ReLU must be finite":    MLP(3, 2, 1).LeakyReLU(math.NaN()),
		"NormalBias(0): the standard deviation":   MLP(3, 2, 1).NormalBias(0),
		"NormalBias(+Inf)":                        MLP(3, 2, 1).NormalBias(math.Inf(1)),
		"Residual has no hidden layer":            MLP(3, 4, 4).Residual(),
		"more than 1e+12 parameters":              MLP(1<<31, 1<<31, 1),
		"more than the budget of 1 MiB: make the": MLP(1000, 1000, 1),
	} {
		t.Setenv("ATF_MEMORY", "1MiB")
		if n, err := b.Build(); err == nil || n != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestNewErrors(t *testing.T) {
	ok := Layer{In: 2, Out: 2, WScale: 1, Activation: ReLU}
	last := Layer{In: 2, Out: 1, WScale: 1}
	with := func(f func(*Layer)) []Layer { l := ok; f(&l); return []Layer{l, last} }
	for want, layers := range map[string][]Layer{
		"at least one layer":          nil,
		"layer 1 reads 2 values":      with(func(l *Layer) { l.Out = 3 }),
		"layer 0 is 2 × 0":            with(func(l *Layer) { l.In = 0 }),
		"weight scale 0":              with(func(l *Layer) { l.WScale = 0 }),
		"weight scale NaN":            with(func(l *Layer) { l.WScale = math.NaN() }),
		"bias scale 0":                with(func(l *Layer) { l.Bias = true }),
		"layer 0 is residual but":     with(func(l *Layer) { l.In, l.Residual = 5, true }),
		"must have the identity":      {ok},
		"no residual connection":      {{In: 2, Out: 2, WScale: 1, Residual: true}},
		"1 parameters for layers tha": {ok, last},
	} {
		if _, err := New(layers, make([]float64, 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if n, err := New([]Layer{ok, last}, []float64{1, 2, 3, 4, 5, 6}); err != nil || n.NumParams() != 6 {
		t.Errorf("%v, %v", n, err)
	}
}

// TestInitialisation checks the moments of wide layers within five standard
// errors, and that biases are where their rule says.
func TestInitialisation(t *testing.T) {
	const in, out = 400, 500
	for _, c := range []struct {
		name                   string
		b                      *Builder
		weight, scale          float64
		bias, edge, biasFactor float64
	}{
		{"default", MLP(in, out, 1), 2. / in, 1, 1. / 3 / in, 1 / math.Sqrt(in), 1},
		{"lecun", MLP(in, out, 1).LeCun().NormalBias(0.7), 1. / in, 1, 0.49, 9, 1},
		{"ntk", MLP(in, out, 1).NTK(), 1, math.Sqrt(2. / in), 1. / 3, 1, 1 / math.Sqrt(in)},
		{"ntk normal", MLP(in, out, 1).NTK().NormalBias(0.3), 1, math.Sqrt(2. / in), 1, 9, 0.3},
		{"zero", MLP(in, out, 1).ZeroBias(), 2. / in, 1, 0, 0, 1},
	} {
		n := must(c.b.Seed(5).Build())
		l := n.Layers()[0]
		if l.WScale != c.scale || l.BScale != c.biasFactor {
			t.Errorf("%s: scales %v and %v", c.name, l.WScale, l.BScale)
		}
		near := func(what string, v []float64, variance, edge float64) {
			mean, got := stat.MeanVariance(v, nil)
			se := math.Sqrt(2/float64(len(v))) * variance
			if math.Abs(got-variance) > 5*se || math.Abs(mean) > 5*math.Sqrt(variance/float64(len(v))) {
				t.Errorf("%s: %s have mean %.2e and variance %.3e, want 0 and %.3e", c.name, what, mean, got, variance)
			}
			for _, x := range v {
				if math.Abs(x) > edge {
					t.Fatalf("%s: %s hold %v, beyond ±%v", c.name, what, x, edge)
				}
			}
		}
		near("weights", n.Weight(0).Data, c.weight, 9)
		near("biases", n.Bias(0), c.bias, c.edge)
	}
}

// TestNTKIsTheSameFunction holds what NTK promises.
func TestNTKIsTheSameFunction(t *testing.T) {
	x := normalMatrix(7, 6, 1)
	rules := map[string]func(*Builder) *Builder{
		"none": (*Builder).NoBias, "uniform": (*Builder).UniformBias, "zero": (*Builder).ZeroBias,
		"normal": func(b *Builder) *Builder { return b.NormalBias(0.4) },
	}
	for name, rule := range rules {
		he := must(rule(MLP(6, 9, 9, 2).Residual().Seed(3)).Build()).Predict(x)
		ntk := must(rule(MLP(6, 9, 9, 2).Residual().NTK().Seed(3)).Build()).Predict(x)
		if !mat.EqualApprox(he, ntk, 1e-13) {
			t.Errorf("%s: the NTK parametrisation is another function", name)
		}
	}
}

func TestSeeds(t *testing.T) {
	build := func(seed uint64, f func(*Builder)) *Network {
		b := MLP(5, 6, 2).Seed(seed)
		f(b)
		return must(b.Build())
	}
	id := func(*Builder) {}
	a := build(1, id)
	if !sameBits(a.Params(), build(1, id).Params()) {
		t.Error("the same seed gives other parameters")
	}
	if sameBits(a.Params(), build(2, id).Params()) {
		t.Error("another seed gives the same parameters")
	}
	bare := build(1, func(b *Builder) { b.NoBias() })
	for l := range 2 {
		if !sameBits(a.Weight(l).Data, bare.Weight(l).Data) {
			t.Errorf("the weights of layer %d change with the bias rule", l)
		}
	}
}

func TestLastCallHolds(t *testing.T) {
	a := must(MLP(5, 6, 2).Tanh().NTK().NoBias().ReLU().He().UniformBias().Build())
	if a.Fingerprint() != must(MLP(5, 6, 2).Build()).Fingerprint() {
		t.Error("the last of several calls does not hold")
	}
}
