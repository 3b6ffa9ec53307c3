package brute

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func square(s float64) float64   { return (s - 1) * (s - 1) }
func slope(s float64) float64    { return 2 * (s - 1) }
func absolute(s float64) float64 { return math.Abs(s - 1) }

func normal(rows, cols int, seed uint64) *mat.Dense {
	random := rand.New(rand.NewPCG(seed, 1))
	m := mat.NewDense(rows, cols, nil)
	for i := range m.RawMatrix().Data {
		m.RawMatrix().Data[i] = random.NormFloat64()
	}
	return m
}

func panics(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", name)
		}
	}()
	f()
}

// The minima of |s−1| and, for a chosen s, of the squares are known by hand.
func TestEffective(t *testing.T) {
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got/want-1) > 1e-13 {
			t.Errorf("%s: %.17g, want %.17g", name, got, want)
		}
	}
	near("|s−1| before the kink", Effective(0.5, absolute), 0.25)
	near("|s−1| beyond it", Effective(4, absolute), 3*math.Cbrt(0.25)*math.Cbrt(16)-1)
	for _, s := range []float64{1.001, 1.5, 8} {
		v := math.Sqrt(s * s * s * (s - 1))
		near("(s−1)²", Effective(v, square), v*v/(s*s)+square(s))
		v = math.Sqrt(math.Pow(s, 5) * (s - 1))
		near("(s−1)² on two sides", Effective(v, square, square), v*v/math.Pow(s, 4)+2*square(s))
	}
	panics(t, "v = 0", func() { Effective(0, square) })
	panics(t, "v infinite", func() { Effective(math.Inf(1), square) })
	panics(t, "no penalty", func() { Effective(1) })
	panics(t, "three penalties", func() { Effective(1, square, square, square) })
}

func TestSingularValues(t *testing.T) {
	got := SingularValues(mat.NewDense(2, 3, []float64{0, -3, 0, 4, 0, 0}))
	if !floats.EqualApprox(got, []float64{4, 3}, 1e-14) {
		t.Errorf("singular values %v, want 4 and 3", got)
	}
}

func TestRoot(t *testing.T) {
	if x := Root(func(x float64) float64 { return x*x - 2 }, 0, 2); math.Abs(x-math.Sqrt2) > 1e-15 {
		t.Errorf("√2 is %.17g", x)
	}
}

func TestFormOf(t *testing.T) {
	power := func(p float64) Form { return FormOf(func(v float64) float64 { return math.Pow(v, p) }) }
	if f := power(2); math.Abs(f.Rise-1) > 1e-9 || math.Abs(f.Bend) > 1e-9 || math.Abs(f.Start) > 1e-9 || math.Abs(f.Tail-2) > 1e-9 {
		t.Errorf("v²: %+v", f)
	}
	if f := power(1); f.Bend > -1e-3 || math.Abs(f.Tail-1) > 1e-9 || f.Start < 1 {
		t.Errorf("v: %+v", f)
	}
	if f := power(3); f.Bend < 1e-3 {
		t.Errorf("v³ is called concave in v²: %+v", f)
	}
	if f := power(-1); f.Rise >= 0 {
		t.Errorf("1/v is called increasing: %+v", f)
	}
}

// With one example β is along its features, and of length v = |ŷ|/‖g‖: the
// price is ω̃(v), and M stretches this direction alone.
func TestJointWithoutStructure(t *testing.T) {
	const s = 1.5 // η(v)
	g := mat.NewDense(1, 3, []float64{2, -1, 2})
	v := math.Sqrt(s * s * s * (s - 1))
	p, err := Joint{Features: g, Targets: mat.NewDense(1, 1, []float64{3 * v}), Omega: square}.Best(3)
	if err != nil {
		t.Fatal(err)
	}
	if want := v*v/(s*s) + square(s); math.Abs(p.Price/want-1) > 1e-9 {
		t.Errorf("price %.12g, want %.12g", p.Price, want)
	}
	beta := mat.DenseCopyOf(g.T())
	beta.Scale(v/3, beta)
	mm := identity(3)
	var label mat.Dense
	label.Mul(beta, beta.T())
	label.Scale((s*s-1)/(v*v), &label)
	mm.Add(mm, &label)
	if a, b := Gap(p.Beta(), beta), Gap(p.Square(), mm); a > 1e-5 || b > 1e-4 {
		t.Errorf("β off by %.1e, MMᵀ by %.1e", a, b)
	}
	if got := Price(p.M, p.Theta, square); math.Abs(got-p.Price) > 1e-12 {
		t.Errorf("the pair costs %.12g, its search says %.12g", got, p.Price)
	}
}

func TestRandomPairs(t *testing.T) {
	pairs := RandomPairs(2, 500, square)
	near, far := 0, 0
	for _, p := range pairs {
		if want := Price(p.M, p.Theta, square); p.Price != want || want < mat.Dot(p.Theta, p.Theta) {
			t.Fatalf("a pair costs %v, want %v", p.Price, want)
		}
		var off mat.Dense
		off.Sub(p.M, identity(2))
		if d := mat.Norm(&off, 2); d < 0.1 {
			near++
		} else if d > 0.5 {
			far++
		}
	}
	if near < 25 || far < 25 || mat.Equal(pairs[0].M, pairs[1].M) {
		t.Errorf("%d of 500 matrices are near the identity, %d far", near, far)
	}
	panics(t, "a negative number", func() { RandomPairs(2, -1, square) })
}

// With as many examples as features β is given, and the price that of its entries.
func TestJointDiagonal(t *testing.T) {
	targets, want := mat.NewDense(3, 1, nil), 0.0
	for i, s := range []float64{1.1, 1.5, 2.5} {
		v := math.Sqrt(s * s * s * (s - 1))
		targets.Set(i, 0, v)
		want += v*v/(s*s) + square(s)
	}
	p, err := Joint{Features: identity(3), Targets: targets, Omega: square, Diagonal: true}.Best(3)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.Price/want-1) > 1e-9 || Gap(p.Beta(), targets) > 1e-9 || Gap(p.M, mat.NewDiagDense(3, []float64{1.1, 1.5, 2.5})) > 1e-4 {
		t.Errorf("price %.12g, want %.12g; M = %v", p.Price, want, mat.Formatted(p.M))
	}
}

// A single layer is the last one, with B alone: Theorem 1 on its matrix.
func TestLayersOfOne(t *testing.T) {
	const s = 2.0
	g := mat.NewDense(1, 4, []float64{1, 1, -1, 1})
	v := math.Sqrt(s * s * s * (s - 1))
	sides, err := Layers{Features: g, Targets: mat.NewDense(1, 1, []float64{2 * v}),
		Matrices: []Matrix{{1, 4}}, Omega: square, Slope: slope}.Best(2)
	if err != nil {
		t.Fatal(err)
	}
	beta := mat.DenseCopyOf(g)
	beta.Scale(v/2, beta)
	if want := v*v/(s*s) + square(s); math.Abs(sides.Price/want-1) > 1e-10 || Gap(sides.Beta[0], beta) > 1e-6 {
		t.Errorf("price %.12g, want %.12g, β = %v", sides.Price, want, mat.Formatted(sides.Beta[0]))
	}
	if !mat.Equal(sides.SquareA(0), identity(1)) {
		t.Error("the last layer's A moved")
	}
}

// What BFGS is given are the derivatives of the price.
func TestLayersDerivatives(t *testing.T) {
	p := Layers{Features: normal(3, 8, 1), Targets: normal(3, 1, 2), Matrices: []Matrix{{2, 3}, {1, 2}}, Omega: square, Slope: slope}
	g := p.gradients()
	s := &Sides{A: []*mat.Dense{normal(2, 2, 3), identity(1)}, B: []*mat.Dense{normal(3, 3, 4), normal(2, 2, 5)}}
	free := []*mat.Dense{s.A[0], s.B[0], s.B[1]}
	price := func(v []float64) float64 {
		for _, side := range free {
			v = v[copy(side.RawMatrix().Data, v):]
		}
		value, _, _ := p.price(g, s)
		return value
	}
	at := gather(free)
	_, grads, beta := p.price(g, s)
	want := fd.Gradient(nil, price, at, &fd.Settings{Formula: fd.Central})
	if got := gather(grads); !floats.EqualApprox(got, want, 1e-5*floats.Norm(want, 2)) {
		t.Errorf("derivatives %v, differences %v", got, want)
	}
	price(at)
	var fit mat.Dense
	fit.Mul(p.Features, mat.NewVecDense(8, gather(beta)))
	if Gap(&fit, p.Targets) > 1e-9 {
		t.Error("β does not fit the targets")
	}
}

// The kernel is that of the features AᵀGB, which have no Kronecker product.
func TestKernel(t *testing.T) {
	shapes := []Matrix{{2, 3}, {1, 2}}
	left, right := normal(4, 8, 1), normal(3, 8, 2)
	a, b := []*mat.Dense{normal(2, 2, 3), identity(1)}, []*mat.Dense{normal(3, 3, 4), normal(2, 2, 5)}
	var aa, bb []*mat.Dense
	for l := range a {
		aa, bb = append(aa, product(a[l], a[l].T())), append(bb, product(b[l], b[l].T()))
	}
	of := func(x *mat.Dense) [][]*mat.Dense { return Layers{Features: x, Matrices: shapes}.gradients() }
	x, z := of(left), of(right)
	k := Kernel(left, right, aa, bb)
	for i := range 4 {
		for j := range 3 {
			want := 0.0
			for l := range shapes {
				want += floats.Dot(product(a[l].T(), x[l][i], b[l]).RawMatrix().Data, product(a[l].T(), z[l][j], b[l]).RawMatrix().Data)
			}
			if math.Abs(k.At(i, j)-want) > 1e-12*(1+math.Abs(want)) {
				t.Errorf("entry %d, %d is %v, want %v", i, j, k.At(i, j), want)
			}
		}
	}
	// With one example a row, the outer products δhᵀ are a layer's explicit features.
	h, d := normal(4, 3, 6), normal(4, 2, 7)
	outer := mat.NewDense(4, 8, nil)
	for i := range 4 {
		var g mat.Dense
		g.Outer(1, d.RowView(i), h.RowView(i))
		outer.SetRow(i, append(g.RawMatrix().Data, d.RawRowView(i)...))
	}
	want := Kernel(outer, outer, []*mat.Dense{aa[0], identity(2)}, []*mat.Dense{bb[0], identity(1)})
	if got := DenseLayer(h, d, aa[0], bb[0]); Gap(got, want) > 1e-14 {
		t.Errorf("the kernel of a dense layer is off by %.1e", Gap(got, want))
	}
	// B = I + (s−1) ββᵀ/‖β‖² makes the dense layer's kernel that of eq. (19).
	beta, one, b3 := normal(1, 3, 8), mat.NewDense(4, 1, []float64{1, 1, 1, 1}), identity(3)
	b3.RankOne(b3, (2.5-1)/mat.Dot(beta.RowView(0), beta.RowView(0)), beta.RowView(0), beta.RowView(0))
	want = DenseLayer(h, one, identity(1), product(b3, b3))
	if got := LastLayer(h, beta, 2.5); Gap(got, want) > 1e-14 {
		t.Errorf("eq. (19) is off by %.1e", Gap(got, want))
	}
	panics(t, "features of other widths", func() { Kernel(left, normal(3, 7, 1), aa, bb) })
	panics(t, "a side too few", func() { Kernel(left, right, aa, bb[:1]) })
	panics(t, "too few columns", func() { Kernel(normal(2, 7, 1), normal(2, 7, 1), aa, bb) })
	panics(t, "too many columns", func() { Kernel(normal(2, 9, 1), normal(2, 9, 1), aa, bb) })
	if got := Gap(mat.NewDense(1, 2, []float64{1, -4}), mat.NewDense(1, 2, []float64{2, -5})); got != 0.2 {
		t.Errorf("gap %v, want 0.2", got)
	}
}

func TestBadInput(t *testing.T) {
	joint := Joint{Features: normal(2, 3, 1), Targets: normal(2, 1, 1), Omega: square}
	layers := Layers{Features: normal(2, 3, 1), Targets: normal(2, 1, 1), Matrices: []Matrix{{1, 3}}, Omega: square, Slope: slope}
	for name, c := range map[string]struct {
		change func(j *Joint, l *Layers)
		starts int
		says   string
	}{
		"no start":      {func(*Joint, *Layers) {}, 0, "starts"},
		"targets":       {func(j *Joint, l *Layers) { j.Targets = normal(3, 1, 1); l.Targets = j.Targets }, 1, "3 × 1"},
		"no penalty":    {func(j *Joint, l *Layers) { j.Omega, l.Omega = nil, nil }, 1, "Omega"},
		"two outputs":   {func(j *Joint, l *Layers) { j.Targets = normal(2, 2, 1); l.Targets = j.Targets }, 1, "2 × 2"},
		"other columns": {func(j *Joint, l *Layers) { j.Omega = nil; l.Matrices = []Matrix{{1, 4}} }, 1, ""},
		"empty matrix":  {func(j *Joint, l *Layers) { j.Omega = nil; l.Matrices = []Matrix{{0, 3}, {1, 3}} }, 1, ""},
		"no slope":      {func(j *Joint, l *Layers) { j.Omega = nil; l.Slope = nil }, 1, "Omega"},
		"singular": {func(j *Joint, l *Layers) {
			j.Omega, l.Features = nil, mat.NewDense(2, 3, []float64{1, 2, 3, 1, 2, 3})
		}, 1, ""},
	} {
		j, l := joint, layers
		c.change(&j, &l)
		if p, err := j.Best(c.starts); p != nil || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: joint: %v", name, err)
		}
		if s, err := l.Best(c.starts); s != nil || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: layers: %v", name, err)
		}
	}
	if got := Price(mat.NewDense(1, 1, []float64{math.NaN()}), mat.NewVecDense(1, nil), square); got < math.Inf(1) {
		t.Errorf("the price of NaN is %v", got)
	}
}
