package atf

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// convexProblems are problems with a convex effective penalty, under every
// loss.
func convexProblems() map[string]*Problem {
	src := source2(61, 1)
	g := randomMatrix(src, 8, 30)
	y := randomMatrix(src, 8, 1)
	signs := mat.NewDense(8, 1, []float64{1, -1, 1, 1, -1, -1, 1, -1})
	base := FromFeatures(g).Matrices(Shape{4, 5}, Shape{2, 5}).Targets(y)
	multi := FromFeatures(g).WithOutputs(2).Matrices(Shape{4, 5}, Shape{2, 5})
	sq, p3 := penalty.Squared(0.3), penalty.Power(0.5, 3)
	blocks := [][]int{{0, 4, 7}, {8, 9}, {12, 15, 16, 29}}
	one := func(p *Problem, w penalty.Penalty) *Problem {
		return p.Layer(0, TwoSided(w, penalty.Identity())).Layer(1, OneSided(w))
	}
	m := map[string]*Problem{
		"fixed": base, "unstructured": base.Unstructured(sq), "unstructured, not convex ω̃": base.Unstructured(penalty.Absolute(1)),
		"diagonal": base.Diagonal(sq), "diagonal cubic": base.Diagonal(p3), "blocks": base.Blocks(sq, blocks...),
		"one-sided": one(base, sq), "one-sided cubic": one(base, p3),
		"two-sided quartic": base.Layerwise(penalty.Power(1, 4)),
		"pursuit":           base.Diagonal(penalty.Nuclear(1)), "group lasso": base.Blocks(penalty.Nuclear(0.5), blocks...),
		"nuclear norm": one(base, penalty.Nuclear(1)),
	}
	for _, name := range []string{"fixed", "unstructured", "diagonal", "blocks", "one-sided", "two-sided quartic"} {
		p := m[name]
		m[name+", ridge"] = p.Ridge(0.5)
		m[name+", logistic"] = p.Targets(signs).Logistic(0.3)
	}
	m["diagonal, softmax"] = multi.Diagonal(sq).Targets(oneHot(4, 2)).Softmax(0.2)
	m["one-sided, softmax"] = one(multi, sq).Targets(oneHot(4, 2)).Softmax(0.2)
	return m
}

func TestDualityGap(t *testing.T) {
	for name, p := range convexProblems() {
		s, err := p.Tolerance(1e-7).Solve()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		allowed := 1e-8
		if name == "nuclear norm" {
			allowed = 1e-7 // singular values on their way to 0 hold the multiplier up
		}
		if !(s.Gap >= 0 && s.Gap < allowed && s.Stationarity < 2e-6) {
			t.Errorf("%s: gap %v, %v", name, s.Gap, s)
		}
	}
}

// Weak duality: far from the solution the gap is no less than what is really
// missing.
func TestGapIsABound(t *testing.T) {
	for name, p := range convexProblems() {
		best := mustSolve(t, p)
		for n := 1; n < 6; n++ {
			s, err := p.MaxIterations(n).Solve()
			var limit *LimitError
			if err != nil && !errors.As(err, &limit) {
				t.Fatalf("%s: %v", name, err)
			}
			missing := (s.Final() - best.Final()) / s.Final()
			if s.Gap < missing*(1-1e-6)-1e-9 {
				t.Errorf("%s: gap %.3g after %d steps, but %.3g of the objective is missing", name, s.Gap, n, missing)
			}
		}
	}
}

// No gap is claimed where the problem may have several minima.
func TestNoGap(t *testing.T) {
	src := source2(62, 1)
	base := FromFeatures(randomMatrix(src, 5, 24)).Matrices(Shape{3, 4}, Shape{3, 4}).Targets(randomMatrix(src, 5, 1))
	for name, p := range map[string]*Problem{
		"two-sided":    base.Layerwise(penalty.Squared(1)),
		"absolute":     base.Diagonal(penalty.Absolute(1)),
		"logarithm":    base.Blocks(penalty.LogSquared(1), []int{0, 1, 2}),
		"one of two":   base.Layer(0, OneSided(penalty.Squared(1))).Layer(1, OneSided(penalty.Absolute(1))),
		"unstructured": base.Unstructured(penalty.Absolute(1)).Ridge(1),
	} {
		if s := mustSolve(t, p); !math.IsNaN(s.Gap) {
			t.Errorf("%s: a gap of %v where none can be known", name, s.Gap)
		}
	}
}

// Diagonal M with ω = s² is basis pursuit, min 2‖β‖₁, solved here as a linear
// program: β = u − v with u, v ≥ 0.
func TestBasisPursuit(t *testing.T) {
	for k := range 8 {
		src := source2(63, uint64(k))
		n, p := 3+k, 10+2*k
		g := randomMatrix(src, n, p)
		y := randomMatrix(src, n, 1)
		if k%2 == 1 { // a sparse vector to be found again
			sparse := mat.NewVecDense(p, nil)
			sparse.SetVec(1, 2)
			sparse.SetVec(p-2, -1)
			y.Mul(g, sparse)
		}
		a := mat.NewDense(n, 2*p, nil)
		for i := range n {
			for j := range p {
				a.Set(i, j, g.At(i, j))
				a.Set(i, p+j, -g.At(i, j))
			}
		}
		value, x, err := lp.Simplex(ones(2*p), a, y.RawMatrix().Data, 1e-12, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := mustSolve(t, FromFeatures(g).Targets(y).Diagonal(penalty.Nuclear(1)))
		nearValue(t, "twice the ℓ1 norm", s.Final(), 2*value, 1e-8)
		want := make([]float64, p)
		for j := range want {
			want[j] = x[j] - x[p+j]
		}
		nearVector(t, "β", s.Beta, want, 1e-6)
		if !(s.Gap < 1e-8) {
			t.Errorf("gap %v", s.Gap)
		}
	}
}
