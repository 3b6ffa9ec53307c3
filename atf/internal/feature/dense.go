package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Dense is the block of a dense layer's weights, kept as two factors: the
// gradient of output c at input i is scale·Σ_t w_t δ_t[iC+c] h_t[i]ᵀ (out × in),
// a sum over the nodes of a segment with their weights w_t, or one term at a
// single parameter vector.
type Dense struct {
	d     *Signals
	h     blas64.General // nodes·n × in
	nodes []float64      // w_t
	n, c  int
	scale float64
	// With keeps the products of the unweighted factors stay in memory from the
	// first Gram on.
	keeps  bool
	dd, hh blas64.General
}

// NewDense makes the block for signals d and inputs h of n × in for each node,
// which are shared, not copied. nodes are the weights w_t, or nil for a single
// parameter vector. It panics when d and h do not fit each other or nodes.
func NewDense(d *Signals, h blas64.General, nodes []float64, scale float64) *Dense {
	if nodes == nil {
		nodes = []float64{1}
	}
	n := d.rows / d.c
	if h.Rows != n*len(nodes) || !d.unit && d.d.Rows != d.rows*len(nodes) {
		panic(fmt.Sprintf("feature: %d rows of inputs and %d of signals for %d inputs, %d outputs and %d nodes", h.Rows, d.d.Rows, n, d.c, len(nodes)))
	}
	return &Dense{d: d, h: h, nodes: nodes, n: n, c: d.c, scale: scale}
}

// Keeping is a copy of the block that keeps the products of its unweighted
// factors from the first Gram on, (nC)² + n² numbers: for blocks whose Gram is
// asked for again and again.
func (b *Dense) Keeping() *Dense {
	k := *b
	k.keeps, k.dd, k.hh = true, blas64.General{}, blas64.General{}
	return &k
}

// Shape is out × in.
func (b *Dense) Shape() (out, in int) { return b.d.out, b.h.Cols }

func (b *Dense) input(t int) blas64.General { return linalg.Rows(b.h, t*b.n, (t+1)*b.n) }

// Apply adds Gβ to g: a product of the inputs with β, and its rows with the
// signals, for each node.
func (b *Dense) Apply(beta, g []float64) {
	out, in := b.Shape()
	theta := blas64.General{Rows: out, Cols: in, Stride: in, Data: beta}
	z := linalg.New(b.n, out)
	var buf []float64
	for t, w := range b.nodes {
		clear(z.Data)
		linalg.AddCross(b.scale, b.input(t), theta, &buf, z)
		b.d.addDots(w, t, z, g)
	}
}

// Adjoint writes Gᵀα to beta.
func (b *Dense) Adjoint(alpha, beta []float64) {
	out, in := b.Shape()
	theta := blas64.General{Rows: out, Cols: in, Stride: in, Data: beta}
	u := linalg.New(b.n, out)
	add := 0.0
	for t, w := range b.nodes {
		b.d.sum(t, alpha, u)
		blas64.Gemm(blas.Trans, blas.NoTrans, w*b.scale, u, b.input(t), add, theta)
		add = 1
	}
}

// Scatter adds G_rp β_p to out[r][column[p]].
func (b *Dense) Scatter(beta []float64, column []int, out blas64.General) {
	_, in := b.Shape()
	b.pieces(b.chunk(b.rows()), func(lo, hi int, g blas64.General) {
		scatter(g, b.scale, beta[lo*in:hi*in], column[lo*in:hi*in], out)
	})
}

// Write writes the columns out to dst.
func (b *Dense) Write(dst blas64.General) {
	_, in := b.Shape()
	b.pieces(b.chunk(b.rows()), func(lo, hi int, g blas64.General) {
		NewColumns(g, b.scale, hi-lo, in).Write(linalg.Cols(dst, lo*in, hi*in))
	})
}

func (b *Dense) rows() int { return b.n * b.c }

// Bytes is the memory of the products of the two factors and, for Coordinates,
// of the features of a few output units.
func (b *Dense) Bytes(w Weight) int64 {
	n, nc, out, in := int64(b.n), int64(b.rows()), int64(b.d.out), int64(b.h.Cols)
	bytes := 8 * (2*n*n + 2*nc*nc + nc*out + n*in)
	if _, ok := w.(Coordinates); ok {
		bytes += 16 * nc * in * int64(b.chunk(b.rows()))
	}
	return bytes + b.d.bytes()
}

// Kept is the memory of the products of the unweighted factors.
func (b *Dense) Kept() int64 {
	if !b.keeps {
		return 0
	}
	n, nc := int64(b.n), int64(b.rows())
	return 8 * (n*n + nc*nc)
}
