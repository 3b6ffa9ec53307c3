package nn

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// outerByDifferences is (1/n) Σ g gᵀ of the inputs of net at the rows of h, each
// gradient cut into patches of the given coordinates, by central differences.
func outerByDifferences(net *Network, h *mat.Dense, patches [][]int) *mat.Dense {
	n, d := h.Dims()
	size := len(patches[0])
	sum := mat.NewDense(size, size, nil)
	for i := range n {
		for c := range net.Outputs() {
			g := fd.Gradient(nil, func(v []float64) float64 {
				return net.Predict(mat.NewDense(1, d, v)).At(0, c)
			}, mat.Row(nil, i, h), &fd.Settings{Formula: fd.Central})
			for _, p := range patches {
				part := mat.NewVecDense(size, nil)
				for k, j := range p {
					part.SetVec(k, g[j])
				}
				sum.RankOne(sum, 1/float64(n), part, part)
			}
		}
	}
	return sum
}

func whole(d int) [][]int {
	all := make([]int, d)
	for j := range all {
		all[j] = j
	}
	return [][]int{all}
}

// The layers from l on are a network of their own, whose inputs are h_l: its
// gradients by them are taken by differences.
func TestGradientOuterProductIsThatOfTheLayersInput(t *testing.T) {
	for name, b := range map[string]*Builder{
		"tanh": MLP(4, 6, 5, 3).Tanh(), "ntk": MLP(4, 6, 5, 2).GELU().NTK(), "no bias": MLP(4, 3, 1).Erf().NoBias(), "one": MLP(4, 2),
	} {
		net := must(b.Seed(5).Build())
		x := normalMatrix(7, 4, 3)
		pass := NewPass(net)
		pass.Forward(net, x.RawMatrix())
		for l, layer := range net.Layers() {
			w, _ := net.Offsets(l)
			rest := must(New(net.Layers()[l:], net.Params()[w:]))
			h := mat.NewDense(7, layer.In, values(pass.Input(l)))
			want := outerByDifferences(rest, h, whole(layer.In))
			got := must(net.GradientOuterProduct(x, l))
			if !mat.EqualApprox(got, want, 1e-7) {
				t.Errorf("%s, layer %d:\n%v\nwant\n%v", name, l, mat.Formatted(got), mat.Formatted(want))
			}
		}
	}
}

// Windows that lie next to each other cut the image's gradient into those of the
// patches. Scale layers have no parameters and do not count.
func TestGradientOuterProductOfConvolution(t *testing.T) {
	net := must(Images(4, 4, 2).Conv(3, 2).Stride(2).Valid().Tanh().Flatten().Dense(2).Seed(1).Build())
	x := normalMatrix(5, 32, 8)
	var patches [][]int
	for y := 0; y < 4; y += 2 {
		for left := 0; left < 4; left += 2 {
			var p []int
			for dy := range 2 {
				for dx := range 2 {
					for c := range 2 {
						p = append(p, ((y+dy)*4+left+dx)*2+c)
					}
				}
			}
			patches = append(patches, p)
		}
	}
	want := outerByDifferences(net, x, patches)
	if got := must(net.GradientOuterProduct(x, 0)); !mat.EqualApprox(got, want, 1e-7) {
		t.Errorf("convolution:\n%v\nwant\n%v", mat.Formatted(got), mat.Formatted(want))
	}
}

// Through the weights of the last layer, G = WᵀW; what a residual connection
// carries past them does not count. A Scale layer behind it multiplies.
func TestGradientOuterProductOfLastLayer(t *testing.T) {
	for name, net := range map[string]*Network{
		"residual": must(MLP(3, 3, 3, 2).Residual().Seed(2).Build()),
		"scaled":   must(MLP(3, 4, 2).OutputScale(3).Seed(2).Build()),
	} {
		factor := 1.0
		if name == "scaled" {
			factor = 9
		}
		last := len(net.ParamLayers()) - 1
		w := net.Weight(net.ParamLayers()[last])
		m := mat.NewDense(w.Rows, w.Cols, values(w))
		var want mat.Dense
		want.Mul(m.T(), m)
		want.Scale(factor, &want)
		// More rows than pass at a time.
		got := must(net.GradientOuterProduct(normalMatrix(predictRows+3, 3, 1), last))
		if !mat.EqualApprox(got, &want, 1e-10) {
			t.Errorf("%s:\n%v\nwant\n%v", name, mat.Formatted(got), mat.Formatted(&want))
		}
	}
}

func TestGradientOuterProductHasTheSameBits(t *testing.T) {
	net := must(MLP(50, 60, 40, 2).Seed(2).Build())
	x := normalMatrix(300, 50, 1)
	var one, two *mat.SymDense
	withProcs(1, func() { one = must(net.GradientOuterProduct(x, 1)) })
	withProcs(3, func() { two = must(net.GradientOuterProduct(x, 1)) })
	if !sameBits(one.RawSymmetric().Data, two.RawSymmetric().Data) {
		t.Error("the bits depend on GOMAXPROCS")
	}
}

func TestGradientOuterProductRefuses(t *testing.T) {
	net := must(MLP(3, 4, 1).Seed(2).Build())
	bad := normalMatrix(2, 3, 1)
	bad.Set(1, 2, math.NaN())
	for want, f := range map[string]func() error{
		"2 × 4, for a network of 3 inputs": func() error { _, err := net.GradientOuterProduct(normalMatrix(2, 4, 1), 0); return err },
		"0 × 0":                            func() error { _, err := net.GradientOuterProduct(&mat.Dense{}, 0); return err },
		"row 1, column 2":                  func() error { _, err := net.GradientOuterProduct(bad, 0); return err },
		"layer 2 of":                       func() error { _, err := net.GradientOuterProduct(normalMatrix(2, 3, 1), 2); return err },
		"layer -1 of":                      func() error { _, err := net.GradientOuterProduct(normalMatrix(2, 3, 1), -1); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
