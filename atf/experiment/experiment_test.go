package experiment

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// points are a small task with targets ±1: the experiment knows no digits.
func points(t *testing.T, n int) *data.Set {
	t.Helper()
	set, err := data.Gaussian(n, 6).Seed(3).Rule(func(x []float64) float64 { return x[0] + x[1]*x[2] }).Signs().Load()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The experiment is that of the paper, written out here a second time.
func TestFigure1IsThePapersProtocol(t *testing.T) {
	set := points(t, 120)
	runs := must(Figure1(set).Epochs(3).Rate(0.05).Both(2))
	for kind, of := range runs {
		if len(of) != 2 {
			t.Fatalf("%d runs", len(of))
		}
		for i, r := range of {
			seed := uint64(i + 1)
			random := must(nn.MLP(6, 256, 256, 1).NoBias().Seed(1000 + seed).Build())
			y := must(nn.FitLastLayer(random, set.X, set.Y)).Predict(set.X)
			targets := y
			if kind == 1 {
				targets = must(data.Signs(y))
			}
			student := must(nn.MLP(6, 256, 256, 1).Seed(seed).Build())
			history := must(nn.Train(student).SGD(0.05).Momentum(0.9).Batch(100).Cosine(3).Seed(seed).Fit(set.X, targets))
			if !mat.Equal(r.Images.Y, y) || !mat.Equal(r.Targets, targets) {
				t.Errorf("%s, seed %d: other targets", r.Trained, r.Seed)
			}
			if r.From.Fingerprint() != student.Fingerprint() || r.To.Fingerprint() != history.Network.Fingerprint() {
				t.Errorf("%s, seed %d: another student", r.Trained, r.Seed)
			}
			if r.Seed != seed || r.Trained != []Targets{Smooth, Signs}[kind] {
				t.Errorf("%s, seed %d in the place of kind %d, seed %d", r.Trained, r.Seed, kind, seed)
			}
		}
	}
}

func TestKernelsOfARun(t *testing.T) {
	r := must(Figure1(points(t, 110)).Rate(0.005).Epochs(2).Train(1, Signs))
	some := r.Images.Head(20)
	k := must(r.Kernels(some))
	if !slices.IsSorted(k.Y) || !slices.Equal(k.Y, mat.Col(nil, 0, k.Images.Y)) || k.Images.N() != 20 {
		t.Error("the kernels are not in the order of y")
	}
	want := must(tangent.Along(r.Segment, k.Images.X).Rule(tangent.Uniform).Nodes(50).Kernels())
	for name, pair := range map[string][2]*kernel.Gram{
		"K₀": {k.Start, want.Start}, "K̄": {k.Mean, want.Mean}, "final K": {k.Final, want.Final}, "K_ŷ": {k.Labels, want.Labels},
	} {
		if !mat.Equal(pair[0], pair[1]) {
			t.Errorf("%s is another kernel", name)
		}
	}
	layers := must(r.LayerKernels(k.Images))
	for name, c := range map[string]struct {
		parts Layers
		whole *kernel.Gram
	}{"K₀": {layers.Start, k.Start}, "K̄": {layers.Mean, k.Mean}} {
		if !mat.EqualApprox(c.parts.Sum(), c.whole, 1e-10) {
			t.Errorf("the layers of %s do not add up", name)
		}
		total := 0.0
		for l := range c.parts {
			total += c.parts.Share(l)
			if want := mat.Trace(c.parts[l]) / mat.Trace(c.whole); math.Abs(c.parts.Share(l)-want) > 1e-10 {
				t.Errorf("the share of layer %d in %s is %v, not %v", l, name, c.parts.Share(l), want)
			}
		}
		if math.Abs(total-1) > 1e-10 {
			t.Errorf("the shares of %s add up to %v", name, total)
		}
	}
	if !mat.Equal(layers.Labels, k.Labels) {
		t.Error("another label kernel")
	}
}

// What is kept is read back as it was, and nothing is computed twice; a failure
// is not kept.
func TestKeep(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("ATF_KEEP", folder)
	made := func() int { return len(keptIn(t, folder)) }
	plain := Figure1(points(t, 110)).Rate(0.005).Epochs(2)
	e := plain.Keep()
	for range 2 {
		a, b := must(plain.Train(2, Smooth)), must(e.Train(2, Smooth))
		if a.To.Fingerprint() != b.To.Fingerprint() || !mat.Equal(a.Images.Y, b.Images.Y) {
			t.Error("another run from the store")
		}
		ka, kb := must(a.Kernels(a.Images)), must(b.Kernels(b.Images))
		if !mat.Equal(ka.Mean, kb.Mean) || ka.Residual != kb.Residual {
			t.Error("other kernels from the store")
		}
		must(b.LayerKernels(b.Images))
	}
	if made() != 4 {
		t.Errorf("%d things were made, wanted outputs, student and two kinds of kernels", made())
	}
	must(e.Epochs(3).Train(2, Smooth))
	must(e.Rate(0.01).Train(2, Smooth))
	must(e.Train(2, Signs))
	if made() != 7 {
		t.Errorf("%d things were made: other settings meet old results", made())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := made()
	if _, err := e.Epochs(4).Context(ctx).Train(2, Smooth); !errors.Is(err, context.Canceled) || made() != before {
		t.Errorf("an interrupted student: %v, %d kept", err, made()-before)
	}
	for _, file := range keptIn(t, folder) {
		if err := os.WriteFile(file, []byte("damaged"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a, b := must(plain.Train(2, Smooth)), must(e.Train(2, Smooth))
	if a.To.Fingerprint() != b.To.Fingerprint() || made() != before {
		t.Error("damaged files give another student, or are not replaced")
	}
}

// keptIn are the files of what was kept in a folder.
func keptIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFigure1Refuses(t *testing.T) {
	set := points(t, 110)
	two := set.WithTargets(mat.NewDense(110, 2, nil))
	broken := set.WithTargets(mat.NewDense(110, 1, append(make([]float64, 109), math.NaN())))
	for name, c := range map[string]struct {
		e       Students
		targets Targets
		says    string
	}{
		"no images":     {Figure1(nil), Smooth, "images"},
		"two targets":   {Figure1(two), Smooth, "one target"},
		"NaN":           {Figure1(broken), Smooth, "NaN"},
		"other targets": {Figure1(set), "labels", `"labels"`},
		"no epoch":      {Figure1(set).Epochs(0), Smooth, "epoch"},
		"no rate":       {Figure1(set).Rate(0), Smooth, "rate"},
	} {
		if r, err := c.e.Train(1, c.targets); r != nil || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Figure1(nil).Both(1); err == nil {
		t.Error("both without images")
	}
}
