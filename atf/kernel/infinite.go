package kernel

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Infinite describes a dense ReLU network of infinite width with one output:
// the lazy reference for the kernels of finite networks. Layers are
//
//	a_l = W_l h_{l−1} + b_l,  h_l = max(a_l, 0),  l = 1 … L + 1,
//
// with L hidden layers, weights of variance σ_w²/fan_in, biases of variance
// σ_b², and no ReLU on the last. Setters return the receiver's copy with a
// change, and carry a mistake to the call that computes a kernel.
//
// With Λ_0(x, x') = x·x'/d and, from the bivariate normal with covariance
// Σ_l = σ_w² Λ_{l−1} + σ_b²,
//
//	Λ_l = E[φ(u) φ(v)]    Λ̇_l = E[φ'(u) φ'(v)],
//
// which for the ReLU are the arc-cosine kernels of Cho & Saul (NIPS 2009), the
// NNGP kernel is Σ_{L+1}, and the NTK (Jacot et al., NeurIPS 2018)
//
//	Θ = Σ_l T_l · Π_{m=l…L} σ_w² Λ̇_m,  T_l the kernel of layer l's own features.
//
// For several outputs the kernel is that of one output times the identity:
// give one-output kernels to a regression with several targets, or see
// Replicate.
type Infinite struct {
	depth    int
	weight   float64
	bias     float64
	biased   bool
	standard bool
	widths   []int
	err      error
}

// InfiniteReLU describes a ReLU network with depth hidden layers, by default
// with weight variance σ_w² = 2 (He), no biases, in the NTK parametrisation.
// Depth 0 is the linear model. A negative depth is an error of the call that
// computes a kernel.
func InfiniteReLU(depth int) Infinite {
	w := Infinite{depth: depth, weight: 2}
	if depth < 0 {
		w.err = fmt.Errorf("kernel: an infinite network of %d hidden layers: the depth must not be negative", depth)
	}
	return w
}

// WeightVariance sets σ_w², the variance of the weights times their fan-in:
// positive. Default 2.
func (w Infinite) WeightVariance(v float64) Infinite {
	if !(v > 0) || math.IsInf(v, 1) {
		w.err = errors.Join(w.err, fmt.Errorf("kernel: a weight variance of %g: it must be positive and finite", v))
	}
	w.weight = v
	return w
}

// BiasVariance gives the network biases of variance σ_b² ≥ 0. Default: no
// biases.
func (w Infinite) BiasVariance(v float64) Infinite {
	if !(v >= 0) || math.IsInf(v, 1) {
		w.err = errors.Join(w.err, fmt.Errorf("kernel: a bias variance of %g: it must be finite and not negative", v))
	}
	w.bias, w.biased = v, true
	return w
}

// NTKParametrization has weights σ_w/√fan_in · ω and biases σ_b · β with ω and
// β standard normal: T_l = σ_w² Λ_{l−1} + σ_b². This is the default, and the
// limit exists as the width grows.
func (w Infinite) NTKParametrization() Infinite {
	w.standard, w.widths = false, nil
	return w
}

// Standard has the weights themselves as parameters, as He and LeCun
// initialisation have: the NTK then grows with the width, and what is computed
// is its leading order for hidden layers of the given widths, T_l = fan_in_l ·
// Λ_{l−1}, plus 1 where there are biases (BiasVariance with 0 for biases that
// start at zero). One width for each hidden layer; the NNGP kernel does not
// depend on them.
func (w Infinite) Standard(widths ...int) Infinite {
	w.standard, w.widths = true, append([]int(nil), widths...)
	for _, v := range widths {
		if v <= 0 {
			w.err = errors.Join(w.err, fmt.Errorf("kernel: a hidden layer of width %d: widths must be positive", v))
		}
	}
	if len(widths) != w.depth {
		w.err = errors.Join(w.err, fmt.Errorf("kernel: %d widths for %d hidden layers: give one width a layer", len(widths), w.depth))
	}
	return w
}

// NTK is the tangent kernel of the inputs x, n × d.
//
// Cost: a product x xᵀ and depth arc cosines an entry; memory for the result
// and one matrix of its size. Entries of nearly parallel inputs are exact to
// about 3e-8, others to rounding. An input of zeros without biases has a kernel
// of zero.
//
// Errors: what the setters found; an empty x; a NaN or infinite input; a kernel
// beyond the memory budget or the range of float64.
func (w Infinite) NTK(x mat.Matrix) (*Gram, error) { return w.gram(x, true) }

// NNGP is the kernel of the outputs at initialisation, Σ_{L+1}, under the
// terms of NTK.
func (w Infinite) NNGP(x mat.Matrix) (*Gram, error) { return w.gram(x, false) }

// CrossNTK is the tangent kernel between m new inputs and n others, m × n, as
// Regression.Predict wants it, under the terms of NTK. Inputs that differ
// in dimension are an error.
func (w Infinite) CrossNTK(xNew, x mat.Matrix) (*mat.Dense, error) { return w.cross(xNew, x, true) }

// CrossNNGP is the NNGP kernel between m new inputs and n others, m × n.
func (w Infinite) CrossNNGP(xNew, x mat.Matrix) (*mat.Dense, error) {
	return w.cross(xNew, x, false)
}

// Fingerprint names the network by its settings.
func (w Infinite) Fingerprint() string {
	return fingerprint.New("kernel.Infinite/1").Int(w.depth).Float(w.weight, w.bias).
		Bool(w.biased).Bool(w.standard).Int(w.widths...).Sum()
}

func (w Infinite) gram(x mat.Matrix, ntk bool) (*Gram, error) {
	k, err := w.compute(x, x, true, ntk)
	if err != nil {
		return nil, err
	}
	return NewGram(k.Rows, 1, k.Data), nil
}

func (w Infinite) cross(xNew, x mat.Matrix, ntk bool) (*mat.Dense, error) {
	k, err := w.compute(xNew, x, false, ntk)
	if err != nil {
		return nil, err
	}
	return mat.NewDense(k.Rows, k.Cols, k.Data), nil
}

func (w Infinite) compute(left, right mat.Matrix, same, ntk bool) (blas64.General, error) {
	var none blas64.General
	if w.err != nil {
		return none, w.err
	}
	ar, ac := left.Dims()
	br, bc := right.Dims()
	if ac != bc || ar == 0 || br == 0 || ac == 0 {
		return none, fmt.Errorf("kernel: an infinite-width kernel between inputs of %d × %d and %d × %d: both need rows, of the same length", ar, ac, br, bc)
	}
	need := 8 * (int64(ar)*int64(br) + int64(br)*int64(bc))
	if err := budget.Check(fmt.Sprintf("kernel: the infinite-width kernel of %d × %d", ar, br), need, 0, "take fewer inputs"); err != nil {
		return none, err
	}
	a, b := dense(left), dense(right)
	for _, v := range []blas64.General{a, b} {
		if err := finite("the inputs", v); err != nil {
			return none, err
		}
	}
	// With the product as stored · stored the same inputs give the same bits
	// wherever they stand.
	bt := linalg.New(b.Cols, b.Rows)
	linalg.Transpose(bt, b)
	k := linalg.New(a.Rows, b.Rows)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1/float64(a.Cols), a, bt, 0, k)
	r := w.recursion(a.Cols)
	var va, vb []float64
	if same {
		diag := make([]float64, a.Rows)
		for i := range diag {
			diag[i] = k.Data[i*k.Stride+i]
		}
		va = r.variances(diag)
		vb = va
	} else {
		va, vb = r.variances(meanSquares(a)), r.variances(meanSquares(b))
	}
	layers := w.depth + 1
	par.For(k.Rows, 1+(1<<10)/k.Cols, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			from := 0
			if same {
				from = i
			}
			out := row(k, i)
			for j := from; j < k.Cols; j++ {
				out[j] = r.entry(out[j], va[i*layers:(i+1)*layers], vb[j*layers:(j+1)*layers], same && i == j, ntk)
			}
		}
	})
	if same {
		linalg.MirrorUpper(k)
	}
	if finite("", k) != nil {
		return none, errors.New("kernel: the infinite-width kernel leaves the range of float64: scale the inputs or the variances")
	}
	return k, nil
}

// meanSquares are the numbers ‖x_i‖²/d.
func meanSquares(x blas64.General) []float64 {
	v := make([]float64, x.Rows)
	f := 1 / float64(x.Cols)
	for i := range v {
		for _, e := range row(x, i) {
			v[i] += f * e * e // in the order of the product, for the same bits
		}
	}
	return v
}
