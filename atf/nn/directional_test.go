package nn

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// The derivative in a direction is the difference quotient along it, and the
// adjoint of Gradient to rounding.
func TestDirectional(t *testing.T) {
	nets := map[string]*Network{"scaled": scaled(GELU), "scaled relu": scaled(ReLU)}
	for name, b := range map[string]*Builder{
		"relu":     MLP(4, 7, 6, 3),
		"leaky":    MLP(4, 7, 6, 3).LeakyReLU(0.1),
		"tanh ntk": MLP(4, 7, 6, 3).Tanh().NTK(),
		"gelu":     MLP(4, 7, 6, 3).GELU().NoBias(),
		"identity": MLP(4, 7, 6, 3).Identity(),
		"residual": MLP(4, 4, 4, 3).Erf().Residual(),
		"one":      MLP(4, 3),
	} {
		nets[name] = must(b.Seed(3).Build())
	}
	for name, net := range nets {
		x := mat.NewDense(5, 4, nil)
		for i := range 20 {
			x.RawMatrix().Data[i] = math.Sin(float64(3*i + 1))
		}
		v := make([]float64, net.NumParams())
		for i := range v {
			v[i] = math.Cos(float64(i))
		}
		p := NewPass(net)
		p.Forward(net, x.RawMatrix())
		got := p.Directional(net, v)

		const step = 1e-6
		moved := func(s float64) *mat.Dense {
			theta := net.Params()
			floats.AddScaled(theta, s, v)
			return net.At(theta).Predict(x)
		}
		plus, minus := moved(step), moved(-step)
		for i := range 5 {
			for c := range 3 {
				want := (plus.At(i, c) - minus.At(i, c)) / (2 * step)
				if d := math.Abs(got.Data[i*got.Stride+c] - want); d > 1e-7*(1+math.Abs(want)) {
					t.Errorf("%s: output %d of example %d moves by %v, want %v", name, c, i, got.Data[i*got.Stride+c], want)
				}
			}
		}

		from := NewPass(net)
		from.Forward(net, x.RawMatrix())
		again := from.DirectionalFrom(net, func(l int, dst blas64.General) {
			h, w, b, ly := from.Input(l), net.weightIn(v, l), net.biasIn(v, l), net.layers[l]
			for i := range dst.Rows {
				for j := range dst.Cols {
					sum := 0.0
					if b != nil {
						sum = ly.BScale * b[j]
					}
					for k := range h.Cols {
						sum += ly.WScale * h.Data[i*h.Stride+k] * w.Data[j*w.Stride+k]
					}
					dst.Data[i*dst.Stride+j] = sum
				}
			}
		})
		for i, w := range got.Data[:15] {
			if d := math.Abs(again.Data[i] - w); !(d <= 1e-13*(1+math.Abs(w))) {
				t.Errorf("%s: from the layers' own parts entry %d is %v, not %v", name, i, again.Data[i], w)
			}
		}

		u, grad, sum := mat.NewDense(5, 3, nil), make([]float64, len(v)), 0.0
		for i := range 15 {
			u.RawMatrix().Data[i] = math.Sin(float64(7 * i))
			sum += u.RawMatrix().Data[i] * got.Data[i/3*got.Stride+i%3]
		}
		p.Backward(net, u.RawMatrix())
		p.Gradient(net, grad)
		if d := math.Abs(floats.Dot(grad, v) - sum); d > 1e-12*(1+math.Abs(sum)) {
			t.Errorf("%s: uᵀ(∇fᵀv) = %v, (∇f u)ᵀv = %v", name, sum, floats.Dot(grad, v))
		}
	}
}

func TestDirectionalPanics(t *testing.T) {
	net := must(MLP(4, 3).Build())
	p := NewPass(net)
	x := mat.NewDense(1, 4, nil).RawMatrix()
	wantPanic(t, "nn: Directional with another network than the last Forward", func() { p.Directional(net, net.Params()) })
	wantPanic(t, "nn: DirectionalFrom with another network than the last Forward", func() { p.DirectionalFrom(net, nil) })
	p.Forward(net, x)
	wantPanic(t, "nn: a direction of length 2 for 15 parameters", func() { p.Directional(net, make([]float64, 2)) })
}
