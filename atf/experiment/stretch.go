package experiment

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A Stretch says how a square matrix A changes lengths: the eigenvalues of AAᵀ,
// which do not depend on the choice among A and AQ with Q orthogonal (footnote 1
// of the paper), and their directions.
type Stretch struct {
	Values  []float64  // eigenvalues of AAᵀ, in falling order
	Vectors *mat.Dense // their eigenvectors, in columns
	// Symmetric is the share of ‖A − I‖² in the symmetric part of A − I: 1 for the
	// A and B of Theorem 2, about 1/2 for a random matrix.
	Symmetric float64
}

// StretchOf takes a square matrix apart. Errors: a matrix that is not square, or
// of which the eigenvalues are not found, as where entries are not finite; the
// identity, which has no stretch.
func StretchOf(a mat.Matrix) (*Stretch, error) {
	n, c := a.Dims()
	if n != c || n == 0 {
		return nil, fmt.Errorf("experiment: the stretch of a matrix of %d × %d: it must be square", n, c)
	}
	symmetric, all := 0.0, 0.0
	for i := range n {
		for j := range n {
			v, w := a.At(i, j), a.At(j, i)
			if i == j {
				v, w = v-1, w-1
			}
			symmetric, all = symmetric+(v+w)*(v+w)/4, all+v*v
		}
	}
	switch {
	case math.IsNaN(all) || math.IsInf(all, 0):
		return nil, fmt.Errorf("experiment: the stretch of a matrix with entries that are not finite")
	case all == 0:
		return nil, fmt.Errorf("experiment: the stretch of the identity: it has none")
	}
	square := mat.NewSymDense(n, nil)
	square.SymOuterK(1, a)
	var eigen mat.EigenSym
	if !eigen.Factorize(square, true) {
		return nil, fmt.Errorf("experiment: no eigenvalues of AAᵀ, %d × %d, were found", n, n)
	}
	s := &Stretch{Values: eigen.Values(nil), Vectors: mat.NewDense(n, n, nil), Symmetric: symmetric / all}
	slices.Reverse(s.Values)
	var rising mat.Dense
	eigen.VectorsTo(&rising)
	for j := range n {
		s.Vectors.SetCol(j, mat.Col(nil, n-1-j, &rising))
	}
	return s, nil
}

// InDirections is the share of the deviation of AAᵀ from a multiple of the
// identity, Σ_j (λ_j − m)² with m the median of the eigenvalues, in the k
// directions of the largest |λ_j − m|: near 1 where AAᵀ is the identity plus a
// matrix of rank k. It is 1 where all eigenvalues are the same, and panics when k
// is negative or above their number.
func (s *Stretch) InDirections(k int) float64 {
	n := len(s.Values)
	if k < 0 || k > n {
		panic(fmt.Sprintf("experiment: InDirections(%d) of a stretch of %d directions", k, n))
	}
	median := (s.Values[(n-1)/2] + s.Values[n/2]) / 2
	var squares []float64
	for _, v := range s.Values {
		squares = append(squares, (v-median)*(v-median))
	}
	slices.Sort(squares)
	part, all := 0.0, 0.0
	for i, v := range squares {
		all += v
		if i >= n-k {
			part += v
		}
	}
	if all == 0 {
		return 1
	}
	return part / all
}

// Overlap is the mean squared cosine of the principal angles between the span of
// the k directions of the largest eigenvalues and that of the first k columns of u,
// which are orthonormal: 1 for the same spaces, k/n on average for random ones.
// (Björck and Golub, Mathematics of Computation 27, 1973: the cosines are the
// singular values of VᵀU, so that their squares add up to ‖VᵀU‖².) It is an error
// when k is not 1 or more, u has fewer columns or other rows.
func (s *Stretch) Overlap(u mat.Matrix, k int) (float64, error) {
	rows, cols := u.Dims()
	n := len(s.Values)
	if k < 1 || k > cols || k > n || rows != n {
		return 0, fmt.Errorf("experiment: the overlap of %d directions of %d numbers with %d of %d: k must be from 1 to the number of both", k, n, cols, rows)
	}
	both := mat.NewDense(k, k, nil)
	both.Mul(s.Vectors.Slice(0, n, 0, k).T(), mat.DenseCopyOf(u).Slice(0, n, 0, k))
	return math.Pow(mat.Norm(both, 2), 2) / float64(k), nil
}
