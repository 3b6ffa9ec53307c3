package tangent

import (
	"sync"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// The deviation of a convolution is A Δ (B₁ ⊗ B₂)ᵀ, written out entry by entry, the
// outputs are those of its features, and the gradient is the difference quotient.
func TestFactorisedConvolutions(t *testing.T) {
	for name, net := range imageNetworks(t) {
		m := factorised(t, net)
		theta := movedFactors(m)
		step := m.Deviation(theta)
		at := 0
		for k, l := range net.ParamLayers() {
			w0, b0 := net.Offsets(l)
			weights := net.Weight(l)
			out, in := weights.Rows, weights.Cols
			take := func(r, c int) *mat.Dense {
				at += r * c
				return mat.NewDense(r, c, theta[at-r*c:at])
			}
			a, delta := take(out, out), take(out, in)
			places, channels := 1, in
			if w := net.Layers()[l].Window; net.Layers()[l].Kind == nn.Conv {
				places, channels = w.Size*w.Size, w.Channels
				first, second := take(places, places), take(channels, channels)
				for o := range out {
					for p := range places {
						for c := range channels {
							want := 0.0
							for o2 := range out {
								for p2 := range places {
									for c2 := range channels {
										want += a.At(o, o2) * delta.At(o2, p2*channels+c2) * first.At(p, p2) * second.At(c, c2)
									}
								}
							}
							if got := step[w0+o*in+p*channels+c]; got < want-1e-12 || got > want+1e-12 {
								t.Fatalf("%s, layer %d: the deviation is %v at (%d, %d, %d), want %v", name, l, got, o, p, c, want)
							}
						}
					}
				}
			} else {
				take(in, in)
			}
			bias := 0
			if net.Bias(l) != nil {
				b := take(out, 1)
				bias = out
				var moved mat.Dense
				moved.Mul(a, b)
				within(t, name+": bias", mat.NewDense(out, 1, step[b0:b0+out]), &moved, 1e-13)
			}
			gotA, gotDelta, gotB, gotBias := m.Factors(theta, k)
			var product mat.Dense
			product.Product(gotA, gotDelta, gotB.T())
			within(t, name+": A Δ Bᵀ", mat.NewDense(out, in, step[w0:w0+out*in]), &product, 1e-13)
			if len(gotBias) != bias {
				t.Errorf("%s: %d biases, want %d", name, len(gotBias), bias)
			}
		}
		if at != m.NumParams() {
			t.Errorf("%s: %d numbers in factors, the model has %d", name, at, m.NumParams())
		}

		const n = 3
		x, signal := gaussian(n, net.Inputs(), 1), gaussian(n, net.Outputs(), 2)
		want := features(t, net, x).JVP(step)
		want.Add(want, net.Predict(x))
		got, grad := gradientOf(m, theta, x, signal)
		within(t, name+": outputs", got, want, 1e-12)
		r := m.Runner(theta)
		quotient := fd.Gradient(nil, func(v []float64) float64 {
			copy(theta, v)
			r.Changed()
			f, sum := r.Forward(x.RawMatrix()), 0.0
			for i := range f.Rows {
				for c := range f.Cols {
					sum += f.Data[i*f.Stride+c] * signal.At(i, c)
				}
			}
			return sum
		}, movedFactors(m), &fd.Settings{Formula: fd.Central})
		within(t, name+": gradient", mat.NewDense(1, len(grad), grad), mat.NewDense(1, len(quotient), quotient), 1e-7)
	}
}

// At the start the model is the network, and training lowers the loss.
func TestFactorisedConvolutionsTrain(t *testing.T) {
	net, err := nn.Images(6, 6, 2).Conv(4, 3).ReLU().AvgPool(2).Conv(5, 3).ReLU().Flatten().Dense(2).Seed(1).Build()
	if err != nil {
		t.Fatal(err)
	}
	m := factorised(t, net)
	x, y := gaussian(30, 72, 1), gaussian(30, 2, 3)
	out, err := m.Predict(m.Params(), x)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "outputs at the start", out, net.Predict(x), 0)
	h, err := nn.Train(m).Adam(0.01).Batch(10).Epochs(60).Context(t.Context()).Fit(x, y)
	if err != nil {
		t.Fatal(err)
	}
	if h.FinalLoss() > 0.3*h.Loss[0] {
		t.Errorf("the loss goes from %.3g to %.3g", h.Loss[0], h.FinalLoss())
	}
	for l := range net.ParamLayers() {
		if a, _, b, _ := m.Factors(h.Params, l); off(a) < 1e-3 || off(b) < 1e-3 {
			t.Errorf("the factors of layer %d do not move", l)
		}
	}
}

// One model serves several goroutines.
func TestFactorisedModelSharedByGoroutines(t *testing.T) {
	m := factorised(t, imageNetworks(t)["images, poolings/C=3"])
	theta, x := movedFactors(m), gaussian(4, m.Inputs(), 1)
	want, err := m.Predict(theta, x)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, err := m.Predict(theta, x); err != nil || !mat.Equal(got, want) {
					t.Errorf("another prediction beside others: %v", err)
					return
				}
				f := m.Runner(theta).Forward(x.RawMatrix())
				within(t, "a run beside others", mat.NewDense(f.Rows, f.Cols, f.Data[:f.Rows*f.Cols]), want, 1e-13)
			}
		})
	}
	wg.Wait()
}

// off is ‖m − I‖.
func off(m *mat.Dense) float64 {
	n, _ := m.Dims()
	d := mat.DenseCopyOf(m)
	for i := range n {
		d.Set(i, i, d.At(i, i)-1)
	}
	return mat.Norm(d, 2)
}
