package nn

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func roundTrip[T any](t *testing.T, in T) T {
	t.Helper()
	var buf bytes.Buffer
	var out T
	if err := gob.NewEncoder(&buf).Encode(in); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&buf).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNetworkGob(t *testing.T) {
	for name, n := range zoo() {
		m := roundTrip(t, n)
		if m.Fingerprint() != n.Fingerprint() || !m.SameArchitecture(n) || !sameBits(m.Params(), n.Params()) {
			t.Errorf("%s: another network comes back", name)
		}
	}
	s := Segment{must(MLP(2, 3, 1).Build()), must(MLP(2, 3, 1).Seed(1).Build())}
	if roundTrip(t, s).Fingerprint() != s.Fingerprint() {
		t.Error("another segment comes back")
	}
}

func TestNetworkGobDamaged(t *testing.T) {
	n := must(MLP(2, 3, 1).Build())
	wire := networkWire{Layers: n.Layers(), Theta: n.Params()[1:]}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(wire); err != nil {
		t.Fatal(err)
	}
	whole := must(n.GobEncode())
	for want, b := range map[string][]byte{
		"12 parameters for layers that have 13": buf.Bytes(),
		"reading a network: EOF":                nil,
		"reading a network: unexpected EOF":     whole[:len(whole)-5],
	} {
		var m Network
		if err := m.GobDecode(b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestFingerprintsDiffer(t *testing.T) {
	seen := map[string]string{}
	add := func(name string, n *Network) {
		if other, ok := seen[n.Fingerprint()]; ok {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		seen[n.Fingerprint()] = name
	}
	for name, n := range zoo() {
		add(name, n)
	}
	n := must(MLP(4, 5, 3).Build())
	add("small", n)
	theta := n.Params()
	theta[7] += 1e-15
	add("nudged", n.At(theta))
}

func TestParamsLayout(t *testing.T) {
	n := must(MLP(2, 3, 2).NoBias().Build())
	m := must(MLP(2, 3, 2).Build())
	theta := make([]float64, m.NumParams())
	for i := range theta {
		theta[i] = float64(i)
	}
	m = m.At(theta)
	if m.NumParams() != 17 || n.NumParams() != 12 || m.Inputs() != 2 || m.Outputs() != 2 {
		t.Fatalf("%v; %v", m, n)
	}
	if w, b := m.Offsets(1); w != 9 || b != 15 {
		t.Errorf("layer 1 begins at %d and %d", w, b)
	}
	if w, b := n.Offsets(1); w != 6 || b != 12 {
		t.Errorf("without biases layer 1 begins at %d and %d", w, b)
	}
	if w := m.Weight(1); w.Rows != 2 || w.Cols != 3 || w.Data[w.Stride] != 12 {
		t.Errorf("weights of layer 1: %v", w)
	}
	if b := m.Bias(0); fmt.Sprint(b) != "[6 7 8]" || n.Bias(0) != nil {
		t.Errorf("biases %v and %v", b, n.Bias(0))
	}
}

// TestImmutable holds that nothing handed out or in is the network's own.
func TestImmutable(t *testing.T) {
	n := must(MLP(2, 3, 2).Build())
	want := n.Fingerprint()
	n.Params()[0] = 9
	n.Layers()[0].In = 9
	theta := n.Params()
	m := n.At(theta)
	theta[0] = 9
	if n.Fingerprint() != want || m.Fingerprint() != want {
		t.Error("a network changed")
	}
	wantPanic(t, "nn: 3 parameters for a network that has 17", func() { n.At(make([]float64, 3)) })
}

func TestPredictShapes(t *testing.T) {
	n := must(MLP(4, 7, 3).Build())
	x := normalMatrix(2*predictRows+5, 4, 1)
	f := n.Predict(x)
	if r, c := f.Dims(); r != 2*predictRows+5 || c != 3 {
		t.Fatalf("%d × %d", r, c)
	}
	for _, i := range []int{0, predictRows - 1, predictRows, 2*predictRows + 4} {
		one := n.Predict(x.Slice(i, i+1, 0, 4))
		if worst(one.RawRowView(0), f.RawRowView(i)) > 1e-13 {
			t.Errorf("row %d differs alone", i)
		}
	}
	// A matrix that is not dense, and a view of one.
	if worst(n.Predict(mat.DenseCopyOf(x.T()).T()).RawMatrix().Data, f.RawMatrix().Data) != 0 {
		t.Error("a transposed view gives other outputs")
	}
	if !n.Predict(&mat.Dense{}).IsEmpty() {
		t.Error("outputs of nothing")
	}
	wantPanic(t, "nn: x is 2 × 5, but the network reads 4 values", func() { n.Predict(mat.NewDense(2, 5, nil)) })
}

func TestSegment(t *testing.T) {
	a, b := must(MLP(3, 4, 1).Build()), must(MLP(3, 4, 1).Seed(1).Build())
	s := Segment{a, b}
	if s.At(0).Fingerprint() != a.Fingerprint() || s.At(1).Fingerprint() != b.Fingerprint() {
		t.Error("the ends of the segment are not its networks")
	}
	mid, d := s.At(0.25).Params(), s.Displacement()
	for i, v := range a.Params() {
		if want := v + 0.25*d[i]; mid[i]-want > 1e-15 || want-mid[i] > 1e-15 {
			t.Errorf("parameter %d at ¼ is %v, want %v", i, mid[i], want)
		}
	}
	other := must(MLP(3, 4, 1).Tanh().Build())
	wantPanic(t, fmt.Sprintf("nn: a segment from %v to %v: the architectures differ", a, other), func() { Segment{a, other}.At(0.5) })
}

func FuzzNetworkGobDecode(f *testing.F) {
	f.Add(must(must(MLP(2, 3, 1).Build()).GobEncode()))
	f.Add(must(must(MLP(2, 2, 2).Residual().GELU().Build()).GobEncode()))
	f.Fuzz(func(t *testing.T, b []byte) {
		var n Network
		if n.GobDecode(b) == nil && len(n.theta) != n.NumParams() {
			t.Error("an inconsistent network was read")
		}
	})
}
