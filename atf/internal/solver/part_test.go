package solver

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

func at(t *testing.T, p Part, beta []float64) State {
	t.Helper()
	s, err := p.At(beta)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGradients(t *testing.T) {
	for name, k := range kinds() {
		beta, dir := draws(1, k.n), draws(2, k.n)
		s := at(t, k.p, beta)
		grad := make([]float64, k.n)
		s.Gradient(grad)
		const h = 1e-5
		up, down := clone(beta), clone(beta)
		axpy(h, dir, up)
		axpy(-h, dir, down)
		apart(t, name, inner(grad, dir), (at(t, k.p, up).Value()-at(t, k.p, down).Value())/(2*h), 1e-6)
		if d, err := s.Offset(grad, 0); err != nil || d > 1e-12*inner(grad, grad) && !k.p.Kinked() {
			t.Errorf("%s: the gradient is %v off itself (%v)", name, d, err)
		}
	}
}

// With either weights βᵀW⁻¹β + const touches Ω̃ at β, so that 2W⁻¹β = ∇Ω̃(β), and
// lies above it elsewhere. At Wz it is zᵀWz.
func TestMajorisers(t *testing.T) {
	for name, k := range kinds() {
		beta := draws(3, k.n)
		s := at(t, k.p, beta)
		grad := make([]float64, k.n)
		s.Gradient(grad)
		theirs, err := s.PaperWeights()
		if err != nil {
			t.Fatal(err)
		}
		for which, weights := range map[string][]feature.Weight{"own": s.Weights(), "paper's": theirs} {
			for i, v := range weighted(k.p, weights, grad) {
				apart(t, name+", "+which+": W∇Ω̃", v, 2*beta[i], 1e-7)
			}
			for seed := range uint64(5) {
				z := draws(10+seed, k.n)
				for i := range z {
					z[i] *= math.Pow(10, float64(seed)-2)
				}
				other := weighted(k.p, weights, z)
				above := s.Value() + inner(other, z) - inner(beta, grad)/2
				if v := at(t, k.p, other).Value(); v > above*(1+1e-10) {
					t.Errorf("%s: the majoriser with the %s weights is %v where Ω̃ is %v", name, which, above, v)
				}
			}
		}
	}
}

// The weights of the direction are positive; with a strong and a weak singular
// value apart they are twice the inverse Hessian between the two, as the
// package's documentation derives.
func TestCurvature(t *testing.T) {
	for name, k := range kinds() {
		s := at(t, k.p, draws(4, k.n))
		for seed := range uint64(4) {
			z := draws(20+seed, k.n)
			if v := inner(z, weighted(k.p, s.Curvature(), z)); !(v > 0) {
				t.Errorf("%s: zᵀWz = %v", name, v)
			}
		}
	}
	for _, shape := range [][2]int{{2, 5}, {5, 2}} {
		out, in := shape[0], shape[1]
		p := Spectral(penalty.Squared(1), penalty.Squared(2), out, in)
		u, _, v, err := thinSVD(general(out, in, draws(5, out*in)))
		if err != nil {
			t.Fatal(err)
		}
		outer := func(i, j int) []float64 {
			m := linalg.New(out, in)
			blas64.Gemm(blas.NoTrans, blas.Trans, 1, linalg.Cols(u, i, i+1), linalg.Cols(v, j, j+1), 0, m)
			return m.Data
		}
		theta := make([]float64, out*in)
		axpy(500, outer(0, 0), theta)
		axpy(1e-4, outer(1, 1), theta)
		s := at(t, p, theta)
		for _, dir := range [][]float64{outer(0, 1), outer(1, 0)} {
			const h = 1e-3
			up, down := clone(theta), clone(theta)
			axpy(h, dir, up)
			axpy(-h, dir, down)
			curve, low := make([]float64, out*in), make([]float64, out*in)
			at(t, p, up).Gradient(curve)
			at(t, p, down).Gradient(low)
			axpy(-1, low, curve)
			hessian := inner(curve, dir) / (2 * h)
			w := inner(dir, weighted(p, s.Curvature(), dir))
			apart(t, "½ W·Hessian", w*hessian/2, 1, 1e-3)
		}
	}
}

// A state says the same after others were made.
func TestStatesDoNotChange(t *testing.T) {
	for name, k := range kinds() {
		beta := draws(6, k.n)
		s := at(t, k.p, beta)
		look := func() []float64 {
			grad := make([]float64, k.n)
			s.Gradient(grad)
			grad = append(grad, weighted(k.p, s.Weights(), beta)...)
			return append(grad, weighted(k.p, s.Curvature(), beta)...)
		}
		before, weights := look(), s.Weights()
		first := weighted(k.p, weights, beta)
		other := at(t, k.p, draws(7, k.n))
		other.Gradient(make([]float64, k.n))
		other.Weights()
		at(t, k.p.Scaled(2).Smoothed(0.3), draws(8, k.n)).Weights()
		if !slices.Equal(look(), before) || !slices.Equal(weighted(k.p, weights, beta), first) {
			t.Errorf("%s: the state changed", name)
		}
	}
}

// Ω̃ + Ω̃* bounds ⟨β, z⟩, with equality at z = ∇Ω̃(β) where Ω̃ is convex.
func TestConjugates(t *testing.T) {
	for name, k := range kinds() {
		if !k.p.Convex() || k.p.Kinked() {
			continue
		}
		beta := draws(9, k.n)
		s := at(t, k.p, beta)
		z := make([]float64, k.n)
		s.Gradient(z)
		c, err := k.p.Conjugate(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, tau := range []float64{0.3, 0.9, 1} {
			v, finite := c(tau)
			if !finite {
				t.Fatalf("%s: no conjugate at τ = %v", name, tau)
			}
			bound := tau * inner(beta, z)
			if s.Value()+v < bound*(1-1e-10) {
				t.Errorf("%s: Ω̃ + Ω̃* = %v, ⟨β, z⟩ = %v", name, s.Value()+v, bound)
			}
			if tau == 1 {
				apart(t, name, s.Value()+v, bound, 1e-8)
			}
		}
	}
}

// Directions off the singular vectors have no weight under a penalty with its
// minimum at 0.
func TestPaperWeightsOfNuclear(t *testing.T) {
	p := Spectral(penalty.Nuclear(1), penalty.Nuclear(1), 2, 3)
	w, err := at(t, p, []float64{2, 0, 0, 0, 0, 0}).PaperWeights()
	if err != nil {
		t.Fatal(err)
	}
	q := weighted(p, w, []float64{1, 1, 1, 1, 1, 1})
	if !(q[0] > 0) || slices.Max(q[1:]) != 0 || slices.Min(q[1:]) != 0 {
		t.Errorf("W times ones is %v", q)
	}
}

func TestValuesThatAreNotFinite(t *testing.T) {
	for name, k := range kinds() {
		if k.p.Fixed() {
			continue
		}
		beta := draws(11, k.n)
		for i := range beta {
			beta[i] *= 1e200
		}
		if s, err := k.p.At(beta); err == nil && math.IsInf(s.Value(), 0) {
			t.Errorf("%s: Ω̃ = %v without an error", name, s.Value())
		}
	}
}
