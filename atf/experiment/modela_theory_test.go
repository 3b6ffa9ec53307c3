package experiment

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// The theorem's A and B are those of the problem at the seen half, and what they
// explain is what the matrices written out give.
func TestTheorem2OnTrial(t *testing.T) {
	seg, x := moved(t, 40)
	y := points(t, 40).Y
	trial := ModelA(seg, x).Nodes(6).Seed(4)
	verdicts := must(trial.Theorem2(y, 1, 0.1))
	seen := trial.halves(40).seen
	alone := must(atf.Tangent(seg.From, takeRows(x, seen)).Targets(takeRows(y, seen)).Layerwise(penalty.Squared(0.1)).Solve())
	v := verdicts[1]
	if v.Lambda != 0.1 || v.Stationarity > 1e-6 || len(v.Layers) != 3 {
		t.Fatalf("λ %v, stationarity %v, %d layers", v.Lambda, v.Stationarity, len(v.Layers))
	}
	bar := explicitGradients(must(tangent.Along(seg, x).Nodes(6).Average()).Features, 1)
	g := explicitGradients(must(tangent.At(seg.From, x)), 1)
	part, l := alone.Layer(1), v.Layers[1]
	missed, size := 0.0, 0.0
	for _, i := range trial.halves(40).fresh {
		var m mat.Dense
		m.Mul(part.A.Dense(), g[i])
		m.Mul(&m, part.B.Dense())
		m.Scale(-l.C, &m)
		m.Add(&m, bar[i])
		missed += math.Pow(mat.Norm(&m, 2), 2)
		size += math.Pow(mat.Norm(bar[i], 2), 2)
	}
	near(t, "the share explained by Theorem 2", l.Share.New, 1-missed/size, 1e-5)
	if _, err := trial.Theorem2(y.Slice(0, 20, 0, 1), 1); err == nil || !strings.Contains(err.Error(), "one number for each") {
		t.Errorf("targets of the wrong size give the error %v", err)
	}
}

// A stretch made by hand: the identity plus two directions, turned by a rotation
// that AAᵀ does not know.
func TestStretch(t *testing.T) {
	const n = 6
	a := identity(n)
	a.Set(0, 0, 3)
	a.Set(1, 1, 2)
	s := must(StretchOf(a))
	near(t, "the largest eigenvalue of AAᵀ", s.Values[0], 9, 1e-12)
	near(t, "the share of the symmetric part", s.Symmetric, 1, 1e-12)
	near(t, "the share of one direction", s.InDirections(1), 64.0/(64+9), 1e-12)
	near(t, "the share of two directions", s.InDirections(2), 1, 1e-12)
	u := mat.NewDense(n, 2, nil)
	u.Set(1, 0, 1) // the directions in the other order
	u.Set(0, 1, 1)
	near(t, "the overlap of the first directions", must(s.Overlap(u, 1)), 0, 1e-12)
	near(t, "the overlap of the spans", must(s.Overlap(u, 2)), 1, 1e-12)

	rng := rand.New(rand.NewPCG(3, 3))
	var qr mat.QR
	qr.Factorize(normal(rng, n, n))
	var q, turned mat.Dense
	qr.QTo(&q)
	turned.Mul(a, &q)
	again := must(StretchOf(&turned))
	for j, v := range s.Values {
		near(t, "an eigenvalue after a rotation", again.Values[j], v, 1e-12)
	}
	if again.Symmetric > 0.9 {
		t.Errorf("A turned by a rotation has the symmetric share %v", again.Symmetric)
	}
	for want, err := range map[string]error{
		"must be square": failed(StretchOf(mat.NewDense(2, 3, nil))), "the identity": failed(StretchOf(identity(3))),
		"not finite": failed(StretchOf(mat.NewDense(1, 1, []float64{math.NaN()}))),
		"k must be":  func() error { _, err := s.Overlap(u, 3); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in the error %v", want, err)
		}
	}
	wantPanic(t, "InDirections(7)", func() { s.InDirections(7) })
}

func failed[T any](_ T, err error) error { return err }

func wantPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), want) {
			t.Errorf("%q is not in the panic %v", want, r)
		}
	}()
	f()
}

// All principal coordinates keep every inner product, fewer the best they can.
func TestPrincipal(t *testing.T) {
	set := points(t, 30)
	all, kept, err := Principal(set, 6)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the share kept by all axes", kept, 1, 1e-9)
	var a, b mat.Dense
	a.Mul(set.X, set.X.T())
	b.Mul(all.X, all.X.T())
	if !mat.EqualApprox(&a, &b, 1e-8) || !mat.Equal(all.Y, set.Y) {
		t.Error("inner products or targets are others")
	}
	few, kept, err := Principal(set, 2)
	if err != nil {
		t.Fatal(err)
	}
	values := must(kernel.EigenValues(must(kernel.FromMatrix(&a, 1)))).Values
	near(t, "the share kept by two axes", kept, (values[0]+values[1])/mat.Trace(&a), 1e-9)
	if few.Inputs() != 2 {
		t.Errorf("%d coordinates", few.Inputs())
	}
	flat := &data.Set{X: mat.NewDense(4, 3, []float64{1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0}), Y: mat.NewDense(4, 1, nil)}
	for want, k := range map[string]int{"ask for 1 to 3": 0, "rank 1": 2} {
		if _, _, err := Principal(flat, k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in the error %v", want, err)
		}
	}
}
