package experiment

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// The targets by another way: ridge regression in the final features themselves.
func TestLastLayerTargets(t *testing.T) {
	const ridge = 0.7
	set := points(t, 40)
	net := must(nn.MLP(6, 9, 1).ReLU().Seed(4).Build())
	got := must(NewLastLayerTargets(net, set, ridge))

	h := must(must(tangent.At(net, set.X)).Factor(1)).H
	start := net.Predict(set.X)
	var change, normal, right, beta, want mat.Dense
	change.Sub(set.Y, start)
	normal.Mul(h.T(), h)
	for i := range 9 {
		normal.Set(i, i, normal.At(i, i)+ridge)
	}
	right.Mul(h.T(), &change)
	if err := beta.Solve(&normal, &right); err != nil {
		t.Fatal(err)
	}
	want.Mul(h, &beta)
	want.Add(&want, start)
	if !mat.EqualApprox(got.Linear, &want, 1e-9) || !mat.Equal(got.Start, start) {
		t.Error("other linear targets")
	}
	if norm := mat.Norm(&beta, 2); math.Abs(got.SquaredNorm-norm*norm) > 1e-9*norm*norm {
		t.Errorf("‖β‖² is %v, want %v", got.SquaredNorm, norm*norm)
	}
	for i := range 40 {
		if got.Signs.At(i, 0) != math.Copysign(1, got.Linear.At(i, 0)) {
			t.Fatalf("sign of %v is %v", got.Linear.At(i, 0), got.Signs.At(i, 0))
		}
	}

	two := must(nn.MLP(6, 9, 2).Build())
	for name, err := range map[string]error{
		"outputs": last(NewLastLayerTargets(two, set, ridge)),
		"ridge":   last(NewLastLayerTargets(net, set, -1)),
		"inputs":  last(NewLastLayerTargets(must(nn.MLP(5, 9, 1).Build()), set, ridge)),
	} {
		if err == nil || !strings.Contains(err.Error(), name[:len(name)-1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func last(_ *LastLayerTargets, err error) error { return err }
