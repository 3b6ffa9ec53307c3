package feature

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// A Block is a group of columns of the tangent feature matrix G, with nC rows:
// the part that belongs to one matrix or one vector of parameters. Its
// coefficients form an out × in matrix, stored row-major in a slice.
//
// Slices and matrices must have the sizes said here; a Block does not check
// them beyond what BLAS does. A Block serves one goroutine at a time.
type Block interface {
	// Shape is out × in of the coefficient matrix; there are out·in coefficients.
	Shape() (out, in int)
	// Apply adds Gβ to g, of length nC.
	Apply(beta, g []float64)
	// Adjoint writes Gᵀα to beta, for α of length nC.
	Adjoint(alpha, beta []float64)
	// Gram adds G W Gᵀ to k (nC × nC) on and above the diagonal. What lies
	// below it is not kept up.
	Gram(w Weight, k blas64.General, s *Scratch)
	// Cross adds G W Hᵀ to k (nC × mC), where H are the columns of h at other
	// inputs. It panics when h is a block of another kind.
	Cross(h Block, w Weight, k blas64.General, s *Scratch)
	// Scatter adds G_rp β_p to out[r][column[p]] for every row r and column p
	// of G, and leaves out the columns whose number is negative.
	Scatter(beta []float64, column []int, out blas64.General)
	// Write writes the columns out to dst, of nC × out·in.
	Write(dst blas64.General)
	// Bytes estimates the memory that Gram and Cross take besides k.
	Bytes(w Weight) int64
	// Kept is the memory that the block holds on to from its first Gram on.
	Kept() int64
}

// Scratch is memory that successive calls share, so that an iteration allocates
// little. The zero value is ready. It serves one goroutine at a time.
type Scratch struct {
	// Piece is told of every piece of a product that takes several; nil for nobody.
	Piece func(done, total int)
	// Interrupted is asked before every piece; nil for nobody. Where it gives an
	// error a Gram or Cross stops, and what it was to add is not whole.
	Interrupted func() error

	mul, trans, third, fourth, first, second []float64
	d, h                                     productScratch
	product                                  *linalg.Product
	hadamard                                 *linalg.Hadamard
}

func (s *Scratch) interrupted() error {
	if s.Interrupted == nil {
		return nil
	}
	return s.Interrupted()
}

func (s *Scratch) piece(done, total int) {
	if s.Piece != nil {
		s.Piece(done, total)
	}
}

// loops prepares the parallel loops at the first use.
func (s *Scratch) loops() {
	if s.product == nil {
		s.product, s.hadamard = linalg.NewProduct(), linalg.NewHadamard()
	}
}

// rowGrain is how many rows of the given length are worth a goroutine.
func rowGrain(cols int) int { return 1 + (1<<14)/max(cols, 1) }

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }

func copyRows(dst, src blas64.General) {
	for i := range dst.Rows {
		copy(dst.Data[i*dst.Stride:i*dst.Stride+dst.Cols], src.Data[i*src.Stride:])
	}
}
