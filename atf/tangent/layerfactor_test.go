package tangent

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// The outer products of the factors are the explicit features.
func TestFactor(t *testing.T) {
	net, err := nn.MLP(3, 4, 2).Tanh().Seed(1).Build()
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(5, 3, nil)
	for i := range x.RawMatrix().Data {
		x.RawMatrix().Data[i] = math.Sin(float64(i + 1))
	}
	f, err := At(net, x)
	if err != nil {
		t.Fatal(err)
	}
	explicit, err := f.Explicit()
	if err != nil {
		t.Fatal(err)
	}
	for l := range 2 {
		k, err := f.Factor(l)
		if err != nil {
			t.Fatal(err)
		}
		_, in := k.H.Dims()
		_, out := k.D.Dims()
		w, b := net.Offsets(l)
		for r := range 10 {
			for o := range out {
				if got, want := k.BScale*k.D.At(r, o), explicit.At(r, b+o); math.Abs(got-want) > 1e-14 {
					t.Errorf("layer %d, row %d, bias %d: %v, want %v", l, r, o, got, want)
				}
				for j := range in {
					if got, want := k.WScale*k.D.At(r, o)*k.H.At(r/2, j), explicit.At(r, w+o*in+j); math.Abs(got-want) > 1e-14 {
						t.Errorf("layer %d, row %d, weight (%d, %d): %v, want %v", l, r, o, j, got, want)
					}
				}
			}
		}
		k.H.Set(0, 0, 99)
		if again, err := f.Factor(l); err != nil || again.H.At(0, 0) == 99 {
			t.Errorf("the factors are not copies: %v, %v", again.H.At(0, 0), err)
		}
	}
	if k, err := f.WithoutBiases().Factor(0); err != nil || k.BScale != 0 {
		t.Errorf("without biases their scale is %v, %v", k.BScale, err)
	}
	if _, err := f.Factor(2); err == nil {
		t.Error("there is a layer 2 of 2")
	}
}

// Along a segment a layer in the middle has no two factors; the ends have.
func TestFactorOfAnAverage(t *testing.T) {
	from, err := nn.MLP(3, 4, 4, 2).Tanh().Seed(1).Build()
	if err != nil {
		t.Fatal(err)
	}
	theta := from.Params()
	for i := range theta {
		theta[i] += 0.1 * math.Cos(float64(i))
	}
	segment := nn.Segment{From: from, To: from.At(theta)}
	f, err := Along(segment, mat.NewDense(2, 3, []float64{1, 2, 3, -1, 0, 1})).Nodes(4).Average()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Factor(1); err == nil {
		t.Error("the middle layer's average is given as one outer product")
	}
	explicit, err := f.Explicit()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []int{0, 2} {
		k, err := f.Factor(l)
		if err != nil {
			t.Fatal(err)
		}
		w, _ := from.Offsets(l)
		if got, want := k.WScale*k.D.At(3, 1)*k.H.At(1, 2), explicit.At(3, w+1*k.H.RawMatrix().Cols+2); math.Abs(got-want) > 1e-14 {
			t.Errorf("layer %d: %v, want %v", l, got, want)
		}
	}
}
