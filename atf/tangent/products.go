package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// JVP is the product ∇f(x_i)ᵀ v for every input: n × C, for a vector v of P
// numbers laid out as the network's parameters. It is the change of the
// outputs that the linear model gives to the step v, and the second term of
// eq. (2) for averaged features. It panics when v has not P entries. Cost:
// T·n·P multiplications, and n·out numbers of memory at a time.
func (f *Features) JVP(v []float64) *mat.Dense {
	f.checkParams(v)
	out := mat.NewDense(f.n, f.c, nil)
	dst := out.RawMatrix().Data // row iC + c of the nC-vector is at i·C + c
	var buf []float64
	for l, k := range f.layers {
		wo, bo := f.net.Offsets(l)
		wv := blas64.General{Rows: k.out, Cols: k.in, Stride: k.in, Data: v[wo : wo+k.out*k.in]}
		wt := linalg.New(k.in, k.out)
		linalg.Transpose(wt, wv)
		z := linalg.Reuse(&buf, f.n, k.out)
		for t := range k.nodes {
			blas64.Gemm(blas.NoTrans, blas.NoTrans, k.wscale, f.node(k.h, t, f.n), wt, 0, z)
			if k.unit {
				for r := range dst {
					dst[r] += z.Data[r/f.c*z.Stride+r%f.c]
				}
				continue
			}
			d, weight := k.dmean, 1.0
			if k.nodes > 1 {
				d, weight = f.node(k.d, t, f.n*f.c), f.weights[t]
			}
			par.For(len(dst), rowGrain(k.out), func(lo, hi int) {
				for r := lo; r < hi; r++ {
					dst[r] += weight * dot(d.Data[r*d.Stride:r*d.Stride+k.out], z.Data[r/f.c*z.Stride:])
				}
			})
		}
		if bs := f.bscaleOf(l); bs != 0 {
			b := v[bo : bo+k.out]
			for r := range dst {
				if k.unit {
					dst[r] += bs * b[r%f.c]
				} else {
					dst[r] += bs * dot(b, k.dmean.Data[r*k.dmean.Stride:])
				}
			}
		}
	}
	return out
}

// VJP is the product Σ_i ∇f(x_i) u_i for u of n × C: a vector of P numbers
// laid out as the network's parameters. It panics when u has another shape.
// Cost: T·n·C·P multiplications at most.
func (f *Features) VJP(u mat.Matrix) []float64 {
	if r, c := u.Dims(); r != f.n || c != f.c {
		panic(fmt.Sprintf("tangent: u is %d × %d, the features have %d inputs and %d outputs", r, c, f.n, f.c))
	}
	g := linalg.General(u)
	theta := make([]float64, f.net.NumParams())
	for l, k := range f.layers {
		wo, bo := f.net.Offsets(l)
		gw := blas64.General{Rows: k.out, Cols: k.in, Stride: k.in, Data: theta[wo : wo+k.out*k.in]}
		du := linalg.New(f.n, k.out)
		for t := range k.nodes {
			weight := 1.0
			if k.nodes > 1 {
				weight = f.weights[t]
			}
			f.weighted(du, l, t, g)
			blas64.Gemm(blas.Trans, blas.NoTrans, weight*k.wscale, du, f.node(k.h, t, f.n), 1, gw)
		}
		if bs := f.bscaleOf(l); bs != 0 {
			f.weighted(du, l, -1, g)
			gb := theta[bo : bo+k.out]
			for i := range f.n {
				for o, v := range du.Data[i*du.Stride : i*du.Stride+k.out] {
					gb[o] += bs * v
				}
			}
		}
	}
	return theta
}

// weighted writes Σ_c u_ic d_(i,c) for layer l at node t (-1: the mean).
func (f *Features) weighted(dst blas64.General, l, t int, u blas64.General) {
	k := f.layers[l]
	if k.unit {
		copyRows(dst, u)
		return
	}
	d := k.dmean
	if t >= 0 && k.nodes > 1 {
		d = f.node(k.d, t, f.n*f.c)
	}
	par.For(f.n, rowGrain(k.out*f.c), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := dst.Data[i*dst.Stride : i*dst.Stride+k.out]
			clear(row)
			for c := range f.c {
				s := u.Data[i*u.Stride+c]
				for o, v := range d.Data[(i*f.c+c)*d.Stride : (i*f.c+c)*d.Stride+k.out] {
					row[o] += s * v
				}
			}
		}
	})
}

func (f *Features) node(stack blas64.General, t, rows int) blas64.General {
	return linalg.Rows(stack, t*rows, (t+1)*rows)
}

func (f *Features) checkParams(v []float64) {
	if p := f.net.NumParams(); len(v) != p {
		panic(fmt.Sprintf("tangent: vector of %d numbers, the network has %d parameters", len(v), p))
	}
}

// rowGrain is how many rows of the given length are worth a goroutine.
func rowGrain(cols int) int { return 1 + (1<<14)/max(cols, 1) }

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

// Explicit is the feature matrix written out: nC × P, row i·C + c the gradient
// of output c at input i in the parameters' layout. It is for small cases and
// for checks: a matrix beyond the memory budget is an error.
func (f *Features) Explicit() (*mat.Dense, error) {
	p := f.net.NumParams()
	what := fmt.Sprintf("the explicit %d × %d feature matrix", f.n*f.c, p)
	if err := budget.Check(what, 8*int64(f.n*f.c)*int64(p), f.memory, "use Kernel, JVP and VJP, which never form it, or take fewer inputs"); err != nil {
		return nil, err
	}
	j := linalg.New(f.n*f.c, p)
	for l, k := range f.layers {
		wo, bo := f.net.Offsets(l)
		g := linalg.Cols(j, wo, wo+k.out*k.in)
		tight := linalg.New(g.Rows, g.Cols)
		f.outer(tight, l, 0, k.out)
		for i := range g.Rows {
			for e, v := range tight.Data[i*tight.Stride : i*tight.Stride+tight.Cols] {
				g.Data[i*g.Stride+e] = k.wscale * v
			}
		}
		bs := f.bscaleOf(l)
		if bs == 0 {
			continue
		}
		for r := range j.Rows {
			row := j.Data[r*j.Stride+bo : r*j.Stride+bo+k.out]
			if k.unit {
				row[r%f.c] = bs
				continue
			}
			for o := range row {
				row[o] = bs * k.dmean.Data[r*k.dmean.Stride+o]
			}
		}
	}
	return mat.NewDense(j.Rows, j.Cols, j.Data), nil
}
