package atf

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// gradientOf is row r of the explicit features on the given places, out × in.
func gradientOf(g *mat.Dense, r int, cols []int, out, in int) *mat.Dense {
	m := mat.NewDense(out, in, nil)
	for j, c := range cols {
		m.Set(j/in, j%in, g.At(r, c))
	}
	return m
}

// adapted is Theorem 2's kernel between rows of explicit features, entry by
// entry: ⟨AᵀG_rB, AᵀG_sB⟩ summed over the units of layer, or of all for −1.
func adapted(s *Solution, units []unit, layers []int, gx, gz *mat.Dense, layer int) *mat.Dense {
	rows, _ := gx.Dims()
	cols, _ := gz.Dims()
	k := mat.NewDense(rows, cols, nil)
	for i, u := range units {
		if layer >= 0 && layers[i] != layer {
			continue
		}
		a, b := eye(u.out), eye(u.in)
		if u.a != nil || u.b != nil {
			part := s.Layer(layers[i])
			a, b = part.A.Dense(), part.B.Dense()
		}
		for r := range rows {
			for c := range cols {
				gr, gc := gradientOf(gx, r, u.cols, u.out, u.in), gradientOf(gz, c, u.cols, u.out, u.in)
				// vec(G)ᵀ(BBᵀ ⊗ AAᵀ)vec(H) = tr(Gᵀ AAᵀ H BBᵀ).
				k.Set(r, c, k.At(r, c)+mat.Trace(product(gr.T(), a, a.T(), gc, b, b.T())))
			}
		}
	}
	return k
}

// layersOf says to which layer each unit of networkUnits belongs.
func layersOf(net *nn.Network, homogeneous bool) (layers []int) {
	for l, place := range net.ParamLayers() {
		layers = append(layers, l)
		if net.Bias(place) != nil && !homogeneous {
			layers = append(layers, l)
		}
	}
	return layers
}

// Theorem 2: the deviations, the transformations built from their singular
// vectors, and the adapted kernel, whole and by layer.
func TestTheorem2(t *testing.T) {
	f := squared(0.3)
	for name, net := range smallNetworks(t) {
		for _, homogeneous := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				src := source2(41, uint64(net.NumParams()))
				x, z := randomMatrix(src, 2, net.Inputs()), randomMatrix(src, 3, net.Inputs())
				y := randomMatrix(src, 2, net.Outputs())
				p := Tangent(net, x).Targets(y).Layerwise(f.pen)
				if homogeneous {
					p = p.Homogeneous()
				}
				s := mustSolve(t, p)
				units, layers := networkUnits(net, f, homogeneous), layersOf(net, homogeneous)
				for l := range net.ParamLayers() {
					part := s.Layer(l)
					checkFactors(t, part, f)
				}
				gx, gz := explicit(t, net, x), explicit(t, net, z)
				near(t, "kernel", s.Kernel(), adapted(s, units, layers, gx, gx, -1), 1e-10)
				between, err := s.CrossKernel(z, x)
				if err != nil {
					t.Fatal(err)
				}
				near(t, "kernel between", between, adapted(s, units, layers, gz, gx, -1), 1e-10)
				rows, _ := gx.Dims()
				sum := mat.NewDense(rows, rows, nil)
				for l := range net.ParamLayers() {
					near(t, "kernel of a layer", s.LayerKernel(l), adapted(s, units, layers, gx, gx, l), 1e-10)
					sum.Add(sum, s.LayerKernel(l))
					k, err := s.LayerCrossKernel(l, z, x)
					if err != nil {
						t.Fatal(err)
					}
					near(t, "kernel of a layer between", k, adapted(s, units, layers, gz, gx, l), 1e-10)
				}
				near(t, "sum over layers", sum, s.Kernel(), 1e-12)
			})
		}
	}
}

// checkFactors compares a part with A = I + U diag(a−1) Uᵀ and so on from a
// singular value decomposition of its own.
func checkFactors(t *testing.T, part *Part, f *family) {
	t.Helper()
	var svd mat.SVD
	if !svd.Factorize(part.Beta, mat.SVDThin) {
		t.Fatal("no singular values")
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	sigma := svd.Values(nil)
	nearVector(t, "singular values", part.SingularValues, sigma, 1e-12)
	out, in := part.Beta.Dims()
	a, b := eye(out), eye(in)
	pair := penalty.InfConv(f.pen, f.pen)
	if part.A.Rank() == 0 {
		pair = penalty.InfConv(penalty.Identity(), f.pen)
	}
	for j, x := range sigma {
		ea, eb := pair.Split(x)
		var uu, vv mat.Dense
		uu.Outer(ea, u.ColView(j), u.ColView(j))
		vv.Outer(eb, v.ColView(j), v.ColView(j))
		a.Add(a, &uu)
		b.Add(b, &vv)
	}
	near(t, "A", part.A.Dense(), a, 1e-8)
	near(t, "B", part.B.Dense(), b, 1e-8)
	near(t, "AAᵀ", part.A.Square(), product(a, a), 1e-8)
	near(t, "BBᵀ", part.B.Square(), product(b, b), 1e-8)
}

// Eq. (19): with one output the last layer's kernel is that of the penultimate
// activations and one rank more, the fitted part of that layer.
func TestLastLayerKernel(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 5, 4, 1).Tanh().NoBias().Seed(9))
	src := source2(42, 1)
	x, y := randomMatrix(src, 6, 3), randomMatrix(src, 6, 1)
	f := squared(0.05)
	s := mustSolve(t, Tangent(net, x).Targets(y).Layerwise(f.pen))
	pass := nn.NewPass(net)
	pass.Forward(net, x.RawMatrix())
	in := pass.Input(2)
	h := mat.NewDense(in.Rows, in.Cols, nil)
	for i := range in.Rows {
		for j := range in.Cols {
			h.Set(i, j, in.Data[i*in.Stride+j]*net.Layers()[2].WScale)
		}
	}
	part := s.Layer(2)
	beta := mat.DenseCopyOf(part.Beta.T())
	size := mat.Norm(beta, 2)
	nearValue(t, "the only singular value", part.SingularValues[0], size, 1e-12)
	scale := 1 + f.pen.Excess(size)
	g := product(h, beta)
	want := product(h, h.T())
	var rank mat.Dense
	rank.Outer((scale*scale-1)/(size*size), g.ColView(0), g.ColView(0))
	want.Add(want, &rank)
	near(t, "K_L", s.LayerKernel(2), want, 1e-9)
	if scale < 1.05 {
		t.Errorf("s = %v: the last layer hardly adapts, and the test says little", scale)
	}
}

// A frozen layer does not move, and takes no part in kernels; a layer without a
// structure keeps its own features.
func TestFrozenAndFixedLayers(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 4, 4, 1).Tanh().UniformBias().Seed(10))
	src := source2(43, 1)
	x, y := randomMatrix(src, 4, 3), randomMatrix(src, 4, 1)
	pen := penalty.Squared(0.1)
	s := mustSolve(t, Tangent(net, x).Targets(y).Layerwise(pen).Layer(0, Frozen()).Layer(1, Fixed()))
	w, _ := net.Offsets(1)
	for i, v := range s.Beta[:w] {
		if v != 0 || s.Theta[i] != 0 {
			t.Fatalf("parameter %d of the frozen layer moved by %v", i, v)
		}
	}
	if part := s.Layer(0); part.Structure != "frozen" || part.SingularValues != nil || part.Effective != 0 {
		t.Error("a frozen layer has a part")
	}
	if mat.Norm(s.LayerKernel(0), 2) != 0 {
		t.Error("a frozen layer has a kernel")
	}
	gx := explicit(t, net, x)
	_, b := net.Offsets(1)
	cols := gx.Slice(0, 4, w, b+4)
	near(t, "fixed layer's kernel", s.LayerKernel(1), product(cols, cols.T()), 1e-10)
	nearVector(t, "θ of the fixed layer", s.Theta[w:b+4], s.Beta[w:b+4], 0)
}
