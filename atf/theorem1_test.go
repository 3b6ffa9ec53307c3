package atf

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// ridgeless is the minimum-norm interpolation by the tangent kernel, from the
// rooms of kernels and tangent features alone: predictions at z and ‖β̂‖².
func ridgeless(t *testing.T, net *nn.Network, x, y, z mat.Matrix) (*mat.Dense, float64) {
	t.Helper()
	fx, err := tangent.At(net, x)
	if err != nil {
		t.Fatal(err)
	}
	fz, err := tangent.At(net, z)
	if err != nil {
		t.Fatal(err)
	}
	k, err := fx.Kernel()
	if err != nil {
		t.Fatal(err)
	}
	var yhat mat.Dense
	yhat.Sub(y, net.Predict(x))
	r, err := kernel.Ridgeless(k, &yhat)
	if err != nil {
		t.Fatal(err)
	}
	cross, err := fz.CrossKernel(fx)
	if err != nil {
		t.Fatal(err)
	}
	g, err := r.Predict(cross)
	if err != nil {
		t.Fatal(err)
	}
	g.Add(g, net.Predict(z))
	return g, r.SquaredNorm
}

// Theorem 1: the predictions are those of ridgeless regression, M̂ and θ̂ follow
// from β̂, and the kernel gains one rank.
func TestTheorem1(t *testing.T) {
	net := mustNet(t, nn.MLP(4, 6, 5, 2).Tanh().UniformBias().Seed(3))
	src := source2(31, 1)
	x, z := randomMatrix(src, 7, 4), randomMatrix(src, 5, 4)
	y := randomMatrix(src, 7, 2)
	want, square := ridgeless(t, net, x, y, z)
	gx, gz := explicit(t, net, x), explicit(t, net, z)
	fixed := mustSolve(t, Tangent(net, x).Targets(y))
	got, err := fixed.Predict(z)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "M = I", got, want, 1e-9)
	nearValue(t, "objective of M = I", fixed.Final(), square, 1e-9)
	for _, f := range []*family{squared(1), squared(0.01), absolute(0.3), power(1, 3, 0), power(0.01, 0.6, 2), logSquared(0.1), nuclear(2)} {
		s := mustSolve(t, Tangent(net, x).Targets(y).Unstructured(f.pen))
		if got, err = s.Predict(z); err != nil {
			t.Fatal(err)
		}
		near(t, f.name+": predictions", got, want, 1e-9)
		beta := mat.NewVecDense(len(s.Beta), s.Beta)
		size := mat.Norm(beta, 2)
		nearValue(t, f.name+": ‖β̂‖²", size*size, square, 1e-9)
		nearValue(t, f.name+": Ω̃", s.Final(), f.pen.Effective(size), 1e-9)
		eta := 1 + f.pen.Excess(size)
		// M̂ and θ̂ as the theorem states them.
		p := len(s.Beta)
		m := mat.NewDense(p, p, nil)
		m.Outer(1, beta, beta)
		if f.pole {
			m.Scale(eta/(size*size), m)
		} else {
			m.Scale((eta-1)/(size*size), m)
			m.Add(m, eye(p))
		}
		var back mat.VecDense
		back.MulVec(m, mat.NewVecDense(p, s.Theta))
		near(t, f.name+": M̂θ̂ = β̂", &back, beta, 1e-10)
		var theta mat.VecDense
		theta.ScaleVec(1/eta, beta)
		near(t, f.name+": θ̂ = β̂/s", mat.NewVecDense(p, s.Theta), &theta, 1e-10)
		near(t, f.name+": kernel", s.Kernel(), product(gx, m, m.T(), gx.T()), 1e-9)
		between, err := s.CrossKernel(z, x)
		if err != nil {
			t.Fatal(err)
		}
		near(t, f.name+": kernel between", between, product(gz, m, m.T(), gx.T()), 1e-9)
		if f.pole {
			continue
		}
		// K = K₀ + ((s²−1)/‖β̂‖²) ŷŷᵀ at the inputs.
		k := product(gx, gx.T())
		fit := mat.DenseCopyOf(s.Fit).RawMatrix().Data
		for i, a := range fit {
			for j, b := range fit {
				k.Set(i, j, k.At(i, j)+(eta*eta-1)/square*a*b)
			}
		}
		near(t, f.name+": rank-one change", s.Kernel(), k, 1e-9)
	}
}

// ŷ = 0 gives β = 0 and M = I, whatever the structure.
func TestZeroTargets(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 4, 2).Tanh().UniformBias().Seed(3))
	x := randomMatrix(source2(32, 1), 4, 3)
	zero := mat.NewDense(4, 2, nil)
	base := Tangent(net, x).Residuals(zero)
	k0 := mustSolve(t, base).Kernel()
	for name, p := range map[string]*Problem{
		"fixed": base, "unstructured": base.Unstructured(penalty.Squared(1)), "diagonal": base.Diagonal(penalty.Absolute(1)),
		"blocks": base.Blocks(penalty.Squared(1), []int{0, 1}), "layerwise": base.Layerwise(penalty.Squared(0.1)),
		"ridge": base.Layerwise(penalty.Squared(0.1)).Ridge(1), "restarts": base.Layerwise(penalty.Squared(0.1)).Restarts(2, 1),
		"alternation": base.Layerwise(penalty.Squared(0.1)).Alternation(),
	} {
		s := mustSolve(t, p)
		if s.Final() > 1e-20 || s.Stationarity > 1e-6 || s.Interpolation > 1e-9 {
			t.Errorf("%s: %v", name, s)
		}
		if math.IsNaN(s.Final()) || (!math.IsNaN(s.Gap) && s.Gap > 1e-8) {
			t.Errorf("%s: %v", name, s)
		}
		near(t, name, s.Kernel(), k0, 1e-9)
		for _, part := range s.Parts {
			if part.Beta != nil {
				isIdentity(t, name+": A", part.A.Dense(), 1e-9)
				isIdentity(t, name+": B", part.B.Dense(), 1e-9)
			}
			for _, v := range part.Scales {
				nearValue(t, name+": s", v, 1, 1e-9)
			}
		}
	}
}

// A problem from a Gram matrix is the one from features of that Gram matrix.
func TestFromGram(t *testing.T) {
	src := source2(33, 1)
	g, gz := randomMatrix(src, 6, 11), randomMatrix(src, 4, 11)
	y := randomMatrix(src, 3, 2)
	k := kernel.NewGram(3, 2, product(g, g.T()).RawMatrix().Data)
	a, b := FromFeatures(g).WithOutputs(2).Targets(y), FromGram(k).Targets(y)
	for name, pair := range map[string][2]*Problem{
		"fixed":        {a, b},
		"unstructured": {a.Unstructured(penalty.Squared(0.3)), b.Unstructured(penalty.Squared(0.3))},
		"ridge":        {a.Unstructured(penalty.Squared(0.3)).Ridge(0.4), b.Unstructured(penalty.Squared(0.3)).Ridge(0.4)},
		"softmax":      {a.Targets(oneHot(3, 2)).Softmax(1), b.Targets(oneHot(3, 2)).Softmax(1)},
	} {
		s, r := mustSolve(t, pair[0]), mustSolve(t, pair[1])
		nearValue(t, name+": objective", r.Final(), s.Final(), 1e-9)
		near(t, name+": fit", r.Fit, s.Fit, 1e-6)
		near(t, name+": kernel", r.Kernel(), s.Kernel(), 1e-6)
		want, err := s.Predict(gz)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.PredictGram(product(gz, g.T()))
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+": predictions", got, want, 1e-6)
		if r.Beta != nil || r.Theta != nil {
			t.Errorf("%s: a Gram matrix gave coordinates", name)
		}
		if _, err := r.Predict(gz); err == nil {
			t.Errorf("%s: predictions at new inputs without their kernel", name)
		}
		if _, err := r.CrossKernel(gz, gz); err == nil {
			t.Errorf("%s: a kernel at inputs the problem knows nothing of", name)
		}
		if _, err := s.PredictGram(gz); err == nil {
			t.Errorf("%s: PredictGram without a Gram matrix", name)
		}
	}
}

func oneHot(n, c int) *mat.Dense {
	y := mat.NewDense(n, c, nil)
	for i := range n {
		y.Set(i, i%c, 1)
	}
	return y
}
