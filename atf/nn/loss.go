package nn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Loss measures the outputs f of a batch against its targets y, both n × C.
// MSE, Logistic and SoftmaxCrossEntropy are given; a type of the caller's own
// may be trained with too. Names must differ where losses do: fingerprints use
// them.
type Loss interface {
	// Name is the loss's name in histories and fingerprints.
	Name() string
	// Check reports targets that the loss does not take, with their place.
	Check(y blas64.General) error
	// Value is the mean loss of the batch.
	Value(f, y blas64.General) float64
	// Signal writes ∂Value/∂f to dst (n × C) and returns Value.
	Signal(dst, f, y blas64.General) float64
}

// The losses.
var (
	// MSE is the mean over examples and outputs of the squared difference,
	// (1/nC) Σ_ic (f_ic − y_ic)², without a factor ½; its derivative by f_ic is
	// 2(f_ic − y_ic)/(nC). This is what PyTorch's MSELoss computes.
	MSE Loss = mse{}
	// Logistic is the mean over examples and outputs of log(1 + exp(−y f)) for
	// targets y = ±1.
	Logistic Loss = logistic{}
	// SoftmaxCrossEntropy is the mean over examples of −Σ_c y_c log p_c with
	// p = softmax(f), for at least two outputs. A row of targets is one-hot or
	// any distribution: entries ≥ 0 with sum 1 (to 1e-9).
	SoftmaxCrossEntropy Loss = softmax{}
)

type mse struct{}

func (mse) Name() string                 { return "mse" }
func (mse) Check(y blas64.General) error { return nil }

func (l mse) Value(f, y blas64.General) float64 { return l.Signal(blas64.General{}, f, y) }

func (mse) Signal(dst, f, y blas64.General) float64 {
	checkBatch(dst, f, y)
	scale := 1 / float64(f.Rows*f.Cols)
	sum := 0.0
	for i := range f.Rows {
		fi, yi, di := rows(dst, f, y, i)
		for c, v := range fi {
			e := v - yi[c]
			sum += e * e
			if di != nil {
				di[c] = 2 * scale * e
			}
		}
	}
	return sum * scale
}

type logistic struct{}

func (logistic) Name() string { return "logistic" }

func (logistic) Check(y blas64.General) error {
	for i := range y.Rows {
		for c, v := range y.Data[i*y.Stride : i*y.Stride+y.Cols] {
			if v != 1 && v != -1 {
				return fmt.Errorf("nn: the logistic loss needs targets of −1 or 1: row %d, column %d (counted from 0) holds %v", i, c, v)
			}
		}
	}
	return nil
}

func (l logistic) Value(f, y blas64.General) float64 { return l.Signal(blas64.General{}, f, y) }

func (logistic) Signal(dst, f, y blas64.General) float64 {
	checkBatch(dst, f, y)
	scale := 1 / float64(f.Rows*f.Cols)
	sum := 0.0
	for i := range f.Rows {
		fi, yi, di := rows(dst, f, y, i)
		for c, v := range fi {
			// e = exp(−|z|) never overflows.
			z := v * yi[c]
			e := math.Exp(-math.Abs(z))
			sum += max(-z, 0) + math.Log1p(e)
			if di != nil {
				p := 1 / (1 + e) // probability of the wrong sign
				if z > 0 {
					p = e / (1 + e)
				}
				di[c] = -scale * yi[c] * p
			}
		}
	}
	return sum * scale
}

type softmax struct{}

func (softmax) Name() string { return "softmax cross-entropy" }

func (softmax) Check(y blas64.General) error {
	if y.Cols < 2 {
		return fmt.Errorf("nn: softmax cross-entropy needs at least two outputs, not %d: take the logistic loss for one", y.Cols)
	}
	for i := range y.Rows {
		sum := 0.0
		for c, v := range y.Data[i*y.Stride : i*y.Stride+y.Cols] {
			if !(v >= 0) {
				return fmt.Errorf("nn: softmax cross-entropy needs targets ≥ 0: row %d, column %d (counted from 0) holds %v", i, c, v)
			}
			sum += v
		}
		if !(math.Abs(sum-1) <= 1e-9) {
			return fmt.Errorf("nn: softmax cross-entropy needs target rows of sum 1, such as one-hot ones: row %d, counted from 0, has sum %v", i, sum)
		}
	}
	return nil
}

func (l softmax) Value(f, y blas64.General) float64 { return l.Signal(blas64.General{}, f, y) }

func (softmax) Signal(dst, f, y blas64.General) float64 {
	checkBatch(dst, f, y)
	scale := 1 / float64(f.Rows)
	sum := 0.0
	for i := range f.Rows {
		fi, yi, di := rows(dst, f, y, i)
		top := math.Inf(-1)
		for _, v := range fi {
			top = max(top, v)
		}
		z := 0.0
		for _, v := range fi {
			z += math.Exp(v - top)
		}
		logZ := math.Log(z)
		for c, v := range fi {
			if yi[c] != 0 {
				sum += yi[c] * (logZ - (v - top))
			}
			if di != nil {
				di[c] = scale * (math.Exp(v-top)/z - yi[c])
			}
		}
	}
	return sum * scale
}

func rows(dst, f, y blas64.General, i int) (fi, yi, di []float64) {
	fi, yi = f.Data[i*f.Stride:i*f.Stride+f.Cols], y.Data[i*y.Stride:i*y.Stride+f.Cols]
	if dst.Rows > 0 {
		di = dst.Data[i*dst.Stride : i*dst.Stride+f.Cols]
	}
	return fi, yi, di
}

func checkBatch(dst, f, y blas64.General) {
	if f.Rows != y.Rows || f.Cols != y.Cols {
		panic(fmt.Sprintf("nn: the outputs are %d × %d, the targets %d × %d", f.Rows, f.Cols, y.Rows, y.Cols))
	}
	if dst.Rows != 0 && (dst.Rows != f.Rows || dst.Cols != f.Cols) {
		panic(fmt.Sprintf("nn: the outputs are %d × %d, their signal %d × %d", f.Rows, f.Cols, dst.Rows, dst.Cols))
	}
}

// ErrorRate is the share of examples whose outputs f (n × C) decide otherwise
// than the targets y: by the sign for C = 1 (an output of 0 decides nothing
// and is wrong), by the largest entry, the first of equals, for more.
//
// It is an error when the shapes differ, when there are no examples, and when an
// entry of f or y is NaN or infinite: such an output decides nothing, and the
// share of wrong decisions would say nothing of it.
func ErrorRate(f, y mat.Matrix) (float64, error) {
	n, c := f.Dims()
	if ny, cy := y.Dims(); ny != n || cy != c {
		return 0, fmt.Errorf("nn: the error rate of outputs of %d × %d against targets of %d × %d: both must have one row an example and one column an output", n, c, ny, cy)
	}
	if n == 0 || c == 0 {
		return 0, fmt.Errorf("nn: the error rate of %d × %d outputs: there are no examples to decide on", n, c)
	}
	if err := linalg.Finite("nn: the matrix of outputs", linalg.General(f)); err != nil {
		return 0, err
	}
	if err := linalg.Finite("nn: the matrix of targets", linalg.General(y)); err != nil {
		return 0, err
	}
	return errorRate(f, y), nil
}

// errorRate is ErrorRate of finite matrices of like shape.
func errorRate(f, y mat.Matrix) float64 {
	n, c := f.Dims()
	wrong := 0
	for i := range n {
		if c == 1 {
			if !(f.At(i, 0)*y.At(i, 0) > 0) {
				wrong++
			}
			continue
		}
		a, b := 0, 0
		for j := 1; j < c; j++ {
			if f.At(i, j) > f.At(i, a) {
				a = j
			}
			if y.At(i, j) > y.At(i, b) {
				b = j
			}
		}
		if a != b {
			wrong++
		}
	}
	return float64(wrong) / float64(n)
}
