package nn

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestLayerMatrix(t *testing.T) {
	from, err := MLP(3, 4, 2).Tanh().UniformBias().Seed(1).Build()
	if err != nil {
		t.Fatal(err)
	}
	to, err := MLP(3, 4, 2).Tanh().UniformBias().Seed(2).Build()
	if err != nil {
		t.Fatal(err)
	}
	seg := Segment{From: from, To: to}
	theta := from.Params()
	at := 0
	for l, layer := range from.Layers() {
		m, err := from.LayerMatrix(theta, l)
		if err != nil {
			t.Fatal(err)
		}
		if r, c := m.Dims(); r != layer.Out || c != layer.In {
			t.Fatalf("layer %d: %d × %d", l, r, c)
		}
		for o := range layer.Out {
			for i := range layer.In {
				if m.At(o, i) != theta[at+o*layer.In+i] {
					t.Fatalf("layer %d: entry (%d, %d)", l, o, i)
				}
			}
		}
		m.Set(0, 0, 77)
		at += layer.Out*layer.In + layer.Out

		// ‖·‖² of the singular values is that of the matrix, and the product of
		// all is the root of its Gram determinant.
		sigma, err := seg.SingularValues(l)
		if err != nil {
			t.Fatal(err)
		}
		d, err := from.LayerMatrix(seg.Displacement(), l)
		if err != nil {
			t.Fatal(err)
		}
		if layer.Out > layer.In {
			d = mat.DenseCopyOf(d.T())
		}
		var gram mat.Dense
		gram.Mul(d, d.T())
		squares, product := 0.0, 1.0
		for _, s := range sigma {
			squares += s * s
			product *= s * s
		}
		if math.Abs(squares-mat.Trace(&gram)) > 1e-12*squares || math.Abs(product-mat.Det(&gram)) > 1e-10*product {
			t.Errorf("layer %d: singular values %v", l, sigma)
		}
	}
	if from.Params()[0] != theta[0] {
		t.Error("the matrix shares the network's memory")
	}
	for _, bad := range []func() error{
		func() error { _, err := from.LayerMatrix(theta[1:], 0); return err },
		func() error { _, err := from.LayerMatrix(theta, 2); return err },
		func() error { _, err := from.LayerMatrix(theta, -1); return err },
		func() error { _, err := seg.SingularValues(2); return err },
	} {
		if bad() == nil {
			t.Error("no error")
		}
	}
	broken := append([]float64(nil), theta...)
	broken[0] = math.NaN()
	if _, err := (Segment{From: from, To: from.At(broken)}).SingularValues(0); err == nil {
		t.Error("singular values of NaN")
	}
	x := mat.NewDense(2, 3, []float64{1, 2, 3, -1, 0, 1})
	var want mat.Dense
	want.Sub(to.Predict(x), from.Predict(x))
	if !mat.Equal(seg.OutputChange(x), &want) {
		t.Error("another change of the output")
	}
}

// A row of many inputs has one singular value, its norm, in both builds.
func TestSingularValuesOfALongLayer(t *testing.T) {
	from, to := must(MLP(784, 1).Seed(1).Build()), must(MLP(784, 1).Seed(2).Build())
	seg := Segment{From: from, To: to}
	want := mat.Norm(must(from.LayerMatrix(seg.Displacement(), 0)), 2)
	if sigma := must(seg.SingularValues(0)); len(sigma) != 1 || math.Abs(sigma[0]-want) > 1e-12*want {
		t.Errorf("%v, want %v", sigma, want)
	}
}
