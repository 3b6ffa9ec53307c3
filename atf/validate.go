package atf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/solver"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// A Validation chooses the size of the penalties, or of the ridge, by examples
// that the fits do not see. Start it with Problem.HoldOut or Problem.Validate
// and end with Choose or ChooseRidge. Its setter returns a changed copy.
type Validation struct {
	problem *Problem
	all     *Problem   // solved again at the end; nil: the fit is the solution
	x       *mat.Dense // held-out inputs, rows of features, or their kernel to the problem's inputs
	y       *mat.Dense // their targets, m × C
	classes bool
	byLoss  bool
	err     error
}

// HoldOut sets aside a share of the problem's own examples, chosen at random by
// the seed and rounded to a whole number of them: what is left is fitted for
// each λ, and the held-out part judges the fit. With the λ that was chosen the
// problem is then solved on all its examples.
//
//	choice, err := problem.Layerwise(penalty.Squared(1)).HoldOut(0.25, 1).Choose(100, 10, 1, 0.1)
//
// It works for Tangent, FromFeatures and FromGram. The classes are not balanced
// between the parts. Mistakes of the chain, a share that is not between 0 and 1,
// and one that leaves no example in a part come out of Choose as errors.
func (p *Problem) HoldOut(share float64, seed uint64) *Validation {
	v := &Validation{problem: p, all: p}
	switch {
	case p.err != nil:
		return v.fail(p.err)
	case p.targets == nil:
		return v.fail(fmt.Errorf("atf: nothing to hold out of a problem without targets: set them by Targets or Residuals before HoldOut"))
	case !(share > 0 && share < 1):
		return v.fail(fmt.Errorf("atf: the share held out must lie between 0 and 1, got %v", share))
	}
	n := p.n()
	held := int(math.Round(share * float64(n)))
	if held < 1 || held >= n {
		return v.fail(fmt.Errorf("atf: holding out %v of %d examples leaves %d to fit and %d to judge: each part needs at least one", share, n, n-held, held))
	}
	order := rand.New(rand.NewPCG(seed, 0)).Perm(n)
	judged, fitted := order[:held], order[held:]
	slices.Sort(judged)
	slices.Sort(fitted)
	v.problem = p.subset(fitted)
	v.y = rowsOf(p.targets, judged, 1)
	switch {
	case p.net != nil:
		v.x = rowsOf(p.x, judged, 1)
	case p.features != nil:
		v.x = rowsOf(p.features, judged, p.outputs)
	default:
		v.x = crossOf(p.gram.RawMatrix(), judged, fitted, p.outputs)
	}
	v.classes = p.decides(p.targets)
	return v
}

// Validate judges the fits on examples of the user's own: inputs x (m × d) with
// targets y (m × C), which are what Targets, or Residuals, got for the
// problem's. For FromFeatures x has the m·C rows of features, for FromGram it is
// the kernel mC × nC of the held-out inputs to the problem's. They take part in
// no fit: the solution chosen is the one on the problem's own examples.
//
// Wrong shapes and numbers that are not finite come out of Choose as errors.
func (p *Problem) Validate(x, y mat.Matrix) *Validation {
	v := &Validation{problem: p, x: denseOf(x), y: denseOf(y)}
	xr, xc := x.Dims()
	m, c := y.Dims()
	rows, cols := m*p.outputs, 0
	switch {
	case p.net != nil:
		rows, cols = m, p.net.Inputs()
	case p.features != nil:
		_, cols = p.features.Dims()
	default:
		cols = p.gram.SymmetricDim()
	}
	switch {
	case p.err != nil:
		return v.fail(p.err)
	case p.targets == nil:
		return v.fail(fmt.Errorf("atf: a problem without targets: set them by Targets or Residuals before Validate"))
	case m == 0:
		return v.fail(fmt.Errorf("atf: no held-out examples: pass at least one"))
	case c != p.outputs:
		return v.fail(fmt.Errorf("atf: held-out targets are %d × %d, the problem has %d outputs: pass one column an output", m, c, p.outputs))
	case xr != rows || xc != cols:
		return v.fail(fmt.Errorf("atf: held-out inputs are %d × %d, wanted %d × %d for %d targets", xr, xc, rows, cols, m))
	}
	if err := linalg.Finite("atf: the matrix of held-out inputs", v.x.RawMatrix()); err != nil {
		return v.fail(err)
	}
	if err := linalg.Finite("atf: the matrix of held-out targets", v.y.RawMatrix()); err != nil {
		return v.fail(err)
	}
	v.classes = p.decides(p.targets) && p.decides(y)
	return v
}

func (v *Validation) fail(err error) *Validation { v.err = err; return v }

// ByLoss chooses by the loss for classes too, which differs between fits that
// decide alike: a small held-out part leaves many ties among error rates.
func (v Validation) ByLoss() *Validation { v.byLoss = true; return &v }

// Fingerprint names the validation by all that its choice depends on but the
// values to choose from.
func (v *Validation) Fingerprint() string {
	w := fingerprint.New("atf.Validation/1").String(v.problem.Fingerprint()).Bool(v.all != nil).Bool(v.byLoss)
	if v.all != nil {
		w.String(v.all.Fingerprint())
	}
	for _, m := range []*mat.Dense{v.x, v.y} {
		if m != nil {
			w.Matrix(m)
		}
	}
	return w.Sum()
}

// decides says that the targets y are classes: ±1 for one output, one-hot rows
// for more.
func (p *Problem) decides(y mat.Matrix) bool {
	n, c := y.Dims()
	for i := range n {
		least, most, sum := math.Inf(1), math.Inf(-1), 0.0
		for j := range c {
			v := y.At(i, j)
			least, most, sum = min(least, v), max(most, v), sum+math.Abs(v)
		}
		if c == 1 && sum != 1 || c > 1 && !(least == 0 && most == 1 && sum == 1) {
			return false
		}
	}
	return n > 0 && !p.residuals
}

// subset is the problem on the examples idx.
func (p Problem) subset(idx []int) *Problem {
	p.targets = rowsOf(p.targets, idx, 1)
	switch {
	case p.net != nil:
		p.x = rowsOf(p.x, idx, 1)
	case p.features != nil:
		p.features = rowsOf(p.features, idx, p.outputs)
	default:
		p.gram = p.gram.Subset(idx)
	}
	return &p
}

// rowsOf copies the rows of examples idx, c rows each.
func rowsOf(m *mat.Dense, idx []int, c int) *mat.Dense {
	_, cols := m.Dims()
	out := mat.NewDense(len(idx)*c, cols, nil)
	for k, i := range idx {
		for j := range c {
			out.SetRow(k*c+j, m.RawRowView(i*c+j))
		}
	}
	return out
}

// judge measures a solution of the validation's problem on both parts.
func (v *Validation) judge(s *Solution) (c Candidate, err error) {
	p := v.problem
	var held *mat.Dense
	if p.gram != nil {
		held, err = s.PredictGram(v.x)
	} else {
		held, err = s.FittedChange(v.x)
	}
	if err != nil {
		return c, err
	}
	if c.TrainingLoss, c.TrainingErrors, err = v.measure(p.x, s.Fit, p.targets); err != nil {
		return c, err
	}
	c.HeldOutLoss, c.HeldOutErrors, err = v.measure(v.x, held, v.y)
	return c, err
}

// measure compares the fitted change of the outputs with the targets: the mean
// loss over the examples, and for classes the share of wrong decisions.
func (v *Validation) measure(x, change, y *mat.Dense) (loss, wrong float64, err error) {
	n, c := y.Dims()
	f0 := mat.NewDense(n, c, nil)
	if v.problem.net != nil && !v.problem.residuals {
		f0 = v.problem.net.Predict(x)
	}
	var yhat, f mat.Dense
	yhat.Sub(y, f0)
	f.Add(change, f0)
	flat := func(m *mat.Dense) []float64 { return mat.DenseCopyOf(m).RawMatrix().Data }
	of := solver.Squared(flat(&yhat), 1)
	switch v.problem.loss {
	case lossLogistic:
		of = solver.Logistic(flat(y), flat(f0), 1)
	case lossSoftmax:
		of = solver.Softmax(flat(y), flat(f0), c, 1)
	}
	loss, wrong = of.At(flat(change)).Value()/float64(n), math.NaN()
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return loss, wrong, fmt.Errorf("atf: the loss is %v: the fit is not finite at these inputs", loss)
	}
	if v.classes {
		wrong, err = nn.ErrorRate(&f, y)
	}
	return loss, wrong, err
}
