package kernel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// RelativeDistance is how far a kernel lies from another, relative to that one,
//
//	‖K − K₀‖_F / ‖K₀‖_F:
//
// for K₀ at the start the usual measure of how lazy training is (Lee et al.,
// NeurIPS 2019). Unlike Similarity it notices a change of scale. The matrices
// may also be cross Gram matrices of one shape.
//
// A NaN or infinite entry, a distance beyond the range of float64, a k0 that is
// zero everywhere, or unlike shapes are errors.
func RelativeDistance(k, k0 mat.Matrix) (float64, error) {
	da, db, err := sameShape("RelativeDistance", k, k0)
	if err != nil {
		return 0, err
	}
	if err := finite("the kernel", da); err != nil {
		return 0, err
	}
	scale, err := scaleOf("the kernel at the start", db)
	if err != nil {
		return 0, err
	}
	f := 1 / scale
	gap := sumRows(da.Rows, da.Cols, func(i int) float64 {
		ra, rb := row(da, i), row(db, i)
		s := 0.0
		for j, v := range ra {
			d := v*f - rb[j]*f
			s += d * d
		}
		return s
	})
	change := math.Sqrt(gap) / math.Sqrt(inner(db, db, scale, scale))
	if math.IsInf(change, 0) || math.IsNaN(change) {
		return 0, fmt.Errorf("kernel: the change of the kernel is beyond the range of float64: scale the kernels by the same factor, and check whether the later one diverged")
	}
	return change, nil
}
