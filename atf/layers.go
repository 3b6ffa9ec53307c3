package atf

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Layer gives the part that transforms the matrix of layer l (from 0), of a
// problem with a structure by layer, such as Layerwise. Of a layer with M = I
// it has no A and B, of a frozen layer only its name. It panics where M was not
// chosen layer by layer, since no part belongs to one layer then, and where
// there is no layer l; SingularValues and LayerBeta answer there, or with an
// error.
func (s *Solution) Layer(l int) *Part {
	if err := s.checkLayered(l); err != nil {
		panic(err)
	}
	for i := range s.Parts {
		if s.Parts[i].Layer == l {
			return &s.Parts[i]
		}
	}
	return &Part{Layer: l, Structure: s.problem.structureOf(l).String()}
}

// SingularValues are the singular values of LayerBeta(l) in falling order, with
// any structure of M: those on which Theorem 2's penalty acts. Those of a
// frozen layer are all 0. Errors are those of LayerBeta.
func (s *Solution) SingularValues(l int) ([]float64, error) {
	for _, part := range s.Parts {
		if part.Layer == l && part.SingularValues != nil {
			return append([]float64(nil), part.SingularValues...), nil
		}
	}
	beta, err := s.LayerBeta(l)
	if err != nil {
		return nil, err
	}
	var svd mat.SVD
	if !svd.Factorize(beta, mat.SVDThin) {
		return nil, fmt.Errorf("atf: layer %d, counted from 0: the singular values did not converge", l)
	}
	return svd.Values(nil), nil
}

// LayerBeta is β as the matrix of layer l (from 0), out × in: the change of the
// layer's weights, β_ℓ = A_ℓ Θ_ℓ B_ℓᵀ in Theorem 2. With homogeneous biases the
// bias is its last column. It is 0 for a frozen layer. For another vector of
// parameters, such as a displacement of training, see nn.Network.LayerMatrix.
//
// Errors: there is no layer l; the problem was posed by a Gram matrix, which
// has no parameters.
func (s *Solution) LayerBeta(l int) (*mat.Dense, error) { return s.layerMatrix(s.Beta, l) }

// LayerTheta is θ as the matrix of layer l; all else as for LayerBeta.
func (s *Solution) LayerTheta(l int) (*mat.Dense, error) { return s.layerMatrix(s.Theta, l) }

func (s *Solution) layerMatrix(v []float64, l int) (*mat.Dense, error) {
	p := s.problem
	if p.gram != nil {
		return nil, fmt.Errorf("atf: a problem from a Gram matrix has no parameters: take Tangent or FromFeatures")
	}
	if err := p.checkLayer(l); err != nil {
		return nil, err
	}
	at, ok := p.layerSlot(l)
	if !ok {
		out, in := p.layerShape(l)
		return mat.NewDense(out, in, nil), nil
	}
	m := mat.NewDense(at.out, at.in, nil)
	for o := range at.out {
		row := m.RawRowView(o)
		copy(row[:at.width], v[at.theta[0]+o*at.width:])
		if len(at.theta) > 1 {
			row[at.width] = v[at.theta[1]+o]
		}
	}
	return m, nil
}

// layerShape is the shape of layer l's weights.
func (p *Problem) layerShape(l int) (out, in int) {
	if p.net != nil {
		weights := p.net.Weight(p.net.ParamLayers()[l])
		return weights.Rows, weights.Cols
	}
	m := p.matrices()[l]
	return m.Out, m.In
}

// LayerFittedChange is the part of FittedChange that the parameters of layer l
// (from 0) make, its biases included: m × C. The parts of all layers add up to
// FittedChange. Errors are those of LayerBeta and CrossKernel.
func (s *Solution) LayerFittedChange(l int, x mat.Matrix) (*mat.Dense, error) {
	if err := s.problem.checkLayer(l); err != nil {
		return nil, err
	}
	return s.change(x, l)
}

// change is ∇f_0(x)ᵀβ over the parameters of one layer, or of all with −1.
func (s *Solution) change(x mat.Matrix, layer int) (*mat.Dense, error) {
	src, rows, err := s.sourcesAt(x)
	if err != nil {
		return nil, err
	}
	g := make([]float64, rows)
	for _, p := range src {
		if layer < 0 || p.layer == layer {
			p.Apply(s.coef[p.from:p.from+p.count], g)
		}
	}
	c := s.problem.outputs
	return mat.NewDense(rows/c, c, g), nil
}
