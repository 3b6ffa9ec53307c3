package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Bias is the block of a bias vector: the gradient of output c at input i is
// scale·δ_(i,c), out × 1.
type Bias struct {
	d     *Signals
	scale float64
}

// NewBias makes the block for the signals of one node, or their mean over the
// nodes.
func NewBias(d *Signals, scale float64) *Bias { return &Bias{d: d, scale: scale} }

// Shape is out × 1.
func (b *Bias) Shape() (out, in int) { return b.d.out, 1 }

// Apply adds Gβ to g.
func (b *Bias) Apply(beta, g []float64) {
	// The same vector for every input: a matrix of stride 0.
	b.d.addDots(b.scale, 0, blas64.General{Rows: len(g) / b.d.c, Cols: b.d.out, Data: beta}, g)
}

// Adjoint writes Gᵀα to beta.
func (b *Bias) Adjoint(alpha, beta []float64) {
	u := linalg.New(b.d.rows/b.d.c, b.d.out)
	b.d.sum(0, alpha, u)
	clear(beta)
	for i := range u.Rows {
		for o, v := range u.Data[i*u.Stride : (i+1)*u.Stride] {
			beta[o] += v
		}
	}
	for o := range beta {
		beta[o] *= b.scale
	}
}

func (b *Bias) columns() *Columns { return NewColumns(b.d.at(0), b.scale, b.d.out, 1) }

// Gram adds G W Gᵀ to the upper triangle of k.
func (b *Bias) Gram(w Weight, k blas64.General, s *Scratch) { b.columns().Gram(w, k, s) }

// Cross adds G W Hᵀ to k. It panics when h is of another kind.
func (b *Bias) Cross(h Block, w Weight, k blas64.General, s *Scratch) {
	e, ok := h.(*Bias)
	if !ok {
		panic(fmt.Sprintf("feature: the cross product of a bias with a block of type %T", h))
	}
	b.columns().Cross(e.columns(), w, k, s)
}

// add adds G Hᵀ for the columns H of o, or what of it stands on and above the
// diagonal.
func (b *Bias) add(k blas64.General, o *Bias, how Products, s *Scratch) {
	if how.symmetric {
		b.Gram(Scalar(1), k, s)
	} else {
		b.Cross(o, Scalar(1), k, s)
	}
}

// Scatter adds G_rp β_p to out[r][column[p]].
func (b *Bias) Scatter(beta []float64, column []int, out blas64.General) {
	b.columns().Scatter(beta, column, out)
}

// Write writes the columns out to dst.
func (b *Bias) Write(dst blas64.General) { b.columns().Write(dst) }

// Bytes is the memory of a transpose and, with a weight between, of G W.
func (b *Bias) Bytes(w Weight) int64 {
	n := 8 * int64(b.d.rows) * int64(b.d.out)
	if _, ok := w.trivial(); !ok {
		n *= 2
	}
	return n + b.d.bytes()
}

// Kept is 0.
func (b *Bias) Kept() int64 { return 0 }
