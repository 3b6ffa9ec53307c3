package kernel

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// gramTargets is y as the right-hand side for a kernel of n examples and the
// given outputs: n × C or nC × 1 for C outputs, n × anything for one, which
// the columns then share.
func gramTargets(name string, y mat.Matrix, n, outputs int) (blas64.General, error) {
	r, c := y.Dims()
	if c > 0 && (r == n && (outputs == 1 || c == outputs) || r == n*outputs && c == 1) {
		return flattenTargets(name, y, n*outputs)
	}
	return blas64.General{}, fmt.Errorf("kernel: %s is %d × %d, the Gram matrix has %d examples and %d outputs: give one row an example and one column an output", name, r, c, n, outputs)
}

// flattenTargets is the n × C matrix y as the right-hand side of a system with
// rows rows: one column of nC in example-major order, or y itself where the
// kernel has one output.
func flattenTargets(name string, y mat.Matrix, rows int) (blas64.General, error) {
	d := dense(y)
	if d.Rows == rows {
		return d, nil
	}
	if d.Rows*d.Cols != rows {
		return d, fmt.Errorf("kernel: %s has %d rows and %d columns, the Gram matrix %d rows: they must be n × C for a kernel of n or nC rows", name, d.Rows, d.Cols, rows)
	}
	if d.Stride != d.Cols {
		c := linalg.New(d.Rows, d.Cols)
		for i := 0; i < d.Rows; i++ {
			copy(row(c, i), row(d, i))
		}
		d = c
	}
	return blas64.General{Rows: rows, Cols: 1, Stride: 1, Data: d.Data[:rows]}, nil
}
