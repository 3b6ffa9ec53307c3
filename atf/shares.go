package atf

import (
	"fmt"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// LayerShares say how much of the work each layer does.
type LayerShares struct {
	// Fit is ⟨g_ℓ, g⟩/‖g‖² for each layer, where g = Σ_ℓ g_ℓ is the fitted change
	// of the outputs at the problem's inputs and g_ℓ is LayerFittedChange. They
	// add up to 1; one is negative where a layer works against the others, and
	// all are NaN where there is nothing to fit.
	Fit []float64
	// Kernel is the share of each layer in the trace of the adapted kernel. They
	// add up to 1.
	Kernel []float64
}

// LayerShares gives the layers' shares in the fit and in the adapted kernel, from
// the first layer to the last. Errors: M was not chosen layer by layer; for a
// solution that was read back, features beyond the memory budget.
func (s *Solution) LayerShares() (*LayerShares, error) {
	if err := s.checkLayered(0); err != nil {
		return nil, err
	}
	shares := &LayerShares{}
	fit := s.Fit.RawMatrix().Data
	err := s.inputs.use(func(sys *system) {
		for l := range s.problem.numLayers() {
			g := make([]float64, sys.rows)
			for _, p := range sys.sources {
				if p.layer == l {
					p.Apply(s.coef[p.from:p.from+p.count], g)
				}
			}
			shares.Fit = append(shares.Fit, floats.Dot(g, fit)/floats.Dot(fit, fit))
			shares.Kernel = append(shares.Kernel, s.gram(sys.sources, sys.rows, l).Trace())
		}
	})
	if err != nil {
		return nil, err
	}
	floats.Scale(1/floats.Sum(shares.Kernel), shares.Kernel)
	return shares, nil
}

// Pulls are z_j = u_jᵀ Z_ℓ v_j for the singular values σ_j of layer l (from 0),
// in their order, where β_ℓ = U diag(σ) Vᵀ and Z_ℓ = Σ_i α_i ∂f_0(x_i)/∂W_ℓ with
// the multipliers α. At a solution Z_ℓ = U diag(ω̃_ℓ'(σ)) Vᵀ, the condition for a
// minimum of Theorem 2's problem: z_j = ω̃_ℓ'(σ_j), which is 2σ_j where M = I.
// With homogeneous biases the bias is the last column of β_ℓ and Z_ℓ. Errors: the
// layer has no matrix with a spectral penalty, or there is no layer l; those of
// LayerShares.
func (s *Solution) Pulls(l int) ([]float64, error) {
	if err := s.checkLayered(l); err != nil {
		return nil, err
	}
	var z []float64
	var svd mat.SVD
	var failure error
	err := s.inputs.use(func(sys *system) {
		for i, sp := range sys.pieces {
			if sp.layer != l || s.Parts[i].Beta == nil {
				continue
			}
			if !svd.Factorize(s.Parts[i].Beta, mat.SVDThin) {
				failure = fmt.Errorf("atf: the singular values of layer %d did not converge", l)
				return
			}
			at := sys.sources[sp.lo]
			pull := mat.NewDense(at.out, at.in, nil)
			at.Adjoint(s.Multiplier, pull.RawMatrix().Data)
			var u, v, zv mat.Dense
			svd.UTo(&u)
			svd.VTo(&v)
			zv.Mul(pull, &v)
			_, rank := u.Dims()
			for j := range rank {
				z = append(z, mat.Dot(u.ColView(j), zv.ColView(j)))
			}
		}
	})
	switch {
	case err != nil:
		return nil, err
	case failure != nil:
		return nil, failure
	case z == nil:
		return nil, fmt.Errorf("atf: layer %d has no matrix with a spectral penalty, its structure is %s", l, s.problem.structureOf(l))
	}
	return z, nil
}
