package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Dense is the block of a dense layer's weights, kept as two factors: the
// gradient of output c at input i is scale·d[iC+c] h[i]ᵀ (out × in), so with a
// Kronecker product W = R ⊗ L between, an entry of the Gram block is
// scale²·(d_r·L d_r')(h_i·R h_i') (eq. (7) with the structure of Theorem 2).
type Dense struct {
	d, h  blas64.General // nC × out, n × in
	c     int
	scale float64
	// The products of the unweighted factors, kept from the first Gram on.
	dd, hh blas64.General
}

// NewDense makes the block for signals d of nC × out and inputs h of n × in,
// which are shared, not copied. It panics when d has not C rows for each row
// of h.
func NewDense(d, h blas64.General, c int, scale float64) *Dense {
	if d.Rows != h.Rows*c {
		panic(fmt.Sprintf("feature: %d signals for %d inputs and %d outputs", d.Rows, h.Rows, c))
	}
	return &Dense{d: d, h: h, c: c, scale: scale}
}

// Shape is out × in.
func (b *Dense) Shape() (out, in int) { return b.d.Cols, b.h.Cols }

// Apply adds Gβ to g: one product of the inputs with β, and its rows with the
// signals.
func (b *Dense) Apply(beta, g []float64) {
	out, in := b.Shape()
	theta := blas64.General{Rows: out, Cols: in, Stride: in, Data: beta}
	z := linalg.New(b.h.Rows, out)
	blas64.Gemm(blas.NoTrans, blas.Trans, b.scale, b.h, theta, 0, z)
	par.For(len(g), rowGrain(out), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			v := 0.0
			zr := z.Data[r/b.c*out : r/b.c*out+out]
			for o, dv := range b.d.Data[r*b.d.Stride : r*b.d.Stride+out] {
				v += dv * zr[o]
			}
			g[r] += v
		}
	})
}

// Adjoint writes Gᵀα to beta.
func (b *Dense) Adjoint(alpha, beta []float64) {
	out, in := b.Shape()
	u := linalg.New(b.h.Rows, out)
	par.For(u.Rows, rowGrain(out*b.c), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := u.Data[i*out : (i+1)*out]
			for r := i * b.c; r < (i+1)*b.c; r++ {
				for o, dv := range b.d.Data[r*b.d.Stride : r*b.d.Stride+out] {
					row[o] += alpha[r] * dv
				}
			}
		}
	})
	blas64.Gemm(blas.Trans, blas.NoTrans, b.scale, u, b.h, 0, blas64.General{Rows: out, Cols: in, Stride: in, Data: beta})
}

// Gram adds G W Gᵀ to the upper triangle of k.
func (b *Dense) Gram(w Weight, k blas64.General, s *Scratch) {
	switch w := w.(type) {
	case kronecker:
		for _, t := range w.terms() {
			dd := sideGram(b.d, t.left, &b.dd, &s.first, s)
			hh := sideGram(b.h, t.right, &b.hh, &s.second, s)
			addUpperHadamard(k, dd, hh, b.c, b.scale*b.scale*t.scale)
		}
	case Coordinates:
		b.coordinates(b, w, k, true, s)
	default:
		panic(fmt.Sprintf("feature: a dense layer knows no weight of type %T", w))
	}
}

// sideGram is F S Fᵀ, upper triangle, from memory where S is the identity. The
// result is to be read only.
func sideGram(f blas64.General, side Side, kept *blas64.General, buf *[]float64, s *Scratch) blas64.General {
	if _, ok := side.(Unchanged); ok {
		if kept.Data == nil {
			*kept = linalg.New(f.Rows, f.Rows)
			side.gram(f, *kept, s)
		}
		return *kept
	}
	p := linalg.Reuse(buf, f.Rows, f.Rows)
	clear(p.Data)
	side.gram(f, p, s)
	return p
}

// addUpperHadamard adds scale·dd∘hh on and above the diagonal, where one entry
// of hh stands for a block of c × c entries of dd.
func addUpperHadamard(k, dd, hh blas64.General, c int, scale float64) {
	par.For(k.Rows, rowGrain(k.Cols), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			out := k.Data[r*k.Stride : r*k.Stride+k.Cols]
			d, h := dd.Data[r*dd.Stride:], hh.Data[r/c*hh.Stride:]
			if c == 1 {
				for j := r; j < len(out); j++ {
					out[j] += scale * d[j] * h[j]
				}
				continue
			}
			for j := r; j < len(out); j++ {
				out[j] += scale * d[j] * h[j/c]
			}
		}
	})
}

// Cross adds G W Hᵀ to k. It panics when o is of another kind.
func (b *Dense) Cross(o Block, w Weight, k blas64.General, s *Scratch) {
	m := o.(*Dense)
	switch w := w.(type) {
	case kronecker:
		for _, t := range w.terms() {
			dd := sideCross(b.d, m.d, t.left, &s.first, s)
			hh := sideCross(b.h, m.h, t.right, &s.second, s)
			linalg.NewHadamard().Add(k, dd, hh, b.c, b.scale*m.scale*t.scale, 0)
		}
	case Coordinates:
		b.coordinates(m, w, k, false, s)
	default:
		panic(fmt.Sprintf("feature: a dense layer knows no weight of type %T", w))
	}
}

// sideCross is F S Eᵀ in buf.
func sideCross(f, e blas64.General, side Side, buf *[]float64, s *Scratch) blas64.General {
	p := linalg.Reuse(buf, f.Rows, e.Rows)
	clear(p.Data)
	linalg.AddCross(1, side.product(f, &s.third, s), e, &s.trans, p)
	return p
}

// Scatter adds G_rp β_p to out[r][column[p]].
func (b *Dense) Scatter(beta []float64, column []int, out blas64.General) {
	units, in := b.Shape()
	var buf []float64
	for lo := 0; lo < units; lo += b.chunk() {
		hi := min(lo+b.chunk(), units)
		g := linalg.Reuse(&buf, b.d.Rows, (hi-lo)*in)
		b.outer(g, lo, hi, nil)
		scatter(g, b.scale, beta[lo*in:hi*in], column[lo*in:hi*in], out)
	}
}

// Bytes is the memory of the products of the two factors and, for Coordinates,
// of the features of a few output units.
func (b *Dense) Bytes(w Weight) int64 {
	n, nc, out, in := int64(b.h.Rows), int64(b.d.Rows), int64(b.d.Cols), int64(b.h.Cols)
	bytes := 8 * (2*n*n + 2*nc*nc + nc*out + n*in)
	if _, ok := w.(Coordinates); ok {
		bytes += 16 * nc * in * int64(b.chunk())
	}
	return bytes
}

// Kept is the memory of the products of the unweighted factors.
func (b *Dense) Kept() int64 {
	n, nc := int64(b.h.Rows), int64(b.d.Rows)
	return 8 * (n*n + nc*nc)
}
