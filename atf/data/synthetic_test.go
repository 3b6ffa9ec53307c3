package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

func TestSparseLinear(t *testing.T) {
	s := load(t, SparseLinear(60, 40, 7).Seed(2))
	nonzero := 0
	for _, b := range s.Truth {
		if b != 0 {
			nonzero++
			if b != 1 && b != -1 {
				t.Errorf("coefficient %v", b)
			}
		}
	}
	if nonzero != 7 {
		t.Errorf("%d nonzero coefficients", nonzero)
	}
	var y mat.VecDense
	y.MulVec(s.X, mat.NewVecDense(40, s.Truth))
	for i := range s.N() {
		if math.Abs(y.AtVec(i)-s.Y.At(i, 0)) > 1e-13 {
			t.Fatalf("target %d is %v, x·β is %v", i, s.Y.At(i, 0), y.AtVec(i))
		}
	}
	noisy := load(t, SparseLinear(60, 40, 7).Seed(2).Noise(0.5))
	if !mat.Equal(noisy.X, s.X) || !slices.Equal(noisy.Truth, s.Truth) {
		t.Error("noise changes the inputs or the rule")
	}
	e := make([]float64, 60)
	for i := range e {
		e[i] = noisy.Y.At(i, 0) - s.Y.At(i, 0)
	}
	if v := stat.StdDev(e, nil); v < 0.35 || v > 0.65 {
		t.Errorf("noise of standard deviation %v, want about 0.5", v)
	}
	if short := load(t, SparseLinear(20, 40, 7).Seed(2)); short.Fingerprint() != s.Head(20).Fingerprint() {
		t.Error("a smaller n is not the beginning of a larger one")
	}
	if load(t, SparseLinear(60, 40, 7).Seed(3)).Fingerprint() == s.Fingerprint() {
		t.Error("the seed does nothing")
	}
	if z := load(t, SparseLinear(5, 6, 0)); mat.Norm(z.Y, 2) != 0 {
		t.Error("k = 0 gives targets other than 0")
	}
}

func TestGroups(t *testing.T) {
	s := load(t, SparseLinear(10, 24, 3).Groups(4).Seed(1))
	active := 0
	for g := range 6 {
		n := 0
		for _, b := range s.Truth[4*g : 4*g+4] {
			n += int(math.Abs(b))
		}
		if n != 0 && n != 4 {
			t.Errorf("group %d has %d nonzero coefficients", g, n)
		}
		active += n / 4
	}
	if active != 3 {
		t.Errorf("%d active groups", active)
	}
}

func TestSphereAndGaussian(t *testing.T) {
	s := load(t, Sphere(4000, 5).Seed(1))
	for i := range s.N() {
		if v := floats.Norm(s.X.RawRowView(i), 2); math.Abs(v-1) > 1e-14 {
			t.Fatalf("row %d has norm %v", i, v)
		}
	}
	for _, s := range []*Set{s, load(t, Gaussian(4000, 5).Seed(1))} {
		if v := stat.Variance(mat.Col(nil, 0, s.Y), nil); v < 0.9 || v > 1.1 {
			t.Errorf("%s: targets of variance %v, want about 1", s.Name, v)
		}
		for j := range 5 {
			if v := stat.Mean(mat.Col(nil, j, s.X), nil); math.Abs(v) > 0.06 {
				t.Errorf("%s: column %d has mean %v", s.Name, j, v)
			}
		}
	}
	sq := load(t, Sphere(20, 3).Rule(func(x []float64) float64 { y := x[0] * x[0]; x[0] = 9; return y }))
	for i := range sq.N() {
		if x := sq.X.At(i, 0); sq.Y.At(i, 0) != x*x {
			t.Error("Rule is not followed, or may change the inputs")
		}
	}
	if sq.Truth != nil {
		t.Error("a rule has coefficients")
	}
	sg := load(t, Gaussian(30, 3).Noise(0.2).Seed(4).Signs())
	for i, v := range sg.Labels {
		want := 1.0
		if load(t, Gaussian(30, 3).Noise(0.2).Seed(4)).Y.At(i, 0) < 0 {
			want = -1
		}
		if sg.Y.At(i, 0) != want || float64(v) != want {
			t.Errorf("sign %v, label %d, want %v", sg.Y.At(i, 0), v, want)
		}
	}
}

func TestBadInputs(t *testing.T) {
	t.Setenv("ATF_MEMORY", "1MiB")
	for says, g := range map[string]Inputs{
		"0 examples of 3":              Gaussian(0, 3),
		"3 examples of -1":             Sphere(3, -1),
		"noise of standard":            Sphere(3, 3).Noise(-1),
		"deviation NaN":                Sphere(3, 3).Noise(math.NaN()),
		"deviation +Inf":               Sphere(3, 3).Noise(math.Inf(1)),
		"5 nonzero of 4":               SparseLinear(3, 4, 5),
		"-1 nonzero of 4":              SparseLinear(3, 4, -1),
		"3 nonzero of 2":               SparseLinear(3, 4, 3).Groups(2),
		"groups of 3 coefficients":     SparseLinear(3, 4, 1).Groups(3),
		"groups of 0 coefficients":     SparseLinear(3, 4, 1).Groups(0),
		"groups are a choice for":      Gaussian(3, 4).Groups(2),
		"a rule of its own":            SparseLinear(3, 4, 1).Rule(func([]float64) float64 { return 0 }),
		"gives NaN for example 0":      Gaussian(3, 4).Rule(func([]float64) float64 { return math.NaN() }),
		"needs":                        Gaussian(1000, 1000),
		"more than can be addressed":   Gaussian(math.MaxInt/16, 1000),
		"ask for fewer examples (or r": Gaussian(1<<30, 1000),
	} {
		if s, err := g.Load(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v, %v", says, s, err)
		}
	}
}
