package tangent

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// denseFactors are the factors A, Δ, B and b' of a dense layer,
// W − W₀ = A Δ Bᵀ and b − b₀ = A b'.
//
// With G the derivative by W and g that by b, the derivatives by the factors are
//
//	A: G B Δᵀ + g b'ᵀ    Δ: Aᵀ G B    B: Gᵀ A Δ    b': Aᵀ g,
//
// and G = WScale·Σ δ_i h_iᵀ, g = BScale·Σ δ_i over the examples of a batch, so
// that they can also be had without G from u_i = Bᵀh_i, which is what forward
// and backward do.
type denseFactors struct {
	at             int // the layer's place among the network's
	in, out        int
	bias           bool
	wscale, bscale float64
	w, b           int // where W and b begin in the network's θ
	start, end     int // where the factors begin and end among those of all layers

	u, s       blas64.General // rows u_i and s_i = WScale·Δu_i + BScale·b' of the last forward
	uBuf, sBuf []float64
}

func newDenseFactors(net *nn.Network, l, start int) (layerFactors, int) {
	ly := net.Layers()[l]
	f := &denseFactors{at: l, in: ly.In, out: ly.Out, bias: ly.Bias, wscale: ly.WScale, bscale: ly.BScale, start: start}
	f.w, f.b = net.Offsets(l)
	f.end = start + f.out*f.out + f.out*f.in + f.in*f.in
	if f.bias {
		f.end += f.out
	}
	return f, f.end
}

func (f *denseFactors) place() int { return f.at }

func (f *denseFactors) run() layerFactors {
	g := *f
	return &g
}

func (f *denseFactors) copies(theta []float64) (a, delta, b *mat.Dense, bias []float64) {
	bias = append(bias, f.biases(theta)...)
	return copied(f.left(theta)), copied(f.middle(theta)), copied(f.right(theta)), bias
}

// left is A, middle Δ, right B and biases b', as views of theta.
func (f *denseFactors) left(theta []float64) blas64.General {
	return view(theta[f.start:], f.out, f.out)
}

func (f *denseFactors) middle(theta []float64) blas64.General {
	return view(theta[f.start+f.out*f.out:], f.out, f.in)
}

func (f *denseFactors) right(theta []float64) blas64.General {
	return view(theta[f.start+f.out*f.out+f.out*f.in:], f.in, f.in)
}

func (f *denseFactors) biases(theta []float64) []float64 {
	if !f.bias {
		return nil
	}
	return theta[f.end-f.out : f.end]
}

func (f *denseFactors) begin(theta []float64) {
	identity(f.left(theta))
	identity(f.right(theta))
}

func (f *denseFactors) deviate(theta, step []float64, s *factorScratch) {
	t := linalg.Reuse(&s.wide, f.out, f.in)
	clear(t.Data)
	s.prod.Forward(1, f.middle(theta), f.right(theta), &s.trans, false, t)
	s.prod.Plain(1, f.left(theta), t, 0, view(step[f.w:], f.out, f.in))
	if f.bias {
		times(blas.NoTrans, f.left(theta), f.biases(theta), step[f.b:f.b+f.out])
	}
}

func (f *denseFactors) chain(theta, g, grad []float64, s *factorScratch) {
	a, delta, b := f.left(theta), f.middle(theta), f.right(theta)
	by := view(g[f.w:], f.out, f.in)
	t := linalg.Reuse(&s.wide, f.out, f.in)
	s.prod.Plain(1, by, b, 0, t)
	da := f.left(grad)
	clear(da.Data)
	if f.bias {
		byBias := g[f.b : f.b+f.out]
		blas64.Ger(1, vector(byBias), vector(f.biases(theta)), da)
		times(blas.Trans, a, byBias, f.biases(grad))
	}
	s.prod.Forward(1, t, delta, &s.trans, false, da)
	s.prod.Outer(1, a, t, f.middle(grad))
	s.prod.Plain(1, a, delta, 0, t)
	s.prod.Outer(1, by, t, f.right(grad))
}

func (f *denseFactors) forward(theta []float64, h, dst blas64.General, s *factorScratch) {
	f.u = linalg.Reuse(&f.uBuf, h.Rows, f.in)
	s.prod.Plain(1, h, f.right(theta), 0, f.u)
	f.s = linalg.Reuse(&f.sBuf, h.Rows, f.out)
	clear(f.s.Data)
	if f.bias {
		for i := range f.s.Rows {
			for j, v := range f.biases(theta) {
				f.s.Data[i*f.s.Stride+j] = f.bscale * v
			}
		}
	}
	s.prod.Forward(f.wscale, f.u, f.middle(theta), &s.trans, false, f.s)
	clear(dst.Data[:dst.Rows*dst.Cols])
	s.prod.Forward(1, f.s, f.left(theta), &s.trans, false, dst)
}

func (f *denseFactors) backward(theta []float64, h, d blas64.General, grad []float64, s *factorScratch) {
	s.prod.Outer(1, d, f.s, f.left(grad))
	e := linalg.Reuse(&s.out, d.Rows, f.out)
	s.prod.Plain(1, d, f.left(theta), 0, e)
	s.prod.Outer(f.wscale, e, f.u, f.middle(grad))
	t := linalg.Reuse(&s.wide, d.Rows, f.in)
	s.prod.Plain(1, e, f.middle(theta), 0, t)
	s.prod.Outer(f.wscale, h, t, f.right(grad))
	if f.bias {
		b := f.biases(grad)
		clear(b)
		for i := range e.Rows {
			for j, v := range e.Data[i*e.Stride : i*e.Stride+f.out] {
				b[j] += f.bscale * v
			}
		}
	}
}

func (f *denseFactors) cost(rows int) (byExample, byWeights float64) {
	m, p, q := float64(rows), float64(f.in), float64(f.out)
	return m * (2*p*p + 3*p*q + 3*q*q), 3*q*p*p + 4*q*q*p + 2*m*p*q
}

func (f *denseFactors) numbers(rows int, byExample bool) (shared, own int) {
	shared = max(rows*(f.in+f.out), f.in*(f.in+f.out))
	if byExample {
		own = rows * (f.in + f.out)
	}
	return shared, own
}

// times is dst = a v or aᵀ v.
func times(t blas.Transpose, a blas64.General, v, dst []float64) {
	blas64.Gemv(t, 1, a, vector(v), 0, vector(dst))
}

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }
