package tangent

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

func gaussian(rows, cols int, seed uint64) *mat.Dense {
	r := rand.New(rand.NewPCG(seed, 7))
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, r.NormFloat64())
		}
	}
	return m
}

func build(t testing.TB, b *nn.Builder) *nn.Network {
	t.Helper()
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// networks covers every activation, parametrisation and number of outputs.
func networks(t testing.TB) map[string]*nn.Network {
	out := map[string]*nn.Network{}
	for _, c := range []int{1, 3} {
		sizes := []int{5, 6, 6, 4, c}
		for name, set := range map[string]func(*nn.Builder) *nn.Builder{
			"relu":      (*nn.Builder).ReLU,
			"leaky":     func(b *nn.Builder) *nn.Builder { return b.LeakyReLU(0.1) },
			"tanh":      (*nn.Builder).Tanh,
			"gelu":      (*nn.Builder).GELU,
			"erf":       (*nn.Builder).Erf,
			"identity":  (*nn.Builder).Identity,
			"lecun":     func(b *nn.Builder) *nn.Builder { return b.Tanh().LeCun().UniformBias() },
			"ntk":       func(b *nn.Builder) *nn.Builder { return b.Tanh().NTK().NormalBias(0.5) },
			"unbiased":  func(b *nn.Builder) *nn.Builder { return b.GELU().NoBias() },
			"residual":  func(b *nn.Builder) *nn.Builder { return b.Tanh().Residual() },
			"residual2": func(b *nn.Builder) *nn.Builder { return b.ReLU().Residual().NTK() },
		} {
			out[fmt.Sprintf("%s/C=%d", name, c)] = build(t, set(nn.MLP(sizes...).Seed(3)))
		}
		dense := build(t, nn.MLP(sizes...).Tanh().Seed(3))
		l := dense.Layers()
		scaled, err := nn.New([]nn.Layer{
			{Kind: nn.Scale, In: 5, Out: 5, Factor: 0.7}, l[0],
			{Kind: nn.Scale, In: 6, Out: 6, Factor: -1.3, Activation: nn.Tanh, Residual: true}, l[1], l[2], l[3],
		}, dense.Params())
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprintf("scaled/C=%d", c)] = scaled
		out[fmt.Sprintf("output scale/C=%d", c)] = build(t, nn.MLP(sizes...).OutputScale(3).Seed(3))
		out[fmt.Sprintf("scaled linear/C=%d", c)] = build(t, nn.MLP(5, c).OutputScale(3).Seed(3))
		out[fmt.Sprintf("linear/C=%d", c)] = build(t, nn.MLP(5, c).Seed(4))
	}
	return out
}

// imageNetworks are small convolutional networks: windows within the image and
// beyond it, strides, poolings, residual blocks, a convolution at the end, and layers
// whose gradients are kept written out and as signals and images, at the first layer
// and behind it.
func imageNetworks(t testing.TB) map[string]*nn.Network {
	t.Helper()
	out := map[string]*nn.Network{}
	for _, c := range []int{1, 3} {
		for name, s := range map[string]*nn.Stack{
			"many positions": nn.Images(5, 4, 2).Conv(2, 2).Tanh().Conv(2, 2).Stride(2).Tanh().Flatten().Dense(c),
			"many weights":   nn.Images(2, 2, 3).Conv(5, 2).Tanh().Conv(6, 2).Valid().Tanh().Flatten().Dense(c),
			"poolings":       nn.Images(5, 5, 1).MaxPool(2).Stride(1).Conv(3, 3).GELU().AvgPool(2).Conv(2, 1).Flatten().Dense(c),
			"residual": nn.Images(3, 3, 1).NTK().Conv(2, 3).Residual(func(b *nn.Stack) *nn.Stack {
				return b.Tanh().Conv(2, 3).Tanh().Conv(2, 3)
			}).Erf().Flatten().Dense(c).OutputScale(0.7),
			"last": nn.Images(4, 3, 2).NoBias().Conv(3, 2).Tanh().Conv(c, 4).Stride(4),
		} {
			net, err := s.Seed(3).Build()
			if err != nil {
				t.Fatal(err)
			}
			out[fmt.Sprintf("images, %s/C=%d", name, c)] = net
		}
	}
	return out
}

// allNetworks are networks and imageNetworks.
func allNetworks(t testing.TB) map[string]*nn.Network {
	t.Helper()
	out := networks(t)
	for name, net := range imageNetworks(t) {
		out[name] = net
	}
	return out
}

func features(t testing.TB, net *nn.Network, x mat.Matrix) *Features {
	t.Helper()
	f, err := At(net, x)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func explicit(t testing.TB, f *Features) *mat.Dense {
	t.Helper()
	j, err := f.Explicit()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// distance is ‖a − b‖ / ‖b‖.
func distance(a, b mat.Matrix) float64 {
	var d mat.Dense
	d.Sub(a, b)
	n := mat.Norm(b, 2)
	if n == 0 {
		return mat.Norm(&d, 2)
	}
	return mat.Norm(&d, 2) / n
}

func within(t *testing.T, what string, got, want mat.Matrix, tol float64) {
	t.Helper()
	if d := distance(got, want); !(d <= tol) {
		t.Errorf("%s differs by %.3g relative, more than %.3g", what, d, tol)
	}
}

// sameBits compares to the bit in pure Go, to 1e-12 relative with OpenBLAS.
func sameBits(t *testing.T, what string, got, want mat.Matrix) {
	t.Helper()
	if linalg.Threaded {
		within(t, what, got, want, 1e-12)
		return
	}
	r, c := want.Dims()
	for i := range r {
		for j := range c {
			if math.Float64bits(got.At(i, j)) != math.Float64bits(want.At(i, j)) {
				t.Fatalf("%s: entry (%d, %d) is %v, not %v", what, i, j, got.At(i, j), want.At(i, j))
			}
		}
	}
}

// panics has every function panic with a text that holds its name.
func panics(t *testing.T, calls map[string]func()) {
	t.Helper()
	for says, call := range calls {
		func() {
			defer func() {
				if r, ok := recover().(string); !ok || !strings.Contains(r, says) {
					t.Errorf("panic %q does not name %q", r, says)
				}
			}()
			call()
			t.Errorf("no panic that names %q", says)
		}()
	}
}
