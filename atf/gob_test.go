package atf

import (
	"bytes"
	"encoding/gob"
	"errors"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

func roundTrip(t *testing.T, s *Solution) *Solution {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		t.Fatal(err)
	}
	var back Solution
	if err := gob.NewDecoder(&b).Decode(&back); err != nil {
		t.Fatal(err)
	}
	return &back
}

// gobProblems cover every source, structure and loss.
func gobProblems(t *testing.T) map[string]*Problem {
	net := mustNet(t, nn.MLP(3, 5, 4, 2).Tanh().UniformBias().Seed(13))
	src := source2(101, 1)
	x, y := randomMatrix(src, 5, 3), randomMatrix(src, 5, 2)
	g := randomMatrix(src, 6, 14)
	w := penalty.Squared(0.1)
	a := Tangent(net, x).Targets(y)
	b := FromFeatures(g).WithOutputs(2).Matrices(Shape{2, 4}, Shape{2, 3}).Targets(randomMatrix(src, 3, 2))
	k := FromGram(kernel.NewGram(3, 2, product(g, g.T()).RawMatrix().Data)).Targets(randomMatrix(src, 3, 2))
	return map[string]*Problem{
		"fixed": a, "unstructured": a.Unstructured(w), "layerwise": a.Layerwise(w), "homogeneous": a.Layerwise(w).Homogeneous(),
		"mix":     a.LayerwiseSides(w, penalty.Absolute(1)).Layer(0, Frozen()).Layer(1, Blocks(w, []int{0, 1}, []int{3})),
		"softmax": a.Targets(oneHot(5, 2)).Diagonal(w).Softmax(1), "residuals": a.Residuals(y).Layerwise(w).Ridge(1),
		"settings": a.Layerwise(w).Restarts(2, 5).Continuation(10, 2).Tolerance(1e-5).MaxIterations(500),
		"features": b.Layerwise(w), "nuclear": b.Layer(0, OneSided(penalty.Nuclear(1))), "gram": k.Unstructured(w),
		"alternation": b.Layerwise(w).Alternation(), "scaled": b.Diagonal(penalty.Scale(2, penalty.InfConv(w, w))),
	}
}

func TestSolutionGob(t *testing.T) {
	src := source2(102, 1)
	for name, p := range gobProblems(t) {
		s := mustSolve(t, p)
		back := roundTrip(t, s)
		if s.Fingerprint() != back.Fingerprint() {
			t.Errorf("%s: another fingerprint", name)
		}
		if s.String() != back.String() {
			t.Errorf("%s: %v became %v", name, s, back)
		}
		nearVector(t, name+": β", back.Beta, s.Beta, 0)
		nearVector(t, name+": θ", back.Theta, s.Theta, 0)
		nearVector(t, name+": α", back.Multiplier, s.Multiplier, 0)
		nearVector(t, name+": trace", back.Objective, s.Objective, 0)
		near(t, name+": fit", back.Fit, s.Fit, 0)
		near(t, name+": kernel", back.Kernel(), s.Kernel(), 1e-14)
		if len(back.Parts) != len(s.Parts) {
			t.Fatalf("%s: %d parts became %d", name, len(s.Parts), len(back.Parts))
		}
		for i, part := range s.Parts {
			if b := back.Parts[i]; part.Structure != b.Structure || part.Layer != b.Layer {
				t.Errorf("%s: part %d became %d, %s", name, i, b.Layer, b.Structure)
			}
		}
		if p.gram != nil {
			continue
		}
		_, d := p.matrix().Dims()
		x, z := randomMatrix(src, 4, d), randomMatrix(src, 2, d)
		for _, f := range []func(s *Solution) (*mat.Dense, error){
			func(s *Solution) (*mat.Dense, error) { return s.Predict(x) },
			func(s *Solution) (*mat.Dense, error) { return s.CrossKernel(z, x) },
		} {
			want, err := f(s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := f(back)
			if err != nil {
				t.Fatal(err)
			}
			near(t, name, got, want, 1e-14)
		}
		// A solution read back is a start as good as the one that was written.
		if p.set.restarts <= 0 && p.set.lambdaSteps == 0 {
			a, b := mustSolve(t, p.WarmStart(s)), mustSolve(t, p.WarmStart(back))
			nearVector(t, name+": warm start", b.Beta, a.Beta, 0)
		}
	}
}

// matrix is what the inputs of the problem look like.
func (p *Problem) matrix() mat.Matrix {
	if p.net != nil {
		return p.x
	}
	return p.features
}

func TestGobKeepsWhatInterruptedSolvesGive(t *testing.T) {
	p := layeredProblem(t)
	s, _ := p.MaxIterations(2).Solve()
	warm, _ := p.WarmStart(s).MaxIterations(2).Solve()
	for _, s := range []*Solution{s, warm} {
		back := roundTrip(t, s)
		if back.Fingerprint() != s.Fingerprint() || back.Stopped != s.Stopped || back.Stationarity != s.Stationarity {
			t.Errorf("%v became %v", s, back)
		}
		// Twice there and back changes nothing more.
		if again := roundTrip(t, back); again.Fingerprint() != s.Fingerprint() {
			t.Error("another fingerprint the second time")
		}
	}
}

func TestGobRefuses(t *testing.T) {
	custom, err := penalty.Custom("quartic", func(s float64) float64 { d := s - 1; return d*d + d*d*d*d })
	if err != nil {
		t.Fatal(err)
	}
	p := FromFeatures(eye(3)).Targets(mat.NewDense(3, 1, []float64{1, 2, 3}))
	s := mustSolve(t, p.Diagonal(custom))
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err == nil || !strings.Contains(err.Error(), "atf: a solution cannot be written") {
		t.Errorf("a function was written: %v", err)
	}
	data, err := mustSolve(t, p).GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, []byte("nonsense"), data[:len(data)/2]} {
		if err := new(Solution).GobDecode(bad); err == nil {
			t.Errorf("%d bytes of nonsense were read", len(bad))
		}
	}
	// The form before this one had no number in front, and neither θ nor parts.
	var former bytes.Buffer
	if err := gob.NewEncoder(&former).Encode(struct {
		Problem      wireProblem
		Coef         []float64
		Multiplier   []float64
		Fit          *mat.Dense
		Certificates Certificates
	}{p.wire(), s.coef, s.Multiplier, s.Fit, s.Certificates}); err != nil {
		t.Fatal(err)
	}
	if err := new(Solution).GobDecode(former.Bytes()); err == nil || !strings.Contains(err.Error(), "another version") || !strings.Contains(err.Error(), "solve again") {
		t.Errorf("data of the former form: %v", err)
	}
}

// A solution read back makes its features when they are first needed, once and
// for any number of goroutines, and says why where it cannot.
func TestGobRebuildsWhatIsAskedFor(t *testing.T) {
	s := mustSolve(t, layeredProblem(t))
	want := s.Kernel()
	back := roundTrip(t, s)
	if back.inputs.sys != nil {
		t.Error("features were computed in reading")
	}
	x := randomMatrix(source2(104, 1), 3, back.problem.x.RawMatrix().Cols)
	for l := range 2 {
		if _, err := back.SingularValues(l); err != nil {
			t.Error(err)
		}
	}
	for _, err := range []error{
		func() error { _, err := back.Predict(x); return err }(),
		func() error { _, err := back.KernelAt(x); return err }(),
		func() error { _, err := back.LayerKernelAt(1, x); return err }(),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if back.inputs.sys != nil {
		t.Error("features at the problem's inputs were computed for other ones")
	}
	t.Run("too little memory", func(t *testing.T) {
		t.Setenv("ATF_MEMORY", "1kB")
		panics(t, func() { back.Kernel() }, "budget")
		if err := back.Ready(); !errors.As(err, new(*MemoryError)) {
			t.Errorf("Ready with 1 kB: %v", err)
		}
	})
	if err := s.Ready(); err != nil {
		t.Errorf("a solution of Solve is not ready: %v", err)
	}
	got := make([]*kernel.Gram, 4)
	var wait sync.WaitGroup
	for i := range got {
		wait.Go(func() { got[i] = back.Kernel() })
	}
	wait.Wait()
	for _, k := range got {
		near(t, "kernel", k, want, 1e-14)
	}
	for i, part := range back.Parts {
		near(t, "A", part.A.Dense(), s.Parts[i].A.Dense(), 0)
		near(t, "B", part.B.Dense(), s.Parts[i].B.Dense(), 0)
		nearVector(t, "singular values", part.SingularValues, s.Parts[i].SingularValues, 0)
		if part.SingularValues != nil { // a matrix, not the biases
			near(t, "β", part.Beta, s.Parts[i].Beta, 0)
		}
		if part.Omega != s.Parts[i].Omega || part.Effective != s.Parts[i].Effective {
			t.Error("Ω(M) or Ω̃(β) changed")
		}
	}
}

// BenchmarkGobDecode is what a notebook cell pays for a solution in its cache:
// the network of Figure 1 with 500 inputs.
func BenchmarkGobDecode(b *testing.B) {
	net, set := figureOne(b, 500)
	s, err := Tangent(net, set.X).Targets(set.Y).Layerwise(penalty.Squared(1)).MaxIterations(2).Solve()
	if s == nil {
		b.Fatal(err)
	}
	data, err := s.GobEncode()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(data))/1e6, "MB")
	b.ReportAllocs()
	for b.Loop() {
		if err := new(Solution).GobDecode(data); err != nil {
			b.Fatal(err)
		}
	}
}

// Whatever the solution depends on is in the fingerprint; what belongs to one
// run is not.
func TestFingerprint(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 4, 2).Tanh().UniformBias().Seed(14))
	other := mustNet(t, nn.MLP(3, 4, 2).Tanh().UniformBias().Seed(15))
	src := source2(103, 1)
	x, y := randomMatrix(src, 4, 3), oneHot(4, 2)
	x2, y2 := mat.DenseCopyOf(x), mat.DenseCopyOf(y)
	x2.Set(0, 0, 0)
	y2.SetRow(0, []float64{0, 1})
	w, v := penalty.Squared(0.1), penalty.Squared(0.2)
	p := Tangent(net, x).Targets(y)
	g := randomMatrix(src, 4, 12)
	f := FromFeatures(g).Targets(mat.NewDense(4, 1, nil))
	first, second := mustSolve(t, p), mustSolve(t, p.Ridge(1))
	seen := map[string]string{}
	for name, q := range map[string]*Problem{
		"plain": p, "network": Tangent(other, x).Targets(y), "inputs": Tangent(net, x2).Targets(y), "targets": p.Targets(y2), "residuals": p.Residuals(y),
		"unstructured": p.Unstructured(w), "penalty": p.Unstructured(v), "family": p.Unstructured(penalty.Absolute(0.1)),
		"diagonal": p.Diagonal(w), "blocks": p.Blocks(w, []int{0, 1}), "other blocks": p.Blocks(w, []int{0, 2}), "two blocks": p.Blocks(w, []int{0}, []int{1}),
		"layerwise": p.Layerwise(w), "sides": p.LayerwiseSides(w, v), "sides turned": p.LayerwiseSides(v, w), "homogeneous": p.Layerwise(w).Homogeneous(),
		"layer": p.Layer(0, TwoSided(w, w)), "other layer": p.Layer(1, TwoSided(w, w)), "frozen": p.Layer(0, Frozen()), "one side": p.Layer(0, OneSided(w)),
		"ridge": p.Ridge(1), "other ridge": p.Ridge(2), "softmax": p.Softmax(1),
		"tolerance": p.Tolerance(1e-3), "iterations": p.MaxIterations(7), "restarts": p.Restarts(1, 1), "seed": p.Restarts(1, 2),
		"continuation": p.Continuation(2, 2), "steps": p.Continuation(2, 3), "from": p.Continuation(3, 2), "alternation": p.Alternation(),
		"warm": p.WarmStart(first), "warm from another": p.WarmStart(second),
		"features": f, "matrices": f.Matrices(Shape{3, 4}), "other matrices": f.Matrices(Shape{4, 3}), "outputs": FromFeatures(g).WithOutputs(2).Targets(mat.NewDense(2, 2, nil)),
		"gram": FromGram(kernel.NewGram(4, 1, product(g, g.T()).RawMatrix().Data)).Targets(mat.NewDense(4, 1, nil)),
	} {
		key := q.Fingerprint()
		if twin, taken := seen[key]; taken {
			t.Errorf("%s and %s have the same fingerprint", name, twin)
		}
		seen[key] = name
	}
	same := p.Memory(1 << 40).Progress(func(Report) {}).Context(t.Context()).Fixed().Interpolate()
	if same.Fingerprint() != p.Fingerprint() || same.Layerwise(w).Fixed().Fingerprint() != p.Fingerprint() {
		t.Error("settings that change no number change the fingerprint")
	}
	if first.Fingerprint() == second.Fingerprint() || first.Fingerprint() == p.Fingerprint() {
		t.Error("a solution has the fingerprint of another thing")
	}
}
