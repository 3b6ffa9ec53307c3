package solver

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// thinSVD gives U (out × r), the singular values in falling order and V
// (in × r), with r = min(out, in).
func thinSVD(m blas64.General) (u blas64.General, s []float64, v blas64.General, err error) {
	d := mat.NewDense(m.Rows, m.Cols, nil)
	for i := range m.Rows {
		copy(d.RawRowView(i), m.Data[i*m.Stride:i*m.Stride+m.Cols])
	}
	var svd mat.SVD
	if !svd.Factorize(d, mat.SVDThin) {
		return u, nil, v, fmt.Errorf("the singular values of a %d × %d matrix did not converge", m.Rows, m.Cols)
	}
	var ud, vd mat.Dense
	svd.UTo(&ud)
	svd.VTo(&vd)
	return ud.RawMatrix(), svd.Values(nil), vd.RawMatrix(), nil
}
