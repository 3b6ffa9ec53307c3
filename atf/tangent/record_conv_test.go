package tangent

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// The networks of the tests keep convolutions in both forms, at the first layer and
// behind it, at a parameter vector and along a segment.
func TestConvolutionsAreKeptInBothForms(t *testing.T) {
	type form struct{ written, still, average bool }
	seen := map[form]int{}
	for name, net := range imageNetworks(t) {
		average, err := Along(segment(net), gaussian(2, net.Inputs(), 1)).Nodes(4).Average()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []*Features{features(t, net, gaussian(2, net.Inputs(), 1)), average.Features} {
			for _, r := range f.records {
				k, ok := r.(*convRecord)
				if !ok {
					continue
				}
				seen[form{k.written, k.still(), len(f.weights) > 1}]++
				took := len(k.g.Data) + len(k.d.Data) + len(k.sum.Data)
				if !k.still() {
					took += len(k.h.Data)
				}
				if int64(8*took) != k.bytes() {
					t.Errorf("%s: a convolution takes %d numbers and says %d bytes", name, took, k.bytes())
				}
			}
		}
	}
	if len(seen) != 8 {
		t.Errorf("only these forms are tried: %v", seen)
	}
}

// The kernel of a convolution whose kernel is the image is that of a dense layer.
func TestConvOfTheWholeImageHasTheDenseKernel(t *testing.T) {
	conv, err := nn.Images(3, 3, 2).Conv(4, 3).Valid().Tanh().Flatten().Dense(2).Seed(3).Build()
	if err != nil {
		t.Fatal(err)
	}
	dense := build(t, nn.MLP(18, 4, 2).Tanh().Seed(3))
	x := gaussian(9, 18, 1)
	got, err := NTK(conv, x)
	if err != nil {
		t.Fatal(err)
	}
	want, err := NTK(dense, x)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "NTK", got, want, 1e-13)
}

// Neither the number of rows at a time nor GOMAXPROCS matters, in either form.
func TestConvGramDoesNotDependOnBlocks(t *testing.T) {
	for name, net := range imageNetworks(t) {
		x := gaussian(31, net.Inputs(), 1)
		want, err := features(t, net, x).Kernel()
		if err != nil {
			t.Fatal(err)
		}
		// A sum over pairs of positions may be rounded otherwise from the other side.
		wantCross, err := features(t, net, x).CrossKernel(features(t, net, x))
		if err != nil {
			t.Fatal(err)
		}
		within(t, name+": CrossKernel of the inputs with themselves", wantCross, want, 1e-14)
		for _, procs := range []int{1, 5} {
			old := runtime.GOMAXPROCS(procs)
			for _, block := range []int{1, 7, 1000} {
				f := features(t, net, x).Block(block)
				got, err := f.Kernel()
				if err != nil {
					t.Fatal(err)
				}
				sameBits(t, name+": Gram", got, want)
				cross, err := f.CrossKernel(features(t, net, x))
				if err != nil {
					t.Fatal(err)
				}
				sameBits(t, name+": CrossKernel", cross, wantCross)
			}
			runtime.GOMAXPROCS(old)
		}
	}
}

// A convolution has no single outer product, and its features ask for their memory.
func TestConvErrors(t *testing.T) {
	net, err := nn.Images(16, 16, 3).Conv(8, 3).ReLU().AvgPool(2).Conv(16, 3).ReLU().AvgPool(2).Flatten().Dense(4).Build()
	if err != nil {
		t.Fatal(err)
	}
	other, err := nn.Images(16, 16, 3).Conv(8, 3).ReLU().AvgPool(2).Conv(16, 3).Valid().ReLU().AvgPool(2).Flatten().Dense(4).Build()
	if err != nil {
		t.Fatal(err)
	}
	x := gaussian(40, 768, 1)
	f := features(t, net, x)
	if _, err := f.Factor(1); err == nil || !strings.Contains(err.Error(), "layer 1, counted from 0, is a convolution, whose gradient is a sum") {
		t.Errorf("the factors of a convolution: %v", err)
	}
	if k, err := f.Factor(2); err != nil || k.H.At(3, 5) == 0 && k.H.At(3, 6) == 0 && k.H.At(3, 7) == 0 {
		t.Errorf("the factors of the dense layer: %v", err)
	}
	var tooBig *budget.Error
	if _, err := (Settings{Memory: 1 << 20}).At(net, x); !errors.As(err, &tooBig) {
		t.Errorf("features beyond the budget: %v", err)
	}
	if _, err := f.Memory(100_000).Kernel(); !errors.As(err, &tooBig) {
		t.Errorf("a kernel beyond the budget: %v", err)
	}
	if _, err := f.CrossKernel(features(t, other, x)); err == nil || !strings.Contains(err.Error(), "8 × 8 × 8→16@3×3/1,true") {
		t.Errorf("features of windows that lie otherwise: %v", err)
	}
}
