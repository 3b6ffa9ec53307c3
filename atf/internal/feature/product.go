package feature

import (
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// A product is F S Eᵀ = L Rᵀ for the inputs or the signals on both sides of a
// Gram block, computed a few rows at a time, or known already. L holds the
// nodes one after the other; R is of one node.
type product struct {
	l, rt blas64.General // nodes·rows × p, p × columns
	rows  int
	whole blas64.General // the product itself, where it is known
	buf   *[]float64
	by    *linalg.Product
}

// productScratch is the memory of one product.
type productScratch struct{ left, right, inner, trans, block []float64 }

// newProduct prepares L Rᵀ for L of the given number of rows a node.
func newProduct(l, r blas64.General, rows int, sc *productScratch, s *Scratch) product {
	s.loops()
	rt := linalg.Reuse(&sc.trans, r.Cols, r.Rows)
	linalg.Transpose(rt, r)
	return product{l: l, rt: rt, rows: rows, buf: &sc.block, by: s.product}
}

// block is rows lo to hi of node t and columns from to to, to be read only.
func (p *product) block(t, lo, hi, from, to int) blas64.General {
	if p.whole.Data != nil {
		return linalg.Cols(linalg.Rows(p.whole, lo, hi), from, to)
	}
	b := linalg.Reuse(p.buf, hi-lo, to-from)
	p.by.Plain(1, linalg.Rows(p.l, t*p.rows+lo, t*p.rows+hi), linalg.Cols(p.rt, from, to), 0, b)
	return b
}

// keep computes a product of F with itself as a whole, on and above the
// diagonal, into *kept, where it stays for later calls.
func keep(kept *blas64.General, f blas64.General, s *Scratch) product {
	if kept.Data == nil {
		*kept = linalg.New(f.Rows, f.Rows)
		linalg.AddGram(1, f, &s.trans, *kept)
	}
	return product{whole: *kept}
}
