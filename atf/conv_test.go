package atf

import (
	"bytes"
	"encoding/gob"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A layer of a convolutional network is its unfolded kernel, filters ×
// size·size·channels, in every part of a solution; poolings are no layers.
func TestLayersOfImages(t *testing.T) {
	net := mustImages(t, nn.Images(6, 6, 2).Conv(3, 3).ReLU().AvgPool(2).Conv(4, 3).ReLU().MaxPool(3).Flatten().Dense(5).ReLU().Dense(1).Seed(3))
	src := source2(61, 1)
	x, y, z := randomMatrix(src, 12, 72), randomMatrix(src, 12, 1), randomMatrix(src, 5, 72)
	pen := penalty.Squared(0.2)
	s := mustSolve(t, Tangent(net, x).Targets(y).Layerwise(pen))
	if len(s.Parts) != 8 { // four matrices and their biases
		t.Errorf("%d parts", len(s.Parts))
	}
	for l, want := range [][2]int{{3, 18}, {4, 27}, {5, 4}, {1, 5}} {
		beta, err := s.LayerBeta(l)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := net.LayerMatrix(s.Beta, l)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "β of the layer", beta, moved, 0)
		out, in := beta.Dims()
		if a, b := s.Layer(l).A.Dense().RawMatrix().Rows, s.Layer(l).B.Dense().RawMatrix().Rows; [2]int{out, in} != want || a != out || b != in {
			t.Errorf("layer %d: β is %d × %d, A has %d rows and B %d, want %v", l, out, in, a, b, want)
		}
	}
	fit, err := s.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the fit", fit, y, 1e-8)

	// Kept and read back, and frozen.
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(s); err != nil {
		t.Fatal(err)
	}
	var read Solution
	if err := gob.NewDecoder(&buf).Decode(&read); err != nil {
		t.Fatal(err)
	}
	want, err := s.CrossKernel(z, x)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read.CrossKernel(z, x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the kernel after reading back", got, want, 1e-12)
	frozen := mustSolve(t, Tangent(net, x).Targets(y).Layerwise(pen).Layer(1, Frozen()))
	beta, err := frozen.LayerBeta(1)
	if err != nil {
		t.Fatal(err)
	}
	if out, in := beta.Dims(); out != 4 || in != 27 || mat.Norm(beta, 2) != 0 {
		t.Errorf("a frozen convolution has β of %d × %d", out, in)
	}

	// Its parameters are counted with the biases.
	p := Tangent(net, x).Targets(y)
	if _, err := p.Layer(0, Blocks(pen, []int{56})).Solve(); err != nil {
		t.Errorf("the last of 57 parameters: %v", err)
	}
	if _, err := p.Layer(0, Blocks(pen, []int{57})).Solve(); err == nil || !strings.Contains(err.Error(), "there are 57") {
		t.Errorf("one parameter too many: %v", err)
	}
}
