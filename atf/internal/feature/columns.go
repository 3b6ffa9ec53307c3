package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Columns is a block whose columns are written out, scale·g.
type Columns struct {
	g       blas64.General // rows × out·in
	scale   float64
	out, in int
}

// NewColumns makes the block scale·g for g of nC × out·in. g is shared, not
// copied. It panics when g has another number of columns.
func NewColumns(g blas64.General, scale float64, out, in int) *Columns {
	if g.Cols != out*in {
		panic(fmt.Sprintf("feature: %d columns for %d × %d coefficients", g.Cols, out, in))
	}
	return &Columns{g: g, scale: scale, out: out, in: in}
}

// Shape is out × in.
func (b *Columns) Shape() (out, in int) { return b.out, b.in }

// Apply adds Gβ to g.
func (b *Columns) Apply(beta, g []float64) {
	blas64.Gemv(blas.NoTrans, b.scale, b.g, vector(beta), 1, vector(g))
}

// Adjoint writes Gᵀα to beta.
func (b *Columns) Adjoint(alpha, beta []float64) {
	blas64.Gemv(blas.Trans, b.scale, b.g, vector(alpha), 0, vector(beta))
}

// Gram adds G W Gᵀ to the upper triangle of k.
func (b *Columns) Gram(w Weight, k blas64.General, s *Scratch) {
	gw, factor := b.weighted(w, s)
	linalg.AddUpper(b.scale*b.scale*factor, gw, b.g, &s.trans, k)
}

// Cross adds G W Hᵀ to k. It panics when h is of another kind.
func (b *Columns) Cross(h Block, w Weight, k blas64.General, s *Scratch) {
	e := h.(*Columns)
	gw, factor := b.weighted(w, s)
	linalg.AddCross(b.scale*e.scale*factor, gw, e.g, &s.trans, k)
}

// add adds G Hᵀ for the columns H of o, a part of the columns at a time.
func (b *Columns) add(k blas64.General, o *Columns, how Products, s *Scratch) error {
	size := columnsAtATime(max(b.g.Rows, o.g.Rows))
	for lo := 0; lo < b.g.Cols; lo += size {
		if err := s.interrupted(); err != nil {
			return err
		}
		hi := min(lo+size, b.g.Cols)
		g, h := linalg.Cols(b.g, lo, hi), linalg.Cols(o.g, lo, hi)
		how.add(b.scale*o.scale, g, h, s, k)
		s.piece(hi, b.g.Cols)
	}
	return nil
}

// columnsAtATime is how many columns of that many rows are 32 MB.
func columnsAtATime(rows int) int { return max(1, (1<<22)/max(rows, 1)) }

// weighted is G W without the scale of the block and without the factor that it
// returns, in scratch or the columns themselves.
func (b *Columns) weighted(w Weight, s *Scratch) (blas64.General, float64) {
	if factor, ok := w.trivial(); ok {
		return b.g, factor
	}
	gw := linalg.Reuse(&s.first, b.g.Rows, b.g.Cols)
	for i := range b.g.Rows {
		row := gw.Data[i*gw.Stride : i*gw.Stride+gw.Cols]
		copy(row, b.g.Data[i*b.g.Stride:i*b.g.Stride+b.g.Cols])
		w.Mul(row, b.out, b.in, s)
	}
	return gw, 1
}

// Scatter adds G_rp β_p to out[r][column[p]].
func (b *Columns) Scatter(beta []float64, column []int, out blas64.General) {
	scatter(b.g, b.scale, beta, column, out)
}

func scatter(g blas64.General, scale float64, beta []float64, column []int, out blas64.General) {
	par.For(g.Rows, rowGrain(g.Cols), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			row := out.Data[r*out.Stride : r*out.Stride+out.Cols]
			for p, v := range g.Data[r*g.Stride : r*g.Stride+g.Cols] {
				if c := column[p]; c >= 0 {
					row[c] += scale * v * beta[p]
				}
			}
		}
	})
}

// Write writes the columns out to dst.
func (b *Columns) Write(dst blas64.General) {
	copyRows(dst, b.g)
	for i := range dst.Rows {
		for j := range dst.Cols {
			dst.Data[i*dst.Stride+j] *= b.scale
		}
	}
}

// Bytes is the memory of a transpose of G and, with a weight between, of G W.
func (b *Columns) Bytes(w Weight) int64 {
	n := 8 * int64(b.g.Rows) * int64(b.g.Cols)
	if _, ok := w.trivial(); ok {
		return n
	}
	return 2 * n
}

// Kept is 0.
func (b *Columns) Kept() int64 { return 0 }
