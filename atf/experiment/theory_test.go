package experiment

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A theory is the paths of both theorems written out, and is kept.
func TestTheoryOfARun(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("ATF_KEEP", folder)
	made := func() int { return len(keptIn(t, folder)) }
	e := Figure1(points(t, 110)).Rate(0.005).Epochs(1).Keep()
	lambdas := []float64{10, 1}
	for _, targets := range []Targets{Smooth, Signs} {
		r := must(e.Train(1, targets))
		some := r.Images.Head(8)
		y := some.Y
		if targets == Signs {
			y = must(data.Signs(y))
		}
		problem := atf.Tangent(r.From, some.X).Targets(y)
		if must(r.Problem(some)).Fingerprint() != problem.Fingerprint() {
			t.Errorf("%s: another problem", targets)
		}
		if targets == Smooth {
			continue
		}
		p := must(r.Probe(8))
		layers := must(r.LayerKernels(some))
		if p.Run != r || !mat.Equal(p.K0, layers.Start.Sum()) || !mat.Equal(p.Bar, layers.Mean.Sum()) || p.At.N() != 8 || p.Y[7] != some.Y.At(7, 0) {
			t.Errorf("another probe")
		}
		before := made()
		theory := must(p.Theory(lambdas...))
		if made() != before+2 {
			t.Errorf("%d things were made of two theorems", made()-before)
		}
		if must(p.Theory(lambdas...)); made() != before+2 {
			t.Error("a theory that is kept was made anew")
		}
		if want := max(theory.Second[0].Stationarity, theory.Second[1].Stationarity); theory.Probe != p || theory.Residual() != want {
			t.Errorf("the residual is %v, not %v", theory.Residual(), want)
		}
		first := must(problem.Unstructured(penalty.Squared(1)).Path(lambdas...))
		second := must(problem.Layerwise(penalty.Squared(1)).Path(lambdas...))
		for i, lambda := range lambdas {
			a, b := theory.First[i], theory.Second[i]
			if a.Lambda != lambda || b.Lambda != lambda || !mat.Equal(a.Kernel, first[i].Kernel()) || !mat.Equal(b.Kernel, second[i].Kernel()) {
				t.Errorf("%s, λ = %v: other kernels", targets, lambda)
			}
			if b.Stationarity != second[i].Stationarity || b.Line != second[i].String() || a.Layers != nil || len(b.Layers) != 3 {
				t.Errorf("%s, λ = %v: %+v", targets, lambda, b)
			}
			if far := must(kernel.RelativeDistance(b.Layers.Sum(), b.Kernel)); far > 1e-10 {
				t.Errorf("%s, λ = %v: the layers do not add up to the kernel, by %v", targets, lambda, far)
			}
			for l, sigma := range b.Sigma {
				for j, s := range must(second[i].SingularValues(l)) {
					if math.Abs(sigma[j]-s) > 0 {
						t.Errorf("%s, λ = %v: other singular values of layer %d", targets, lambda, l)
					}
				}
			}
		}
	}
}

// The plural forms are the loops.
func TestProbesAndTheories(t *testing.T) {
	runs := must(Figure1(points(t, 110)).Rate(0.005).Epochs(1).Both(1))
	probes := must(Probes(runs, 6))
	theories := must(Theories(probes, 10))
	for kind, of := range theories {
		if len(of) != 1 || of[0].Run != runs[kind][0] || of[0].Probe != probes[kind][0] || len(of[0].Y) != 6 {
			t.Fatalf("%d theories of other runs", len(of))
		}
		if want := must(probes[kind][0].Theory(10)); !mat.Equal(of[0].Second[0].Kernel, want.Second[0].Kernel) {
			t.Errorf("%s: another theory", of[0].Trained)
		}
	}
	if _, err := Theories(probes, -1); err == nil || !strings.Contains(err.Error(), "-1") {
		t.Errorf("λ = −1: %v", err)
	}
}

func TestTheoryRefuses(t *testing.T) {
	r := must(Figure1(points(t, 110)).Rate(0.005).Epochs(1).Train(1, Signs))
	if _, err := r.Probe(111); err == nil || !strings.Contains(err.Error(), "111 images of a run on 110") {
		t.Errorf("a probe of too many images: %v", err)
	}
	p := must(r.Probe(8))
	if _, err := p.Theory(); err == nil || !strings.Contains(err.Error(), "λ") {
		t.Errorf("no λ: %v", err)
	}
	if _, err := p.Theory(-1); err == nil || !strings.Contains(err.Error(), "-1") {
		t.Errorf("λ = −1: %v", err)
	}
	if _, err := r.Problem(p.At.WithTargets(mat.NewDense(8, 1, []float64{1, 2, 3, 4, 5, 6, 7, math.NaN()}))); err == nil || !strings.Contains(err.Error(), "sign(y)") {
		t.Errorf("y = NaN: %v", err)
	}
}
