package kernel

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// integrate follows the flow by the classical Runge–Kutta method in the
// parameters: θ' = −Fᵀ(Fθ − y), from θ = 0.
func integrate(f, y *mat.Dense, t float64, steps int) *mat.Dense {
	_, p := f.Dims()
	_, c := y.Dims()
	theta, h := mat.NewDense(p, c, nil), t/float64(steps)
	slope := func(at *mat.Dense) *mat.Dense {
		var r, g mat.Dense
		r.Mul(f, at)
		r.Sub(y, &r)
		g.Mul(f.T(), &r)
		return &g
	}
	moved := func(k *mat.Dense, s float64) *mat.Dense {
		var m mat.Dense
		m.Scale(s, k)
		m.Add(&m, theta)
		return &m
	}
	for range steps {
		k1 := slope(theta)
		k2 := slope(moved(k1, h/2))
		k3 := slope(moved(k2, h/2))
		k4 := slope(moved(k3, h))
		for i, k := range []*mat.Dense{k1, k2, k3, k4} {
			theta = moved(k, h*[]float64{1, 2, 2, 1}[i]/6)
		}
	}
	return theta
}

func TestFlowIsTheIntegral(t *testing.T) {
	// More features than equations, and fewer (a singular kernel).
	for _, p := range []int{25, 5} {
		k, cross, train, fresh := split(1, 9, 4, 1, p)
		y := normal(2, 9, 2)
		f := must(NewFlow(k, y))
		for _, time := range []float64{0, 0.01, 0.1, 0.7} {
			theta := integrate(train, y, time, 800)
			var atTrain, atFresh mat.Dense
			atTrain.Mul(train, theta)
			atFresh.Mul(fresh, theta)
			r := must(f.At(time))
			if time == 0 {
				if mat.Norm(r.Alpha, 2) != 0 || mat.Norm(must(f.Fitted(0)), 2) != 0 {
					t.Error("the flow does not start at zero")
				}
			} else {
				nearMatrix(t, "training points", must(f.Fitted(time)), &atTrain, 1e-8)
				nearMatrix(t, "new points", must(r.Predict(cross)), &atFresh, 1e-8)
				near(t, "norm", r.SquaredNorm, math.Pow(mat.Norm(theta, 2), 2), 1e-8)
			}
			var rest mat.Dense
			rest.Sub(&atTrain, y)
			near(t, "loss", must(f.Loss(time)), math.Pow(mat.Norm(&rest, 2), 2)/2, 1e-8)
			near(t, "residual", r.Residual, mat.Norm(&rest, 2)/mat.Norm(y, 2), 1e-8)
		}
	}
}

func TestFlowLimits(t *testing.T) {
	k, cross, _, _ := split(3, 7, 4, 2, 40)
	y := normal(4, 7, 2)
	f := must(NewFlow(k, y))
	end := must(Ridgeless(k, y))
	for _, time := range []float64{1e6, math.Inf(1)} {
		nearMatrix(t, "end", must(must(f.At(time)).Predict(cross)), must(end.Predict(cross)), 1e-11)
		nearMatrix(t, "end at training points", must(f.Fitted(time)), y, 1e-12)
		near(t, "end loss", must(f.Loss(time)), 0, 1e-20)
	}
	// For small times the step is t ŷ, with no digits lost.
	nearMatrix(t, "start", must(f.At(1e-18)).Alpha, mat.NewDense(14, 1, scaled(y, 1e-18)), 1e-14)
	// A singular kernel: the pseudo-inverse, and what it leaves.
	low, lowCross, _, _ := split(5, 8, 3, 1, 3)
	z := normal(6, 8, 1)
	g, pinv := must(NewFlow(low, z)), must(PseudoInverse(low, z, 0))
	r := must(g.At(math.Inf(1)))
	nearMatrix(t, "singular end", must(r.Predict(lowCross)), must(pinv.Predict(lowCross)), 1e-11)
	near(t, "what is left", r.Residual, pinv.Residual, 1e-12)
	near(t, "loss left", must(g.Loss(math.Inf(1))), math.Pow(pinv.Residual*mat.Norm(z, 2), 2)/2, 1e-12)
	nearMatrix(t, "a long time", must(must(g.At(1e4)).Predict(lowCross)), must(pinv.Predict(lowCross)), 1e-9)
	for what, h := range map[string]*Flow{"full": f, "shared": must(must(Eigen(low)).Flow(normal(1, 8, 3)))} {
		var back *Flow
		roundTrip(t, h, &back)
		if back.Fingerprint() != h.Fingerprint() {
			t.Errorf("%s: gob changed the fingerprint", what)
		}
		nearMatrix(t, what, must(back.Fitted(0.3)), must(h.Fitted(0.3)), 0)
	}
	if f.Fingerprint() == must(NewFlow(k, normal(5, 7, 2))).Fingerprint() {
		t.Error("other targets, one fingerprint")
	}
}

func TestFlowFalls(t *testing.T) {
	f := must(NewFlow(features(1, 30, 1, 12), normal(1, 30, 1)))
	last := math.Inf(1)
	for time := 1e-6; time < 1e6; time *= 3 {
		l := must(f.Loss(time))
		if l > last {
			t.Fatalf("the loss rises to %g at time %g", l, time)
		}
		last = l
	}
}

func TestFlowRefuses(t *testing.T) {
	k, y := features(1, 5, 1, 9), normal(1, 5, 1)
	f := must(NewFlow(k, y))
	for _, time := range []float64{-1, math.NaN()} {
		_, err := f.At(time)
		wantError(t, "time", err, "time runs from 0")
		_, err = f.Fitted(time)
		wantError(t, "time", err, "time runs from 0")
		_, err = f.Loss(time)
		wantError(t, "time", err, "time runs from 0")
	}
	_, err := must(EigenValues(k)).Flow(y)
	wantError(t, "values only", err, "all eigenvalues")
	_, err = NewFlow(diagonalised(1, 1, 1, 1, -1), normal(1, 3, 1))
	wantError(t, "negative", err, "no kernel")
	_, err = NewFlow(k, mat.NewDense(5, 1, []float64{0, math.NaN(), 0, 0, 0}))
	wantError(t, "NaN", err, "targets", "row 1")
	wantError(t, "targets", errorOf(NewFlow(k, normal(1, 4, 1))), "4 × 1", "5 examples")
	wantError(t, "targets of a spectrum", errorOf(must(Eigen(k)).Flow(normal(1, 4, 1))), "4 × 1", "5 examples")
}
