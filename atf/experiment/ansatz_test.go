package experiment

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// A linear network of two layers whose weights are balanced, W₂ᵀW₂ = W₁W₁ᵀ, has
// G^½ = W₁ᵀW₁ in its first layer, so that the ansatz holds with the power ½.
func TestAnsatzOfBalancedLinearNetwork(t *testing.T) {
	layers := must(nn.MLP(4, 3, 3).Identity().NoBias().Build()).Layers()
	u := []float64{0, 1, 0, 0, 0, 1, 1, 0, 0} // orthogonal
	s := []float64{3, 2, 0.5}
	var theta, second []float64
	v := mat.NewDense(4, 4, nil)
	var qr mat.QR
	qr.Factorize(mat.NewDense(4, 4, []float64{1, 2, 3, 4, 0, 1, -1, 2, 2, 0, 1, 1, 1, 1, 0, -1}))
	qr.QTo(v)
	for i, scale := range s {
		for j := range 4 {
			theta = append(theta, scale*v.At(j, i)) // W₁ = S Vᵀ
		}
	}
	for i := range 3 {
		for j := range 3 {
			second = append(second, u[3*i+j]*s[j]) // W₂ = U S
		}
	}
	to := must(nn.New(layers, append(theta, second...)))
	from := must(nn.MLP(4, 3, 3).Identity().NoBias().Seed(1).Build())
	r := &Run{Segment: nn.Segment{From: from, To: to}}
	set := points(t, 10)
	set.X = mat.DenseCopyOf(set.X.Slice(0, 10, 0, 4))
	all := must(r.Ansatz(set))
	if a := all[0]; math.Abs(a.Root-1) > 1e-10 || a.End > 0.99 {
		t.Errorf("correlation with the root %v, with G itself %v", a.Root, a.End)
	}
	// The last layer's G is WᵀW, before and after.
	if a := all[1]; math.Abs(a.Start-1) > 1e-12 || math.Abs(a.End-1) > 1e-12 || math.Abs(a.Change-1) > 1e-12 || !floats.EqualApprox(a.Weights, a.Outer, 1e-10) {
		t.Errorf("last layer: %+v", a)
	}
}

// The numbers are correlations of WᵀW and G, and of what training added to them.
func TestAnsatzOfARun(t *testing.T) {
	e := Figure1(points(t, 110)).Rate(0.002).Epochs(2)
	r := must(e.Train(1, Signs))
	some := r.Images.Head(20)
	a := must(r.Ansatz(some))[0]
	gram := func(net *nn.Network) *mat.Dense {
		var g mat.Dense
		w := must(net.LayerMatrix(net.Params(), 0))
		g.Mul(w.T(), w)
		return &g
	}
	outer := func(net *nn.Network) *mat.Dense { return mat.DenseCopyOf(must(net.GradientOuterProduct(some.X, 0))) }
	less := func(a, b *mat.Dense) *mat.Dense { var d mat.Dense; d.Sub(a, b); return &d }
	corr := func(a, b *mat.Dense) float64 { return stat.Correlation(a.RawMatrix().Data, b.RawMatrix().Data, nil) }
	w0, w, g0, g := gram(r.From), gram(r.To), outer(r.From), outer(r.To)
	for name, c := range map[string][2]float64{
		"start": {a.Start, corr(w0, g0)}, "end": {a.End, corr(w, g)},
		"change": {a.Change, corr(less(w, w0), less(g, g0))}, "control": {a.Control, corr(less(w, w0), g0)},
	} {
		if math.Abs(c[0]-c[1]) > 1e-10 {
			t.Errorf("%s: %v, want %v", name, c[0], c[1])
		}
	}
	for j := range 6 {
		if math.Abs(a.Weights[j]-w.At(j, j)) > 1e-12 || math.Abs(a.Outer[j]-g.At(j, j)) > 1e-12 {
			t.Errorf("diagonals: %v and %v", a.Weights, a.Outer)
		}
	}
	still := &Run{Segment: nn.Segment{From: r.From, To: r.From}}
	if _, err := still.Ansatz(some); err == nil || !strings.Contains(err.Error(), "layer 0") || !strings.Contains(err.Error(), "constant") {
		t.Errorf("a student that was not trained: %v", err)
	}
}
