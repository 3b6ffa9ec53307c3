package atf

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// With M = I the squared loss is ridge regression, in closed form.
func TestRidgeClosedForm(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 5, 2).Tanh().UniformBias().Seed(7))
	src := source2(71, 1)
	x, z := randomMatrix(src, 6, 3), randomMatrix(src, 4, 3)
	y := randomMatrix(src, 6, 2)
	g, gz := explicit(t, net, x), explicit(t, net, z)
	rows, cols := g.Dims()
	for _, rho := range []float64{1e-3, 1, 100} {
		s := mustSolve(t, Tangent(net, x).Targets(y).Ridge(rho))
		// (GᵀG + ρI)β = Gᵀŷ, the other side of the identity the solver uses.
		var yhat mat.Dense
		yhat.Sub(y, net.Predict(x))
		a := product(g.T(), g)
		for i := range cols {
			a.Set(i, i, a.At(i, i)+rho)
		}
		var beta mat.Dense
		if err := beta.Solve(a, product(g.T(), mat.NewDense(rows, 1, yhat.RawMatrix().Data))); err != nil {
			t.Fatal(err)
		}
		nearVector(t, "β", s.Beta, beta.RawMatrix().Data, 1e-9)
		want := product(gz, &beta)
		got, err := s.FittedChange(z)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "change", got, mat.NewDense(4, 2, want.RawMatrix().Data), 1e-9)
		if !(s.Gap < 1e-8) {
			t.Errorf("gap %v", s.Gap)
		}
	}
}

// The squared loss against the direct method, by structure.
func TestRidgeAgainstDirect(t *testing.T) {
	src := source2(72, 1)
	g := randomMatrix(src, 8, 18)
	y, yhat := randomTargets(src, 4, 2)
	for _, rho := range []float64{0.05, 2} {
		for _, f := range []*family{squared(0.2), absolute(0.4), logSquared(0.3)} {
			base := FromFeatures(g).WithOutputs(2).Targets(y).Ridge(rho)
			small := mat.DenseCopyOf(g.Slice(0, 8, 0, 7)) // fewer features than equations will do
			agree(t, FromFeatures(small).WithOutputs(2).Targets(y).Ridge(rho).Unstructured(f.pen),
				newDirect(small, yhat, rho, []unit{fullUnit(f, columns(0, 7))}), 1, 3, 1e-6)
			agree(t, base.Diagonal(f.pen), newDirect(g, yhat, rho, singles(f, columns(0, 18))), 2, 8, 1e-6)
			units := []unit{{cols: columns(0, 12), out: 3, in: 4, a: f, b: f}, {cols: columns(12, 18), out: 2, in: 3, b: f}}
			agree(t, base.Matrices(Shape{3, 4}, Shape{2, 3}).Layerwise(f.pen), newDirect(g, yhat, rho, units), 3, 6, 1e-6)
		}
	}
}

// classify minimises ‖θ‖² + Ω(A) + Ω(B) + L(G vec(AΘBᵀ) + f₀) over all of them
// at once, for one matrix of out × in; a nil family leaves a side out.
func classify(g *mat.Dense, f0 []float64, u unit, loss func(f, slope []float64) float64, seed uint64, starts int) (best float64, beta []float64) {
	d := newDirect(g, nil, 0, []unit{u})
	rows, cols := g.Dims()
	sides := d.sides[0]
	eval := func(x, grad []float64) float64 {
		clear(grad)
		a, b := sides[0].matrix(x), sides[1].matrix(x)
		theta := mat.NewDense(u.out, u.in, x[d.size:])
		moved := product(a, theta, b.T())
		var fit mat.VecDense
		fit.MulVec(g, mat.NewVecDense(cols, moved.RawMatrix().Data))
		f, slope := append([]float64(nil), fit.RawVector().Data...), make([]float64, rows)
		for i := range f0 {
			f[i] += f0[i]
		}
		value := loss(f, slope)
		var rv mat.VecDense
		rv.MulVec(g.T(), mat.NewVecDense(rows, slope))
		r := mat.NewDense(u.out, u.in, rv.RawVector().Data)
		value += sides[0].penalise(x, product(r, b, theta.T()), grad)
		value += sides[1].penalise(x, product(r.T(), a, theta), grad)
		for i, v := range product(a.T(), r, b).RawMatrix().Data {
			v0 := x[d.size+i]
			value += v0 * v0
			grad[d.size+i] = v + 2*v0
		}
		return value
	}
	scratch := make([]float64, d.size+cols)
	best = math.Inf(1)
	for k := range starts {
		src := source2(seed, uint64(k))
		x := d.start(src, []float64{0.1, 0.6}[k%2])
		for range cols {
			x = append(x, 0.3*src.NormFloat64())
		}
		set := &optimize.Settings{GradientThreshold: 1e-9, MajorIterations: 4000,
			Converger: &optimize.FunctionConverge{Absolute: 1e-15, Relative: 1e-15, Iterations: 60}}
		r, _ := optimize.Minimize(optimize.Problem{
			Func: func(x []float64) float64 { return eval(x, scratch) },
			Grad: func(grad, x []float64) { eval(x, grad) },
		}, x, set, &optimize.BFGS{})
		if r != nil && r.F < best {
			best = r.F
			a, b := sides[0].matrix(r.X), sides[1].matrix(r.X)
			beta = product(a, mat.NewDense(u.out, u.in, r.X[d.size:]), b.T()).RawMatrix().Data
		}
	}
	return best, beta
}

func logisticLoss(y []float64, rho float64) func(f, slope []float64) float64 {
	return func(f, slope []float64) (v float64) {
		for i := range f {
			v += math.Log(1+math.Exp(-y[i]*f[i])) / rho
			slope[i] = -y[i] / (1 + math.Exp(y[i]*f[i])) / rho
		}
		return v
	}
}

func softmaxLoss(y *mat.Dense, rho float64) func(f, slope []float64) float64 {
	n, c := y.Dims()
	return func(f, slope []float64) (v float64) {
		for i := range n {
			sum := 0.0
			for k := range c {
				sum += math.Exp(f[i*c+k])
			}
			for k := range c {
				v -= y.At(i, k) * math.Log(math.Exp(f[i*c+k])/sum) / rho
				slope[i*c+k] = (math.Exp(f[i*c+k])/sum - y.At(i, k)) / rho
			}
		}
		return v
	}
}

func TestClassificationAgainstDirect(t *testing.T) {
	src := source2(73, 1)
	signs := mat.NewDense(6, 1, []float64{1, -1, 1, 1, -1, 1})
	soft := mat.NewDense(2, 3, []float64{1, 0, 0, 0.2, 0.3, 0.5})
	g := randomMatrix(src, 6, 12)
	for _, rho := range []float64{0.1, 1} {
		for _, f := range []*family{nil, squared(0.3), power(1, 3, 0), absolute(0.3)} {
			u := unit{cols: columns(0, 12), out: 3, in: 4}
			one := FromFeatures(g).Matrices(Shape{3, 4}).Targets(signs).Logistic(rho)
			three := FromFeatures(g).Matrices(Shape{3, 4}).WithOutputs(3).Targets(soft).Softmax(rho)
			if f != nil {
				u.a, u.b = f, f
				one, three = one.Layer(0, TwoSided(f.pen, f.pen)), three.Layer(0, TwoSided(f.pen, f.pen))
			}
			for name, c := range map[string]struct {
				p    *Problem
				loss func(f, slope []float64) float64
			}{"logistic": {one, logisticLoss(signs.RawMatrix().Data, rho)}, "softmax": {three, softmaxLoss(soft, rho)}} {
				s := mustSolve(t, c.p.Restarts(4, 1).Tolerance(1e-7))
				want, beta := classify(g, nil, u, c.loss, 5, 6)
				nearValue(t, name+": objective", s.Final(), want, 1e-6)
				nearVector(t, name+": β", s.Beta, beta, 1e-5)
			}
		}
	}
}

// A network's own outputs f₀ count in a classification loss.
func TestClassificationOfNetwork(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 4, 3).Tanh().NoBias().Seed(8))
	src := source2(74, 1)
	x, y := randomMatrix(src, 4, 3), oneHot(4, 3)
	f := squared(0.3)
	s := mustSolve(t, Tangent(net, x).Targets(y).Unstructured(f.pen).Softmax(0.3).Tolerance(1e-7))
	g := explicit(t, net, x)
	_, cols := g.Dims()
	f0 := net.Predict(x)
	want, beta := classify(g, f0.RawMatrix().Data, fullUnit(f, columns(0, cols)), softmaxLoss(y, 0.3), 6, 2)
	nearValue(t, "objective", s.Final(), want, 1e-6)
	nearVector(t, "β", s.Beta, beta, 1e-5)
	got, err := s.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	var sum mat.Dense
	sum.Add(f0, s.Fit)
	near(t, "predictions", got, &sum, 1e-10)
}

// As ρ → 0 the squared loss becomes interpolation.
func TestRidgeToInterpolation(t *testing.T) {
	src := source2(75, 1)
	p := FromFeatures(randomMatrix(src, 5, 20)).Matrices(Shape{4, 5}).Targets(randomMatrix(src, 5, 1)).Layer(0, TwoSided(penalty.Squared(1), penalty.Squared(1)))
	exact := mustSolve(t, p)
	last := 0.0
	for _, rho := range []float64{1, 1e-2, 1e-4, 1e-6} {
		s := mustSolve(t, p.Ridge(rho))
		if s.Final() < last || s.Final() > exact.Final()*(1+1e-9) {
			t.Errorf("ρ = %v: objective %v after %v, exact fit %v", rho, s.Final(), last, exact.Final())
		}
		last = s.Final()
	}
	nearValue(t, "objective at ρ = 1e-6", last, exact.Final(), 1e-5)
}
