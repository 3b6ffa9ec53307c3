package nn

import (
	"bytes"
	"encoding/gob"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// scaled has layers without parameters at the beginning, between, with an
// activation and a residual connection of their own, and at the end.
func scaled(hidden Activation) *Network {
	dense := must(MLP(4, 5, 5, 3).Activation(hidden).Seed(3).Build())
	l := dense.Layers()
	return must(New([]Layer{
		{Kind: Scale, In: 4, Out: 4, Factor: 0.7},
		l[0],
		{Kind: Scale, In: 5, Out: 5, Factor: -1.3, Activation: Tanh, Residual: true},
		l[1], l[2],
		{Kind: Scale, In: 3, Out: 3, Factor: 2.5},
	}, dense.Params()))
}

// A scale multiplies by its factor, with activation and residual connection as
// for every layer.
func TestScaleForward(t *testing.T) {
	net := scaled(ReLU)
	dense := must(New([]Layer{net.Layers()[1], net.Layers()[3], net.Layers()[4]}, net.Params()))
	x := normalMatrix(6, 4, 1)
	apply := func(l int, h *mat.Dense, f Activation) *mat.Dense {
		n, _ := h.Dims()
		w, b := dense.Weight(l), dense.Bias(l)
		a := mat.NewDense(n, w.Rows, nil)
		for i := range n {
			for o := range w.Rows {
				v := b[o]
				for j := range w.Cols {
					v += w.Data[o*w.Stride+j] * h.At(i, j)
				}
				a.Set(i, o, v)
			}
		}
		f.Value(a.RawMatrix().Data, a.RawMatrix().Data)
		return a
	}
	var h mat.Dense
	h.Scale(0.7, x)
	a := apply(0, &h, ReLU)
	bent := mat.DenseCopyOf(a)
	bent.Apply(func(_, _ int, v float64) float64 { return math.Tanh(-1.3*v) + v }, a)
	want := apply(2, apply(1, bent, ReLU), Identity)
	want.Scale(2.5, want)
	if d := worst(net.Predict(x).RawMatrix().Data, want.RawMatrix().Data); d > 1e-13 {
		t.Errorf("the outputs are off by %.3g", d)
	}
}

func TestScaleGradient(t *testing.T) {
	for _, f := range []Activation{ReLU, GELU, Identity} {
		net, x, y := scaled(f), normalMatrix(6, 4, 1), normalMatrix(6, 3, 2)
		theta := net.Params()
		r := net.Runner(theta)
		value := func(at []float64) float64 {
			copy(theta, at)
			r.Changed()
			return MSE.Value(r.Forward(x.RawMatrix()), y.RawMatrix())
		}
		want := fd.Gradient(nil, value, net.Params(), &fd.Settings{Formula: fd.Central})
		value(net.Params())
		signal, got := mat.NewDense(6, 3, nil), make([]float64, len(theta))
		MSE.Signal(signal.RawMatrix(), r.Forward(x.RawMatrix()), y.RawMatrix())
		r.Gradient(signal.RawMatrix(), got)
		if d := worst(got, want); d > 1e-6 {
			t.Errorf("%v: the gradient is off by %.3g", f, d)
		}
	}
}

func TestScaleIsKept(t *testing.T) {
	net := scaled(Tanh)
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(net); err != nil {
		t.Fatal(err)
	}
	var read Network
	if err := gob.NewDecoder(&buf).Decode(&read); err != nil {
		t.Fatal(err)
	}
	x := normalMatrix(5, 4, 1)
	if !read.SameArchitecture(net) || !sameBits(read.Predict(x).RawMatrix().Data, net.Predict(x).RawMatrix().Data) || read.Fingerprint() != net.Fingerprint() {
		t.Error("gob changes the network")
	}

	path := filepath.Join(t.TempDir(), "net.npz")
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	other := net.At(make([]float64, net.NumParams()))
	if loaded := must(other.Load(path)); !sameBits(loaded.Params(), net.Params()) {
		t.Error("a file changes the parameters")
	}

	layers := net.Layers()
	layers[5].Factor = 2
	changed := must(New(layers, net.Params()))
	if changed.Fingerprint() == net.Fingerprint() || changed.SameArchitecture(net) {
		t.Error("another factor is the same network")
	}
	middle := Segment{net, net.At(make([]float64, net.NumParams()))}.At(0.5)
	if middle.Layers()[2] != net.Layers()[2] || middle.Params()[3] != net.Params()[3]/2 {
		t.Error("a segment changes the layers")
	}
	if got := net.ParamLayers(); len(got) != 3 || got[0] != 1 || got[1] != 3 || got[2] != 4 {
		t.Errorf("the layers with parameters are %v", got)
	}
	if w := net.Weight(2); w.Rows != 0 || net.Bias(2) != nil {
		t.Errorf("a scale has weights %v", w)
	}
	if m := must(net.LayerMatrix(net.Params(), 1)); m.At(4, 4) != net.Weight(3).Data[24] {
		t.Error("LayerMatrix counts layers without parameters")
	}
}

// OutputScale is the same function times the factor, and is trained like it.
func TestOutputScale(t *testing.T) {
	plain, large := must(MLP(4, 20, 2).Seed(1).Build()), must(MLP(4, 20, 2).OutputScale(3).Seed(1).Build())
	x := normalMatrix(40, 4, 1)
	var want mat.Dense
	want.Scale(3, plain.Predict(x))
	if !sameBits(large.Predict(x).RawMatrix().Data, want.RawMatrix().Data) {
		t.Error("the outputs are not three times as large")
	}
	if s := large.String(); !strings.Contains(s, "4-20-2 ×3, relu, biases, 142 parameters") {
		t.Errorf("%s", s)
	}
	y := must(MLP(4, 7, 2).Seed(9).Build()).Predict(x)
	h := must(Train(large).SGD(0.01).Momentum(0.9).Batch(10).Epochs(60).Fit(x, y))
	if h.Loss[59] > 0.05*h.Loss[0] || !h.Network.SameArchitecture(large) {
		t.Errorf("the loss goes from %.3g to %.3g", h.Loss[0], h.Loss[59])
	}
}

func TestFitLastLayerBehindAScale(t *testing.T) {
	x, y := normalMatrix(30, 4, 1), normalMatrix(30, 2, 2)
	plain, large := must(MLP(4, 6, 2).Seed(1).Build()), must(MLP(4, 6, 2).OutputScale(3).Seed(1).Build())
	a, b := must(FitLastLayer(plain, x, y)), must(FitLastLayer(large, x, y))
	if d := worst(b.Predict(x).RawMatrix().Data, a.Predict(x).RawMatrix().Data); d > 1e-12 {
		t.Errorf("the fits differ by %.3g", d)
	}
	l := plain.Layers()
	bent := must(New([]Layer{l[0], {In: 6, Out: 2, WScale: 1, Activation: Tanh}, {Kind: Scale, In: 2, Out: 2, Factor: 2}}, make([]float64, 30+12)))
	if _, err := FitLastLayer(bent, x, y); err == nil || !strings.Contains(err.Error(), "not linear in the last parameters: layer 1, counted from 0, has") {
		t.Errorf("an activation behind the last parameters: %v", err)
	}
}

func TestScaleErrors(t *testing.T) {
	ok, last := Layer{Kind: Scale, In: 2, Out: 2, Factor: 1}, Layer{In: 2, Out: 1, WScale: 1}
	with := func(f func(*Layer)) []Layer { l := ok; f(&l); return []Layer{l, last} }
	for want, layers := range map[string][]Layer{
		"layer 0 is a scale but 3 × 2":       with(func(l *Layer) { l.Out = 3; l.In = 2 })[:1],
		"a scale with the factor 0":          with(func(l *Layer) { l.Factor = 0 }),
		"a scale with the factor NaN":        with(func(l *Layer) { l.Factor = math.NaN() }),
		"no weights and no biases":           with(func(l *Layer) { l.WScale = 1 }),
		"of the unknown kind Kind(9)":        with(func(l *Layer) { l.Kind = 9 }),
		"is dense but has the factor 2":      {{In: 2, Out: 1, WScale: 1, Factor: 2}},
		"at least one layer with parameters": {ok},
	} {
		if _, err := New(layers, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := MLP(2, 1).OutputScale(0).Build(); err == nil || !strings.Contains(err.Error(), "factor 0") {
		t.Errorf("OutputScale(0): %v", err)
	}
}
