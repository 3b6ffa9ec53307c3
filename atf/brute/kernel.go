package brute

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Kernel is the adapted kernel of eq. (7) between the rows of left (m × P) and
// right (k × P), explicit features whose columns are the entries of matrices,
// one after the other and each row by row, with
//
//	M_ℓ M_ℓᵀ = A_ℓA_ℓᵀ ⊗ B_ℓB_ℓᵀ
//
// written out: aa[ℓ] is A_ℓA_ℓᵀ (out × out), bb[ℓ] is B_ℓB_ℓᵀ (in × in). The
// result is m × k. It panics when shapes do not fit.
func Kernel(left, right mat.Matrix, aa, bb []*mat.Dense) *mat.Dense {
	m, width := left.Dims()
	k, other := right.Dims()
	if width != other || len(aa) != len(bb) {
		panic(fmt.Sprintf("brute: %d and %d columns of features, %d and %d sides: they must agree", width, other, len(aa), len(bb)))
	}
	sum, from := mat.NewDense(m, k, nil), 0
	l, r := mat.DenseCopyOf(left), mat.DenseCopyOf(right)
	for i := range aa {
		var mm mat.Dense
		mm.Kronecker(aa[i], bb[i])
		to := from + mm.RawMatrix().Rows
		if to > width {
			panic(fmt.Sprintf("brute: the sides of layer %d reach column %d of %d features", i, to, width))
		}
		sum.Add(sum, product(l.Slice(0, m, from, to), &mm, r.Slice(0, k, from, to).T()))
		from = to
	}
	if from != width {
		panic(fmt.Sprintf("brute: the sides belong to %d of %d columns of features", from, width))
	}
	return sum
}

// DenseLayer is the adapted kernel of a dense layer with one output of the
// network, from what the layer reads, h (n × in), and the derivatives of the
// output by what it computes, d (n × out), with the bias as it was (M = I):
//
//	(δᵀ A Aᵀ δ')(hᵀ B Bᵀ h') + δᵀδ'.
//
// aa is AAᵀ (out × out), bb is BBᵀ (in × in). It panics when shapes do not fit.
func DenseLayer(h, d, aa, bb mat.Matrix) *mat.Dense {
	k := product(d, aa, d.T())
	k.MulElem(k, product(h, bb, h.T()))
	k.Add(k, product(d, d.T()))
	return k
}

// LastLayer is eq. (19) for a network with one output and the bias as it was:
//
//	h·h' + ((s² − 1)/‖β‖²) g(x) g(x') + 1,  g = hᵀβ,
//
// from the final features h (n × in) and β (1 × in). It panics when shapes do
// not fit.
func LastLayer(h, beta mat.Matrix, s float64) *mat.Dense {
	norm := mat.Norm(beta, 2)
	k, g := product(h, h.T()), product(h, beta.T())
	k.RankOne(k, (s*s-1)/(norm*norm), g.ColView(0), g.ColView(0))
	k.Apply(func(_, _ int, x float64) float64 { return x + 1 }, k)
	return k
}

// Gap is the largest difference of the entries of two matrices, relative to the
// largest entry of the second. It panics when shapes differ, and is NaN where
// both are 0.
func Gap(a, b mat.Matrix) float64 {
	var d mat.Dense
	d.Sub(a, b)
	return max(mat.Max(&d), -mat.Min(&d)) / max(mat.Max(b), -mat.Min(b))
}

// product multiplies from the left to the right.
func product(factors ...mat.Matrix) *mat.Dense {
	p := mat.DenseCopyOf(factors[0])
	for _, f := range factors[1:] {
		var next mat.Dense
		next.Mul(p, f)
		p = &next
	}
	return p
}

func identity(n int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

// SingularValues are the singular values of any matrix, in falling order. It
// panics where they do not converge, which takes a NaN or an infinity.
func SingularValues(m mat.Matrix) []float64 {
	s, ok := singularValues(m)
	if !ok {
		panic("brute: the singular values do not converge: is there a NaN or an infinity in the matrix?")
	}
	return s
}

func singularValues(m mat.Matrix) ([]float64, bool) {
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDNone) {
		return nil, false
	}
	return svd.Values(nil), true
}
