package nn

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
)

// plainForward is the network written as in the definition of Layer.
func plainForward(n *Network, x []float64) []float64 {
	h := append([]float64(nil), x...)
	for l, ly := range n.Layers() {
		w, b := n.Weight(l), n.Bias(l)
		a := make([]float64, ly.Out)
		for i := range a {
			for j, v := range h {
				a[i] += ly.WScale * w.Data[i*w.Stride+j] * v
			}
			if b != nil {
				a[i] += ly.BScale * b[i]
			}
		}
		ly.Activation.Value(a, a)
		if ly.Residual {
			for i := range a {
				a[i] += h[i]
			}
		}
		h = a
	}
	return h
}

func TestForwardAgainstDefinition(t *testing.T) {
	x := normalMatrix(6, 4, 1)
	for name, n := range zoo() {
		f := n.Predict(x)
		for i := range 6 {
			want := plainForward(n, x.RawRowView(i))
			if d := worst(f.RawRowView(i), want); d > 1e-13 {
				t.Errorf("%s: row %d differs by %.1e", name, i, d)
			}
		}
	}
}

// TestGradientAgainstDifferences compares Σ_i s_i·f(x_i) by central
// differences in every parameter.
func TestGradientAgainstDifferences(t *testing.T) {
	x, s := normalMatrix(3, 4, 2), normalMatrix(3, 3, 3)
	for name, n := range zoo() {
		p := NewPass(n)
		p.Forward(n, x.RawMatrix())
		p.Backward(n, s.RawMatrix())
		grad := make([]float64, n.NumParams())
		p.Gradient(n, grad)
		scalar := func(theta []float64) float64 {
			var prod mat.Dense
			prod.MulElem(n.At(theta).Predict(x), s)
			return mat.Sum(&prod)
		}
		theta := n.Params()
		want := make([]float64, len(theta))
		const h = 1e-5
		for j, v := range theta {
			theta[j] = v + h
			up := scalar(theta)
			theta[j] = v - h
			down := scalar(theta)
			theta[j] = v
			want[j] = (up - down) / (2 * h)
		}
		if d := worst(grad, want); d > 1e-7 {
			t.Errorf("%s: the gradient differs from central differences by %.1e", name, d)
		}
	}
}

// TestSignalsGiveGradient holds the formula that tangent features rest on.
func TestSignalsGiveGradient(t *testing.T) {
	x, s := normalMatrix(5, 4, 2), normalMatrix(5, 3, 3)
	for name, n := range zoo() {
		p := NewPass(n)
		p.Forward(n, x.RawMatrix())
		p.Backward(n, s.RawMatrix())
		grad, want := make([]float64, n.NumParams()), make([]float64, n.NumParams())
		p.Gradient(n, grad)
		for l, ly := range n.Layers() {
			d, h := p.Signal(l), p.Input(l)
			w, b := n.Offsets(l)
			for i := range 5 {
				for o := range ly.Out {
					v := d.Data[i*d.Stride+o]
					for j := range ly.In {
						want[w+o*ly.In+j] += ly.WScale * v * h.Data[i*h.Stride+j]
					}
					if ly.Bias {
						want[b+o] += ly.BScale * v
					}
				}
			}
		}
		if d := worst(grad, want); d > 1e-13 {
			t.Errorf("%s: %.1e", name, d)
		}
	}
}

// TestPassBits holds that batch size, GOMAXPROCS and reuse do not matter.
func TestPassBits(t *testing.T) {
	tol := 0.0
	if linalg.Backend == "OpenBLAS" {
		tol = 1e-12
	}
	for _, b := range []*Builder{
		MLP(70, 300, 300, 10).ReLU(),
		MLP(70, 300, 300, 10).GELU().NTK().Residual(),
		MLP(3, 200, 1).Tanh(),
	} {
		n := must(b.Seed(3).Build())
		const rows = 150
		x, s := normalMatrix(rows, n.Inputs(), 4).RawMatrix(), normalMatrix(rows, n.Outputs(), 5).RawMatrix()
		type record struct{ out, signal []float64 }
		run := func(p *Pass, batch int) (r record) {
			for lo := 0; lo < rows; lo += batch {
				hi := min(lo+batch, rows)
				p.Forward(n, linalg.Rows(x, lo, hi))
				p.Backward(n, linalg.Rows(s, lo, hi))
				r.out = append(r.out, values(p.Output())...)
				r.signal = append(r.signal, values(p.Signal(0))...)
			}
			return r
		}
		shared := NewPass(n)
		want := run(shared, rows)
		for _, batch := range []int{1, 7, 64, 100, rows} {
			for _, procs := range []int{1, 2, 3} {
				withProcs(procs, func() {
					for _, p := range []*Pass{shared, NewPass(n)} {
						got := run(p, batch)
						for _, d := range []float64{worst(got.out, want.out), worst(got.signal, want.signal)} {
							if d > tol {
								t.Errorf("%v: batch %d on %d processors differs by %.1e", n, batch, procs, d)
							}
						}
					}
				})
			}
		}
	}
}

// TestPassReuse changes parameters, batch sizes and signals under one Pass.
func TestPassReuse(t *testing.T) {
	n := must(MLP(4, 6, 6, 2).Tanh().Residual().Build())
	m := must(MLP(4, 6, 6, 2).Tanh().Residual().Seed(1).Build())
	p := NewPass(n)
	grad, want := make([]float64, n.NumParams()), make([]float64, n.NumParams())
	for i, rows := range []int{5, 2, 8, 3} {
		net := []*Network{n, m}[i%2]
		x := normalMatrix(rows, 4, uint64(i)).RawMatrix()
		p.Forward(net, x)
		for c := range 2 {
			s := linalg.New(rows, 2)
			for r := range rows {
				s.Data[2*r+c] = 1
			}
			p.Backward(net, s)
			p.Gradient(net, grad)
			fresh := NewPass(net)
			fresh.Forward(net, x)
			fresh.Backward(net, s)
			fresh.Gradient(net, want)
			if d := worst(grad, want); d > 1e-14 {
				t.Errorf("step %d, output %d: a reused pass differs by %.1e", i, c, d)
			}
		}
	}
}

func TestPassAllocatesNothing(t *testing.T) {
	n := must(MLP(20, 80, 80, 3).GELU().Residual().Build())
	x, s := normalMatrix(90, 20, 1).RawMatrix(), normalMatrix(90, 3, 1).RawMatrix()
	p, grad := NewPass(n), make([]float64, n.NumParams())
	step := func() {
		p.refresh()
		p.Forward(n, x)
		p.Backward(n, s)
		p.Gradient(n, grad)
	}
	step()
	if a := testing.AllocsPerRun(20, step); a != 0 {
		t.Errorf("%v allocations a step", a)
	}
}

// TestPassBytes compares the estimate with the buffers a pass comes to hold.
func TestPassBytes(t *testing.T) {
	for name, n := range zoo() {
		p := NewPass(n)
		p.Forward(n, linalg.New(40, 4))
		p.Backward(n, linalg.New(40, 3))
		held := 0
		for _, l := range p.layers {
			held += cap(l.preBuf) + cap(l.outBuf) + cap(l.signalBuf) + cap(l.aboveBuf) + cap(l.slopeBuf) + cap(l.transBuf)
		}
		if got := int(n.PassBytes(40)); got < 8*held || got > 8*held+8*n.NumParams() {
			t.Errorf("%s: %d bytes are estimated, %d held", name, got, 8*held)
		}
	}
}

func TestPassStrides(t *testing.T) {
	n := must(MLP(4, 6, 2).Build())
	wide, signal := normalMatrix(5, 9, 1), normalMatrix(5, 7, 2)
	x, s := wide.Slice(0, 5, 3, 7).(*mat.Dense), signal.Slice(0, 5, 1, 3).(*mat.Dense)
	grads := [2][]float64{}
	for i, in := range [2][2]blas64.General{{x.RawMatrix(), s.RawMatrix()}, {mat.DenseCopyOf(x).RawMatrix(), mat.DenseCopyOf(s).RawMatrix()}} {
		p := NewPass(n)
		p.Forward(n, in[0])
		p.Backward(n, in[1])
		grads[i] = make([]float64, n.NumParams())
		p.Gradient(n, grads[i])
	}
	if worst(grads[0], grads[1]) > 1e-14 {
		t.Error("a view of a wider matrix gives another gradient")
	}
}

func TestPassEmptyBatch(t *testing.T) {
	n := must(MLP(4, 6, 2).Build())
	p := NewPass(n)
	p.Forward(n, linalg.New(0, 4))
	p.Backward(n, linalg.New(0, 2))
	grad := make([]float64, n.NumParams())
	grad[0] = math.NaN()
	p.Gradient(n, grad)
	for i, v := range grad {
		if v != 0 {
			t.Fatalf("gradient %d of no examples is %v", i, v)
		}
	}
}

func TestPassPanics(t *testing.T) {
	n, other := must(MLP(4, 6, 2).Build()), must(MLP(4, 6, 2).Tanh().Build())
	p := NewPass(n)
	wantPanic(t, "nn: x is 3 × 5, but the network reads 4 values", func() { p.Forward(n, linalg.New(3, 5)) })
	wantPanic(t, fmt.Sprintf("nn: a pass made for %v cannot take %v", n, other), func() { p.Forward(other, linalg.New(3, 4)) })
	wantPanic(t, "nn: Backward with another network than the last Forward", func() { p.Backward(n, linalg.New(3, 2)) })
	p.Forward(n, linalg.New(3, 4))
	wantPanic(t, "nn: the signal is 2 × 2, the output 3 × 2", func() { p.Backward(n, linalg.New(2, 2)) })
	wantPanic(t, "nn: Gradient without a Backward since the last Forward", func() { p.Gradient(n, make([]float64, n.NumParams())) })
	p.Backward(n, linalg.New(3, 2))
	wantPanic(t, "nn: a gradient of length 1 for 44 parameters", func() { p.Gradient(n, make([]float64, 1)) })
}
