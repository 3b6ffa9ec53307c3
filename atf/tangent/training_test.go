package tangent

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// The kernels of a segment are those of their definitions, each computed by
// itself, and the layers' parts add up.
func TestSegmentKernels(t *testing.T) {
	seg := nn.Segment{From: build(t, nn.MLP(3, 6, 5, 2).UniformBias().Seed(1)), To: build(t, nn.MLP(3, 6, 5, 2).UniformBias().Seed(2))}
	x := gaussian(7, 3, 3)
	path := Along(seg, x).Rule(Trapezoid).Nodes(9)
	k, err := path.Kernels()
	if err != nil {
		t.Fatal(err)
	}
	average, err := path.Average()
	if err != nil {
		t.Fatal(err)
	}
	if k.Residual != average.Residual {
		t.Errorf("residual %v, not %v", k.Residual, average.Residual)
	}
	var change mat.Dense
	change.Sub(seg.To.Predict(x), seg.From.Predict(x))
	v := mat.NewVecDense(14, change.RawMatrix().Data)
	var labels mat.Dense
	labels.Outer(1, v, v)
	within(t, "K_ŷ", k.Labels, &labels, 1e-14)
	for _, c := range []struct {
		name string
		got  *kernel.Gram
		f    *Features
	}{{"K₀", k.Start, features(t, seg.From, x)}, {"K̄", k.Mean, average.Features}, {"final K", k.Final, features(t, seg.To, x)}} {
		j := explicit(t, c.f)
		var want, sum mat.Dense
		want.Mul(j, j.T())
		within(t, c.name, c.got, &want, 1e-12)
		parts, err := c.f.LayerKernels()
		if err != nil || len(parts) != 3 {
			t.Fatalf("%d parts, %v", len(parts), err)
		}
		sum.Add(parts[0], parts[1])
		sum.Add(&sum, parts[2])
		within(t, c.name+", layer by layer", &sum, &want, 1e-12)
	}
	if _, err := path.Nodes(0).Kernels(); err == nil {
		t.Error("kernels without a node")
	}
	if _, err := Along(seg, x).Memory(10).Kernels(); err == nil {
		t.Error("kernels without memory")
	}
	if _, err := features(t, seg.From, x).Memory(10).LayerKernels(); err == nil {
		t.Error("layers' kernels without memory")
	}
}
