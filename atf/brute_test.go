package atf

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// transformed is one MMᵀ of a solution: AAᵀ and BBᵀ of a matrix, or MMᵀ of a
// group as the left side of a column.
type transformed struct{ aa, bb *mat.Dense }

// squares lists what a solution did to the units that have a penalty, in the
// order of its parts and their groups.
func squares(s *Solution, units []unit) []transformed {
	var active []unit
	for _, u := range units {
		if u.a != nil || u.b != nil {
			active = append(active, u)
		}
	}
	var out []transformed
	for _, part := range s.Parts {
		if part.SingularValues != nil {
			out = append(out, transformed{part.A.Square(), part.B.Square()})
		}
		for g, scale := range part.Scales {
			u := active[len(out)]
			m, base := eye(len(u.cols)), 1.0
			if u.a.pole {
				base = 0
				m.Zero()
			}
			for i, p := range u.cols {
				for j, q := range u.cols {
					if n := part.Norms[g]; n > 0 {
						m.Set(i, j, m.At(i, j)+(scale*scale-base)*s.Beta[p]*s.Beta[q]/(n*n))
					}
				}
			}
			out = append(out, transformed{m, eye(1)})
		}
	}
	return out
}

// joint is eq. (4) at the solution's own (M, θ), written out, with its
// constraint: ‖θ‖² + Ω(M) and GMθ.
func joint(t *testing.T, s *Solution, g *mat.Dense, units []unit) (value float64, fitted []float64) {
	t.Helper()
	rows, cols := g.Dims()
	beta := make([]float64, cols)
	for _, v := range s.Theta {
		value += v * v
	}
	at := 0
	grouped := map[int]float64{} // s of each group by unit
	for _, part := range s.Parts {
		for _, scale := range part.Scales {
			grouped[at] = scale
			at++
		}
		if part.SingularValues != nil {
			at++
		}
	}
	at = 0
	spectral := 0
	var matrices []Part
	for _, part := range s.Parts {
		if part.SingularValues != nil {
			matrices = append(matrices, part)
		}
	}
	for _, u := range units {
		theta := mat.NewDense(u.out, u.in, nil)
		for j, c := range u.cols {
			theta.Set(j/u.in, j%u.in, s.Theta[c])
		}
		moved := theta
		if u.a != nil || u.b != nil {
			a, b := eye(u.out), eye(u.in)
			if scale, ok := grouped[at]; ok {
				// M = I + (s − 1) θθᵀ/‖θ‖², as θ is parallel to β.
				value += u.a.value(scale)
				a.Scale(scale, a)
			} else {
				part := matrices[spectral]
				spectral++
				a, b = part.A.Dense(), part.B.Dense()
				for _, e := range part.A.Excess {
					value += u.a.value(1 + e)
				}
				for _, e := range part.B.Excess {
					value += u.b.value(1 + e)
				}
			}
			moved = product(a, theta, b.T())
			at++
		}
		for j, c := range u.cols {
			beta[c] = moved.At(j/u.in, j%u.in)
		}
	}
	nearVector(t, "Mθ against β", beta, s.Beta, 1e-9)
	var fit mat.VecDense
	fit.MulVec(g, mat.NewVecDense(cols, beta))
	return value, fit.RawVector().Data[:rows]
}

// agree solves p and compares with the direct method on everything that is
// unique: objective, β, MMᵀ (AAᵀ and BBᵀ), and eq. (4) at the solver's point.
func agree(t *testing.T, p *Problem, d *direct, seed uint64, starts int, tol float64) {
	t.Helper()
	convex := true
	for _, u := range d.units {
		if u.a != nil && u.b != nil || u.a != nil && !u.a.convex || u.b != nil && !u.b.convex {
			convex = false
		}
	}
	p = p.Tolerance(5e-8)
	if !convex {
		p = p.Restarts(starts, seed)
	}
	s, err := p.Solve()
	if err != nil {
		t.Fatalf("%v (%v)", err, s)
	}
	f := d.best(seed, starts)
	t.Logf("%v; direct %.9g", s, f.objective)
	value, fitted := joint(t, s, d.g, d.units)
	if d.rho == 0 {
		nearVector(t, "interpolation", fitted, d.yhat, 1e-9)
	} else {
		for i, v := range fitted {
			value += (v - d.yhat[i]) * (v - d.yhat[i]) / d.rho
		}
	}
	nearValue(t, "eq. (4) at the solver's (M, θ)", value, s.Final(), 1e-8)
	nearValue(t, "objective", s.Final(), f.objective, 1e-6)
	nearVector(t, "β", s.Beta, f.beta, tol)
	k := 0
	for i, u := range d.units {
		if u.a == nil && u.b == nil {
			continue
		}
		own := squares(s, d.units)[k]
		near(t, "AAᵀ", own.aa, f.aa[i], 10*tol)
		near(t, "BBᵀ", own.bb, f.bb[i], 10*tol)
		k++
	}
	if !math.IsNaN(s.Gap) && s.Gap > 1e-8 {
		t.Errorf("duality gap %.3g", s.Gap)
	}
}

// The gradient of the direct method itself, against differences.
func TestDirectGradient(t *testing.T) {
	src := source2(1, 1)
	g := randomMatrix(src, 3, 6+4)
	for _, f := range []*family{squared(1), absolute(0.5), power(1, 0.75, 2), nuclear(1), logSquared(1)} {
		units := []unit{{cols: columns(0, 6), out: 2, in: 3, a: f, b: f}, fullUnit(f, columns(6, 8)), {cols: columns(8, 10), out: 1, in: 2}}
		d := newDirect(g, []float64{1, -2, 0.5}, 0.1, units)
		x := d.start(src, 0.5)
		got := make([]float64, d.size)
		d.evaluate(x, got)
		scratch := make([]float64, d.size)
		want := fd.Gradient(nil, func(x []float64) float64 { v, _ := d.evaluate(x, scratch); return v }, x, &fd.Settings{Formula: fd.Central})
		nearVector(t, f.name, got, want, 1e-6)
	}
}

var families = []func() *family{
	func() *family { return squared(1) },
	func() *family { return squared(0.05) },
	func() *family { return absolute(1) },
	func() *family { return power(1, 3, 0) },
	func() *family { return power(1, 1.5, 2) },
	func() *family { return power(0.7, 0.75, 2) },
	func() *family { return logSquared(0.5) },
	func() *family { return nuclear(0.8) },
}

func randomTargets(src *rand.Rand, n, c int) (*mat.Dense, []float64) {
	y := randomMatrix(src, n, c)
	return y, y.RawMatrix().Data
}

func TestUnstructuredAgainstDirect(t *testing.T) {
	for k, fam := range families {
		f := fam()
		t.Run(f.name, func(t *testing.T) {
			src := source2(2, uint64(k))
			g := randomMatrix(src, 3, 5)
			y, yhat := randomTargets(src, 3, 1)
			p := FromFeatures(g).Targets(y).Unstructured(f.pen)
			agree(t, p, newDirect(g, yhat, 0, []unit{fullUnit(f, columns(0, 5))}), 3, 6, 1e-6)
		})
	}
}

func TestDiagonalAgainstDirect(t *testing.T) {
	for k, fam := range families {
		f := fam()
		t.Run(f.name, func(t *testing.T) {
			src := source2(4, uint64(k))
			g := randomMatrix(src, 4, 9)
			y, yhat := randomTargets(src, 2, 2)
			p := FromFeatures(g).WithOutputs(2).Targets(y).Diagonal(f.pen)
			agree(t, p, newDirect(g, yhat, 0, singles(f, columns(0, 9))), 5, 12, 1e-6)
		})
	}
}

func TestBlocksAgainstDirect(t *testing.T) {
	for k, fam := range families {
		f := fam()
		t.Run(f.name, func(t *testing.T) {
			src := source2(6, uint64(k))
			g := randomMatrix(src, 4, 9)
			y, yhat := randomTargets(src, 4, 1)
			groups := [][]int{{0, 3, 8}, {2, 1}, {7}}
			units := []unit{{cols: []int{4, 5, 6}, out: 1, in: 3}}
			for _, c := range groups {
				units = append(units, fullUnit(f, c))
			}
			p := FromFeatures(g).Targets(y).Blocks(f.pen, groups...)
			agree(t, p, newDirect(g, yhat, 0, units), 7, 12, 1e-6)
		})
	}
}

// Two 3 × 4 layers with five and six equations, the second the last.
func TestLayerwiseAgainstDirect(t *testing.T) {
	for k, fam := range families {
		f := fam()
		for _, c := range []int{1, 3} {
			t.Run(f.name+"/C="+string(rune('0'+c)), func(t *testing.T) {
				src := source2(8, uint64(10*k+c))
				n := map[int]int{1: 5, 3: 2}[c]
				g := randomMatrix(src, n*c, 24)
				y, yhat := randomTargets(src, n, c)
				units := []unit{
					{cols: columns(0, 12), out: 3, in: 4, a: f, b: f},
					{cols: columns(12, 24), out: 3, in: 4, b: f},
				}
				p := FromFeatures(g).WithOutputs(c).Matrices(Shape{3, 4}, Shape{3, 4}).Targets(y).Layerwise(f.pen)
				tol := 1e-6
				if f.pole {
					tol = 1e-5 // the smoothed problem, with its infinite slopes, is ill-conditioned
				}
				agree(t, p, newDirect(g, yhat, 0, units), 9, 6, tol)
			})
		}
	}
}

// A penalty for each side, several structures side by side, and a layer that
// does not take part.
func TestMixAgainstDirect(t *testing.T) {
	src := source2(10, 1)
	sq, ab, lg, p3, nu := squared(0.3), absolute(0.5), logSquared(1), power(1, 3, 0), nuclear(0.5)
	shapes := []Shape{{2, 3}, {3, 2}, {1, 4}, {2, 2}, {1, 3}, {1, 4}}
	g := randomMatrix(src, 6, 27)
	for _, rho := range []float64{0, 0.3} {
		y, yhat := randomTargets(src, 6, 1)
		p := FromFeatures(g).Matrices(shapes...).Targets(y).
			Layer(0, TwoSided(sq.pen, ab.pen)).Layer(1, TwoSided(lg.pen, penalty.Identity())).
			Layer(2, Diagonal(sq.pen)).Layer(3, Frozen()).Layer(4, Unstructured(p3.pen)).Layer(5, Blocks(nu.pen, []int{1, 3}))
		if rho > 0 {
			p = p.Ridge(rho)
		}
		units := []unit{{cols: columns(0, 6), out: 2, in: 3, a: sq, b: ab}, {cols: columns(6, 12), out: 3, in: 2, a: lg}}
		units = append(units, singles(sq, columns(12, 16))...)
		units = append(units, fullUnit(p3, columns(20, 23)), fullUnit(nu, []int{24, 26}), unit{cols: []int{23, 25}, out: 1, in: 2})
		agree(t, p, newDirect(g, yhat, rho, units), 11, 8, 1e-6)
	}
}
