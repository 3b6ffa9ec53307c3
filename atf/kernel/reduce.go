package kernel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Reductions over whole matrices go row by row, each row by one goroutine and
// in a fixed order, and the rows' sums are added in order: the bits do not
// depend on how many goroutines run.

// rowGrain is how many rows of the given length are worth a goroutine.
func rowGrain(cols int) int { return 1 + (1<<15)/max(cols, 1) }

// sumRows is Σ_i f(i), with f called once for each of n rows of cols entries.
func sumRows(n, cols int, f func(i int) float64) float64 {
	part := make([]float64, n)
	par.For(n, rowGrain(cols), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			part[i] = f(i)
		}
	})
	total := 0.0
	for _, v := range part {
		total += v
	}
	return total
}

// dot is the inner product of two slices of one length, in four running sums
// that are added at the end.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	b = b[:len(a)]
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// row is row i of a.
func row(a blas64.General, i int) []float64 {
	return a.Data[i*a.Stride : i*a.Stride+a.Cols]
}

// inner is the Frobenius inner product ⟨a, b⟩, each divided by its scale so
// that very large and very small kernels neither overflow nor vanish.
func inner(a, b blas64.General, scaleA, scaleB float64) float64 {
	fa, fb := 1/scaleA, 1/scaleB
	if fa == 1 && fb == 1 {
		return sumRows(a.Rows, a.Cols, func(i int) float64 { return dot(row(a, i), row(b, i)) })
	}
	return sumRows(a.Rows, a.Cols, func(i int) float64 {
		ra, rb := row(a, i), row(b, i)
		s := 0.0
		for j, v := range ra {
			s += (v * fa) * (rb[j] * fb)
		}
		return s
	})
}

// dense is m as a full row-major square or rectangle, without a copy where m
// holds one.
func dense(m mat.Matrix) blas64.General {
	switch v := m.(type) {
	case *Gram:
		return v.RawMatrix()
	case *mat.Dense:
		return v.RawMatrix()
	case *mat.SymDense:
		// The lower triangle of a SymDense is not valid.
		raw := v.RawSymmetric()
		d := linalg.New(raw.N, raw.N)
		for i := 0; i < raw.N; i++ {
			copy(d.Data[i*d.Stride+i:(i+1)*d.Stride], raw.Data[i*raw.Stride+i:i*raw.Stride+raw.N])
		}
		linalg.MirrorUpper(d)
		return d
	}
	return linalg.General(m)
}

// scaleOf is a power of two near the largest magnitude in m, or 1 where that
// is of ordinary size. It returns an error for a NaN or infinite entry and for
// a matrix without a non-zero entry; name says what m is.
func scaleOf(name string, m blas64.General) (float64, error) {
	largest := make([]float64, m.Rows)
	par.For(m.Rows, rowGrain(m.Cols), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			s := 0.0
			for _, v := range row(m, i) {
				if v = math.Abs(v); !(v <= s) { // NaN gets through, and stays
					s = v
					if math.IsNaN(v) {
						break
					}
				}
			}
			largest[i] = s
		}
	})
	s := 0.0
	for _, v := range largest {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, linalg.Finite("kernel: "+name, m)
		}
		s = math.Max(s, v)
	}
	if s == 0 {
		return 0, fmt.Errorf("kernel: %s is zero everywhere (%d × %d)", name, m.Rows, m.Cols)
	}
	if s > 1e-100 && s < 1e100 {
		return 1, nil
	}
	_, exp := math.Frexp(s)
	return math.Ldexp(1, min(max(exp, -1020), 1020)), nil
}

// finite returns an error that names the first NaN or infinite entry of m.
func finite(name string, m blas64.General) error {
	return linalg.Finite("kernel: "+name, m)
}
