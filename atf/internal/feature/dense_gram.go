package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// With a Kronecker product W = R ⊗ L between, an entry of a dense layer's Gram
// block at a single parameter vector is scale²·(δ_r·L δ_r')(h_i·R h_i'): the
// entrywise product of two products (eq. (7) with the structure of Theorem 2).
// An average over T nodes has two ways there, and pairsCheaper chooses:
//
//   - outer: form the averaged features ḡ_i = Σ_t w_t δ_t[i] h_t[i]ᵀ of a few
//     output units at a time and multiply, (nC)²·out·in operations and
//     T·nC·out·in to form them;
//   - pairs: Σ_{t,s} w_t w_s (δ_t L δ_sᵀ)∘(h_t R h_sᵀ), T²·((nC)²·out + n²·in)
//     operations, which wins for few nodes and wide layers.

// Products says how a Gram block is computed, never what it is. The zero value
// lets the package choose.
type Products struct {
	// Rows is the number of inputs in a block of rows; 0 for about 256 rows.
	Rows int

	symmetric bool // only on and above the diagonal, of a block with itself
}

// add adds alpha·F Gᵀ to k, or what of it stands on and above the diagonal.
func (p Products) add(alpha float64, f, g blas64.General, s *Scratch, k blas64.General) {
	if p.symmetric {
		linalg.AddUpper(alpha, f, g, &s.trans, k)
	} else {
		linalg.AddCross(alpha, f, g, &s.trans, k)
	}
}

// defaultRows is the number of rows of a Gram matrix computed at a time: large
// enough to keep a BLAS busy, small enough to profit from symmetry.
const defaultRows = 256

func (p Products) rows(c int) int {
	if p.Rows > 0 {
		return p.Rows
	}
	return max(defaultRows/c, 1)
}

// Gram adds G W Gᵀ to the upper triangle of k.
func (b *Dense) Gram(w Weight, k blas64.General, s *Scratch) {
	_ = b.add(k, b, w, 0, Products{symmetric: true}, s) // who interrupts it knows
}

// Cross adds G W Hᵀ to k. It panics when h is of another kind.
func (b *Dense) Cross(h Block, w Weight, k blas64.General, s *Scratch) {
	o, ok := h.(*Dense)
	if !ok {
		panic(fmt.Sprintf("feature: the cross product of a dense layer with a block of type %T", h))
	}
	_ = b.add(k, o, w, 0, Products{}, s)
}

// add adds G W Hᵀ for the columns H of o. At a single node it also adds
// bias·(δ_r·δ_r') for a weight that is a multiple of the identity.
func (b *Dense) add(k blas64.General, o *Dense, w Weight, bias float64, how Products, s *Scratch) error {
	s.loops()
	if c, ok := w.(Coordinates); ok {
		return b.addOuter(k, o, c, 1, how, s)
	}
	if factor, ok := w.trivial(); ok && len(b.nodes) > 1 && !b.pairsCheaper(o) {
		return b.addOuter(k, o, nil, factor, how, s)
	}
	for _, t := range w.(kronecker).terms() {
		if err := b.addTerm(k, o, t, bias, how, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *Dense) addTerm(k blas64.General, o *Dense, w term, bias float64, how Products, s *Scratch) error {
	scale := b.scale * o.scale * w.scale
	units := b.unitProduct(w.left)
	kept := b.keeps && how.symmetric && len(b.nodes) == 1
	hl, hr := w.right.between(b.h, o.h, &s.h)
	var dl, dr blas64.General
	if !units {
		dl, dr = w.left.between(b.d.all(), o.d.all(), &s.d)
	}
	for at, wo := range o.nodes {
		var dd, hh product
		if _, ok := w.right.(Unchanged); ok && kept {
			hh = keep(&b.hh, b.h, s)
		} else {
			hh = newProduct(hl, linalg.Rows(hr, at*o.n, (at+1)*o.n), b.n, &s.h, s)
		}
		if units {
			// no products of signals
		} else if _, ok := w.left.(Unchanged); ok && kept {
			dd = keep(&b.dd, b.d.all(), s)
		} else {
			dd = newProduct(dl, linalg.Rows(dr, at*o.rows(), (at+1)*o.rows()), b.rows(), &s.d, s)
		}
		for lo := 0; lo < b.n; lo += how.rows(b.c) {
			if err := s.interrupted(); err != nil {
				return err
			}
			hi, from := min(lo+how.rows(b.c), b.n), 0
			if how.symmetric {
				from = lo
			}
			dst := linalg.Cols(linalg.Rows(k, lo*b.c, hi*b.c), from*o.c, o.n*o.c)
			for t, wt := range b.nodes {
				inner := hh.block(t, lo, hi, from, o.n)
				if units {
					s.hadamard.AddUnit(dst, inner, b.c, wt*wo*scale, bias)
				} else {
					s.hadamard.Add(dst, dd.block(t, lo*b.c, hi*b.c, from*o.c, o.n*o.c), inner, b.c, wt*wo*scale, bias)
				}
			}
			s.piece(at*b.n+hi, len(o.nodes)*b.n)
		}
	}
	return nil
}

// unitProduct says that the product of the signals is 1 for the same output and
// 0 otherwise.
func (b *Dense) unitProduct(left Side) bool {
	_, ok := left.(Unchanged)
	return ok && b.d.unit
}

func (b *Dense) pairsCheaper(o *Dense) bool {
	t, out, in := float64(len(b.nodes)), float64(b.d.out), float64(b.h.Cols)
	ra, rb := float64(b.rows()), float64(o.rows())
	pairs := t * t * (ra*rb*out + float64(b.n)*float64(o.n)*in)
	outer := ra*rb*out*in + t*(ra+rb)*out*in
	return pairs < outer
}

// work estimates the memory in bytes of G Hᵀ besides the result.
func (b *Dense) work(o *Dense, how Products) int64 {
	in, out, rows, cols, n := int64(b.h.Cols), int64(b.d.out), int64(b.rows()), int64(o.rows()), int64(o.n)
	if len(b.nodes) > 1 && !b.pairsCheaper(o) {
		return 16 * (rows + cols) * in * int64(b.chunk(max(b.rows(), o.rows())))
	}
	r := int64(how.rows(b.c))
	return 8 * (in*n + out*cols + r*n + r*int64(b.c)*cols)
}
