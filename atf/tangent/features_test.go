package tangent

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// The explicit features are the derivative of the outputs by the parameters.
func TestExplicitIsTheJacobian(t *testing.T) {
	for name, net := range allNetworks(t) {
		x := gaussian(4, net.Inputs(), 1)
		j := explicit(t, features(t, net, x))
		n, c := 4, net.Outputs()
		want := mat.NewDense(n*c, net.NumParams(), nil)
		fd.Jacobian(want, func(y, theta []float64) {
			out := net.At(theta).Predict(x)
			for i := range n {
				copy(y[i*c:], out.RawRowView(i))
			}
		}, net.Params(), &fd.JacobianSettings{Formula: fd.Central, Step: 1e-5})
		if d := distance(j, want); d > 1e-7 {
			t.Errorf("%s: features differ from finite differences by %.3g", name, d)
		}
	}
}

func TestGramEqualsExplicit(t *testing.T) {
	for name, net := range allNetworks(t) {
		x, z := gaussian(7, net.Inputs(), 1), gaussian(3, net.Inputs(), 2)
		for _, biases := range []bool{true, false} {
			f, g := features(t, net, x), features(t, net, z)
			if !biases {
				f, g = f.WithoutBiases(), g.WithoutBiases()
			}
			jf, jg := explicit(t, f), explicit(t, g)
			var want, cross mat.Dense
			want.Mul(jf, jf.T())
			cross.Mul(jf, jg.T())
			k, err := f.Kernel()
			if err != nil {
				t.Fatal(err)
			}
			within(t, name+" Gram", k, &want, 1e-12)
			kc, err := f.CrossKernel(g)
			if err != nil {
				t.Fatal(err)
			}
			within(t, name+" CrossKernel", kc, &cross, 1e-12)

			sum := mat.NewDense(want.RawMatrix().Rows, want.RawMatrix().Rows, nil)
			for l := range f.NumLayers() {
				part, err := f.LayerKernel(l)
				if err != nil {
					t.Fatal(err)
				}
				sum.Add(sum, part)
				places := net.ParamLayers()
				wo, _ := net.Offsets(places[l])
				end := net.NumParams()
				if l+1 < f.NumLayers() {
					end, _ = net.Offsets(places[l+1])
				}
				cols := jf.Slice(0, jf.RawMatrix().Rows, wo, end)
				want.Mul(cols, cols.T())
				within(t, name+" LayerKernel", part, &want, 1e-12)
			}
			within(t, name+" sum of layers", sum, k, 1e-12)
		}
	}
}

func TestWithoutBiasesDropsOnlyThem(t *testing.T) {
	net := build(t, nn.MLP(5, 6, 2).Tanh().UniformBias().Seed(1))
	j := explicit(t, features(t, net, gaussian(4, 5, 1)).WithoutBiases())
	full := explicit(t, features(t, net, gaussian(4, 5, 1)))
	bias := map[int]bool{}
	for l, layer := range net.Layers() {
		_, b := net.Offsets(l)
		for o := range layer.Out {
			bias[b+o] = true
		}
	}
	for p := range net.NumParams() {
		for r := range 8 {
			want := full.At(r, p)
			if bias[p] {
				want = 0
			}
			if j.At(r, p) != want {
				t.Fatalf("parameter %d, row %d: %v, want %v", p, r, j.At(r, p), want)
			}
		}
	}
}

func TestProductsEqualExplicit(t *testing.T) {
	for name, net := range allNetworks(t) {
		x := gaussian(6, net.Inputs(), 1)
		f := features(t, net, x)
		j := explicit(t, f)
		v := gaussian(net.NumParams(), 1, 9)
		u := gaussian(6, net.Outputs(), 8)
		var jv, ju mat.Dense
		jv.Mul(j, v)
		within(t, name+" JVP", f.JVP(v.RawMatrix().Data), mat.NewDense(6, net.Outputs(), jv.RawMatrix().Data), 1e-12)
		ju.Mul(j.T(), mat.NewDense(6*net.Outputs(), 1, u.RawMatrix().Data))
		within(t, name+" VJP", mat.NewDense(net.NumParams(), 1, f.VJP(u)), &ju, 1e-12)
	}
}

// Block size and number of goroutines change nothing.
func TestGramDoesNotDependOnBlocks(t *testing.T) {
	x := gaussian(70, 5, 1)
	for _, c := range []int{1, 3} {
		net := build(t, nn.MLP(5, 40, 33, c).Seed(2))
		f := features(t, net, x)
		want, err := f.Kernel()
		if err != nil {
			t.Fatal(err)
		}
		for _, procs := range []int{1, 2, 5} {
			old := runtime.GOMAXPROCS(procs)
			for _, block := range []int{1, 7, 64, 1000} {
				g := features(t, net, x).Block(block)
				got, err := g.Kernel()
				if err != nil {
					t.Fatal(err)
				}
				sameBits(t, "Gram", got, want)
				cross, err := g.CrossKernel(f)
				if err != nil {
					t.Fatal(err)
				}
				sameBits(t, "CrossKernel of the inputs with themselves", cross, want)
			}
			runtime.GOMAXPROCS(old)
		}
	}
}

func TestErrors(t *testing.T) {
	net := build(t, nn.MLP(5, 6, 2).Seed(1))
	x := gaussian(50, 5, 1)
	x.Set(3, 2, math.NaN())
	if _, err := At(net, x); err == nil || !strings.Contains(err.Error(), "row 3, column 2") {
		t.Errorf("NaN input: %v", err)
	}
	if _, err := At(net, &mat.Dense{}); err == nil {
		t.Error("an empty matrix gave no error")
	}
	f := features(t, net, gaussian(50, 5, 1))
	var tooBig *budget.Error
	if _, err := f.Memory(10_000).Kernel(); !errors.As(err, &tooBig) {
		t.Errorf("Gram beyond the budget: %v", err)
	}
	if _, err := f.Memory(10_000).CrossKernel(f); !errors.As(err, &tooBig) {
		t.Errorf("CrossKernel beyond the budget: %v", err)
	}
	if _, err := f.Memory(10_000).Explicit(); !errors.As(err, &tooBig) {
		t.Errorf("Explicit beyond the budget: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Context(ctx).Kernel(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled Gram: %v", err)
	}
}

// Wrong shapes are errors where the call has one, and panics where it has none;
// both name the shapes.
func TestMistakesNameShapes(t *testing.T) {
	net := build(t, nn.MLP(5, 6, 2).Seed(1))
	wide := gaussian(4, 6, 1)
	f := features(t, net, gaussian(4, 5, 1))
	other := features(t, build(t, nn.MLP(5, 7, 2).Seed(1)), gaussian(4, 5, 1))
	seg := segment(net)
	for name, c := range map[string]struct {
		want string
		call func() error
	}{
		"At":               {"4 × 6", func() error { _, err := At(net, wide); return err }},
		"NTK":              {"4 × 6", func() error { _, err := NTK(net, wide); return err }},
		"Average":          {"4 × 6", func() error { _, err := Along(seg, wide).Average(); return err }},
		"Kernels":          {"4 × 6", func() error { _, err := Along(seg, wide).Kernels(); return err }},
		"LayerKernel":      {"layer 2", func() error { _, err := f.LayerKernel(2); return err }},
		"LayerCrossKernel": {"layer -1", func() error { _, err := f.LayerCrossKernel(f, -1); return err }},
		"Factor":           {"layer 2", func() error { _, err := f.Factor(2); return err }},
		"CrossKernel":      {"5→7", func() error { _, err := f.CrossKernel(other); return err }},
	} {
		if err := c.call(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not name %q", name, err, c.want)
		}
	}
	panics(t, map[string]func(){
		"3 numbers": func() { f.JVP(make([]float64, 3)) },
		"2 × 2":     func() { f.VJP(gaussian(2, 2, 1)) },
		"layer 2":   func() { f.Layer(2) },
	})
}

func TestLinearModel(t *testing.T) {
	net := build(t, nn.MLP(5, 9, 2).Tanh().Seed(1))
	x := gaussian(4, 5, 1)
	theta := net.Params()
	at, err := Linear(net).Predict(theta, x)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "linear model at θ0", at, net.Predict(x), 0)
	// Its error against the network falls with the square of the step.
	gap := func(h float64) float64 {
		moved := net.Params()
		for i := range moved {
			moved[i] += h * math.Sin(float64(i))
		}
		lin, err := Linear(net).Predict(moved, x)
		if err != nil {
			t.Fatal(err)
		}
		var d mat.Dense
		d.Sub(lin, net.At(moved).Predict(x))
		return mat.Norm(&d, 2)
	}
	if ratio := gap(1e-2) / gap(1e-3); ratio < 80 || ratio > 125 {
		t.Errorf("the linear model's error grows by %.3g for a tenfold step, want about 100", ratio)
	}
}

func TestNTKIsTheKernelAtTheParameters(t *testing.T) {
	net, x := build(t, nn.MLP(5, 9, 2).Tanh().Seed(1)), gaussian(4, 5, 1)
	got, err := NTK(net, x)
	if err != nil {
		t.Fatal(err)
	}
	want, err := features(t, net, x).Kernel()
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, "NTK", got, want)
	if _, err := NTK(net, mat.NewDense(1, 5, []float64{1, 2, math.NaN(), 4, 5})); err == nil || !strings.Contains(err.Error(), "tangent: the input matrix holds NaN") {
		t.Errorf("NaN among the inputs: %v", err)
	}
}

// Settings reach the features themselves, and the kernels made of them.
func TestSettingsReachTheFeatures(t *testing.T) {
	net, x := build(t, nn.MLP(5, 90, 90, 2).Seed(1)), gaussian(40, 5, 1)
	var memory *budget.Error
	if _, err := (Settings{Memory: 1000}).At(net, x); !errors.As(err, &memory) || memory.Limit != 1000 || !strings.HasPrefix(err.Error(), "tangent: ") {
		t.Errorf("a budget of 1000 bytes: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	f, err := Settings{Context: ctx, Block: 7}.At(net, x)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := f.Kernel(); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "tangent: ") {
		t.Errorf("a kernel with a cancelled context: %v", err)
	}
	if _, err := (Settings{Context: ctx}).At(net, x); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "tangent: ") {
		t.Errorf("features with a cancelled context: %v", err)
	}
	var last Report
	if _, err := (Settings{Progress: func(r Report) { last = r }}).NTK(net, x); err != nil || last.Done != 3 || last.Total != 3 {
		t.Errorf("the last report is %+v, the error %v", last, err)
	}
}
