package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/window"
)

// Conv is the block of a convolution's weights, unfolded to out × size·size·channels
// as Theorem 2 takes them. It is kept as two factors: the gradient of output c at
// input i is scale·Σ_t w_t Σ_p δ_t[iC+c, p] h_t[i, p]ᵀ, a sum over the positions p
// of the window, with δ the signal there and h the patch that the window shows, and
// over the nodes of a segment with their weights w_t. Patches are unfolded from the
// images when they are needed.
type Conv struct {
	d     blas64.General // nodes·nC × positions·out
	h     blas64.General // nodes·n × numbers of an image
	nodes []float64      // w_t
	n, c  int
	out   int
	grid  window.Grid
	scale float64
	// Of the homogeneous form: the factor of the patches, and the constant at the
	// end of each, 0 for none.
	patch, tail float64
}

// NewConv makes the block for signals d of n inputs and C outputs, nC × positions·out
// for each node, with the out signals of a position next to each other, and images h
// of n × numbers for each node, or for all of them together where nodes is nil. Both
// are shared, not copied. It panics when d, h, nodes and the grid do not fit each
// other.
func NewConv(d, h blas64.General, c int, nodes []float64, grid window.Grid, scale float64) *Conv {
	if nodes == nil {
		nodes = []float64{1}
	}
	places := grid.Positions()
	b := &Conv{d: d, h: h, nodes: nodes, n: h.Rows / len(nodes), c: c, out: d.Cols / places, grid: grid, scale: scale, patch: 1}
	if h.Cols != grid.Numbers() || d.Cols%places != 0 || h.Rows%len(nodes) != 0 || d.Rows != h.Rows*c {
		panic(fmt.Sprintf("feature: images of %d × %d and signals of %d × %d for images of %v, %d positions, %d outputs and %d nodes",
			h.Rows, h.Cols, d.Rows, d.Cols, grid, places, c, len(nodes)))
	}
	return b
}

// joined is the homogeneous form, whose patches have a constant at their end.
func (b *Conv) joined(bias float64) *Conv {
	j := *b
	j.scale, j.patch, j.tail = 1, b.scale, bias
	return &j
}

// Shape is out × size·size·channels, one more of the homogeneous form.
func (b *Conv) Shape() (out, in int) {
	in = b.grid.Patch()
	if b.tail != 0 {
		in++
	}
	return b.out, in
}

func (b *Conv) rows() int { return b.n * b.c }

// terms is the number of outer products that a gradient is the sum of.
func (b *Conv) terms() int { return len(b.nodes) * b.grid.Positions() }

// patches writes the patches of image i at all nodes, times the nodes' weights,
// to dst: terms × in. buf is work space.
func (b *Conv) patches(i int, dst blas64.General, buf *[]float64) {
	places, size := b.grid.Positions(), b.grid.Patch()
	for t, w := range b.nodes {
		image, to := b.h.Data[(t*b.n+i)*b.h.Stride:], linalg.Rows(dst, t*places, (t+1)*places)
		if w == 1 && b.patch == 1 && b.tail == 0 && dst.Stride == size {
			b.grid.Unfold(to.Data, image)
			continue
		}
		plain := linalg.Reuse(buf, places, size)
		b.grid.Unfold(plain.Data, image)
		for p := range places {
			row := to.Data[p*to.Stride : p*to.Stride+to.Cols]
			for j, v := range plain.Data[p*size : (p+1)*size] {
				row[j] = w * b.patch * v
			}
			if b.tail != 0 {
				row[size] = w * b.tail
			}
		}
	}
}

// signals are those of row r at all positions and nodes: terms × out, in buf or the
// block's own, to be read only.
func (b *Conv) signals(r int, buf *[]float64) blas64.General {
	places := b.grid.Positions()
	if len(b.nodes) == 1 {
		return blas64.General{Rows: places, Cols: b.out, Stride: b.out, Data: b.d.Data[r*b.d.Stride : r*b.d.Stride+places*b.out]}
	}
	s := linalg.Reuse(buf, b.terms(), b.out)
	for t := range b.nodes {
		copy(s.Data[t*places*b.out:(t+1)*places*b.out], b.d.Data[(t*b.rows()+r)*b.d.Stride:])
	}
	return s
}

// each calls f with the patches of every image from lo to hi, its number and work
// space that f may use for signals.
func (b *Conv) each(lo, hi int, f func(i int, patches blas64.General, buf *[]float64)) {
	_, in := b.Shape()
	patches := linalg.New(b.terms(), in)
	var plain, buf []float64
	for i := lo; i < hi; i++ {
		b.patches(i, patches, &plain)
		f(i, patches, &buf)
	}
}

// Apply adds Gβ to g: for every image a product of its patches with β, and its
// entries with the signals.
func (b *Conv) Apply(beta, g []float64) {
	out, in := b.Shape()
	theta := blas64.General{Rows: out, Cols: in, Stride: in, Data: beta}
	linalg.Calls(b.n, func(lo, hi int) {
		z := linalg.New(b.terms(), out)
		b.each(lo, hi, func(i int, patches blas64.General, buf *[]float64) {
			blas64.Gemm(blas.NoTrans, blas.Trans, 1, patches, theta, 0, z)
			for r := i * b.c; r < (i+1)*b.c; r++ {
				d := b.signals(r, buf)
				g[r] += b.scale * dot(d.Data[:len(z.Data)], z.Data)
			}
		})
	})
}

// Adjoint writes Gᵀα to beta: image by image, the sum of the outputs' signals times
// the patches.
func (b *Conv) Adjoint(alpha, beta []float64) {
	out, in := b.Shape()
	theta := blas64.General{Rows: out, Cols: in, Stride: in, Data: beta}
	clear(beta)
	u := linalg.New(b.terms(), out)
	b.each(0, b.n, func(i int, patches blas64.General, buf *[]float64) {
		clear(u.Data)
		for r := i * b.c; r < (i+1)*b.c; r++ {
			d := b.signals(r, buf)
			for j, v := range d.Data[:len(u.Data)] {
				u.Data[j] += alpha[r] * v
			}
		}
		blas64.Gemm(blas.Trans, blas.NoTrans, b.scale, u, patches, 1, theta)
	})
}

// Scatter adds G_rp β_p to out[r][column[p]].
func (b *Conv) Scatter(beta []float64, column []int, out blas64.General) {
	_, in := b.Shape()
	b.pieces(func(lo, hi int, g blas64.General) {
		scatter(g, b.scale, beta[lo*in:hi*in], column[lo*in:hi*in], out)
	})
}

// Write writes the columns out to dst.
func (b *Conv) Write(dst blas64.General) {
	_, in := b.Shape()
	b.pieces(func(lo, hi int, g blas64.General) {
		NewColumns(g, b.scale, hi-lo, in).Write(linalg.Cols(dst, lo*in, hi*in))
	})
}

// pieces writes the features out, without their scale, a few output units at a
// time, and passes them on with the range of units.
func (b *Conv) pieces(f func(lo, hi int, g blas64.General)) {
	out, in := b.Shape()
	size := b.units(b.rows(), out, in)
	plain := side{Unchanged{}.left, Unchanged{}.left}
	var buf []float64
	for lo := 0; lo < out; lo += size {
		hi := min(lo+size, out)
		g := linalg.Reuse(&buf, b.rows(), (hi-lo)*in)
		b.outer(g, lo, hi, plain)
		f(lo, hi, g)
	}
}

// Bytes is the memory of the features of a few output units, or of the products of
// signals and patches.
func (b *Conv) Bytes(w Weight) int64 { return b.work(b, Products{}) }

// Kept is 0.
func (b *Conv) Kept() int64 { return 0 }
