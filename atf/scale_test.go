package atf

import (
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Layers without parameters are no layers of Theorem 2: the problem has those
// with parameters, and its solution is that of their features written out.
func TestLayersWithoutParametersAreNotCounted(t *testing.T) {
	dense := mustNet(t, nn.MLP(5, 6, 4, 2).Tanh().NoBias().Seed(3))
	l := dense.Layers()
	net, err := nn.New([]nn.Layer{
		{Kind: nn.Scale, In: 5, Out: 5, Factor: 0.7}, l[0],
		{Kind: nn.Scale, In: 6, Out: 6, Factor: 1.3, Residual: true}, l[1], l[2],
		{Kind: nn.Scale, In: 2, Out: 2, Factor: 2},
	}, dense.Params())
	if err != nil {
		t.Fatal(err)
	}
	src := source2(41, 1)
	x, y := randomMatrix(src, 7, 5), randomMatrix(src, 7, 2)
	g := explicit(t, net, x)
	w := penalty.Squared(1)
	got := mustSolve(t, Tangent(net, x).Residuals(y).Layerwise(w))
	want := mustSolve(t, FromFeatures(g).WithOutputs(2).Matrices(Shape{6, 5}, Shape{4, 6}, Shape{2, 4}).Residuals(y).Layer(0, TwoSided(w, w)).Layer(1, TwoSided(w, w)).Layer(2, OneSided(w)))
	if len(got.Parts) != 3 {
		t.Fatalf("%d parts for three layers with parameters", len(got.Parts))
	}
	nearVector(t, "β", got.Beta, want.Beta, 1e-6)
	nearValue(t, "objective", got.Final(), want.Final(), 1e-9)
	if p := Tangent(net, x).Residuals(y).Layer(3, Fixed()); p.err == nil {
		t.Error("a layer 3 of a network with three layers of parameters")
	}
}
