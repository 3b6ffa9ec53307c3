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
// outer product, which is an error, and so is a convolution, whose gradient is a
// sum of them over positions. So it is when there is no layer l.
func (f *Features) Factor(l int) (Factor, error) {
	if err := f.checkLayer(l); err != nil {
		return Factor{}, err
	}
	out, err := f.records[l].factor(f.biases)
	if err != nil {
		return Factor{}, fmt.Errorf("tangent: layer %d, counted from 0, %w", l, err)
	}
	return out, nil
}
