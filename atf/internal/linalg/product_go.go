//go:build !openblas

package linalg

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Product computes matrix products. It cuts them into tiles small enough that
// gonum computes each in the goroutine that asks, and shares the tiles out
// itself: unlike gonum's own threading that allocates nothing. A Product serves
// one goroutine at a time.
// Every entry of a product is the sum of its terms in the order of the inner
// index, so its bits depend neither on the tiles nor on the other rows.
type Product struct {
	tiles       *par.Loop
	trans       blas.Transpose
	alpha, beta float64
	a, b, c     blas64.General
	across      int // tiles in a row of tiles
}

// The tiles of c, and the length of the inner index taken at a time. A tile of
// b stays in the second-level cache, a row of c in the first.
const (
	tileRows  = 32
	tileCols  = 192
	tileInner = 64
)

// smallProduct is the number of multiplications below which a second goroutine
// costs more than it brings.
const smallProduct = 1 << 16

// NewProduct prepares products.
func NewProduct() *Product {
	p := &Product{}
	p.tiles = par.NewLoop(func(lo, hi int) {
		for t := lo; t < hi; t++ {
			p.tile(t/p.across*tileRows, t%p.across*tileCols)
		}
	})
	return p
}

// Forward is c = c + alpha·h wᵀ. The transpose of w is kept in *wt; known says
// that it is there already.
func (p *Product) Forward(alpha float64, h, w blas64.General, wt *[]float64, known bool, c blas64.General) {
	t := Reuse(wt, w.Cols, w.Rows)
	if !known {
		transpose(t, w)
	}
	p.Plain(alpha, h, t, 1, c)
}

// Plain is c = beta·c + alpha·a b.
func (p *Product) Plain(alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	p.mul(blas.NoTrans, alpha, a, b, beta, c)
}

// Outer is c = alpha·aᵀ b.
func (p *Product) Outer(alpha float64, a, b, c blas64.General) {
	p.mul(blas.Trans, alpha, a, b, 0, c)
}

// AddOuter is c = c + alpha·aᵀ b.
func (p *Product) AddOuter(alpha float64, a, b, c blas64.General) {
	p.mul(blas.Trans, alpha, a, b, 1, c)
}

func (p *Product) mul(trans blas.Transpose, alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	p.trans, p.alpha, p.beta, p.a, p.b, p.c = trans, alpha, beta, a, b, c
	p.across = (c.Cols + tileCols - 1) / tileCols
	n := p.across * ((c.Rows + tileRows - 1) / tileRows)
	chunk := 1
	if c.Rows*c.Cols*b.Rows < smallProduct {
		chunk = max(n, 1)
	}
	p.tiles.Run(n, chunk)
	p.a, p.b, p.c = blas64.General{}, blas64.General{}, blas64.General{}
}

func (p *Product) tile(i, j int) {
	rows, cols, inner := min(tileRows, p.c.Rows-i), min(tileCols, p.c.Cols-j), p.b.Rows
	c := part(p.c, i, j, rows, cols)
	beta := p.beta
	for k := 0; k < inner; k += tileInner {
		depth := min(tileInner, inner-k)
		a := p.a
		if p.trans == blas.NoTrans {
			a = part(a, i, k, rows, depth)
		} else {
			a = part(a, k, i, depth, rows)
		}
		blas64.Gemm(p.trans, blas.NoTrans, p.alpha, a, part(p.b, k, j, depth, cols), beta, c)
		beta = 1
	}
}

// part is the view of rows × cols of m that begins at (i, j).
func part(m blas64.General, i, j, rows, cols int) blas64.General {
	v := blas64.General{Rows: rows, Cols: cols, Stride: m.Stride}
	if rows > 0 && cols > 0 {
		at := i*m.Stride + j
		v.Data = m.Data[at : at+(rows-1)*m.Stride+cols]
	}
	return v
}
