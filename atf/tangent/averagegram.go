package tangent

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// Layers between the first and the last have both factors moving along the
// segment. Their average features ḡ_i = Σ_t w_t d_t[i] h_t[i]ᵀ give a Gram
// block in two ways, and pairsCheaper chooses:
//
//   - outer: form ḡ_i for a few output units at a time and multiply,
//     (nC)²·out·in operations and T·nC·out·in to form them;
//   - pairs: Σ_{t,s} w_t w_s (d_t d_sᵀ)∘(h_t h_sᵀ), T²·((nC)²·out + n²·in)
//     operations, which wins for few nodes and wide layers.

func (f *Features) pairsCheaper(g *Features, l int) bool {
	k := f.layers[l]
	t, out, in := float64(k.nodes), float64(k.out), float64(k.in)
	ra, rb := float64(f.n*f.c), float64(g.n*g.c)
	pairs := t * t * (ra*rb*out + float64(f.n)*float64(g.n)*in)
	outer := ra*rb*out*in + t*(ra+rb)*out*in
	return pairs < outer
}

// chunk is how many output units addOuter takes at a time: about 32 MB of
// averaged features for each side.
func (f *Features) chunk(g *Features, l int) int {
	k := f.layers[l]
	rows := max(f.n*f.c, g.n*g.c)
	return min(max(1, (1<<22)/max(rows*k.in, 1)), k.out)
}

func (f *Features) addOuter(k blas64.General, g *Features, l int, symmetric bool, w *workspace) error {
	a, b := f.layers[l], g.layers[l]
	size := f.chunk(g, l)
	ws := a.wscale * a.wscale
	for lo := 0; lo < a.out; lo += size {
		if err := f.err(); err != nil {
			return err
		}
		hi := min(lo+size, a.out)
		fa := linalg.Reuse(&w.fa, f.n*f.c, (hi-lo)*a.in)
		f.outer(fa, l, lo, hi)
		if symmetric {
			linalg.AddGram(ws, fa, &w.tr, k)
			continue
		}
		fb := linalg.Reuse(&w.fb, g.n*g.c, (hi-lo)*b.in)
		g.outer(fb, l, lo, hi)
		linalg.AddCross(ws, fa, fb, &w.tr, k)
	}
	f.addBias(k, g, l, symmetric, w)
	return nil
}

// outer writes into dst the averaged features of layer l's output units lo to
// hi, without the layer's scale: row iC+c holds Σ_t w_t d_t[iC+c][lo:hi] h_t[i]ᵀ.
func (f *Features) outer(dst blas64.General, l, lo, hi int) {
	k := f.layers[l]
	if k.nodes == 1 {
		f.outerSingle(dst, l, lo, hi)
		return
	}
	nc := f.n * f.c
	linalg.Calls(nc, func(r0, r1 int) {
		dt := linalg.New(hi-lo, k.nodes)
		for r := r0; r < r1; r++ {
			for t, wt := range f.weights {
				row := k.d.Data[(t*nc+r)*k.d.Stride:]
				for o := lo; o < hi; o++ {
					dt.Data[(o-lo)*dt.Stride+t] = wt * row[o]
				}
			}
			i := r / f.c
			h := blas64.General{Rows: k.nodes, Cols: k.in, Stride: f.n * k.h.Stride, Data: k.h.Data[i*k.h.Stride:]}
			out := blas64.General{Rows: hi - lo, Cols: k.in, Stride: k.in, Data: dst.Data[r*dst.Stride : r*dst.Stride+dst.Cols]}
			blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, dt, h, 0, out)
		}
	})
}

// outerSingle is outer for a layer with one pair of factors.
func (f *Features) outerSingle(dst blas64.General, l, lo, hi int) {
	k := f.layers[l]
	linalg.Calls(f.n*f.c, func(r0, r1 int) {
		for r := r0; r < r1; r++ {
			h := k.h.Data[r/f.c*k.h.Stride : r/f.c*k.h.Stride+k.in]
			for o := lo; o < hi; o++ {
				d := 0.0
				if !k.unit {
					d = k.dmean.Data[r*k.dmean.Stride+o]
				} else if r%f.c == o {
					d = 1
				}
				out := dst.Data[r*dst.Stride+(o-lo)*k.in:]
				for j, v := range h {
					out[j] = d * v
				}
			}
		}
	})
}

func (f *Features) addPairs(k blas64.General, g *Features, l int, symmetric bool, w *workspace) error {
	a, b := f.layers[l], g.layers[l]
	nca, ncb := f.n*f.c, g.n*g.c
	for s, wsNode := range g.weights {
		ht := linalg.Reuse(&w.ht, b.in, g.n)
		linalg.Transpose(ht, linalg.Rows(b.h, s*g.n, (s+1)*g.n))
		dt := linalg.Reuse(&w.dt, b.out, ncb)
		linalg.Transpose(dt, linalg.Rows(b.d, s*ncb, (s+1)*ncb))
		for lo := 0; lo < f.n; lo += f.blockRows() {
			if err := f.err(); err != nil {
				return err
			}
			hi := min(lo+f.blockRows(), f.n)
			from := 0
			if symmetric {
				from = lo
			}
			dst := linalg.Cols(linalg.Rows(k, lo*f.c, hi*f.c), from*g.c, ncb)
			hh := linalg.Reuse(&w.p1, hi-lo, g.n-from)
			dd := linalg.Reuse(&w.p2, dst.Rows, dst.Cols)
			for t, wt := range f.weights {
				w.product.Plain(1, linalg.Rows(a.h, t*f.n+lo, t*f.n+hi), linalg.Cols(ht, from, g.n), 0, hh)
				w.product.Plain(1, linalg.Rows(a.d, t*nca+lo*f.c, t*nca+hi*f.c), linalg.Cols(dt, from*g.c, ncb), 0, dd)
				w.hadamard.Add(dst, dd, hh, f.c, wt*wsNode*a.wscale*a.wscale, 0)
			}
		}
	}
	f.addBias(k, g, l, symmetric, w)
	return nil
}

// addBias adds the bias part of an averaged layer, bscale²·d̄ d̄ᵀ.
func (f *Features) addBias(k blas64.General, g *Features, l int, symmetric bool, w *workspace) {
	bs := f.bscaleOf(l) * g.bscaleOf(l)
	if bs == 0 {
		return
	}
	if symmetric {
		linalg.AddGram(bs, f.layers[l].dmean, &w.tr, k)
		return
	}
	linalg.AddCross(bs, f.layers[l].dmean, g.layers[l].dmean, &w.tr, k)
}
