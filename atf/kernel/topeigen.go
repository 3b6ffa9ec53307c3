package kernel

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// TopSettings are the settings of TopEigen. The zero value means the defaults.
type TopSettings struct {
	// Tolerance is the largest ‖K v − λ v‖ allowed for a returned pair,
	// relative to the largest eigenvalue. Default 1e-10; an eigenvalue is then
	// right to about the square of it over its gap.
	Tolerance float64
	// Rounds is the largest number of block steps. Default 300.
	Rounds int
	// Context lets the search be interrupted. Default: it never is.
	Context context.Context
	// Progress is told of each round, with the worst residual.
	Progress Progress
}

// Progress receives reports of long work.
type Progress = progress.Func

// Report is one report of long work.
type Report = progress.Report

// TopEigen finds the k largest eigenvalues of a Gram matrix and their
// eigenvectors, repeated eigenvalues included.
//
// It is a block Krylov method with full orthogonalisation and Rayleigh–Ritz
// projection, restarted with the best Ritz vectors (thick restart: Wu & Simon,
// SIAM J. Matrix Anal. Appl. 22, 2000), from a fixed random block somewhat
// wider than k. A round costs one product of K with a block; kernels whose
// eigenvalues decay need a few. Memory: fourteen times (nC) × (k + 8) numbers. When
// k is more than a sixth of nC the full decomposition is taken and cut.
//
// Errors: k outside 1 … nC, a negative tolerance, a NaN or infinite entry, a
// zero matrix, no convergence within the rounds. When the context ends, the
// pairs found so far are returned with the context's error.
func TopEigen(g *Gram, k int, set TopSettings) (*Spectrum, error) {
	n := g.SymmetricDim()
	if k < 1 || k > n {
		return nil, fmt.Errorf("kernel: %d eigenvalues of a %d × %d Gram matrix: ask for 1 to %d", k, n, n, n)
	}
	if set.Tolerance < 0 || math.IsNaN(set.Tolerance) || set.Rounds < 0 {
		return nil, fmt.Errorf("kernel: tolerance %g and %d rounds: neither may be negative", set.Tolerance, set.Rounds)
	}
	if set.Tolerance == 0 {
		set.Tolerance = 1e-10
	}
	if set.Rounds == 0 {
		set.Rounds = 300
	}
	ctx := set.Context
	if ctx == nil {
		ctx = context.Background()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if 6*k > n || n <= 64 {
		s, err := Eigen(g)
		if err != nil {
			return nil, err
		}
		s.Values = s.Values[:k]
		s.Vectors = mat.DenseCopyOf(s.Vectors.Slice(0, n, 0, k))
		return s, nil
	}
	s, err := newSpectrum(g)
	if err != nil {
		return nil, err
	}
	block := k + 8
	if err := budget.Check(fmt.Sprintf("kernel: the largest eigenvalues of a %d × %d matrix", n, n), 8*14*int64(n)*int64(block), 0, "ask for fewer eigenvalues"); err != nil {
		return nil, err
	}
	it := newKrylov(g.RawMatrix(), 1, k, block, min(4*block, n))
	for round := 1; ; round++ {
		worst, err := it.ritz()
		if err != nil {
			return nil, err
		}
		done := worst <= set.Tolerance
		set.Progress.Send(progress.Report{Task: "eigenvalues", Done: round, Total: set.Rounds, Measure: "residual", Value: worst, Ended: done})
		if done {
			it.result(s)
			return s, nil
		}
		if err := ctx.Err(); err != nil {
			it.result(s)
			return s, err
		}
		if round == set.Rounds {
			return nil, fmt.Errorf("kernel: the %d largest eigenvalues did not converge in %d rounds (residual %.1e, asked %.1e): raise the rounds or the tolerance, or use Eigen", k, round, worst, set.Tolerance)
		}
		it.extend(set.Tolerance)
	}
}

// krylov keeps an orthonormal basis V and W = V (c K), a basis vector to a row.
type krylov struct {
	k           blas64.General
	factor      float64 // c; the largest eigenvalues of c K are sought
	want, block int
	size        int            // basis vectors now
	v, w        blas64.General // limit × n
	values      []float64      // Ritz values, largest first, block of them
	y           blas64.General // size × block: the Ritz vectors in the basis
	res         blas64.General // block × n: residuals of the Ritz pairs
	norms       []float64      // of the residuals, relative to the largest value
	rng         *rand.Rand
}

func newKrylov(k blas64.General, factor float64, want, block, limit int) *krylov {
	n := k.Rows
	it := &krylov{k: k, factor: factor, want: want, block: block, v: linalg.New(limit, n), w: linalg.New(limit, n),
		res: linalg.New(block, n), norms: make([]float64, block), rng: rand.New(rand.NewPCG(1, 0x746f70))}
	for range block {
		it.appendRandom()
	}
	it.apply(0)
	return it
}

// apply fills the rows of W from row lo on.
func (it *krylov) apply(lo int) {
	blas64.Gemm(blas.NoTrans, blas.NoTrans, it.factor, linalg.Rows(it.v, lo, it.size), it.k, 0, linalg.Rows(it.w, lo, it.size))
}

// ritz takes the Rayleigh–Ritz pairs of the basis and their residuals, and
// returns the worst residual among the wanted ones.
func (it *krylov) ritz() (float64, error) {
	m := it.size
	v, w := linalg.Rows(it.v, 0, m), linalg.Rows(it.w, 0, m)
	h := linalg.New(m, m)
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, v, w, 0, h)
	sym := mat.NewSymDense(m, nil)
	for i := 0; i < m; i++ {
		for j := i; j < m; j++ {
			sym.SetSym(i, j, (h.Data[i*m+j]+h.Data[j*m+i])/2)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		return 0, fmt.Errorf("kernel: the projected eigenproblem of size %d did not converge", m)
	}
	all := eig.Values(nil)
	var vec mat.Dense
	eig.VectorsTo(&vec)
	raw := vec.RawMatrix()
	it.values = make([]float64, it.block)
	it.y = linalg.New(m, it.block)
	for j := range it.values {
		it.values[j] = all[m-1-j]
		for i := 0; i < m; i++ {
			it.y.Data[i*it.block+j] = raw.Data[i*raw.Stride+m-1-j]
		}
	}
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, it.y, w, 0, it.res)
	scaled := linalg.New(m, it.block)
	for i := 0; i < m; i++ {
		for j, l := range it.values {
			scaled.Data[i*it.block+j] = l * it.y.Data[i*it.block+j]
		}
	}
	blas64.Gemm(blas.Trans, blas.NoTrans, -1, scaled, v, 1, it.res)
	top := math.Max(math.Abs(all[m-1]), math.Abs(all[0]))
	worst := 0.0
	for j := range it.norms {
		r := row(it.res, j)
		it.norms[j] = math.Sqrt(dot(r, r)) / top
		if j < it.want {
			worst = math.Max(worst, it.norms[j])
		}
	}
	return worst, nil
}

// extend adds the residuals that have not converged to the basis, after
// cutting the basis down to the Ritz vectors when it is full.
func (it *krylov) extend(tol float64) {
	if it.size+it.block > it.v.Rows {
		for _, b := range []*blas64.General{&it.v, &it.w} {
			next := linalg.New(b.Rows, b.Cols)
			blas64.Gemm(blas.Trans, blas.NoTrans, 1, it.y, linalg.Rows(*b, 0, it.size), 0, linalg.Rows(next, 0, it.block))
			*b = next
		}
		it.size = it.block
	}
	lo := it.size
	for j := 0; j < it.block; j++ {
		if it.norms[j] > tol/10 {
			it.append(row(it.res, j))
		}
	}
	if it.size == lo {
		it.appendRandom()
	}
	it.apply(lo)
}

// append adds a vector, made orthogonal to the basis and of norm one, unless
// nothing is left of it.
func (it *krylov) append(x []float64) bool {
	dst := row(it.v, it.size)
	copy(dst, x)
	before := math.Sqrt(dot(dst, dst))
	if before == 0 {
		return false
	}
	c := make([]float64, max(it.size, 1))
	for pass := 0; pass < 2 && it.size > 0; pass++ {
		basis := linalg.Rows(it.v, 0, it.size)
		blas64.Gemv(blas.NoTrans, 1, basis, blas64.Vector{N: len(dst), Inc: 1, Data: dst}, 0, blas64.Vector{N: it.size, Inc: 1, Data: c})
		blas64.Gemv(blas.Trans, -1, basis, blas64.Vector{N: it.size, Inc: 1, Data: c}, 1, blas64.Vector{N: len(dst), Inc: 1, Data: dst})
	}
	after := math.Sqrt(dot(dst, dst))
	if after <= 1e-8*before {
		return false
	}
	for i := range dst {
		dst[i] /= after
	}
	it.size++
	return true
}

// appendRandom adds a random direction; or, were the draws to lie in the basis
// again and again, the first coordinate direction that does not. There is one
// while the basis has fewer vectors than K has rows: the squared distances of
// the n coordinate directions from its span add up to n less its size.
func (it *krylov) appendRandom() {
	x := make([]float64, it.v.Cols)
	for range 10 {
		for i := range x {
			x[i] = it.rng.NormFloat64()
		}
		if it.append(x) {
			return
		}
	}
	for i := range x {
		clear(x)
		x[i] = 1
		if it.append(x) {
			return
		}
	}
}

// result writes the wanted pairs into s.
func (it *krylov) result(s *Spectrum) {
	n := it.v.Cols
	s.Values = append([]float64(nil), it.values[:it.want]...)
	s.Vectors = mat.NewDense(n, it.want, nil)
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, linalg.Rows(it.v, 0, it.size), linalg.Cols(it.y, 0, it.want), 0, s.Vectors.RawMatrix())
	s.fixSigns()
}
