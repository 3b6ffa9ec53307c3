package kernel

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// split makes a kernel over n training examples and the cross kernel of m new
// ones, from explicit features of C outputs.
func split(seed uint64, n, m, outputs, p int) (k *Gram, cross, train, fresh *mat.Dense) {
	train, fresh = normal(seed, n*outputs, p), normal(seed+100, m*outputs, p)
	var kk, cc mat.Dense
	kk.Mul(train, train.T())
	cc.Mul(fresh, train.T())
	return must(FromMatrix(&kk, outputs)), &cc, train, fresh
}

func TestRidgelessIsLeastNorm(t *testing.T) {
	for _, outputs := range []int{1, 3} {
		k, cross, train, fresh := split(1, 12, 5, outputs, 50)
		y := normal(9, 12, outputs)
		r := must(Ridgeless(k, y))
		// β = F⁺ y by the singular value decomposition of the features.
		var svd mat.SVD
		svd.Factorize(train, mat.SVDThin)
		var beta, want mat.Dense
		flat := mat.NewDense(12*outputs, 1, y.RawMatrix().Data)
		svd.SolveTo(&beta, flat, 12*outputs)
		want.Mul(fresh, &beta)
		nearMatrix(t, "prediction", must(r.Predict(cross)), mat.NewDense(5, outputs, want.RawMatrix().Data), 1e-10)
		nearMatrix(t, "interpolation", must(r.Predict(k)), y, 1e-11)
		near(t, "‖β‖²", r.SquaredNorm, math.Pow(mat.Norm(&beta, 2), 2), 1e-10)
		if r.Residual > 1e-12 || r.Method != "ridgeless" || r.Rank != 12*outputs {
			t.Errorf("residual %g, method %s, rank %d", r.Residual, r.Method, r.Rank)
		}
		pinv := must(PseudoInverse(k, y, 0))
		nearMatrix(t, "pseudo-inverse", pinv.Alpha, r.Alpha, 1e-9)
		nearMatrix(t, "as nC × 1", must(Ridgeless(k, flat)).Alpha, r.Alpha, 0)
		var back *Regression
		roundTrip(t, r, &back)
		if back.Fingerprint() != r.Fingerprint() || pinv.Fingerprint() == r.Fingerprint() {
			t.Error("fingerprints")
		}
		nearMatrix(t, "prediction after gob", must(back.Predict(cross)), must(r.Predict(cross)), 0)
	}
}

func TestRidge(t *testing.T) {
	k, cross, train, fresh := split(2, 15, 4, 1, 6) // singular without the ridge
	y, rho := normal(3, 15, 2), 0.3
	r := must(Ridge(k, y, rho))
	// The primal form: (FᵀF + ρI) β = Fᵀ y.
	var ftf, fty, beta, want mat.Dense
	ftf.Mul(train.T(), train)
	for i := range 6 {
		ftf.Set(i, i, ftf.At(i, i)+rho)
	}
	fty.Mul(train.T(), y)
	if err := beta.Solve(&ftf, &fty); err != nil {
		t.Fatal(err)
	}
	want.Mul(fresh, &beta)
	nearMatrix(t, "shared prediction", must(r.Predict(cross)), &want, 1e-12)
	near(t, "‖β‖²", r.SquaredNorm, math.Pow(mat.Norm(&beta, 2), 2), 1e-11)
	var fit mat.Dense
	fit.Mul(train, &beta)
	fit.Sub(&fit, y)
	near(t, "residual", r.Residual, mat.Norm(&fit, 2)/mat.Norm(y, 2), 1e-12)
	if r.Method != "ridge" || r.Targets != 2 || r.Ridge != rho {
		t.Errorf("%+v", r)
	}
	if c := must(must(Factorize(k, rho)).Solve(y)); !mat.Equal(c, r.Alpha) {
		t.Error("Factor.Solve differs from Ridge")
	}
}

func TestPseudoInverse(t *testing.T) {
	k, cross, train, fresh := split(4, 10, 3, 1, 4)
	y := normal(5, 10, 1)
	r := must(PseudoInverse(k, y, 0))
	var qr mat.QR
	qr.Factorize(train)
	var beta, want, fit mat.Dense
	if err := qr.SolveTo(&beta, false, y); err != nil {
		t.Fatal(err)
	}
	want.Mul(fresh, &beta)
	nearMatrix(t, "prediction", must(r.Predict(cross)), &want, 1e-11)
	fit.Mul(train, &beta)
	fit.Sub(&fit, y)
	near(t, "residual", r.Residual, mat.Norm(&fit, 2)/mat.Norm(y, 2), 1e-12)
	if r.Rank != 4 || r.Condition > 1e4 {
		t.Errorf("rank %d, condition %g", r.Rank, r.Condition)
	}
	if cut := must(PseudoInverse(diagonalised(1, 1, 4, 2, 1), normal(1, 3, 1), 0.4)); cut.Rank != 2 {
		t.Errorf("rank %d above a tolerance of 0.4", cut.Rank)
	}
	for _, tol := range []float64{-1, 1, math.NaN()} {
		_, err := PseudoInverse(k, y, tol)
		wantError(t, "tolerance", err, "from 0 to below 1")
	}
	_, err := PseudoInverse(diagonalised(2, 1, 1, 1, -1), normal(1, 3, 1), 0)
	wantError(t, "negative", err, "no kernel")
}

func TestSingularIsAnError(t *testing.T) {
	x := normal(1, 8, 20)
	x.SetRow(6, x.RawRowView(2))
	var kk mat.Dense
	kk.Mul(x, x.T())
	twin := must(FromMatrix(&kk, 1))
	low := features(3, 200, 1, 150) // found by its condition or by the factorisation
	for what, k := range map[string]*Gram{"twins": twin, "low rank": low, "zero": NewGram(2, 1, make([]float64, 4))} {
		_, err := Ridgeless(k, normal(1, k.N(), 1))
		var s *SingularError
		if !errors.As(err, &s) {
			t.Errorf("%s: %v", what, err)
			continue
		}
		wantError(t, what, err, "singular", "Ridge", "PseudoInverse")
		if (s.Twins == [2]int{2, 6}) != (what == "twins") {
			t.Errorf("%s: twins %v", what, s.Twins)
		}
	}
	_, err := Ridgeless(must(FromMatrix(&kk, 1)).Replicate(2), normal(1, 8, 2))
	wantError(t, "twins of two outputs", err, "examples 2 and 6, counted from 0, have the same features")
	if r := must(Ridge(twin, normal(1, 8, 1), 1e-3)); r.Condition > 1e8 {
		t.Errorf("condition %g with a ridge", r.Condition)
	}
	_, err = Ridge(diagonalised(1, 1, 2, 1, -1), normal(1, 3, 1), 0.5)
	wantError(t, "ridge too small", err, "with ridge 0.5", "larger ridge")
	_, err = Ridge(low, normal(1, 200, 1), 1e-30)
	wantError(t, "ridge without effect", err, "with ridge 1e-30", "larger ridge")
}

func TestConditionEstimate(t *testing.T) {
	for _, n := range []int{1, 2, 30, 300} { // 300 rows take several blocks
		k := features(uint64(n), n, 1, n+5)
		f := must(Factorize(k, 0))
		want := mat.Cond(k, 1)
		if c := f.Condition(); c > want*(1+1e-9) || c < want/5 {
			t.Errorf("n = %d: condition %g, in truth %g", n, c, want)
		}
		y := normal(8, n, 3)
		var x mat.Dense
		if err := x.Solve(k, y); err != nil {
			t.Fatal(err)
		}
		nearMatrix(t, "solution", must(f.Solve(y)), &x, 1e-9)
	}
}

// TestSolveShapes: targets of n × C are solved for as the column that they are
// in example-major order, and views are no different.
func TestSolveShapes(t *testing.T) {
	k := features(1, 6, 2, 30)
	f := must(Factorize(k, 0.1))
	y := normal(2, 6, 2)
	x := must(f.Solve(y))
	flat := must(f.Solve(mat.NewDense(12, 1, y.RawMatrix().Data)))
	nearMatrix(t, "n × C", x, mat.NewDense(6, 2, flat.RawMatrix().Data), 0)
	nearMatrix(t, "the coefficients", mat.NewDense(12, 1, x.RawMatrix().Data), must(f.Regress(y)).Alpha, 0)
	wide := normal(3, 6, 5)
	wide.Slice(0, 6, 1, 3).(*mat.Dense).Copy(y)
	nearMatrix(t, "a view", must(f.Solve(wide.Slice(0, 6, 1, 3))), x, 0)
	nearMatrix(t, "a transpose", must(f.Solve(mat.DenseCopyOf(y.T()).T())), x, 0)
	wantError(t, "n × more", errorOf(f.Solve(wide)), "6 rows and 5 columns", "12 rows of 6 examples and 2 outputs")
}

func TestRegressionAnyThreads(t *testing.T) {
	k, cross, _, _ := split(1, 300, 20, 1, 400)
	y := normal(2, 300, 2)
	anyThreads(t, "regression", func() []float64 {
		r := must(Ridgeless(k, y))
		return append(must(r.Predict(cross)).RawMatrix().Data, r.SquaredNorm, r.Condition)
	})
	r := must(Ridgeless(k, y))
	part := must(r.Predict(cross.Slice(3, 4, 0, 300)))
	nearMatrix(t, "one point alone", part, must(r.Predict(cross)).Slice(3, 4, 0, 2), 0)
}

func TestRegressionRefuses(t *testing.T) {
	k, cross, _, _ := split(1, 6, 2, 2, 30)
	y := normal(1, 6, 2)
	bad := k.Scale(1)
	bad.data[3] = math.NaN()
	_, err := Ridgeless(bad, y)
	wantError(t, "NaN kernel", err, "Gram matrix", "NaN", "row 0, column 3")
	_, err = Ridge(k, mat.NewDense(12, 1, append(make([]float64, 11), math.Inf(1))), 1)
	wantError(t, "infinite target", err, "targets", "+Inf", "row 11")
	for _, rho := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err = Ridge(k, y, rho)
		wantError(t, "ridge", err, "ridge", "not negative")
	}
	wantError(t, "targets", errorOf(Ridgeless(k, normal(1, 5, 2))), "5 × 2", "6 examples and 2 outputs")
	wantError(t, "regress", errorOf(must(Factorize(k, 0)).Regress(normal(1, 5, 2))), "5 × 2", "6 examples and 2 outputs")
	wantError(t, "pseudo-inverse", errorOf(PseudoInverse(k, normal(1, 5, 2), 0)), "5 × 2", "6 examples and 2 outputs")
	wantError(t, "stacked targets", errorOf(Ridgeless(k, normal(1, 12, 2))), "12 × 2")
	r := must(Ridgeless(k, y))
	wantError(t, "cross", errorOf(r.Predict(cross.T())), "12 × 4", "mC × 12")
	wantError(t, "cross rows", errorOf(r.Predict(normal(1, 3, 12))), "3 × 12", "2 outputs")
	wantError(t, "solve", errorOf(must(Factorize(k, 0)).Solve(normal(1, 3, 1))), "3 rows", "12")
	cross.Set(1, 1, math.NaN())
	_, err = r.Predict(cross)
	wantError(t, "NaN cross", err, "cross Gram matrix", "row 1, column 1")
	if r := must(Ridgeless(k, mat.NewDense(6, 2, nil))); r.Residual != 0 || r.SquaredNorm != 0 {
		t.Error("targets of zero")
	}
	_, err = Ridgeless(k.Scale(1e-200), mat.NewDense(12, 1, scaled(normal(1, 12, 1), 1e200)))
	wantError(t, "overflow", err, "range of float64")
	t.Setenv("ATF_MEMORY", "1kB")
	_, err = Ridgeless(k, y)
	wantError(t, "budget", err, "Cholesky", "memory")
}
