package nn

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// lossCases are outputs and targets for every loss.
func lossCases() map[Loss][2]*mat.Dense {
	signs := mat.NewDense(4, 3, nil)
	signs.Apply(func(i, j int, _ float64) float64 { return float64(2*((i+j)%2) - 1) }, signs)
	hot := mat.NewDense(4, 3, []float64{1, 0, 0, 0, 0, 1, 0, 1, 0, 0.25, 0.25, 0.5})
	return map[Loss][2]*mat.Dense{
		MSE:                 {normalMatrix(4, 3, 1), normalMatrix(4, 3, 2)},
		Logistic:            {normalMatrix(4, 3, 3), signs},
		SoftmaxCrossEntropy: {normalMatrix(4, 3, 4), hot},
	}
}

func TestLossSignals(t *testing.T) {
	for l, c := range lossCases() {
		f, y := c[0].RawMatrix(), c[1].RawMatrix()
		if err := l.Check(y); err != nil {
			t.Fatal(err)
		}
		s := linalg.New(4, 3)
		if v := l.Signal(s, f, y); v != l.Value(f, y) {
			t.Errorf("%s: Signal returns %v, Value %v", l.Name(), v, l.Value(f, y))
		}
		const h = 1e-6
		for k, v := range f.Data {
			f.Data[k] = v + h
			up := l.Value(f, y)
			f.Data[k] = v - h
			down := l.Value(f, y)
			f.Data[k] = v
			if want := (up - down) / (2 * h); math.Abs(s.Data[k]-want) > 1e-9 {
				t.Errorf("%s: the signal of entry %d is %v, differences give %v", l.Name(), k, s.Data[k], want)
			}
		}
	}
}

// TestLossGradients goes from each loss to the parameters.
func TestLossGradients(t *testing.T) {
	x := normalMatrix(4, 5, 9)
	for l, c := range lossCases() {
		y := c[1].RawMatrix()
		for _, n := range []*Network{
			must(MLP(5, 6, 6, 3).Residual().Seed(1).Build()),
			must(MLP(5, 6, 3).GELU().NTK().Seed(1).Build()),
		} {
			theta, grad, s := n.Params(), make([]float64, n.NumParams()), linalg.New(4, 3)
			r := n.Runner(theta)
			value := func() float64 {
				r.Changed()
				return l.Value(r.Forward(x.RawMatrix()), y)
			}
			l.Signal(s, r.Forward(x.RawMatrix()), y)
			r.Gradient(s, grad)
			const h = 1e-6
			for k, v := range theta {
				theta[k] = v + h
				up := value()
				theta[k] = v - h
				down := value()
				theta[k] = v
				if want := (up - down) / (2 * h); math.Abs(grad[k]-want) > 1e-8 {
					t.Errorf("%s of %v: the derivative by parameter %d is %v, differences give %v", l.Name(), n, k, grad[k], want)
				}
			}
		}
	}
}

// TestLossAgainstDefinition writes each loss as its documentation does.
func TestLossAgainstDefinition(t *testing.T) {
	for l, c := range lossCases() {
		f, y := c[0], c[1]
		want := 0.0
		for i := range 4 {
			z := 0.0
			for j := range 3 {
				z += math.Exp(f.At(i, j))
			}
			for j := range 3 {
				switch l {
				case MSE:
					want += math.Pow(f.At(i, j)-y.At(i, j), 2) / 12
				case Logistic:
					want += math.Log(1+math.Exp(-f.At(i, j)*y.At(i, j))) / 12
				default:
					want -= y.At(i, j) * math.Log(math.Exp(f.At(i, j))/z) / 4
				}
			}
		}
		if got := l.Value(f.RawMatrix(), y.RawMatrix()); math.Abs(got-want) > 1e-14 {
			t.Errorf("%s is %v, want %v", l.Name(), got, want)
		}
	}
}

// TestLossesFarOut holds that large outputs do not overflow, and that what is
// not finite shows.
func TestLossesFarOut(t *testing.T) {
	one := func(v ...float64) blas64.General {
		return blas64.General{Rows: 1, Cols: len(v), Stride: len(v), Data: v}
	}
	s := linalg.New(1, 1)
	for z, want := range map[float64]float64{800: 0, -800: 800} {
		if v := Logistic.Signal(s, one(z), one(1)); v != want || !finite(s.Data[0]) {
			t.Errorf("logistic loss at %v is %v with signal %v", z, v, s.Data[0])
		}
	}
	s = linalg.New(1, 2)
	if v := SoftmaxCrossEntropy.Signal(s, one(900, -900), one(0, 1)); v != 1800 || s.Data[0] != 1 || s.Data[1] != -1 {
		t.Errorf("softmax loss %v with signal %v", v, s.Data)
	}
	for _, l := range []Loss{MSE, Logistic} {
		if v := l.Value(one(math.NaN()), one(1)); !math.IsNaN(v) {
			t.Errorf("%s of NaN is %v", l.Name(), v)
		}
	}
	if v := SoftmaxCrossEntropy.Value(one(math.NaN(), 1), one(0, 1)); !math.IsNaN(v) {
		t.Errorf("softmax loss of NaN is %v", v)
	}
}

func TestLossChecks(t *testing.T) {
	m := func(r, c int, v ...float64) blas64.General { return mat.NewDense(r, c, v).RawMatrix() }
	for want, err := range map[string]error{
		"−1 or 1: row 1, column 0 (counted from 0) holds 0": Logistic.Check(m(2, 1, 1, 0)),
		"at least two outputs, not 1":                       SoftmaxCrossEntropy.Check(m(1, 1, 1)),
		"≥ 0: row 0, column 1 (counted from 0) holds -0.5":  SoftmaxCrossEntropy.Check(m(1, 3, 1, -0.5, 0.5)),
		"sum 1, such as one-hot ones: row ":                 SoftmaxCrossEntropy.Check(m(1, 2, 1, 1)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	wantPanic(t, "nn: the outputs are 2 × 1, the targets 1 × 1", func() { MSE.Value(m(2, 1, 1, 1), m(1, 1, 1)) })
	wantPanic(t, "nn: the outputs are 1 × 1, their signal 1 × 2", func() { MSE.Signal(m(1, 2, 1, 1), m(1, 1, 1), m(1, 1, 1)) })
}

func TestErrorRate(t *testing.T) {
	if r := must(ErrorRate(mat.NewDense(4, 1, []float64{2, -1, 0, -3}), mat.NewDense(4, 1, []float64{1, 1, 1, -1}))); r != 0.5 {
		t.Errorf("error by signs %v, want 0.5", r)
	}
	f := mat.NewDense(3, 3, []float64{0, 2, 1, 5, 5, 0, 1, 2, 3})
	y := mat.NewDense(3, 3, []float64{0, 1, 0, 1, 0, 0, 1, 0, 0})
	if r := must(ErrorRate(f, y)); r != 1./3 {
		t.Errorf("error by the largest entry %v, want ⅓", r)
	}
	nan, inf := mat.DenseCopyOf(f), mat.DenseCopyOf(y)
	nan.Set(1, 2, math.NaN())
	inf.Set(2, 0, math.Inf(1))
	for want, pair := range map[string][2]mat.Matrix{
		"outputs of 3 × 3 against targets of 3 × 1":           {f, mat.NewDense(3, 1, nil)},
		"there are no examples":                               {&mat.Dense{}, &mat.Dense{}},
		"the matrix of outputs holds NaN at row 1, column 2":  {nan, y},
		"the matrix of targets holds +Inf at row 2, column 0": {f, inf},
	} {
		if _, err := ErrorRate(pair[0], pair[1]); !contains(err, want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
