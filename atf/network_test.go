package atf

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// networkUnits are the units of Theorem 2 for a network's parameter vector.
func networkUnits(net *nn.Network, f *family, homogeneous bool) []unit {
	var units []unit
	layers := net.ParamLayers()
	for l, place := range layers {
		w, b := net.Offsets(place)
		weights, bias := net.Weight(place), net.Bias(place) != nil
		u := unit{out: weights.Rows, in: weights.Cols, a: f, b: f}
		if l == len(layers)-1 {
			u.a = nil
		}
		joined := bias && homogeneous
		if joined {
			u.in++
		}
		for o := range weights.Rows {
			u.cols = append(u.cols, columns(w+o*weights.Cols, w+(o+1)*weights.Cols)...)
			if joined {
				u.cols = append(u.cols, b+o)
			}
		}
		units = append(units, u)
		if bias && !homogeneous {
			units = append(units, unit{cols: columns(b, b+weights.Rows), out: weights.Rows, in: 1})
		}
	}
	return units
}

// small networks of every kind, with inputs for them.
func smallNetworks(t *testing.T) map[string]*nn.Network {
	return map[string]*nn.Network{
		"no bias, C=1":   mustNet(t, nn.MLP(3, 3, 1).Tanh().NoBias().Seed(1)),
		"bias, C=1":      mustNet(t, nn.MLP(3, 4, 1).Tanh().NormalBias(0.5).Seed(2)),
		"bias, C=3":      mustNet(t, nn.MLP(2, 3, 2, 3).GELU().UniformBias().NTK().Seed(3)),
		"residual, C=2":  mustNet(t, nn.MLP(3, 3, 3, 2).Tanh().Residual().UniformBias().Seed(4)),
		"no bias, C=3":   mustNet(t, nn.MLP(4, 5, 3).LeakyReLU(0.2).NoBias().NTK().Seed(5)),
		"one layer, C=2": mustNet(t, nn.MLP(3, 2).UniformBias().Seed(6)),
		// Convolutions whose features are written out and others that are not,
		// unfolded to filters × size·size·channels.
		"images, C=1":        mustImages(t, nn.Images(4, 2, 1).Conv(2, 2).Tanh().AvgPool(2).Flatten().Dense(1).Seed(7)),
		"images, C=2":        mustImages(t, nn.Images(2, 2, 2).Conv(3, 2).Stride(2).GELU().Flatten().Dense(2).Seed(8)),
		"images, residual":   mustImages(t, nn.Images(2, 2, 1).NTK().Residual(func(b *nn.Stack) *nn.Stack { return b.Conv(2, 2).Tanh().Conv(1, 2) }).Flatten().Dense(1).Seed(9)),
		"images to the last": mustImages(t, nn.Images(3, 2, 1).NoBias().Conv(2, 2).Tanh().MaxPool(2).Same().Conv(1, 2).Seed(10)),
	}
}

func mustImages(t testing.TB, s *nn.Stack) *nn.Network {
	t.Helper()
	net, err := s.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func TestNetworkAgainstDirect(t *testing.T) {
	f := squared(0.4)
	for name, net := range smallNetworks(t) {
		for _, homogeneous := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, homogeneous=%v", name, homogeneous), func(t *testing.T) {
				src := source2(21, uint64(net.NumParams()))
				n := max(2, 4/net.Outputs())
				if len(net.ParamLayers()) == 1 {
					n = 2
				}
				x := randomMatrix(src, n, net.Inputs())
				y := randomMatrix(src, n, net.Outputs())
				p := Tangent(net, x).Targets(y).Layerwise(f.pen)
				if homogeneous {
					p = p.Homogeneous()
				}
				var yhat mat.Dense
				yhat.Sub(y, net.Predict(x))
				d := newDirect(explicit(t, net, x), yhat.RawMatrix().Data, 0, networkUnits(net, f, homogeneous))
				agree(t, p, d, 22, 4, 1e-6)
			})
		}
	}
}

// shapesOf are the network's matrices and biases in the order of its
// parameters: each bias a matrix of one column.
func shapesOf(net *nn.Network) (shapes []Shape) {
	for _, l := range net.ParamLayers() {
		w := net.Weight(l)
		shapes = append(shapes, Shape{w.Rows, w.Cols})
		if net.Bias(l) != nil {
			shapes = append(shapes, Shape{w.Rows, 1})
		}
	}
	return shapes
}

// The factored features of a network against the same features written out.
func TestTangentAgainstFeatures(t *testing.T) {
	for name, net := range smallNetworks(t) {
		t.Run(name, func(t *testing.T) {
			src := source2(23, uint64(net.NumParams()))
			n := 2
			x, z := randomMatrix(src, n, net.Inputs()), randomMatrix(src, 3, net.Inputs())
			y := randomMatrix(src, n, net.Outputs())
			pen := penalty.Squared(0.2)
			places := net.ParamLayers()
			last := len(places) - 1
			var yhat mat.Dense
			yhat.Sub(y, net.Predict(x))
			g := explicit(t, net, x)
			features := FromFeatures(g).WithOutputs(net.Outputs()).Residuals(&yhat)
			layered := features.Matrices(shapesOf(net)...)
			for at, l := 0, 0; l <= last; l++ {
				s := TwoSided(pen, pen)
				if l == last {
					s = OneSided(pen)
				}
				layered = layered.Layer(at, s)
				at++
				if net.Bias(places[l]) != nil {
					layered = layered.Layer(at, Fixed())
					at++
				}
			}
			tangent := Tangent(net, x).Targets(y)
			groups := [][]int{{0, 1, 2}, {4, 5}, {3}}
			for kind, pair := range map[string][2]*Problem{
				"fixed":        {tangent.Fixed(), features.Fixed()},
				"unstructured": {tangent.Unstructured(pen), features.Unstructured(pen)},
				"diagonal":     {tangent.Diagonal(pen), features.Diagonal(pen)},
				"blocks":       {tangent.Blocks(pen, groups...), features.Blocks(pen, groups...)},
				"layerwise":    {tangent.Layerwise(pen), layered},
				"ridge":        {tangent.Layerwise(pen).Ridge(0.5), layered.Ridge(0.5)},
			} {
				a, b := mustSolve(t, pair[0].Tolerance(1e-7)), mustSolve(t, pair[1].Tolerance(1e-7))
				nearValue(t, kind+": objective", a.Final(), b.Final(), 1e-10)
				nearVector(t, kind+": β", a.Beta, b.Beta, 1e-6)
				nearVector(t, kind+": θ", a.Theta, b.Theta, 1e-6)
				near(t, kind+": kernel", a.Kernel(), b.Kernel(), 1e-6)
				ka, err := a.CrossKernel(z, x)
				if err != nil {
					t.Fatal(err)
				}
				gz := explicit(t, net, z)
				kb, err := b.CrossKernel(gz, g)
				if err != nil {
					t.Fatal(err)
				}
				near(t, kind+": kernel between", ka, kb, 1e-6)
				fa, err := a.FittedChange(z)
				if err != nil {
					t.Fatal(err)
				}
				fb, err := b.Predict(gz)
				if err != nil {
					t.Fatal(err)
				}
				near(t, kind+": change", fa, fb, 1e-6)
				pa, err := a.Predict(x)
				if err != nil {
					t.Fatal(err)
				}
				if kind != "ridge" {
					near(t, kind+": fitted model at the inputs", pa, y, 1e-9)
				}
			}
		})
	}
}
