package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// A Factor holds one layer's tangent features as the two factors of their outer
// products: the gradient of output c at input i is WScale·δ hᵀ by W and
// BScale·δ by b, with δ row iC+c of D and h row i of H.
type Factor struct {
	H *mat.Dense // n × in, the layer's inputs h_ℓ
	D *mat.Dense // nC × out, the signals δ_ℓ
	// WScale and BScale are the scales of the network's parametrisation; BScale
	// is 0 where biases take no part.
	WScale, BScale float64
}

// Factor gives copies of the factors of layer l. Features averaged along a
// segment have none where both factors move along it: the average is then no
// outer product, which is an error. So it is when there is no layer l.
func (f *Features) Factor(l int) (Factor, error) {
	if err := f.checkLayer(l); err != nil {
		return Factor{}, err
	}
	k := f.factors[l]
	if k.nodes > 1 {
		return Factor{}, fmt.Errorf("tangent: layer %d, counted from 0, is an average over %d nodes with both factors moving, which is no outer product: take the factors at one parameter vector, by At", l, k.nodes)
	}
	out := Factor{H: copyDense(k.h.Rows, k.h.Cols, k.h.Stride, k.h.Data), WScale: k.wscale}
	if k.bias && f.biases {
		out.BScale = k.bscale
	}
	if !k.unit {
		out.D = copyDense(k.dmean.Rows, k.dmean.Cols, k.dmean.Stride, k.dmean.Data)
		return out, nil
	}
	out.D = mat.NewDense(f.n*f.c, f.c, nil)
	for r := range f.n * f.c {
		out.D.Set(r, r%f.c, 1)
	}
	return out, nil
}

func copyDense(rows, cols, stride int, data []float64) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		m.SetRow(i, data[i*stride:i*stride+cols])
	}
	return m
}
