package atf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

func source2(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

func randomMatrix(src *rand.Rand, rows, cols int) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, src.NormFloat64())
		}
	}
	return m
}

func mustNet(t testing.TB, b *nn.Builder) *nn.Network {
	t.Helper()
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func mustSolve(t testing.TB, p *Problem) *Solution {
	t.Helper()
	s, err := p.Solve()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// explicit is the tangent feature matrix written out, nC × P.
func explicit(t testing.TB, net *nn.Network, x mat.Matrix) *mat.Dense {
	t.Helper()
	f, err := tangent.At(net, x)
	if err != nil {
		t.Fatal(err)
	}
	g, err := f.Explicit()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// near fails where a and b differ by more than tol of the largest entry of b
// (or of one).
func near(t testing.TB, what string, a, b mat.Matrix, tol float64) {
	t.Helper()
	ar, ac := a.Dims()
	br, bc := b.Dims()
	if ar != br || ac != bc {
		t.Fatalf("%s: %d × %d against %d × %d", what, ar, ac, br, bc)
	}
	scale := 1.0
	for i := range br {
		for j := range bc {
			scale = math.Max(scale, math.Abs(b.At(i, j)))
		}
	}
	for i := range br {
		for j := range bc {
			if d := math.Abs(a.At(i, j) - b.At(i, j)); !(d <= tol*scale) {
				t.Fatalf("%s: entry (%d, %d) is %.12g, not %.12g (difference %.2g, allowed %.2g)", what, i, j, a.At(i, j), b.At(i, j), d, tol*scale)
			}
		}
	}
}

func nearVector(t testing.TB, what string, a, b []float64, tol float64) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%s: %d numbers against %d", what, len(a), len(b))
	}
	if len(a) == 0 {
		return
	}
	near(t, what, mat.NewDense(len(a), 1, a), mat.NewDense(len(b), 1, b), tol)
}

func nearValue(t testing.TB, what string, a, b, tol float64) {
	t.Helper()
	if d := math.Abs(a - b); !(d <= tol*math.Max(1, math.Abs(b))) {
		t.Fatalf("%s: %.14g, not %.14g (difference %.2g)", what, a, b, d)
	}
}

func isIdentity(t testing.TB, what string, m *mat.Dense, tol float64) {
	t.Helper()
	n, _ := m.Dims()
	near(t, what, m, mat.NewDiagDense(n, ones(n)), tol)
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// A family is one ω, written out here a second time: the tests share neither
// formulas nor code with package penalty.
type family struct {
	name         string
	pen          penalty.Penalty
	value, slope func(s float64) float64
	// lift > 0 has the direct method write a side as I + (LLᵀ)^lift, in which
	// an ω with a kink at 1 is smooth. A side below the identity is never better.
	lift   int
	convex bool // the one-sided ω̃ is convex
	pole   bool // minimum at 0
}

func squared(l float64) *family {
	return &family{name: fmt.Sprintf("squared%v", l), pen: penalty.Squared(l), convex: true,
		value: func(s float64) float64 { return l * (s - 1) * (s - 1) },
		slope: func(s float64) float64 { return 2 * l * (s - 1) }}
}

func absolute(l float64) *family {
	return &family{name: fmt.Sprintf("absolute%v", l), pen: penalty.Absolute(l), lift: 1,
		value: func(s float64) float64 { return l * math.Abs(s-1) },
		slope: func(float64) float64 { return l }}
}

func power(l, p float64, lift int) *family {
	return &family{name: fmt.Sprintf("power%v,%v", l, p), pen: penalty.Power(l, p), lift: lift, convex: p >= 2,
		value: func(s float64) float64 { return l * math.Pow(math.Abs(s-1), p) },
		slope: func(s float64) float64 {
			return l * p * math.Pow(math.Abs(s-1), p-1) * math.Copysign(1, s-1)
		}}
}

func logSquared(l float64) *family {
	return &family{name: fmt.Sprintf("log%v", l), pen: penalty.LogSquared(l),
		value: func(s float64) float64 { return l * math.Log(s) * math.Log(s) },
		slope: func(s float64) float64 { return 2 * l * math.Log(s) / s }}
}

func nuclear(l float64) *family {
	return &family{name: fmt.Sprintf("nuclear%v", l), pen: penalty.Nuclear(l), convex: true, pole: true,
		value: func(s float64) float64 { return l * s * s },
		slope: func(s float64) float64 { return 2 * l * s }}
}
