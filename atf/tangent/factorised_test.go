package tangent

import (
	"bytes"
	"encoding/gob"
	"math"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

func factorised(t testing.TB, net *nn.Network) *FactorisedModel {
	t.Helper()
	m, err := Factorised(net)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// movedFactors are factors away from the start.
func movedFactors(m *FactorisedModel) []float64 {
	theta := m.Params()
	for i := range theta {
		theta[i] += 0.3 * math.Sin(float64(i))
	}
	return theta
}

// few and many rows, of which a step on the networks of helper_test goes example
// by example and through A Δ Bᵀ.
const few, many = 2, 40

func bothWays(t *testing.T, name string, m *FactorisedModel) {
	t.Helper()
	if !m.byExample(few) || m.byExample(many) {
		t.Fatalf("%s: %d and %d rows do not try both ways", name, few, many)
	}
}

// gradientOf is the derivative of Σ signal·output by the factors.
func gradientOf(m *FactorisedModel, theta []float64, x, signal *mat.Dense) (out *mat.Dense, grad []float64) {
	r := m.Runner(theta)
	f := r.Forward(x.RawMatrix())
	out = mat.NewDense(f.Rows, f.Cols, append([]float64(nil), f.Data[:f.Rows*f.Cols]...))
	grad = make([]float64, len(theta))
	for i := range grad {
		grad[i] = math.NaN() // every entry must be written
	}
	r.Gradient(signal.RawMatrix(), grad)
	return out, grad
}

// Outputs and gradients are those of the features written out and of A Δ Bᵀ
// multiplied out, layer by layer.
func TestFactorisedModelEqualsItsFeatures(t *testing.T) {
	for name, net := range networks(t) {
		m := factorised(t, net)
		if !strings.Contains(name, "linear") { // too small to have two ways
			bothWays(t, name, m)
		}
		theta := movedFactors(m)
		for _, n := range []int{few, many} {
			x, signal := gaussian(n, 5, 1), gaussian(n, net.Outputs(), 2)
			j := explicit(t, features(t, net, x))
			var g mat.Dense
			g.Mul(j.T(), mat.NewDense(n*net.Outputs(), 1, signal.RawMatrix().Data))
			step, want, at := make([]float64, net.NumParams()), make([]float64, m.NumParams()), 0
			for k, l := range net.ParamLayers() {
				a, delta, b, bias := m.Factors(theta, k)
				out, in := delta.Dims()
				w0, b0 := net.Offsets(l)
				var product mat.Dense
				product.Product(a, delta, b.T())
				copy(step[w0:], product.RawMatrix().Data)
				by := mat.NewDense(out, in, g.RawMatrix().Data[w0:w0+out*in])
				var da, dDelta, db mat.Dense
				da.Product(by, b, delta.T())
				dDelta.Product(a.T(), by, b)
				db.Product(by.T(), a, delta)
				var dBias mat.Dense
				if bias != nil {
					v := mat.NewDense(out, 1, bias)
					var moved, outer mat.Dense
					moved.Mul(a, v)
					copy(step[b0:], moved.RawMatrix().Data)
					byBias := mat.NewDense(out, 1, g.RawMatrix().Data[b0:b0+out])
					outer.Mul(byBias, v.T())
					da.Add(&da, &outer)
					dBias.Mul(a.T(), byBias)
				}
				for _, part := range []*mat.Dense{&da, &dDelta, &db, &dBias} {
					if !part.IsEmpty() {
						at += copy(want[at:], part.RawMatrix().Data)
					}
				}
			}
			if at != m.NumParams() {
				t.Fatalf("%s: factors of %d numbers, the model has %d", name, at, m.NumParams())
			}
			row := func(v []float64) *mat.Dense { return mat.NewDense(1, len(v), v) }
			within(t, name+": deviation", row(m.Deviation(theta)), row(step), 1e-13)
			var outputs mat.Dense
			outputs.Mul(j, mat.NewDense(len(step), 1, step))
			shaped := mat.NewDense(n, net.Outputs(), outputs.RawMatrix().Data)
			shaped.Add(shaped, net.Predict(x))
			got, grad := gradientOf(m, theta, x, signal)
			within(t, name+": outputs", got, shaped, 1e-12)
			within(t, name+": gradient", row(grad), row(want), 1e-12)
			predicted, err := m.Predict(theta, x)
			if err != nil {
				t.Fatal(err)
			}
			within(t, name+": Predict", predicted, shaped, 1e-12)
		}
	}
}

// The gradient of every loss is the difference quotient of its value.
func TestFactorisedModelGradient(t *testing.T) {
	one, two := build(t, nn.MLP(5, 6, 4, 1).GELU().Seed(1)), build(t, nn.MLP(5, 6, 6, 2).NTK().NormalBias(0.5).Residual().Seed(2))
	for _, n := range []int{few, many} {
		x, signs, classes := gaussian(n, 5, 1), mat.NewDense(n, 1, nil), mat.NewDense(n, 2, nil)
		for i := range n {
			signs.Set(i, 0, float64(1-i%2*2))
			classes.Set(i, i%2, 1)
		}
		for _, c := range []struct {
			loss nn.Loss
			net  *nn.Network
			y    *mat.Dense
		}{{nn.MSE, two, gaussian(n, 2, 3)}, {nn.Logistic, one, signs}, {nn.SoftmaxCrossEntropy, two, classes}} {
			m := factorised(t, c.net)
			bothWays(t, c.loss.Name(), m)
			theta := movedFactors(m)
			r := m.Runner(theta)
			value := func(at []float64) float64 {
				copy(theta, at)
				r.Changed()
				return c.loss.Value(r.Forward(x.RawMatrix()), c.y.RawMatrix())
			}
			want := fd.Gradient(nil, value, movedFactors(m), &fd.Settings{Formula: fd.Central})
			value(movedFactors(m))
			signal := mat.NewDense(n, c.net.Outputs(), nil)
			c.loss.Signal(signal.RawMatrix(), r.Forward(x.RawMatrix()), c.y.RawMatrix())
			got := make([]float64, len(theta))
			r.Gradient(signal.RawMatrix(), got)
			within(t, c.loss.Name(), mat.NewDense(1, len(got), got), mat.NewDense(1, len(want), want), 1e-7)
		}
	}
}

// At the start the model is the network, and its first step is that of the
// linear model: only Δ and b' move.
func TestFactorisedModelBeginsAsTheLinearOne(t *testing.T) {
	net := build(t, nn.MLP(5, 6, 4, 3).Seed(1))
	m := factorised(t, net)
	x, signal := gaussian(few, 5, 1), gaussian(few, 3, 2)
	out, grad := gradientOf(m, m.Params(), x, signal)
	within(t, "outputs", out, net.Predict(x), 1e-15)
	r, want := Linear(net).Runner(net.Params()), make([]float64, net.NumParams())
	r.Forward(x.RawMatrix())
	r.Gradient(signal.RawMatrix(), want)
	for k, l := range net.ParamLayers() {
		a, delta, b, bias := m.Factors(grad, k)
		if mat.Norm(a, 2) != 0 || mat.Norm(b, 2) != 0 {
			t.Errorf("layer %d: A or B has a gradient at the start", l)
		}
		w0, b0 := net.Offsets(l)
		within(t, "Δ", mat.NewDense(1, b0-w0, delta.RawMatrix().Data), mat.NewDense(1, b0-w0, want[w0:b0]), 1e-14)
		within(t, "b'", mat.NewDense(1, len(bias), bias), mat.NewDense(1, len(bias), want[b0:b0+len(bias)]), 1e-14)
	}
}

// Under gradient flow AᵀA − ΔΔᵀ − b'b'ᵀ and BᵀB − ΔᵀΔ stay what they are at the
// start, I (Arora, Cohen and Hazan, 2018, for products of matrices): with steps
// of gradient descent, to the order of the rate.
func TestFactorisedModelStaysBalanced(t *testing.T) {
	net := build(t, nn.MLP(4, 7, 5, 2).Tanh().Seed(1))
	m := factorised(t, net)
	x, y := gaussian(20, 4, 1), gaussian(20, 2, 3)
	var off [2]float64
	for i, rate := range []float64{0.02, 0.01} {
		h, err := nn.Train(m).GradientDescent(rate).Epochs(int(4/rate)).Context(t.Context()).Fit(x, y)
		if err != nil {
			t.Fatal(err)
		}
		if h.FinalLoss() > 0.8*h.Loss[0] || len(h.Params) != m.NumParams() {
			t.Errorf("rate %v: the loss goes from %.3g to %.3g", rate, h.Loss[0], h.FinalLoss())
		}
		for l := range net.ParamLayers() {
			a, delta, b, bias := m.Factors(h.Params, l)
			out, in := delta.Dims()
			both := mat.NewDense(out, in+1, nil)
			both.Augment(delta, mat.NewDense(out, 1, bias))
			off[i] = max(off[i], imbalance(a, both), imbalance(b, mat.DenseCopyOf(delta.T())))
			if mat.Norm(delta, 2) < 0.1 {
				t.Errorf("rate %v: Δ of layer %d does not move", rate, l)
			}
		}
	}
	if off[0] > 0.05 || off[1] > 0.6*off[0] {
		t.Errorf("out of balance by %.3g at the rate 0.02, %.3g at half of it", off[0], off[1])
	}
}

// imbalance is ‖FᵀF − CCᵀ − I‖.
func imbalance(f, c *mat.Dense) float64 {
	var left, right mat.Dense
	left.Mul(f.T(), f)
	right.Mul(c, c.T())
	left.Sub(&left, &right)
	n, _ := left.Dims()
	for i := range n {
		left.Set(i, i, left.At(i, i)-1)
	}
	return mat.Norm(&left, 2)
}

// The same numbers for any GOMAXPROCS, in both ways of a step.
func TestFactorisedModelForAnyProcessors(t *testing.T) {
	net := build(t, nn.MLP(60, 50, 40, 3).Seed(1))
	m := factorised(t, net)
	for _, batch := range []int{20, 200} {
		x, y := gaussian(200, 60, 1), gaussian(200, 3, 2)
		fit := func(procs int) *mat.Dense {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			h, err := nn.Train(m).SGD(0.01).Momentum(0.9).Batch(batch).Epochs(3).Validate(x, y).Context(t.Context()).Fit(x, y)
			if err != nil {
				t.Fatal(err)
			}
			return mat.NewDense(1, len(h.Params), h.Params)
		}
		sameBits(t, "factors", fit(3), fit(1))
	}
}

func TestFactorisedModelGobAndFingerprint(t *testing.T) {
	net := build(t, nn.MLP(5, 6, 2).Seed(1))
	m := factorised(t, net)
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(m); err != nil {
		t.Fatal(err)
	}
	var read FactorisedModel
	if err := gob.NewDecoder(&b).Decode(&read); err != nil {
		t.Fatal(err)
	}
	x := gaussian(3, 5, 1)
	want, _ := m.Predict(movedFactors(m), x)
	got, err := read.Predict(movedFactors(m), x)
	if err != nil || !mat.Equal(got, want) || read.Fingerprint() != m.Fingerprint() {
		t.Errorf("another model is read: %v", err)
	}
	other := factorised(t, build(t, nn.MLP(5, 6, 2).Seed(2)))
	if f := m.Fingerprint(); f == net.Fingerprint() || f == Linear(net).Fingerprint() || f == other.Fingerprint() {
		t.Error("the fingerprint is another model's")
	}
	if err := read.GobDecode([]byte("damaged")); err == nil || !strings.Contains(err.Error(), "factorised model") {
		t.Errorf("damaged bytes: %v", err)
	}
}

func TestFactorisedModelBadInputs(t *testing.T) {
	m := factorised(t, build(t, nn.MLP(5, 6, 2).Seed(1)))
	if _, err := m.Predict(m.Params(), &mat.Dense{}); err == nil || !strings.Contains(err.Error(), "tangent: ") {
		t.Errorf("no inputs: %v", err)
	}
	if _, err := m.Predict(m.Params(), mat.NewDense(1, 5, []float64{0, math.Inf(1), 0, 0, 0})); err == nil || !strings.Contains(err.Error(), "column 1") {
		t.Errorf("an infinite input: %v", err)
	}
	if _, err := m.Predict(make([]float64, 3), gaussian(1, 5, 1)); err == nil || !strings.Contains(err.Error(), "3 numbers, the factors have ") {
		t.Errorf("three parameters: %v", err)
	}
	if _, err := m.Predict(m.Params(), gaussian(1, 4, 1)); err == nil || !strings.Contains(err.Error(), "the network reads 5 numbers") {
		t.Errorf("inputs of four numbers: %v", err)
	}
	x := gaussian(20, 5, 1)
	t.Setenv("ATF_MEMORY", "10kB")
	if _, err := nn.Train(m).Fit(x, gaussian(20, 2, 2)); err == nil || !strings.Contains(err.Error(), "smaller batches") {
		t.Errorf("memory: %v", err)
	}
	panics(t, map[string]func(){
		"vector of 3 numbers":      func() { m.Runner(make([]float64, 3)) },
		"tangent: vector of 3":     func() { m.Deviation(make([]float64, 3)) },
		"vector of 3 numbers, the": func() { m.Factors(make([]float64, 3), 0) },
		"Factors of layer 2 of 2":  func() { m.Factors(m.Params(), 2) },
	})
}
