package experiment

import (
	"gonum.org/v1/gonum/mat"
)

// A generalM is the test of a transformation without structure: that of one layer's
// features, or of all layers' features, by any matrix M, so that
// Ḡ_i ≈ c G_i + Σ_j a_ij (Ḡ_j − c G_j) with a = K(K + ρI)⁻¹. For ρ > 0 this is
// the ridge regression of what is new in Ḡ on the features, min over M of
// Σ_i ‖Ḡ_i − cG_i − Mᵀg_i‖² + ρ‖M‖², in its dual form: M is in the span of the
// examples, and products of features (K) and of gradients (R) are all it takes.
type generalM struct {
	k mat.Matrix // kernel of the features that M may use, n × n
	r *mat.Dense // ⟨Ḡ_i − cG_i, Ḡ_j − cG_j⟩, n × n
}

// newChange is the matrix r for the number c, of the layer's kernels at the start
// and on average, and their cross products.
func newChange(c float64, start, mean mat.Matrix, cross *mat.Dense) *mat.Dense {
	n, _ := cross.Dims()
	r := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			r.Set(i, j, mean.At(i, j)-c*(cross.At(i, j)+cross.At(j, i))+c*c*start.At(i, j))
		}
	}
	return r
}

// missed fits M to the examples seen with the ridge, in units of the mean of
// their K(x, x), and gives Σ_i ‖Ḡ_i − its prediction‖² over each of the sets at.
func (g generalM) missed(seen []int, ridge float64, at ...[]int) ([]float64, error) {
	trace := 0.0
	k := mat.NewSymDense(len(seen), nil)
	for a, i := range seen {
		trace += g.k.At(i, i)
		for b, j := range seen[:a+1] {
			k.SetSym(a, b, g.k.At(i, j))
		}
	}
	rho := ridge * trace / float64(len(seen))
	var sums []float64
	for _, rows := range at {
		right := mat.NewDense(len(seen), len(rows), nil)
		for b, j := range seen {
			for a, i := range rows {
				right.Set(b, a, g.k.At(j, i))
			}
		}
		shifted := mat.NewSymDense(len(seen), nil)
		shifted.CopySym(k)
		var weights, inner mat.Dense // Σ_j a_ij R_j·R_l
		if err := solveShifted(&weights, shifted, right, rho); err != nil {
			return nil, err
		}
		block := mat.NewDense(len(seen), len(seen), nil)
		for a, i := range seen {
			for b, j := range seen {
				block.Set(a, b, g.r.At(i, j))
			}
		}
		inner.Mul(block, &weights)
		sum := 0.0
		for a, i := range rows {
			sum += g.r.At(i, i)
			for b, j := range seen {
				w := weights.At(b, a)
				sum += w * (inner.At(b, a) - 2*g.r.At(i, j))
			}
		}
		sums = append(sums, max(sum, 0))
	}
	return sums, nil
}
