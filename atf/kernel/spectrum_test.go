package kernel

import (
	"context"
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// diagonalised is V diag(values) Vᵀ with a random orthogonal V.
func diagonalised(seed uint64, outputs int, values ...float64) *Gram {
	n := len(values)
	var qr mat.QR
	qr.Factorize(normal(seed, n, n))
	var q, k mat.Dense
	qr.QTo(&q)
	k.Product(&q, mat.NewDiagDense(n, values), q.T())
	return must(FromMatrix(&k, outputs))
}

// decaying is a list of n eigenvalues like those of tangent kernels.
func decaying(n int, power float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Pow(float64(i+1), -power)
	}
	return v
}

func TestEigen(t *testing.T) {
	k := features(1, 20, 2, 60)
	s := must(Eigen(k))
	var back, vtv mat.Dense
	back.Product(s.Vectors, mat.NewDiagDense(40, s.Values), s.Vectors.T())
	nearMatrix(t, "V λ Vᵀ", &back, k, 1e-13)
	vtv.Mul(s.Vectors.T(), s.Vectors)
	eye := mat.NewDiagDense(40, nil)
	for i := range 40 {
		eye.SetDiag(i, 1)
	}
	nearMatrix(t, "VᵀV", &vtv, eye, 1e-13)
	only := must(EigenValues(k))
	for i, v := range s.Values {
		near(t, "values only", only.Values[i], v, 1e-12)
		if i > 0 && v > s.Values[i-1] {
			t.Error("values out of order")
		}
	}
	if only.Vectors != nil || !s.Complete() {
		t.Error("what the spectra hold")
	}
	near(t, "trace", s.Trace, mat.Trace(k), 1e-14)
	sum := 0.0
	for _, p := range s.Normalized() {
		sum += p
	}
	near(t, "shares add up", sum, 1, 1e-13)
	huge := must(Eigen(k.Scale(1e140)))
	near(t, "scaled", huge.Values[0]/1e140, s.Values[0], 1e-12)

	for _, v := range []*Spectrum{s, only} {
		var got *Spectrum
		roundTrip(t, v, &got)
		if got.Fingerprint() != v.Fingerprint() {
			t.Error("gob changed the fingerprint")
		}
	}
	if s.Fingerprint() == only.Fingerprint() {
		t.Error("with and without vectors, one fingerprint")
	}
}

func TestEffectiveRank(t *testing.T) {
	s := must(Eigen(diagonalised(1, 1, 3, 3, 3, 0, 0, 0)))
	near(t, "participation", s.ParticipationRatio(), 3, 1e-12)
	near(t, "entropy", must(s.EntropyRank()), 3, 1e-10)
	s = must(EigenValues(diagonalised(2, 1, 8, 4, 2, 2)))
	near(t, "participation", s.ParticipationRatio(), 256.0/88, 1e-12)
	near(t, "entropy", must(s.EntropyRank()), math.Pow(2, 1.75), 1e-12) // entropy 1.75 bits
	s.Values = s.Values[:2]
	_, err := s.EntropyRank()
	wantError(t, "partial", err, "all 4 eigenvalues")
	_, err = must(Eigen(diagonalised(3, 1, 2, 1, -0.5))).EntropyRank()
	wantError(t, "negative", err, "no kernel", "smallest eigenvalue is -0.")
	near(t, "rank one", must(Eigen(must(Label(normal(1, 9, 1))))).ParticipationRatio(), 1, 1e-13)
}

func TestTargetShares(t *testing.T) {
	s := must(Eigen(diagonalised(4, 1, 5, 4, 3, 2, 1)))
	var y mat.Dense
	y.Mul(s.Vectors, mat.NewDense(5, 1, []float64{1, 0, 2, 0, 2}))
	for i, want := range []float64{1.0 / 9, 1.0 / 9, 5.0 / 9, 5.0 / 9, 1} {
		near(t, "share", must(s.TargetShares(&y))[i], want, 1e-13)
	}
	two := normal(1, 5, 2)
	shares := must(s.TargetShares(two))
	near(t, "all of two targets", shares[4], 1, 1e-13)
	var p mat.Dense
	p.Mul(s.Vectors.T(), two)
	near(t, "the first share of two", shares[0], (p.At(0, 0)*p.At(0, 0)+p.At(0, 1)*p.At(0, 1))/math.Pow(mat.Norm(two, 2), 2), 1e-13)
	_, err := must(EigenValues(features(1, 5, 1, 5))).TargetShares(&y)
	wantError(t, "no vectors", err, "no eigenvectors")
	_, err = s.TargetShares(mat.NewDense(5, 1, nil))
	wantError(t, "zero", err, "zero everywhere")
	wantError(t, "rows", errorOf(s.TargetShares(normal(1, 4, 1))), "4 × 1", "5 examples")
}

func TestTopEigen(t *testing.T) {
	repeated := decaying(150, 1)
	for i := 2; i < 9; i++ {
		repeated[i] = repeated[2]
	}
	rankFive := make([]float64, 150)
	copy(rankFive, []float64{5, 4, 3, 2, 1})
	ones := make([]float64, 150)
	for i := range ones {
		ones[i] = 1
	}
	for what, values := range map[string][]float64{
		"fast decay": decaying(150, 3), "slow decay": decaying(150, 0.5), "repeated": repeated,
		"one large": append([]float64{1e8}, decaying(149, 1)...), "rank five": rankFive, "identity": ones,
	} {
		k := diagonalised(6, 1, values...)
		for _, count := range []int{1, 7, 12} {
			s, err := TopEigen(k, count, TopSettings{})
			if err != nil {
				t.Errorf("%s, %d values: %v", what, count, err)
				continue
			}
			tol := 1e-12
			if what == "one large" {
				tol = 1e-10 // the gaps are as small as the residual
			}
			for i, v := range s.Values {
				near(t, what, v/values[0], values[i]/values[0], tol)
			}
			var kv, vl mat.Dense
			kv.Mul(k, s.Vectors)
			vl.Mul(s.Vectors, mat.NewDiagDense(count, s.Values))
			kv.Sub(&kv, &vl)
			if r := mat.Norm(&kv, 2); r > 1e-9*values[0] {
				t.Errorf("%s: residual %g", what, r/values[0])
			}
			var vtv mat.Dense
			vtv.Mul(s.Vectors.T(), s.Vectors)
			eye := mat.NewDiagDense(count, nil)
			for i := range count {
				eye.SetDiag(i, 1)
			}
			nearMatrix(t, what+" VᵀV", &vtv, eye, 1e-11)
			near(t, "trace of all", s.Trace, mat.Trace(k), 1e-12)
		}
	}
}

func TestTopEigenIsTheFullOne(t *testing.T) {
	k := features(1, 60, 2, 30)
	full := must(Eigen(k))
	for _, count := range []int{6, 120} { // by the Krylov method, and by the full one
		top := must(TopEigen(k, count, TopSettings{}))
		for i, v := range top.Values {
			near(t, "value", v, full.Values[i], 1e-11)
		}
		if count == 6 {
			nearMatrix(t, "vectors", top.Vectors, full.Vectors.Slice(0, 120, 0, 6), 1e-7)
		}
	}
	anyThreads(t, "top eigenvalues", func() []float64 {
		return must(TopEigen(k, 5, TopSettings{})).Values
	})
}

func TestTopEigenStops(t *testing.T) {
	k := diagonalised(7, 1, decaying(200, 0.2)...)
	ctx, cancel := context.WithCancel(context.Background())
	var reports []progress.Report
	s, err := TopEigen(k, 10, TopSettings{Context: ctx, Progress: func(r progress.Report) {
		if reports = append(reports, r); len(reports) == 2 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || s == nil || len(s.Values) != 10 {
		t.Errorf("cancelled: %v", err)
	}
	if len(reports) != 2 || reports[1].Done != 2 || reports[1].Measure != "residual" || !(reports[1].Value > 0) {
		t.Errorf("reports %+v", reports)
	}
	if _, err := TopEigen(k, 3, TopSettings{Context: ctx}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	_, err = TopEigen(k, 10, TopSettings{Rounds: 2})
	wantError(t, "rounds", err, "did not converge in 2 rounds")
	for _, count := range []int{0, 201} {
		_, err = TopEigen(k, count, TopSettings{})
		wantError(t, "count", err, "ask for 1 to 200")
	}
	_, err = TopEigen(k, 2, TopSettings{Tolerance: -1})
	wantError(t, "tolerance", err, "negative")
}

func TestSpectrumRefuses(t *testing.T) {
	zero, bad := NewGram(80, 1, make([]float64, 6400)), features(1, 80, 1, 80)
	bad.data[81] = math.NaN()
	for what, f := range map[string]func(*Gram) (*Spectrum, error){
		"Eigen": Eigen, "EigenValues": EigenValues,
		"TopEigen": func(k *Gram) (*Spectrum, error) { return TopEigen(k, 2, TopSettings{}) },
	} {
		_, err := f(zero)
		wantError(t, what, err, "zero everywhere")
		_, err = f(bad)
		wantError(t, what, err, "NaN", "row 1, column 1")
		_, err = f(features(1, 80, 1, 80).Scale(1e200))
		wantError(t, what, err, "range of float64")
	}
	t.Setenv("ATF_MEMORY", "10kB")
	_, err := Eigen(features(1, 80, 1, 80))
	wantError(t, "budget", err, "TopEigen")
}
