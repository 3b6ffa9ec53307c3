package atf

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// A source is a group of columns of the feature matrix G (rows nC): the part of
// the tangent features that belongs to one matrix or one vector of parameters.
// Coefficients of a matrix of out × in are stored row-major.
type source interface {
	// shape is out × in of the coefficient matrix; out·in coefficients.
	shape() (out, in int)
	// apply adds Gβ to g.
	apply(beta, g []float64)
	// adjoint writes Gᵀα.
	adjoint(alpha, out []float64)
	// gram adds G W Gᵀ on and above the diagonal of k; s is scratch.
	gram(w weight, k blas64.General, s *scratch)
	// cross adds G W Hᵀ, where h is a source of the same shape and kind.
	cross(h source, w weight, k blas64.General, s *scratch)
	// scatter adds G_{rp}β_p to out[r][column[p]], −1 for no column.
	scatter(beta []float64, column []int, out blas64.General)
	// bytes estimates the memory that gram and cross take besides k.
	bytes(w weight) int64
}

// A weight is a positive semidefinite W on the coefficients of one source:
// scale·(right ⊗ left) for a matrix Θ ↦ scale·left·Θ·right, or scale·diag(coords).
// Empty left, right and nil coords stand for the identity. With extra, W has a
// second term on top, which acts on one side of the matrix alone.
type weight struct {
	scale       float64
	coords      []float64
	left, right blas64.General // symmetric
	extra       *sandwich
}

// A sandwich is a matrix of low rank on one side: R = βᵀ M β on the right
// (in × in), or L = β M βᵀ on the left (out × out), for β of out × in.
type sandwich struct {
	beta, m blas64.General
	onRight bool
}

// add adds qR or Lq to dst.
func (w *sandwich) add(dst, q blas64.General, s *scratch) {
	k := w.m.Rows
	if w.onRight {
		a, b := linalg.Reuse(&s.third, q.Rows, k), linalg.Reuse(&s.fourth, q.Rows, k)
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, q, w.beta, 0, a)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a, w.m, 0, b)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, b, w.beta, 1, dst)
		return
	}
	a, b := linalg.Reuse(&s.third, k, q.Cols), linalg.Reuse(&s.fourth, k, q.Cols)
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, w.beta, q, 0, a)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w.m, a, 0, b)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w.beta, b, 1, dst)
}

var identityWeight = weight{scale: 1}

// mul overwrites the out × in coefficients q by W q.
func (w weight) mul(q []float64, out, in int, s *scratch) {
	m := blas64.General{Rows: out, Cols: in, Stride: in, Data: q}
	if w.extra != nil {
		t := linalg.Reuse(&s.product, out, in)
		if w.left.Data != nil {
			blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w.left, m, 0, t)
		} else {
			blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, m, w.right, 0, t)
		}
		w.extra.add(t, m, s)
		copy(q, t.Data)
		return
	}
	if w.left.Data != nil {
		t := linalg.Reuse(&s.product, out, in)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, w.left, m, 0, t)
		copy(q, t.Data)
	}
	if w.right.Data != nil {
		t := linalg.Reuse(&s.product, out, in)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, m, w.right, 0, t)
		copy(q, t.Data)
	}
	for i := range w.coords {
		q[i] *= w.coords[i]
	}
	if w.scale != 1 {
		for i := range q {
			q[i] *= w.scale
		}
	}
}

// scratch is memory that steps share, so that an iteration allocates little.
type scratch struct {
	product, trans, first, second, third, fourth []float64
}

// denseSource is an explicit block of G.
type denseSource struct {
	g       blas64.General // rows × out·in
	scale   float64
	out, in int
}

func (d *denseSource) shape() (int, int) { return d.out, d.in }

func (d *denseSource) apply(beta, g []float64) {
	blas64.Gemv(blas.NoTrans, d.scale, d.g, vector(beta), 1, vector(g))
}

func (d *denseSource) adjoint(alpha, out []float64) {
	blas64.Gemv(blas.Trans, d.scale, d.g, vector(alpha), 0, vector(out))
}

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }

func (d *denseSource) bytes(w weight) int64 {
	n := 8 * int64(d.g.Rows) * int64(d.g.Cols)
	if w.plain() {
		return n
	}
	return 2 * n
}

func (w weight) plain() bool {
	return w.coords == nil && w.left.Data == nil && w.right.Data == nil
}

// weighted is G W, in scratch or G itself.
func (d *denseSource) weighted(w weight, s *scratch) blas64.General {
	if w.plain() {
		return d.g
	}
	gw := linalg.Reuse(&s.first, d.g.Rows, d.g.Cols)
	one := w
	one.scale = 1
	for i := range d.g.Rows {
		row := gw.Data[i*gw.Stride : i*gw.Stride+gw.Cols]
		copy(row, d.g.Data[i*d.g.Stride:i*d.g.Stride+d.g.Cols])
		one.mul(row, d.out, d.in, s)
	}
	return gw
}

func (d *denseSource) gram(w weight, k blas64.General, s *scratch) {
	linalg.AddUpper(d.scale*d.scale*w.scale, d.weighted(w, s), d.g, &s.trans, k)
}

func (d *denseSource) cross(h source, w weight, k blas64.General, s *scratch) {
	e := h.(*denseSource)
	linalg.AddCross(d.scale*e.scale*w.scale, d.weighted(w, s), e.g, &s.trans, k)
}

// layerSource is a dense layer's weights, kept as factors: the gradient of
// output c at input i is scale·d[iC+c] h[i]ᵀ.
type layerSource struct {
	d, h  blas64.General // nC × out, n × in
	c     int
	scale float64
	// The products of the unweighted factors, kept from the first Gram on.
	dd, hh blas64.General
}

func (l *layerSource) shape() (int, int) { return l.d.Cols, l.h.Cols }

func (l *layerSource) apply(beta, g []float64) {
	out, in := l.shape()
	theta := blas64.General{Rows: out, Cols: in, Stride: in, Data: beta}
	z := linalg.New(l.h.Rows, out)
	blas64.Gemm(blas.NoTrans, blas.Trans, l.scale, l.h, theta, 0, z)
	par.For(len(g), 1+(1<<14)/max(out, 1), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			v := 0.0
			zr := z.Data[r/l.c*out : r/l.c*out+out]
			for o, dv := range l.d.Data[r*l.d.Stride : r*l.d.Stride+out] {
				v += dv * zr[o]
			}
			g[r] += v
		}
	})
}

func (l *layerSource) adjoint(alpha, dst []float64) {
	out, in := l.shape()
	u := linalg.New(l.h.Rows, out)
	par.For(u.Rows, 1+(1<<14)/max(out*l.c, 1), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := u.Data[i*out : (i+1)*out]
			for r := i * l.c; r < (i+1)*l.c; r++ {
				for o, dv := range l.d.Data[r*l.d.Stride : r*l.d.Stride+out] {
					row[o] += alpha[r] * dv
				}
			}
		}
	})
	blas64.Gemm(blas.Trans, blas.NoTrans, l.scale, u, l.h, 0, blas64.General{Rows: out, Cols: in, Stride: in, Data: dst})
}

func (l *layerSource) bytes(w weight) int64 {
	n, nc, out, in := int64(l.h.Rows), int64(l.d.Rows), int64(l.d.Cols), int64(l.h.Cols)
	b := 8 * (2*n*n + 2*nc*nc + nc*out + n*in)
	if w.coords != nil {
		b += 16 * nc * in * int64(l.chunk())
	}
	return b
}

// side gives F·M·Fᵀ for one factor, upper triangle, from memory where M is the
// identity. The result is to be read only.
func side(f, m blas64.General, kept *blas64.General, buf *[]float64, s *scratch) blas64.General {
	if m.Data == nil && kept.Data != nil {
		return *kept
	}
	var p blas64.General
	if m.Data == nil {
		p = linalg.New(f.Rows, f.Rows)
		*kept = p
	} else {
		p = linalg.Reuse(buf, f.Rows, f.Rows)
		clear(p.Data)
	}
	linalg.AddUpper(1, sideProduct(f, m, &s.third), f, &s.trans, p)
	return p
}

// sideProduct is F·M.
func sideProduct(f, m blas64.General, buf *[]float64) blas64.General {
	if m.Data == nil {
		return f
	}
	fm := linalg.Reuse(buf, f.Rows, m.Cols)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, f, m, 0, fm)
	return fm
}

func (l *layerSource) gram(w weight, k blas64.General, s *scratch) {
	if w.coords != nil {
		l.gramCoords(l, w, k, true, s)
		return
	}
	dd := side(l.d, w.left, &l.dd, &s.first, s)
	hh := side(l.h, w.right, &l.hh, &s.second, s)
	addUpperHadamard(k, dd, hh, l.c, l.scale*l.scale*w.scale)
	if w.extra == nil {
		return
	}
	f := l.d
	if w.extra.onRight {
		f = l.h
	}
	// F = H βᵀ or D β, and its own product with M between.
	t := blas.NoTrans
	if w.extra.onRight {
		t = blas.Trans
	}
	fb := linalg.Reuse(&s.third, f.Rows, w.extra.m.Rows)
	blas64.Gemm(blas.NoTrans, t, 1, f, w.extra.beta, 0, fb)
	fm := linalg.Reuse(&s.fourth, f.Rows, w.extra.m.Rows)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, fb, w.extra.m, 0, fm)
	p := linalg.Reuse(&s.first, f.Rows, f.Rows)
	clear(p.Data)
	linalg.AddUpper(1, fm, fb, &s.trans, p)
	if w.extra.onRight {
		addUpperHadamard(k, side(l.d, blas64.General{}, &l.dd, nil, s), p, l.c, l.scale*l.scale)
	} else {
		addUpperHadamard(k, p, side(l.h, blas64.General{}, &l.hh, nil, s), l.c, l.scale*l.scale)
	}
}

// addUpperHadamard adds scale·dd∘hh on and above the diagonal.
func addUpperHadamard(k, dd, hh blas64.General, c int, scale float64) {
	par.For(k.Rows, 1+(1<<14)/max(k.Cols, 1), func(lo, hi int) {
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

func (l *layerSource) cross(o source, w weight, k blas64.General, s *scratch) {
	m := o.(*layerSource)
	if w.coords != nil {
		l.gramCoords(m, w, k, false, s)
		return
	}
	dd := linalg.Reuse(&s.first, l.d.Rows, m.d.Rows)
	clear(dd.Data)
	linalg.AddCross(1, sideProduct(l.d, w.left, &s.third), m.d, &s.trans, dd)
	hh := linalg.Reuse(&s.second, l.h.Rows, m.h.Rows)
	clear(hh.Data)
	linalg.AddCross(1, sideProduct(l.h, w.right, &s.third), m.h, &s.trans, hh)
	linalg.NewHadamard().Add(k, dd, hh, l.c, l.scale*m.scale*w.scale, 0)
}

// chunk is how many output units gramCoords writes out at a time: features of
// about 16 MB, never all of them.
func (l *layerSource) chunk() int {
	return min(max(1, (1<<21)/max(l.d.Rows*l.h.Cols, 1)), l.d.Cols)
}

// gramCoords adds Σ_p w_p G_ip G'_jp, with the features of a few output units
// written out at a time.
func (l *layerSource) gramCoords(m *layerSource, w weight, k blas64.General, symmetric bool, s *scratch) {
	out, in := l.shape()
	size := min(l.chunk(), m.chunk())
	alpha := l.scale * m.scale * w.scale
	for lo := 0; lo < out; lo += size {
		hi := min(lo+size, out)
		a := linalg.Reuse(&s.first, l.d.Rows, (hi-lo)*in)
		l.outer(a, lo, hi, w.coords[lo*in:hi*in])
		b := linalg.Reuse(&s.second, m.d.Rows, (hi-lo)*in)
		m.outer(b, lo, hi, nil)
		if symmetric {
			linalg.AddUpper(alpha, a, b, &s.trans, k)
		} else {
			linalg.AddCross(alpha, a, b, &s.trans, k)
		}
	}
}

// outer writes d[r][o] h[i] times coords for the output units lo to hi.
func (l *layerSource) outer(dst blas64.General, lo, hi int, coords []float64) {
	in := l.h.Cols
	par.For(l.d.Rows, 1+(1<<14)/max(dst.Cols, 1), func(r0, r1 int) {
		for r := r0; r < r1; r++ {
			h := l.h.Data[r/l.c*l.h.Stride : r/l.c*l.h.Stride+in]
			row := dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]
			for o := lo; o < hi; o++ {
				d := l.d.Data[r*l.d.Stride+o]
				part := row[(o-lo)*in : (o-lo+1)*in]
				for j, v := range h {
					part[j] = d * v
				}
			}
			for j, v := range coords {
				row[j] *= v
			}
		}
	})
}
