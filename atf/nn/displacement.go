package nn

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// LayerMatrix is the part of a parameter vector v (length P: θ, a displacement
// θ − θ₀, a coefficient vector β) that belongs to the weights of layer l (from
// 0, of those with parameters), as their matrix, out × in, shaped as by Weight. It is a copy. Errors:
// v has another length; there is no layer l.
func (n *Network) LayerMatrix(v []float64, l int) (*mat.Dense, error) {
	if len(v) != n.NumParams() {
		return nil, fmt.Errorf("nn: a vector of %d numbers for a network of %d parameters", len(v), n.NumParams())
	}
	at, err := n.paramLayer(l)
	if err != nil {
		return nil, err
	}
	g := n.weightIn(v, at)
	m := mat.NewDense(g.Rows, g.Cols, nil)
	copy(m.RawMatrix().Data, g.Data)
	return m, nil
}

// paramLayer is the place among all layers of layer l of those with parameters.
func (n *Network) paramLayer(l int) (int, error) {
	places := n.ParamLayers()
	if l < 0 || l >= len(places) {
		return 0, fmt.Errorf("nn: layer %d of a network with %d layers, counted from 0", l, len(places))
	}
	return places[l], nil
}

// SingularValues are those of the change of layer l's weights along the
// segment, W_ℓ(θ) − W_ℓ(θ₀), in falling order: min(out, in) of them. Errors:
// there is no layer l; the weights are not finite.
func (s Segment) SingularValues(l int) ([]float64, error) {
	m, err := s.From.LayerMatrix(s.Displacement(), l)
	if err != nil {
		return nil, err
	}
	if err := linalg.Finite("nn: the change of the weights", m.RawMatrix()); err != nil {
		return nil, err
	}
	// Vectors are asked for though nobody needs them: without, the Go wrapper of
	// OpenBLAS's LAPACK panics at long matrices, over the workspace that LAPACK asks for.
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDThin) {
		return nil, fmt.Errorf("nn: the singular values of the change of layer %d, counted from 0, did not converge", l)
	}
	return svd.Values(nil), nil
}

// OutputChange is f_θ(x) − f_θ₀(x) at the inputs x (n × d): n × C. The label
// kernel K_ŷ of the paper's Figure 1 is its outer product. It panics, as
// Predict does, when x does not have as many columns as the network has inputs.
func (s Segment) OutputChange(x mat.Matrix) *mat.Dense {
	s.check()
	g := s.To.Predict(x)
	g.Sub(g, s.From.Predict(x))
	return g
}
