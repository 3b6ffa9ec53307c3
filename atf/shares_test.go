package atf

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// The shares by their definition, from the layers' own kernels and changes.
func TestLayerShares(t *testing.T) {
	src := source2(7, 1)
	x, y := randomMatrix(src, 6, 3), randomMatrix(src, 6, 1)
	net, err := nn.MLP(3, 5, 4, 1).ReLU().Seed(2).Build()
	if err != nil {
		t.Fatal(err)
	}
	s := mustSolve(t, Tangent(net, x).Targets(y).Layerwise(penalty.Squared(0.3)))
	shares, err := s.LayerShares()
	if err != nil {
		t.Fatal(err)
	}
	fit, trace := 0.0, 0.0
	for l := range 3 {
		g, err := s.LayerFittedChange(l, x)
		if err != nil {
			t.Fatal(err)
		}
		nearValue(t, "fit", shares.Fit[l], mat.Dot(g.ColView(0), s.Fit.ColView(0))/sumOfSquares(s.Fit.RawMatrix().Data), 1e-9)
		nearValue(t, "kernel", shares.Kernel[l], s.LayerKernel(l).Trace()/s.Kernel().Trace(), 1e-9)
		fit, trace = fit+shares.Fit[l], trace+shares.Kernel[l]
	}
	nearValue(t, "sum of the fit", fit, 1, 1e-9)
	nearValue(t, "sum of the kernel", trace, 1, 1e-9)
	if _, err := mustSolve(t, Tangent(net, x).Targets(y)).LayerShares(); err == nil || !strings.Contains(err.Error(), "by layer") {
		t.Errorf("without layers: %v", err)
	}
}

// The condition for a minimum, with Z from explicit features.
func TestPulls(t *testing.T) {
	src := source2(8, 1)
	g, y := randomMatrix(src, 3, 12), randomMatrix(src, 3, 1)
	omega := penalty.Squared(0.2)
	problem := FromFeatures(g).Matrices(Shape{3, 2}, Shape{2, 3}).Targets(y).
		Layer(0, TwoSided(omega, omega)).Layer(1, OneSided(omega)).Tolerance(1e-8)
	s := mustSolve(t, problem)
	for l, p := range []penalty.Penalty{penalty.TwoSided(omega), omega} {
		z, err := s.Pulls(l)
		if err != nil {
			t.Fatal(err)
		}
		sigma := s.Layer(l).SingularValues
		if len(z) != len(sigma) {
			t.Fatalf("layer %d: %d pulls for %d singular values", l, len(z), len(sigma))
		}
		total := 0.0
		for j, v := range sigma {
			if want := p.EffectiveSlope(v); math.Abs(z[j]-want) > 1e-6*p.EffectiveSlope(sigma[0]) {
				t.Errorf("layer %d: the pull on σ = %.4g is %.6g, want ω̃' = %.6g", l, v, z[j], want)
			}
			total += v * z[j]
		}
		// ⟨β, Z⟩ = Σ_j σ_j z_j, with Z written out.
		want := 0.0
		for i, alpha := range s.Multiplier {
			for p := range 6 {
				want += alpha * g.At(i, 6*l+p) * s.Beta[6*l+p]
			}
		}
		nearValue(t, "⟨β, Z⟩", total, want, 1e-9)
	}
	fixed := mustSolve(t, problem.Layer(1, Fixed()))
	for name, err := range map[string]error{
		"no matrix with a spectral penalty": second(fixed.Pulls(1)),
		"layer 2":                           second(s.Pulls(2)),
		"by layer":                          second(mustSolve(t, FromFeatures(g).Targets(y)).Pulls(0)),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want an error about %q, got %v", name, err)
		}
	}
}

func second(_ []float64, err error) error { return err }
