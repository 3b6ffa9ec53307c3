package experiment

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// Balanced foretells the singular values of a layer's deviation AΔBᵀ from Δ and the
// bias factor b' alone (nil without biases), and gives those of Δ beside them.
//
// Under gradient flow, and whatever the loss, the differences
//
//	AᵀA − ΔΔᵀ − b'b'ᵀ  and  BᵀB − ΔᵀΔ
//
// stay as they were: the loss depends on the factors through AΔBᵀ and Ab' alone
// (Arora, Cohen and Hazan, ICML 2018, Theorem 1; Du, Hu and Lee, NeurIPS 2018).
// Training begins at A = I, B = I, Δ = 0, b' = 0, so both stay I, and the values
// are those of
//
//	(I + ΔΔᵀ + b'b'ᵀ)^½ Δ (I + ΔᵀΔ)^½:
//
// σ = s(1 + s²) for a singular value s of Δ where there is no bias. Errors: a delta
// that is empty or not finite; a bias of another length than delta has rows.
func Balanced(delta *mat.Dense, bias []float64) (product, sigma []float64, err error) {
	if delta.IsEmpty() {
		return nil, nil, fmt.Errorf("experiment: Δ is empty")
	}
	rows, cols := delta.Dims()
	if bias != nil && len(bias) != rows {
		return nil, nil, fmt.Errorf("experiment: a bias of %d numbers for a Δ of %d rows", len(bias), rows)
	}
	if n := mat.Norm(delta, 2); math.IsNaN(n) || math.IsInf(n, 0) {
		return nil, nil, fmt.Errorf("experiment: Δ holds numbers that are not finite")
	}
	var svd mat.SVD
	if !svd.Factorize(delta, mat.SVDThin) { // V is not needed, but see nn's SingularValues
		return nil, nil, fmt.Errorf("experiment: the singular values of Δ, %d × %d, did not converge", rows, cols)
	}
	sigma = svd.Values(nil)
	// With Δ = U S Vᵀ the squares are the eigenvalues of D(I + S² + ccᵀ)D for
	// c = Uᵀb' and D = S(I + S²)^½.
	k := len(sigma)
	c := mat.NewVecDense(k, nil)
	if bias != nil {
		var u mat.Dense
		svd.UTo(&u)
		c.MulVec(u.T(), mat.NewVecDense(rows, bias))
	}
	gram := mat.NewSymDense(k, nil)
	gram.SymOuterK(1, mat.NewDense(k, 1, c.RawVector().Data))
	scale := make([]float64, k)
	for i, s := range sigma {
		gram.SetSym(i, i, gram.At(i, i)+1+s*s)
		scale[i] = s * math.Sqrt(1+s*s)
	}
	for i := range k {
		for j := i; j < k; j++ {
			gram.SetSym(i, j, scale[i]*scale[j]*gram.At(i, j))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(gram, false) {
		return nil, nil, fmt.Errorf("experiment: the eigenvalues of a %d × %d matrix did not converge", k, k)
	}
	product = eigen.Values(nil)
	slices.Reverse(product)
	for i, v := range product {
		product[i] = math.Sqrt(math.Max(v, 0)) // negative by rounding alone: D(I + …)D is positive semidefinite
	}
	return product, sigma, nil
}

// Imbalance is how far the factors theta of layer l, which is dense, are from what
// gradient flow keeps (see Balanced): the larger of
//
//	‖AᵀA − ΔΔᵀ − b'b'ᵀ − I‖_F/‖AᵀA − I‖_F  and  ‖BᵀB − ΔᵀΔ − I‖_F/‖BᵀB − I‖_F,
//
// 0 for gradient flow, of the order of the learning rate for steps; 0/0 counts as 0.
// It is an error when the layer is not dense or there is none. It panics when theta
// has not the model's length.
func Imbalance(m *tangent.FactorisedModel, theta []float64, l int) (float64, error) {
	places := m.Network().ParamLayers()
	if l < 0 || l >= len(places) {
		return 0, fmt.Errorf("experiment: layer %d of a model with %d layers, counted from 0", l, len(places))
	}
	if kind := m.Network().Layers()[places[l]].Kind; kind != nn.Dense {
		return 0, fmt.Errorf("experiment: layer %d, counted from 0, is of the kind %v: the balance of two factors is that of dense layers", l, kind)
	}
	a, delta, b, bias := m.Factors(theta, l)
	var left, right, shared, own mat.Dense
	shared.Mul(delta, delta.T())
	if bias != nil {
		v := mat.NewVecDense(len(bias), bias)
		shared.RankOne(&shared, 1, v, v)
	}
	own.Mul(delta.T(), delta)
	left.Mul(a.T(), a)
	right.Mul(b.T(), b)
	return math.Max(remains(&left, &shared), remains(&right, &own)), nil
}

// remains is ‖K − I − S‖/‖K − I‖ in the Frobenius norm. It changes both.
func remains(k, s *mat.Dense) float64 {
	n, _ := k.Dims()
	for i := range n {
		k.Set(i, i, k.At(i, i)-1)
	}
	whole := mat.Norm(k, 2)
	k.Sub(k, s)
	rest := mat.Norm(k, 2)
	if rest == 0 {
		return 0
	}
	return rest / whole
}
