package kernel

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Factor is the Cholesky factor of K + ρI, for regressions on several targets
// with one kernel.
type Factor struct {
	k         *Gram
	ridge     float64
	u         blas64.Triangular
	condition float64
}

// smallestRcond is the reciprocal condition below which a solution has no
// correct digit left.
const smallestRcond = 1e-15

// Factorize takes the Cholesky factor of K + ρI, with ridge ρ ≥ 0. It costs
// (nC)³/3 operations and one copy of the matrix; K itself is kept by
// reference.
//
// Errors: a negative, NaN or infinite ridge; a NaN or infinite entry; a matrix
// beyond the memory budget; where K + ρI is not positive definite or its
// condition is beyond 1e15, an *IndefiniteError when K has a negative eigenvalue
// beyond rounding, and else a *SingularError.
func Factorize(k *Gram, ridge float64) (*Factor, error) {
	if !(ridge >= 0) || math.IsInf(ridge, 1) {
		return nil, fmt.Errorf("kernel: a ridge of %g: it must be finite and not negative", ridge)
	}
	d := k.SymmetricDim()
	if err := budget.Check(fmt.Sprintf("kernel: the Cholesky factor of a %d × %d matrix", d, d), 8*int64(d)*int64(d), 0, "take fewer examples"); err != nil {
		return nil, err
	}
	a := linalg.New(d, d)
	sums := make([]float64, d)
	raw := k.RawMatrix()
	par.For(d, rowGrain(d), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			src := row(raw, i)
			copy(row(a, i), src)
			a.Data[i*d+i] += ridge
			sums[i] = norm1(src) + math.Abs(src[i]+ridge) - math.Abs(src[i])
		}
	})
	norm := 0.0
	for _, v := range sums {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if err := finite("the Gram matrix", raw); err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("kernel: the row sums of the Gram matrix leave the range of float64: scale it first")
		}
		norm = math.Max(norm, v)
	}
	f := &Factor{k: k, ridge: ridge, condition: math.Inf(1)}
	if cholesky(a) {
		f.u = upper(a)
		f.condition = math.Max(1, norm*inverseNorm(f.u)) // the estimate is a lower bound
		if math.IsNaN(f.condition) {
			f.condition = math.Inf(1) // the solves overflowed
		}
	}
	if f.condition > 1/smallestRcond {
		if e := indefinite(k, a); e != nil {
			e.Ridge = ridge
			return nil, e
		}
		return nil, &SingularError{Rows: d, Ridge: ridge, Condition: f.condition, Twins: twins(raw, k.outputs)}
	}
	return f, nil
}

// Condition is an estimate, nearly always within a factor of three, of the
// condition number of K + ρI in the 1-norm.
func (f *Factor) Condition() float64 { return f.condition }

// Solve is (K + ρI)⁻¹ B, in the shape of B: a matrix of nC rows in
// example-major order, or targets of n × C, one row an example. A NaN or
// infinite entry of B, or another shape, is an error.
func (f *Factor) Solve(b mat.Matrix) (*mat.Dense, error) {
	src := dense(b)
	rows, cols := src.Rows, src.Cols
	if rows == f.k.n && cols == f.k.outputs {
		var err error
		if src, err = gramTargets("b", b, f.k.n, f.k.outputs); err != nil {
			return nil, err
		}
	}
	if src.Rows != f.u.N {
		return nil, fmt.Errorf("kernel: b has %d rows and %d columns, the Gram matrix %d rows of %d examples and %d outputs", rows, cols, f.u.N, f.k.n, f.k.outputs)
	}
	x, err := f.solve("b", src)
	if err != nil {
		return nil, err
	}
	return mat.NewDense(rows, cols, x.Data), nil
}

func (f *Factor) solve(name string, b blas64.General) (blas64.General, error) {
	if err := finite(name, b); err != nil {
		return blas64.General{}, err
	}
	x := linalg.New(b.Rows, b.Cols)
	for i := 0; i < b.Rows; i++ {
		copy(row(x, i), row(b, i))
	}
	cholSolve(f.u, x)
	if slices.ContainsFunc(x.Data, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
		return x, fmt.Errorf("kernel: the solution leaves the range of float64 (condition about %.1e): scale the targets or the kernel", f.condition)
	}
	return x, nil
}

// Regress fits targets y, n × C. See Ridge.
func (f *Factor) Regress(y mat.Matrix) (*Regression, error) {
	t, err := gramTargets("y", y, f.k.n, f.k.outputs)
	if err != nil {
		return nil, err
	}
	x, err := f.solve("the targets", t)
	if err != nil {
		return nil, err
	}
	r := newRegression(f.k, t, x)
	r.Method, r.Ridge, r.Condition, r.Rank = "ridgeless", f.ridge, f.condition, f.u.N
	if f.ridge > 0 {
		r.Method = "ridge"
	}
	return r, nil
}
