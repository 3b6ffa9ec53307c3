package atf

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// spectrum is Σ_j ω(σ_j(m)) by its definition, eq. (6).
func spectrum(t *testing.T, f *family, m *mat.Dense) float64 {
	t.Helper()
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDNone) {
		t.Fatal("no singular values")
	}
	total := 0.0
	for _, s := range svd.Values(nil) {
		total += f.value(s)
	}
	return total
}

func sumOfSquares(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x * x
	}
	return total
}

// Ω(M) is the penalty of the transformation written out, and Ω̃(β) the price of
// both at the minimiser, ‖θ‖² + Ω(M) (eq. (4) and (5)), for every structure.
func TestPartsAgainstTheirDefinitions(t *testing.T) {
	src := source2(111, 1)
	g, y := randomMatrix(src, 3, 12), randomMatrix(src, 3, 1)
	base := FromFeatures(g).Matrices(Shape{3, 2}, Shape{2, 3}).Targets(y)
	for _, fs := range [][2]*family{{squared(0.1), absolute(0.3)}, {logSquared(0.2), power(0.2, 3, 0)}, {nuclear(0.5), nuclear(0.5)}} {
		f, h := fs[0], fs[1]
		s := mustSolve(t, base.Layer(0, TwoSided(f.pen, h.pen)).Layer(1, OneSided(f.pen)))
		total := 0.0
		for l, part := range s.Parts {
			name := fmt.Sprintf("%s, layer %d: ", part.Structure, l)
			omega := spectrum(t, f, part.B.Dense())
			if l == 0 {
				omega = spectrum(t, f, part.A.Dense()) + spectrum(t, h, part.B.Dense())
			}
			theta, err := s.LayerTheta(l)
			if err != nil {
				t.Fatal(err)
			}
			nearValue(t, name+"Ω(M)", part.Omega, omega, 1e-9)
			nearValue(t, name+"Ω̃(β)", part.Effective, sumOfSquares(theta.RawMatrix().Data)+omega, 1e-9)
			total += part.Effective
		}
		nearValue(t, "the parts' sum", total, s.Final(), 1e-9)

		for name, p := range map[string]*Problem{
			"unstructured": base.Unstructured(f.pen), "diagonal": base.Diagonal(f.pen), "blocks": base.Blocks(f.pen, []int{0, 3, 7}, []int{1, 2}),
		} {
			s := mustSolve(t, p)
			part := &s.Parts[0]
			omega := 0.0
			for _, scale := range part.Scales {
				omega += f.value(scale)
			}
			nearValue(t, name+": Ω(M)", part.Omega, omega, 1e-9)
			nearValue(t, name+": Ω̃(β)", part.Effective, sumOfSquares(s.Theta)+omega, 1e-9)
			if name == "unstructured" && !f.pole {
				m := mat.NewDense(12, 12, nil)
				for i := range 12 {
					m.Set(i, i, 1)
					for j := range 12 {
						m.Set(i, j, m.At(i, j)+(part.Scales[0]-1)*s.Beta[i]*s.Beta[j]/sumOfSquares(s.Beta))
					}
				}
				nearValue(t, name+": Ω of M written out", part.Omega, spectrum(t, f, m), 1e-9)
			}
		}
	}
	fixed := mustSolve(t, base)
	if part := fixed.Parts[0]; part.Omega != 0 {
		t.Errorf("M = I costs %v", part.Omega)
	}
	nearValue(t, "M = I: Ω̃(β)", fixed.Parts[0].Effective, sumOfSquares(fixed.Beta), 1e-12)
}

// The matrices of layers and what they add to the output, against the explicit
// features, with and without a structure by layer.
func TestLayersOfASolution(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 5, 4, 2).Tanh().UniformBias().Seed(31))
	src := source2(112, 1)
	x, y, z := randomMatrix(src, 4, 3), randomMatrix(src, 4, 2), randomMatrix(src, 6, 3)
	gz := explicit(t, net, z)
	p, f := Tangent(net, x).Targets(y), squared(0.1)
	for name, q := range map[string]*Problem{
		"fixed": p, "unstructured": p.Unstructured(f.pen), "layerwise": p.Layerwise(f.pen), "homogeneous": p.Layerwise(f.pen).Homogeneous(),
		"frozen": p.Layerwise(f.pen).Layer(1, Frozen()), "mix": p.Layerwise(f.pen).Layer(0, Diagonal(f.pen)),
	} {
		s := mustSolve(t, q)
		var sum mat.Dense
		for l, layer := range net.Layers() {
			w, b := net.Offsets(l)
			beta, err := s.LayerBeta(l)
			if err != nil {
				t.Fatal(err)
			}
			weights := mat.NewDense(layer.Out, layer.In, s.Beta[w:b])
			near(t, name+": β of the layer", beta.Slice(0, layer.Out, 0, layer.In), weights, 0)
			if rows, cols := beta.Dims(); cols == layer.In+1 {
				near(t, name+": its bias", beta.Slice(0, rows, cols-1, cols), mat.NewDense(layer.Out, 1, s.Beta[b:b+layer.Out]), 0)
				if name != "homogeneous" {
					t.Errorf("%s: a bias in the matrix", name)
				}
			}
			if part := q.layered && s.Layer(l).Beta != nil; part {
				near(t, name+": β of the part", beta, s.Layer(l).Beta, 0)
			}
			sigma, err := s.SingularValues(l)
			if err != nil {
				t.Fatal(err)
			}
			var svd mat.SVD
			svd.Factorize(beta, mat.SVDNone)
			nearVector(t, name+": singular values", sigma, svd.Values(nil), 1e-12)

			got, err := s.LayerFittedChange(l, z)
			if err != nil {
				t.Fatal(err)
			}
			var want mat.Dense
			want.Mul(gz.Slice(0, 12, w, b+layer.Out), mat.NewDense(b+layer.Out-w, 1, s.Beta[w:b+layer.Out]))
			near(t, name+": the layer's change", got, mat.NewDense(6, 2, want.RawMatrix().Data), 1e-10)
			if l == 0 {
				sum.CloneFrom(got)
			} else {
				sum.Add(&sum, got)
			}
		}
		whole, err := s.FittedChange(z)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+": the layers' sum", &sum, whole, 1e-12)
	}
	// What is handed out is a copy.
	s := mustSolve(t, p.Layerwise(f.pen))
	sigma, _ := s.SingularValues(0)
	sigma[0] = -1
	if s.Layer(0).SingularValues[0] < 0 {
		t.Error("the solution's singular values can be overwritten")
	}
}

func TestDirections(t *testing.T) {
	p := &Part{SingularValues: []float64{3, 2, 1, 0}} // squares 9, 4, 1 of 14
	for share, want := range map[float64]int{0: 1, 9. / 14: 1, 0.65: 2, 0.9: 2, 0.95: 3, 1: 3} {
		if got := p.Directions(share); got != want {
			t.Errorf("%d directions hold %v of the squares, want %d", got, share, want)
		}
	}
	if got := (&Part{Norms: []float64{1}}).Directions(0.5); got != 0 {
		t.Errorf("a part of groups has %d directions", got)
	}
}
