package kernel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Regression is a function Σ_i α_i K(·, x_i) fitted to targets. It is read
// only, and round-trips through encoding/gob.
type Regression struct {
	// Method is "ridgeless", "ridge", "pseudo-inverse" or "gradient flow".
	Method string
	// N is the number of examples, Outputs that of the kernel, and Targets the
	// number of columns of a prediction: Outputs, or those of y where a kernel
	// of one output is shared by several targets.
	N, Outputs, Targets int
	// Alpha holds the dual coefficients: nC × 1 in example-major order, or
	// n × Targets for a shared kernel.
	Alpha *mat.Dense
	// Ridge is ρ, 0 when there is none.
	Ridge float64
	// Time is t for gradient flow.
	Time float64
	// Condition is the condition number of K + ρI: estimated in the 1-norm for
	// Cholesky, the ratio of the eigenvalues used for the pseudo-inverse.
	Condition float64
	// Rank is the number of directions of K used.
	Rank int
	// Residual is ‖K α − y‖ / ‖y‖ at the training points; 0 for targets of zero.
	Residual float64
	// SquaredNorm is αᵀKα = ‖β‖², the squared norm of the function in the
	// space of the kernel: for ridgeless regression the difficulty ‖β̂‖² of
	// Theorem 1 (LeJeune & Alemohammad, CPAL 2024).
	SquaredNorm float64
}

// Ridgeless is the minimum-norm interpolation of targets y by a kernel: α
// solves K α = y, and the prediction is K(x, X) α. With the NTK and the
// targets ŷ = y − f₀ it is the problem of LeJeune & Alemohammad (CPAL 2024)
// with M = I, whose predictions Theorem 1 keeps.
//
// The targets are n × C for a kernel of C outputs; a kernel of one output may
// be shared by any number of targets. Cost: (nC)³/3 operations by Cholesky and
// one copy of K.
//
// Errors: a NaN or infinite number; a matrix beyond the memory budget; and a
// *SingularError, which offers Ridge and PseudoInverse, where K is singular to
// working precision, or an *IndefiniteError where it is no kernel at all. A y that
// does not fit K is an error too.
func Ridgeless(k *Gram, y mat.Matrix) (*Regression, error) { return Ridge(k, y, 0) }

// Ridge minimises ‖f(X) − y‖² + ρ‖f‖²: α solves (K + ρI) α = y. The ridge ρ is
// in the units of K and not divided by n; ρ = 0 is Ridgeless. Targets, cost,
// errors are as for Ridgeless, and a negative, NaN or infinite
// ridge is an error.
func Ridge(k *Gram, y mat.Matrix, ridge float64) (*Regression, error) {
	if _, err := gramTargets("y", y, k.n, k.outputs); err != nil {
		return nil, err // before the work
	}
	f, err := Factorize(k, ridge)
	if err != nil {
		return nil, err
	}
	return f.Regress(y)
}

// PseudoInverse is the least-squares solution of least norm, α = K⁺ y: it
// interpolates what a singular kernel can, and leaves the rest as Residual.
// Eigenvalues up to tolerance times the largest count as zero; tolerance 0
// means nC·ε, and one must be below 1. It takes the full decomposition: see
// Eigen for cost and errors. A negative eigenvalue beyond the tolerance is an
// *IndefiniteError.
func PseudoInverse(k *Gram, y mat.Matrix, tolerance float64) (*Regression, error) {
	t, err := gramTargets("y", y, k.n, k.outputs)
	if err != nil {
		return nil, err
	}
	if err := finite("the targets", t); err != nil {
		return nil, err
	}
	if !(tolerance >= 0 && tolerance < 1) {
		return nil, fmt.Errorf("kernel: a tolerance of %g for the pseudo-inverse: it must be from 0 to below 1", tolerance)
	}
	s, err := Eigen(k)
	if err != nil {
		return nil, err
	}
	cut := math.Max(s.roundoff(), tolerance*s.Values[0])
	if last := s.Values[len(s.Values)-1]; last < -cut {
		return nil, &IndefiniteError{Rows: k.SymmetricDim(), Smallest: last, Largest: s.Values[0]}
	}
	rank := 0
	x := s.function(t, func(l float64) float64 {
		if l <= cut {
			return 0
		}
		rank++
		return 1 / l
	})
	r := newRegression(k, t, x)
	r.Method, r.Rank, r.Condition = "pseudo-inverse", rank, s.Values[0]/s.Values[rank-1]
	return r, nil
}

// function is V diag(f(λ)) Vᵀ y.
func (s *Spectrum) function(y blas64.General, f func(l float64) float64) blas64.General {
	p := s.project(y)
	for j := 0; j < p.Rows; j++ {
		c := f(s.Values[j])
		for i := range row(p, j) {
			p.Data[j*p.Stride+i] *= c
		}
	}
	x := linalg.New(y.Rows, y.Cols)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, s.Vectors.RawMatrix(), p, 0, x)
	return x
}

// newRegression fills in what every method shares: x is α as solved, t the
// right-hand side.
func newRegression(k *Gram, t, x blas64.General) *Regression {
	r := &Regression{N: k.n, Outputs: k.outputs, Targets: k.outputs, Alpha: mat.NewDense(x.Rows, x.Cols, x.Data)}
	if k.outputs == 1 {
		r.Targets = x.Cols
	}
	fit := times(k.RawMatrix(), x)
	var rr, yy float64
	for i := 0; i < t.Rows; i++ {
		for j, v := range row(t, i) {
			e := fit.Data[i*fit.Stride+j]
			r.SquaredNorm += x.Data[i*x.Stride+j] * e
			rr += (e - v) * (e - v)
			yy += v * v
		}
	}
	if yy > 0 {
		r.Residual = math.Sqrt(rr / yy)
	}
	return r
}

// times is k x for a few columns x, one row of k at a time: the same bits for
// any number of rows.
func times(k, x blas64.General) blas64.General {
	xt := linalg.New(x.Cols, x.Rows)
	linalg.Transpose(xt, x)
	out := linalg.New(k.Rows, x.Cols)
	par.For(k.Rows, rowGrain(k.Cols*max(x.Cols, 1)), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			r := row(k, i)
			for c := 0; c < x.Cols; c++ {
				out.Data[i*out.Stride+c] = dot(r, row(xt, c))
			}
		}
	})
	return out
}

// Predict is the fitted function at m new points, m × Targets, from their
// cross Gram matrix with the training points: mC × nC, example-major on both
// sides. Add f₀ of the new points where the targets were y − f₀. A NaN or
// infinite entry is an error, and so is a cross of another shape.
func (r *Regression) Predict(cross mat.Matrix) (*mat.Dense, error) {
	c := dense(cross)
	if c.Cols != r.Alpha.RawMatrix().Rows || c.Rows%r.Outputs != 0 {
		return nil, fmt.Errorf("kernel: a cross Gram matrix of %d × %d for a regression on %d examples and %d outputs, which wants mC × %d: one row a new input, one column a training input", c.Rows, c.Cols, r.N, r.Outputs, r.N*r.Outputs)
	}
	if err := finite("the cross Gram matrix", c); err != nil {
		return nil, err
	}
	p := times(c, r.Alpha.RawMatrix())
	return mat.NewDense(c.Rows/r.Outputs, r.Targets, p.Data), nil
}

// Fingerprint names the regression by its numbers.
func (r *Regression) Fingerprint() string {
	return fingerprint.New("kernel.Regression/1").String(r.Method).Int(r.N, r.Outputs, r.Targets, r.Rank).
		Float(r.Ridge, r.Time, r.Condition, r.Residual, r.SquaredNorm).Matrix(r.Alpha).Sum()
}
