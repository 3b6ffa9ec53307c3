package feature

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// With a Kronecker product W = R ⊗ L between, an entry of a convolution's Gram
// block is a sum over pairs of positions (and of nodes),
//
//	scale²·Σ_p Σ_q (δ_rp·L δ_r'q)(h_ip·R h_i'q),
//
// which may be computed in two ways, and pairsCheaper chooses. For m terms, that is
// positions times nodes:
//
//   - outer: write the features Σ_p (L δ_rp)(R h_ip)ᵀ of a few output units at a
//     time out and multiply, (nC)²·out·in operations and m·nC·out·in to form them;
//   - pairs: all products of signals and of patches, m²·((nC)²·out + n²·in)
//     operations, which wins for few positions and many channels.

// A side is how patches and signals are transformed on one side of a product.
type side struct {
	patches, signals func(m blas64.General, s *productScratch) blas64.General
}

// Gram adds G W Gᵀ to the upper triangle of k.
func (b *Conv) Gram(w Weight, k blas64.General, s *Scratch) {
	_ = b.add(k, b, w, Products{symmetric: true}, s) // who interrupts it knows
}

// Cross adds G W Hᵀ to k. It panics when h is of another kind.
func (b *Conv) Cross(h Block, w Weight, k blas64.General, s *Scratch) {
	o, ok := h.(*Conv)
	if !ok {
		panic(fmt.Sprintf("feature: the cross product of a convolution with a block of type %T", h))
	}
	_ = b.add(k, o, w, Products{}, s)
}

// add adds G W Hᵀ for the columns H of o.
func (b *Conv) add(k blas64.General, o *Conv, w Weight, how Products, s *Scratch) error {
	s.loops()
	if c, ok := w.(Coordinates); ok {
		return b.addOuter(k, o, term{1, Unchanged{}, Unchanged{}}, c, how, s)
	}
	for _, t := range w.(kronecker).terms() {
		out, in := b.Shape()
		var err error
		if b.pairsCheaper(o, t.left.width(out), t.right.width(in)) {
			err = b.addPairs(k, o, t, how, s)
		} else {
			err = b.addOuter(k, o, t, nil, how, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pairsCheaper compares the operations for signals of out and patches of in numbers.
func (b *Conv) pairsCheaper(o *Conv, out, in int) bool {
	ra, rb, ma, mb := float64(b.rows()), float64(o.rows()), float64(b.terms()), float64(o.terms())
	w, h := float64(out), float64(in)
	pairs := ma * mb * (ra*rb*w + float64(b.n)*float64(o.n)*h)
	outer := (ra*rb + ma*ra + mb*rb) * w * h
	return pairs < outer
}

// units is how many output units are written out at a time: features of about
// 32 MB.
func (b *Conv) units(rows, out, in int) int {
	return min(max(1, (1<<22)/max(rows*in, 1)), out)
}

// addOuter adds scale·scale'·Σ_p w_p G_rp G'_r'p for transformed features G and G';
// without coords all w_p are 1.
func (b *Conv) addOuter(k blas64.General, o *Conv, w term, coords Coordinates, how Products, s *Scratch) error {
	out, in := b.Shape()
	out, in = w.left.width(out), w.right.width(in)
	size := b.units(max(b.rows(), o.rows()), out, in)
	_, plainL := w.left.(Unchanged)
	_, plainR := w.right.(Unchanged)
	alpha := b.scale * o.scale * w.scale
	for lo := 0; lo < out; lo += size {
		if err := s.interrupted(); err != nil {
			return err
		}
		hi := min(lo+size, out)
		e := linalg.Reuse(&s.first, b.rows(), (hi-lo)*in)
		b.outer(e, lo, hi, side{w.right.left, w.left.left})
		f := e
		if !how.symmetric || !plainL || !plainR || coords != nil {
			f = linalg.Reuse(&s.second, o.rows(), (hi-lo)*in)
			o.outer(f, lo, hi, side{w.right.right, w.left.right})
		}
		if coords != nil {
			multiplyRows(e, coords[lo*in:hi*in])
		}
		how.add(alpha, e, f, s, k)
		s.piece(hi, out)
	}
	return nil
}

// outer writes the transformed features of the output units lo to hi, without
// their scale: row iC+c of dst holds Σ_p δ_p[lo:hi] h_pᵀ.
func (b *Conv) outer(dst blas64.General, lo, hi int, t side) {
	linalg.Calls(b.n, func(i0, i1 int) {
		var hs, ds productScratch
		b.each(i0, i1, func(i int, patches blas64.General, buf *[]float64) {
			h := t.patches(patches, &hs)
			for r := i * b.c; r < (i+1)*b.c; r++ {
				d := t.signals(b.signals(r, buf), &ds)
				row := blas64.General{Rows: hi - lo, Cols: h.Cols, Stride: h.Cols, Data: dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]}
				blas64.Gemm(blas.Trans, blas.NoTrans, 1, linalg.Cols(d, lo, hi), h, 0, row)
			}
		})
	})
}

// addPairs adds scale·scale'·Σ_p Σ_q (δ_rp·L δ_r'q)(h_ip·R h_i'q).
func (b *Conv) addPairs(k blas64.General, o *Conv, w term, how Products, s *Scratch) error {
	f, d := b.all()
	e, g := f, d
	if !how.symmetric {
		e, g = o.all()
	}
	m, mo := b.terms(), o.terms()
	hl, hr := w.right.between(f, e, &s.h)
	dl, dr := w.left.between(d, g, &s.d)
	hh := newProduct(hl, hr, b.n*m, &s.h, s)
	dd := newProduct(dl, dr, b.rows()*m, &s.d, s)
	alpha, size := b.scale*o.scale*w.scale, b.images(o, how)
	for lo := 0; lo < b.n; lo += size {
		if err := s.interrupted(); err != nil {
			return err
		}
		hi, from := min(lo+size, b.n), 0
		if how.symmetric {
			from = lo
		}
		hs := hh.block(0, lo*m, hi*m, from*mo, o.n*mo)
		ds := dd.block(0, lo*b.c*m, hi*b.c*m, from*o.c*mo, o.rows()*mo)
		dst := linalg.Cols(linalg.Rows(k, lo*b.c, hi*b.c), from*o.c, o.rows())
		par.For(dst.Rows, 1, func(r0, r1 int) {
			for r := r0; r < r1; r++ {
				row := dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]
				for q := range row {
					sum := 0.0
					for p := range m {
						at := (r/b.c*m+p)*hs.Stride + q/o.c*mo
						sum += dot(hs.Data[at:at+mo], ds.Data[(r*m+p)*ds.Stride+q*mo:])
					}
					row[q] += alpha * sum
				}
			}
		})
		s.piece(hi, b.n)
	}
	return nil
}

// all are the patches and the signals of all inputs: n·terms × in and nC·terms ×
// out.
func (b *Conv) all() (patches, signals blas64.General) {
	out, in := b.Shape()
	m := b.terms()
	patches, signals = linalg.New(b.n*m, in), linalg.New(b.rows()*m, out)
	par.For(b.n, 1, func(lo, hi int) {
		var plain, buf []float64
		for i := lo; i < hi; i++ {
			b.patches(i, linalg.Rows(patches, i*m, (i+1)*m), &plain)
			for r := i * b.c; r < (i+1)*b.c; r++ {
				copy(signals.Data[r*m*out:(r+1)*m*out], b.signals(r, &buf).Data)
			}
		}
	})
	return patches, signals
}

// images is how many inputs form a block of rows of addPairs: their products with
// all others take about 32 MB.
func (b *Conv) images(o *Conv, how Products) int {
	if how.Rows > 0 {
		return how.Rows
	}
	return max(1, (1<<22)/max(b.terms()*b.c*o.rows()*o.terms(), 1))
}

// work estimates the memory in bytes of G Hᵀ besides the result, with any weight
// between.
func (b *Conv) work(o *Conv, how Products) int64 {
	out, in := b.Shape()
	rows, cols, w, h := int64(b.rows()), int64(o.rows()), int64(out), int64(in)
	m, mo := int64(b.terms()), int64(o.terms())
	if !b.pairsCheaper(o, out, in) {
		// The features on both sides and a transpose, and an image's patches, plain
		// and transformed, and signals.
		return 8 * ((rows+2*cols)*h*int64(b.units(max(b.rows(), o.rows()), out, in)) + 4*m*(h+w))
	}
	size := int64(b.images(o, how))
	factors := int64(b.n)*m*h + rows*m*w + int64(o.n)*mo*h + cols*mo*w
	return 8 * (3*factors + size*m*(int64(b.c)*cols+int64(o.n))*mo)
}
