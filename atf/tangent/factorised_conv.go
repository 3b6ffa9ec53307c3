package tangent

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// convFactors are the factors A, Δ, B₁, B₂ and b' of a convolution: with W unfolded
// to filters × positions·channels and row o of a matrix of that shape read as X_o of
// positions × channels,
//
//	W − W₀ = A T₁,  T₁_o = B₁ T₂_o,  T₂_o = Δ_o B₂ᵀ,  b − b₀ = A b'.
//
// With G the derivative by W, g that by b and H = AᵀG, E_o = B₁ᵀ H_o those by T₁ and
// T₂, the derivatives by the factors are
//
//	A: G T₁ᵀ + g b'ᵀ    Δ_o: E_o B₂    B₁: Σ_o H_o T₂_oᵀ    B₂: Σ_o E_oᵀ Δ_o    b': Aᵀ g.
//
// A step always goes through W: a window has far fewer positions than an image.
type convFactors struct {
	at                    int // the layer's place among the network's
	out, places, channels int
	windows               int // positions of the window on the image
	bias                  bool
	w, b                  int // where W and b begin in the network's θ
	start, end            int // where the factors begin and end among those of all layers

	one, two, three []float64
}

func newConvFactors(net *nn.Network, l, start int) (layerFactors, int) {
	ly := net.Layers()[l]
	w := ly.Window
	f := &convFactors{at: l, out: w.Filters, places: w.Size * w.Size, channels: w.Channels, windows: ly.Out / w.Filters, bias: ly.Bias, start: start}
	f.w, f.b = net.Offsets(l)
	f.end = start + f.out*f.out + f.out*f.width() + f.places*f.places + f.channels*f.channels
	if f.bias {
		f.end += f.out
	}
	return f, f.end
}

// width is that of W, unfolded.
func (f *convFactors) width() int { return f.places * f.channels }

func (f *convFactors) place() int { return f.at }

func (f *convFactors) run() layerFactors {
	g := *f
	g.one, g.two, g.three = nil, nil, nil
	return &g
}

// parts are A, Δ, B₁, B₂ and b' as views of theta.
func (f *convFactors) parts(theta []float64) (a, delta, position, channel blas64.General, bias []float64) {
	v := theta[f.start:f.end]
	take := func(r, c int) blas64.General {
		m := view(v, r, c)
		v = v[r*c:]
		return m
	}
	a, delta = take(f.out, f.out), take(f.out, f.width())
	position, channel = take(f.places, f.places), take(f.channels, f.channels)
	if f.bias {
		bias = v
	}
	return a, delta, position, channel, bias
}

func (f *convFactors) begin(theta []float64) {
	a, _, position, channel, _ := f.parts(theta)
	identity(a)
	identity(position)
	identity(channel)
}

func (f *convFactors) copies(theta []float64) (a, delta, b *mat.Dense, bias []float64) {
	l, m, position, channel, v := f.parts(theta)
	b = new(mat.Dense)
	b.Kronecker(copied(position), copied(channel))
	return copied(l), copied(m), b, append(bias, v...)
}

// pixels reads a matrix of out × positions·channels with the channels in a row.
func (f *convFactors) pixels(m blas64.General) blas64.General {
	return view(m.Data, f.out*f.places, f.channels)
}

// row is X_o of such a matrix.
func (f *convFactors) row(m blas64.General, o int) blas64.General {
	return view(m.Data[o*f.width():], f.places, f.channels)
}

// inner computes T₁ and T₂.
func (f *convFactors) inner(theta []float64, s *factorScratch) (t1, t2 blas64.General) {
	_, delta, position, channel, _ := f.parts(theta)
	t1, t2 = linalg.Reuse(&f.one, f.out, f.width()), linalg.Reuse(&f.two, f.out, f.width())
	clear(t2.Data)
	s.prod.Forward(1, f.pixels(delta), channel, &s.trans, false, f.pixels(t2))
	for o := range f.out {
		s.prod.Plain(1, position, f.row(t2, o), 0, f.row(t1, o))
	}
	return t1, t2
}

func (f *convFactors) deviate(theta, step []float64, s *factorScratch) {
	a, _, _, _, bias := f.parts(theta)
	t1, _ := f.inner(theta, s)
	s.prod.Plain(1, a, t1, 0, view(step[f.w:], f.out, f.width()))
	if f.bias {
		times(blas.NoTrans, a, bias, step[f.b:f.b+f.out])
	}
}

func (f *convFactors) chain(theta, g, grad []float64, s *factorScratch) {
	a, delta, position, channel, bias := f.parts(theta)
	da, dDelta, dPosition, dChannel, dBias := f.parts(grad)
	t1, t2 := f.inner(theta, s)
	by, h := view(g[f.w:], f.out, f.width()), linalg.Reuse(&f.three, f.out, f.width())
	clear(da.Data)
	s.prod.Forward(1, by, t1, &s.trans, false, da)
	if f.bias {
		byBias := g[f.b : f.b+f.out]
		blas64.Ger(1, vector(byBias), vector(bias), da)
		times(blas.Trans, a, byBias, dBias)
	}
	s.prod.Outer(1, a, by, h)
	clear(dPosition.Data)
	e := t1 // no longer needed
	for o := range f.out {
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, f.row(h, o), f.row(t2, o), 1, dPosition)
		s.prod.Outer(1, position, f.row(h, o), f.row(e, o))
	}
	s.prod.Plain(1, f.pixels(e), channel, 0, f.pixels(dDelta))
	s.prod.Outer(1, f.pixels(e), f.pixels(delta), dChannel)
}

func (f *convFactors) cost(rows int) (byExample, byWeights float64) {
	q, k, c := float64(f.out), float64(f.places), float64(f.channels)
	return math.Inf(1), 3*q*k*c*(q+k+c) + 2*float64(rows)*float64(f.windows)*q*k*c
}

func (f *convFactors) numbers(int, bool) (shared, own int) {
	return max(f.width()*f.out, f.channels*f.channels), 3 * f.out * f.width()
}
