package atf

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// split is the promised split written out: a permutation by the seed, whose
// beginning is held out, both parts in the order of the examples.
func split(n, held int, seed uint64) (fitted, judged []int) {
	order := rand.New(rand.NewPCG(seed, 0)).Perm(n)
	judged, fitted = order[:held], order[held:]
	slices.Sort(judged)
	slices.Sort(fitted)
	return fitted, judged
}

func take(m mat.Matrix, idx []int) *mat.Dense {
	_, c := m.Dims()
	out := mat.NewDense(len(idx), c, nil)
	for k, i := range idx {
		for j := range c {
			out.Set(k, j, m.At(i, j))
		}
	}
	return out
}

// meanSquare and wrongSigns are the measures by plain loops.
func meanSquare(f, y mat.Matrix) (sum float64) {
	n, c := y.Dims()
	for i := range n {
		for j := range c {
			sum += math.Pow(f.At(i, j)-y.At(i, j), 2) / float64(n)
		}
	}
	return sum
}

func wrongSigns(f, y mat.Matrix) (share float64) {
	n, _ := y.Dims()
	for i := range n {
		if f.At(i, 0)*y.At(i, 0) <= 0 {
			share += 1 / float64(n)
		}
	}
	return share
}

func mustPredict(t *testing.T, s *Solution, x mat.Matrix) *mat.Dense {
	t.Helper()
	f, err := s.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// classesTask are n inputs with the sign of a product of two of them.
func classesTask(n int, seed uint64) (net *nn.Network, x, y *mat.Dense) {
	src := source2(seed, 1)
	x, y = randomMatrix(src, n, 3), mat.NewDense(n, 1, nil)
	for i := range n {
		y.Set(i, 0, math.Copysign(1, x.At(i, 0)*x.At(i, 1)))
	}
	return Must(nn.MLP(3, 14, 11, 1).ReLU().UniformBias().Seed(seed).Build()), x, y
}

// HoldOut is the loop of warm starts on the fitted part with every measure
// written out, and ends with the chosen λ on all examples.
func TestHoldOutIsTheLoopWrittenOut(t *testing.T) {
	net, x, y := classesTask(40, 5)
	fitted, judged := split(40, 10, 7)
	lambdas := []float64{10, 1, 0.1}
	at := func(x, y mat.Matrix, lambda float64) *Problem {
		return Tangent(net, x).Targets(y).Layerwise(penalty.Squared(lambda))
	}
	choice, err := at(x, y, 1).HoldOut(0.25, 7).Choose(lambdas...)
	if err != nil {
		t.Fatal(err)
	}
	fx, fy, jx, jy := take(x, fitted), take(y, fitted), take(x, judged), take(y, judged)
	s := mustSolve(t, Tangent(net, fx).Targets(fy))
	best, least, fewest := -1, math.Inf(1), math.Inf(1)
	var start *Solution
	for k, c := range choice.Candidates {
		switch k {
		case 0:
			if !math.IsInf(c.Value, 1) {
				t.Errorf("the first candidate is λ = %v, not M = I", c.Value)
			}
		case 1:
			s = mustSolve(t, at(fx, fy, lambdas[0]))
		default:
			s = mustSolve(t, at(fx, fy, lambdas[k-1]).WarmStart(s))
		}
		if k > 0 && c.Value != lambdas[k-1] {
			t.Errorf("candidate %d is λ = %v", k, c.Value)
		}
		f, held := mustPredict(t, s, fx), mustPredict(t, s, jx)
		nearValue(t, "training loss", c.TrainingLoss, meanSquare(f, fy), 1e-12)
		nearValue(t, "held-out loss", c.HeldOutLoss, meanSquare(held, jy), 1e-12)
		nearValue(t, "training errors", c.TrainingErrors, wrongSigns(f, fy), 1e-12)
		nearValue(t, "held-out errors", c.HeldOutErrors, wrongSigns(held, jy), 1e-12)
		if e, l := wrongSigns(held, jy), meanSquare(held, jy); e < fewest || e == fewest && l < least {
			best, fewest, least, start = k, e, l, s
		}
	}
	if len(choice.Candidates) != 4 || choice.Best != best || choice.Fitted != 30 || choice.HeldOut != 10 || choice.Parameter != "λ" {
		t.Errorf("%d candidates, %d chosen and not %d:\n%v", len(choice.Candidates), choice.Best, best, choice)
	}
	if best < 1 {
		t.Fatal("the task is one where adapting is chosen")
	}
	whole := mustSolve(t, at(x, y, lambdas[best-1]).WarmStart(start))
	nearVector(t, "β on all examples", choice.Solution.Beta, whole.Beta, 0)
}

// The same parts give the same table whether features are a network's, written
// out or in a Gram matrix, held out or given by the user.
func TestSourcesOfFeaturesAgree(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 9, 2).Tanh().UniformBias().Seed(3))
	src := source2(41, 1)
	x, y := randomMatrix(src, 12, 3), randomMatrix(src, 12, 2)
	fitted, judged := split(12, 3, 9)
	g := explicit(t, net, x)
	var k mat.Dense
	k.Mul(g, g.T())
	gram, err := kernel.FromMatrix(&k, 2)
	if err != nil {
		t.Fatal(err)
	}
	var yhat mat.Dense
	yhat.Sub(y, net.Predict(x))
	rows := func(idx []int) (r []int) {
		for _, i := range idx {
			r = append(r, 2*i, 2*i+1)
		}
		return r
	}
	cross := take(take(&k, rows(judged)).T(), rows(fitted)).T()
	part := func(m mat.Matrix) (mat.Matrix, mat.Matrix) { return take(m, fitted), take(m, judged) }
	fx, jx := part(x)
	fy, jy := part(y)
	fr, jr := part(&yhat)
	ask := func(p *Problem) *Problem { return p.Unstructured(penalty.Squared(1)) }
	tables := map[string]*Validation{
		"network, held out":  ask(Tangent(net, x).Targets(y)).HoldOut(0.25, 9),
		"network, given":     ask(Tangent(net, fx).Targets(fy)).Validate(jx, jy),
		"residuals":          ask(Tangent(net, x).Residuals(&yhat)).HoldOut(0.25, 9),
		"features, held out": ask(FromFeatures(g).WithOutputs(2).Targets(&yhat)).HoldOut(0.25, 9),
		"features, given":    ask(FromFeatures(take(g, rows(fitted))).WithOutputs(2).Targets(fr)).Validate(take(g, rows(judged)), jr),
		"Gram, held out":     ask(FromGram(gram).Targets(&yhat)).HoldOut(0.25, 9),
		"Gram, given":        ask(FromGram(gram.Subset(fitted)).Targets(fr)).Validate(cross, jr),
	}
	want, err := tables["network, held out"].Choose(10, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for name, v := range tables {
		got, err := v.Choose(10, 0.1)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, c := range got.Candidates {
			nearValue(t, name+": held-out loss", c.HeldOutLoss, want.Candidates[i].HeldOutLoss, 1e-8)
			if !math.IsNaN(c.HeldOutErrors) {
				t.Errorf("%s: an error rate of targets that are no classes", name)
			}
		}
		// Theorem 1: without structure predictions do not depend on λ.
		nearValue(t, name+": λ = 0.1 against M = I", got.Candidates[2].HeldOutLoss, got.Candidates[0].HeldOutLoss, 1e-8)
		if other, twice := keys[got.Fingerprint()]; twice {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		keys[got.Fingerprint()] = name
	}
}

// The ridge of kernel regression, chosen as plain formulas choose it.
func TestChooseRidge(t *testing.T) {
	src := source2(42, 1)
	g, y := randomMatrix(src, 20, 6), randomMatrix(src, 20, 1)
	hg, hy := randomMatrix(src, 15, 6), randomMatrix(src, 15, 1)
	rhos := []float64{0.1, 1, 10, 100, 1000}
	choice, err := FromFeatures(g).Targets(y).Validate(hg, hy).ChooseRidge(rhos...)
	if err != nil {
		t.Fatal(err)
	}
	best, least := -1, math.Inf(1)
	for k, rho := range rhos {
		// β = (GᵀG + ρI)⁻¹Gᵀy
		var normal, beta, held mat.Dense
		normal.Mul(g.T(), g)
		for i := range 6 {
			normal.Set(i, i, normal.At(i, i)+rho)
		}
		var right mat.Dense
		right.Mul(g.T(), y)
		if err := beta.Solve(&normal, &right); err != nil {
			t.Fatal(err)
		}
		held.Mul(hg, &beta)
		nearValue(t, "held-out loss", choice.Candidates[k].HeldOutLoss, meanSquare(&held, hy), 1e-9)
		if l := meanSquare(&held, hy); l < least {
			best, least = k, l
		}
	}
	if choice.Best != best || choice.Chosen().Value != rhos[best] || choice.Parameter != "ρ" {
		t.Errorf("%d chosen, not %d:\n%v", choice.Best, best, choice)
	}
	// The classification loss keeps its kind.
	net, x, labels := classesTask(24, 6)
	p := Tangent(net, x).Targets(labels).Logistic(1)
	choice, err = p.HoldOut(0.5, 1).ByLoss().ChooseRidge(0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	fitted, judged := split(24, 12, 1)
	for k, rho := range []float64{0.1, 1} {
		s := mustSolve(t, Tangent(net, take(x, fitted)).Targets(take(labels, fitted)).Logistic(rho))
		f, sum := mustPredict(t, s, take(x, judged)), 0.0
		for i, j := range judged {
			sum += math.Log1p(math.Exp(-labels.At(j, 0)*f.At(i, 0))) / 12
		}
		nearValue(t, "log loss", choice.Candidates[k].HeldOutLoss, sum, 1e-6)
	}
	less := choice.Candidates[0].HeldOutLoss > choice.Candidates[1].HeldOutLoss
	if (choice.Best == 1) != less {
		t.Errorf("not the smaller loss:\n%v", choice)
	}
}

// With three classes the loss is the cross-entropy and errors are counted by the
// largest output.
func TestChooseForClasses(t *testing.T) {
	net := mustNet(t, nn.MLP(3, 10, 3).ReLU().UniformBias().Seed(8))
	src := source2(44, 1)
	x, y := randomMatrix(src, 18, 3), mat.NewDense(18, 3, nil)
	for i := range 18 {
		y.Set(i, i%3, 1)
	}
	choice, err := Tangent(net, x).Targets(y).Softmax(0.5).Layerwise(penalty.Squared(1)).HoldOut(1./3, 2).Choose(1)
	if err != nil {
		t.Fatal(err)
	}
	fitted, judged := split(18, 6, 2)
	s := mustSolve(t, Tangent(net, take(x, fitted)).Targets(take(y, fitted)).Softmax(0.5))
	f, loss, wrong := mustPredict(t, s, take(x, judged)), 0.0, 0.0
	for i, j := range judged {
		sum, largest := 0.0, 0
		for c := range 3 {
			sum += math.Exp(f.At(i, c))
			if f.At(i, c) > f.At(i, largest) {
				largest = c
			}
		}
		loss -= math.Log(math.Exp(f.At(i, j%3))/sum) / 6
		if largest != j%3 {
			wrong += 1. / 6
		}
	}
	nearValue(t, "cross-entropy", choice.Candidates[0].HeldOutLoss, loss, 1e-6)
	nearValue(t, "errors", choice.Candidates[0].HeldOutErrors, wrong, 1e-12)
}

// What is frozen stays frozen in the candidate M = I.
func TestFixedCandidateKeepsFrozenLayers(t *testing.T) {
	net, x, y := classesTask(12, 9)
	p := Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1)).Layer(0, Frozen())
	fixed := mustSolve(t, Tangent(net, x).Targets(y).Layer(0, Frozen()))
	other := mustSolve(t, Tangent(net, x).Targets(y))
	sx := randomMatrix(source2(1, 1), 5, 3)
	f, whole := mustPredict(t, fixed, sx), mustPredict(t, other, sx)
	choice, err := p.Validate(sx, f).Choose(1)
	if err != nil || choice.Best != 0 || choice.Candidates[0].HeldOutLoss > 1e-20 {
		t.Errorf("%v, %v", choice, err)
	}
	if meanSquare(f, whole) < 1e-3 {
		t.Error("frozen or not makes no difference here: the test tells nothing")
	}
}
