package kernel

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestDecompose(t *testing.T) {
	k0, label, noise := features(1, 20, 2, 6), must(Label(normal(2, 20, 2))), features(3, 20, 2, 3)
	k := Combine([]float64{0.7, 2.5, 0.1}, k0, label, noise)
	d := must(Decompose(k, k0, label))

	// The same fit by QR over the entries as one long column.
	m := k.SymmetricDim()
	design, rhs := mat.NewDense(m*m, 2, nil), mat.NewDense(m*m, 1, append([]float64(nil), k.data...))
	design.SetCol(0, k0.data)
	design.SetCol(1, label.data)
	var qr mat.QR
	qr.Factorize(design)
	var x, fit, res mat.Dense
	if err := qr.SolveTo(&x, false, rhs); err != nil {
		t.Fatal(err)
	}
	fit.Mul(design, &x)
	res.Sub(rhs, &fit)
	for i, c := range d.Coefficients {
		near(t, "coefficient", c, x.At(i, 0), 1e-12)
	}
	sq := func(v *mat.Dense) float64 { return mat.Dot(v.ColView(0), v.ColView(0)) }
	near(t, "R²", d.R2, 1-sq(&res)/sq(rhs), 1e-13)
	mean := mat.Sum(rhs) / float64(m*m)
	cc := 0.0
	for _, v := range k.data {
		cc += (v - mean) * (v - mean)
	}
	near(t, "centred R²", d.CenteredR2, 1-sq(&res)/cc, 1e-12)
	nearMatrix(t, "residual", d.Residual, mat.NewDense(m, m, res.RawMatrix().Data), 1e-12)
	near(t, "contributions", d.Contributions[0]+d.Contributions[1], d.R2, 1e-13)
	for i, only := range []*Gram{label, k0} {
		near(t, "unique share", d.Unique[i], d.R2-must(Decompose(k, only)).R2, 1e-12)
	}
	one := must(Decompose(k, k0))
	s := must(Similarity(k, k0))
	near(t, "one part: R² is the squared similarity", one.R2, s*s, 1e-13)

	var back *Decomposition
	roundTrip(t, d, &back)
	if back.Fingerprint() != d.Fingerprint() || one.Fingerprint() == d.Fingerprint() {
		t.Error("fingerprints")
	}
}

func TestDecomposeExact(t *testing.T) {
	a, b, c := features(1, 15, 1, 4), features(2, 15, 1, 4), features(3, 15, 1, 4)
	for _, scale := range []float64{1, 1e-120, 1e120} {
		d := must(Decompose(Combine([]float64{2, -0.5, 1e-3}, a, b, c).Scale(scale), a.Scale(scale), b, c.Scale(scale)))
		near(t, "first", d.Coefficients[0], 2, 1e-12)
		near(t, "second", d.Coefficients[1]/scale, -0.5, 1e-12)
		near(t, "third", d.Coefficients[2]/1e-3, 1, 1e-11)
		near(t, "R²", d.R2, 1, 1e-14)
	}
	// Nearly parallel parts: the correction keeps the digits.
	close := Combine([]float64{1, 1e-4}, a, b)
	d := must(Decompose(Combine([]float64{3, -2}, a, close), a, close))
	near(t, "close parts", d.Coefficients[0], 3, 1e-7)
	near(t, "close parts", d.Coefficients[1], -2, 1e-7)
	constant := NewGram(3, 1, []float64{2, 2, 2, 2, 2, 2, 2, 2, 2})
	if d := must(Decompose(constant, features(1, 3, 1, 2))); !math.IsNaN(d.CenteredR2) {
		t.Errorf("centred R² of a constant kernel: %v", d.CenteredR2)
	}
	anyThreads(t, "decomposition", func() []float64 {
		d := must(Decompose(features(1, 250, 1, 3), features(2, 250, 1, 3), features(3, 250, 1, 3)))
		return append(d.Coefficients, d.R2, d.CenteredR2)
	})
}

func TestDecomposeRefuses(t *testing.T) {
	a, b := features(1, 4, 1, 3), features(2, 4, 1, 3)
	zero := NewGram(4, 1, make([]float64, 16))
	_, err := Decompose(zero, a)
	wantError(t, "zero kernel", err, "the kernel", "zero everywhere")
	_, err = Decompose(a, b, zero)
	wantError(t, "zero part", err, "part 1", "zero everywhere")
	_, err = Decompose(a, b, a, b.Scale(2))
	wantError(t, "dependent", err, "part 2", "linear combination")
	bad := b.Scale(1)
	bad.data[0] = math.Inf(1)
	_, err = Decompose(a, bad)
	wantError(t, "infinite", err, "part 0", "+Inf")
	wantError(t, "no part", errorOf(Decompose(a)), "without a part")
	wantError(t, "sizes", errorOf(Decompose(a, features(1, 2, 2, 2))), "part 0", "2 examples")
	t.Setenv("ATF_MEMORY", "100B")
	_, err = Decompose(a, b)
	wantError(t, "budget", err, "memory")
}
