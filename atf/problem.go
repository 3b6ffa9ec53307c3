package atf

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// Progress receives reports of long work.
type Progress = progress.Func

// Report is one report of long work.
type Report = progress.Report

// A Problem is eq. (4) of the paper in the making: features, targets, the
// structure of M with its penalties, the loss and the settings of the solver.
// Start it with Tangent, FromFeatures or FromGram and end with Solve. Every
// setter returns a changed copy, so one problem can be the start of many.
//
// Bad choices, wrong shapes among them, are carried along; the first one comes
// out of Solve as an error.
type Problem struct {
	// What the features come from: exactly one of the three.
	net      *nn.Network
	features *mat.Dense
	gram     *kernel.Gram

	x       *mat.Dense // inputs of net
	outputs int
	shapes  []Shape // matrices that the columns of features stand for

	targets   *mat.Dense // n × C, as the user gave them
	residuals bool       // targets are ŷ, not y

	whole       Structure         // on all parameters together
	layered     bool              // a Structure for each layer instead
	layers      map[int]Structure // the mix
	sideA       penalty.Penalty   // of hidden layers not in the mix
	sideB       penalty.Penalty
	homogeneous bool

	loss lossKind
	rho  float64

	set settings
	err error
}

type lossKind int

const (
	lossInterpolation lossKind = iota
	lossSquared
	lossLogistic
	lossSoftmax
)

type settings struct {
	tol         float64
	maxIter     int
	restarts    int // −1: the problem's own starts
	seed        uint64
	warm        *Solution
	warmKey     string // of a warm start that a decoded problem had
	lambdaFrom  float64
	lambdaSteps int
	alternate   bool
	memory      int64
	ctx         context.Context
	progress    progress.Func
}

func newProblem() *Problem {
	return &Problem{set: settings{tol: 1e-6, maxIter: 2000, restarts: -1}}
}

// Tangent poses the problem for the tangent features of net at its own
// parameters θ0 and the inputs x (n × d). The fitted model is
// f_θ0(x) + ∇f_θ0(x)ᵀβ. It is an error of Solve when x has not as many columns
// as the network has inputs.
func Tangent(net *nn.Network, x mat.Matrix) *Problem {
	p := newProblem()
	p.net, p.outputs, p.x = net, net.Outputs(), denseOf(x)
	if n, d := x.Dims(); d != net.Inputs() && n > 0 {
		return p.fail("atf: inputs are %d × %d, the network reads %d numbers: pass one input a row", n, d, net.Inputs())
	}
	return p
}

// FromFeatures poses the problem for an explicit feature matrix, n × P, with
// f_0 = 0. For C outputs see WithOutputs.
func FromFeatures(g mat.Matrix) *Problem {
	p := newProblem()
	p.features, p.outputs = denseOf(g), 1
	return p
}

// FromGram poses the problem for a Gram matrix alone. It carries the
// structures that depend on the features only through it: M = I and
// Unstructured.
func FromGram(k *kernel.Gram) *Problem {
	p := newProblem()
	p.gram, p.outputs = k, k.Outputs()
	return p
}

// denseOf shares dense matrices and copies others.
func denseOf(m mat.Matrix) *mat.Dense {
	if d, ok := m.(*mat.Dense); ok {
		return d
	}
	if r, c := m.Dims(); r == 0 || c == 0 {
		return &mat.Dense{}
	}
	g := linalg.General(m)
	return mat.NewDense(g.Rows, g.Cols, g.Data[:g.Rows*g.Cols])
}

func (p Problem) fail(format string, args ...any) *Problem {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
	return &p
}

// WithOutputs says that the rows of an explicit feature matrix are C outputs for
// each input: row i·C + c. Default: 1.
func (p Problem) WithOutputs(c int) *Problem {
	if p.features == nil {
		return p.fail("atf: WithOutputs is for explicit feature matrices; a network or a Gram matrix has its own number")
	}
	if rows, _ := p.features.Dims(); c < 1 || rows%c != 0 {
		return p.fail("atf: %d outputs do not part %d rows of features", c, rows)
	}
	p.outputs = c
	return &p
}

// Matrices says that the columns of an explicit feature matrix are the entries
// of matrices, one after the other and each row by row, so that Layerwise and
// Layer apply to them. The last one stands for the last layer.
func (p Problem) Matrices(shapes ...Shape) *Problem {
	if p.features == nil {
		return p.fail("atf: Matrices is for explicit feature matrices; a network has its own layers")
	}
	_, cols := p.features.Dims()
	total := 0
	for i, s := range shapes {
		if s.Out < 1 || s.In < 1 {
			return p.fail("atf: matrix number %d of Matrices is %d × %d; sides must be positive", i+1, s.Out, s.In)
		}
		total += s.Out * s.In
	}
	if total != cols {
		return p.fail("atf: matrices with %d entries in all for %d columns of features", total, cols)
	}
	p.shapes = shapes
	return &p
}

// Targets sets the targets y (n × C); the problem's own are ŷ = y − f_θ0(x).
// For Logistic y is ±1, for Softmax its rows are one-hot or probabilities. It
// is an error of Solve when y has not n rows and C columns.
func (p Problem) Targets(y mat.Matrix) *Problem { return p.withTargets(y, false) }

// Residuals sets ŷ itself (n × C): the change of the output to be fitted. All
// else is as for Targets.
func (p Problem) Residuals(yhat mat.Matrix) *Problem { return p.withTargets(yhat, true) }

func (p Problem) withTargets(y mat.Matrix, residuals bool) *Problem {
	p.targets, p.residuals = denseOf(y), residuals
	if r, c := y.Dims(); r != p.n() || c != p.outputs && r > 0 {
		return p.fail("atf: targets are %d × %d, the problem has %d inputs and %d outputs: pass one row an input and one column an output", r, c, p.n(), p.outputs)
	}
	return &p
}

func (p *Problem) n() int {
	switch {
	case p.net != nil:
		n, _ := p.x.Dims()
		return n
	case p.features != nil:
		n, _ := p.features.Dims()
		return n / p.outputs
	}
	return p.gram.N()
}

// Fixed sets M = I, the default: ridgeless regression with the NTK.
func (p Problem) Fixed() *Problem { return p.withWhole(Fixed()) }

// Unstructured lets M be any P × P matrix with the penalty Ω_ω(M): Theorem 1.
// Biases are parameters like the others here.
func (p Problem) Unstructured(omega penalty.Penalty) *Problem {
	return p.withWhole(Unstructured(omega))
}

// Diagonal lets M be diagonal over all parameters (appendix A.1).
func (p Problem) Diagonal(omega penalty.Penalty) *Problem { return p.withWhole(Diagonal(omega)) }

// Blocks lets M be block diagonal over groups of parameters, by their places
// in the network's parameter vector or their columns. Parameters in no group
// keep M = 1.
func (p Problem) Blocks(omega penalty.Penalty, groups ...[]int) *Problem {
	return p.withWhole(Blocks(omega, groups...))
}

func (p Problem) withWhole(s Structure) *Problem {
	p.whole, p.layered = s, false
	return &p
}

// Layerwise is the structure of Theorem 2 (Model A): each hidden layer's
// deviation becomes A Θ Bᵀ with omega on both sides, the last layer's Θ Bᵀ.
// Biases keep M = I unless Homogeneous is set.
func (p Problem) Layerwise(omega penalty.Penalty) *Problem { return p.LayerwiseSides(omega, omega) }

// LayerwiseSides is Layerwise with a penalty for each side; the last layer has
// omegaB alone.
func (p Problem) LayerwiseSides(omegaA, omegaB penalty.Penalty) *Problem {
	p.layered, p.sideA, p.sideB = true, omegaA, omegaB
	if omegaA == nil || omegaB == nil {
		return p.fail("atf: Layerwise needs a penalty for each side, got nil; penalty.Identity() leaves a side out")
	}
	return &p
}

// Layer sets the structure of layer l (from 0). Layers without one follow
// Layerwise where it was called, else they are Fixed.
func (p Problem) Layer(l int, s Structure) *Problem {
	if l < 0 || l >= p.numLayers() {
		return p.fail("atf: layer %d of a problem with %d layers, counted from 0", l, p.numLayers())
	}
	layers := map[int]Structure{l: s}
	for k, v := range p.layers {
		if k != l {
			layers[k] = v
		}
	}
	p.layered, p.layers = true, layers
	return &p
}

func (p *Problem) numLayers() int {
	switch {
	case p.net != nil:
		return len(p.net.ParamLayers())
	case p.features != nil:
		return max(len(p.shapes), 1)
	}
	return 1
}

// Homogeneous joins each layer's biases to its weights, [W b] with the input
// (h, 1), so that Layerwise transforms them together. Default: biases keep
// M = I and the penalty ‖b‖².
func (p Problem) Homogeneous() *Problem { p.homogeneous = true; return &p }

// Interpolate asks for an exact fit of the targets, as in eq. (4). Default.
func (p Problem) Interpolate() *Problem { p.loss, p.rho = lossInterpolation, 0; return &p }

// Ridge replaces the exact fit by the squared loss ‖f − y‖²/ρ, ρ > 0.
func (p Problem) Ridge(rho float64) *Problem { return p.withLoss(lossSquared, rho) }

// Logistic takes the loss Σ_i log(1 + exp(−y_i f(x_i)))/ρ for one output and
// targets ±1, ρ > 0: a finite fit, since the interpolating ones are infinite.
func (p Problem) Logistic(rho float64) *Problem { return p.withLoss(lossLogistic, rho) }

// Softmax takes the cross-entropy −Σ_i Σ_c y_ic log softmax(f(x_i))_c / ρ for
// targets that are one-hot or probabilities, ρ > 0.
func (p Problem) Softmax(rho float64) *Problem { return p.withLoss(lossSoftmax, rho) }

func (p Problem) withLoss(k lossKind, rho float64) *Problem {
	if !(rho > 0) || math.IsInf(rho, 0) {
		return p.fail("atf: the loss needs a finite ρ > 0, got %v; Interpolate asks for an exact fit", rho)
	}
	p.loss, p.rho = k, rho
	return &p
}

// Tolerance sets the relative stationarity residual at which the solver stops.
// Default: 1e-6.
func (p Problem) Tolerance(tol float64) *Problem {
	if !(tol > 0) || tol >= 1 {
		return p.fail("atf: the tolerance must lie between 0 and 1, got %v", tol)
	}
	p.set.tol = tol
	return &p
}

// MaxIterations bounds the steps of one solve. Default: 2000. A solve that
// ends there returns its best point with an error.
func (p Problem) MaxIterations(n int) *Problem {
	if n < 1 {
		return p.fail("atf: at least one iteration is needed, got %d", n)
	}
	p.set.maxIter = n
	return &p
}

// Restarts solves from M = I and again from n random transformations and keeps
// the best, for penalties that are not convex. Restarts(0, 0) asks for the one
// start M = I. Default: a small problem that is not convex has starts of its
// own, see Solve; others start from M = I alone.
func (p Problem) Restarts(n int, seed uint64) *Problem {
	if n < 0 {
		return p.fail("atf: the number of restarts must not be negative, got %d", n)
	}
	p.set.restarts, p.set.seed = n, seed
	return &p
}

// WarmStart begins with the transformation of another solution, of a problem
// with the same parameters; targets, penalties and loss may differ.
func (p Problem) WarmStart(s *Solution) *Problem { p.set.warm = s; return &p }

// Continuation solves first with all penalties times from, then in steps
// geometric steps down (or up) to the penalties themselves, each solve
// starting from the last. Where the problem is not convex this may end in
// another minimum than a direct solve, lower or, with kinked penalties such as
// λ|s−1| from a large λ, higher: compare the objectives. Default: none.
func (p Problem) Continuation(from float64, steps int) *Problem {
	if !(from > 0) || math.IsInf(from, 0) || steps < 1 {
		return p.fail("atf: continuation needs a finite factor above 0 and at least one step, got %v and %d", from, steps)
	}
	p.set.lambdaFrom, p.set.lambdaSteps = from, steps
	return &p
}

// Alternation solves by plain alternation, section 7's two steps with the
// paper's transformations A and B, instead of the accelerated method. Under a
// classification loss its first step, which has no closed form there, is solved
// by Newton's method. It is for comparison, and takes less memory: it keeps no
// steps.
func (p Problem) Alternation() *Problem { p.set.alternate = true; return &p }

// Memory sets the budget in bytes in place of the one of the process.
func (p Problem) Memory(bytes int64) *Problem { p.set.memory = bytes; return &p }

// Context lets Solve be interrupted; it then returns the best point so far and
// the context's error. A context that ends before there is a point, while the
// tangent features or the first Gram matrix are computed, leaves the error alone.
func (p Problem) Context(ctx context.Context) *Problem { p.set.ctx = ctx; return &p }

// Progress has every step reported, with the stationarity residual as its Measure.
// What lasts more than two seconds between steps (tangent features, Gram matrices,
// factorisations, singular values) is reported too, by the share that is done as
// another Measure. The last report, with Ended set, repeats the end for whoever
// draws a bar, so a trace of residuals leaves it out.
func (p Problem) Progress(f Progress) *Problem { p.set.progress = f; return &p }

// Fingerprint names the problem by all that its solution depends on.
func (p *Problem) Fingerprint() string {
	w := fingerprint.New("atf.Problem/1")
	switch {
	case p.net != nil:
		w.String(p.net.Fingerprint()).Matrix(p.x)
	case p.features != nil:
		w.Matrix(p.features)
	default:
		w.String(p.gram.Fingerprint())
	}
	w.Int(p.outputs, len(p.shapes))
	for _, s := range p.shapes {
		w.Int(s.Out, s.In)
	}
	if p.targets != nil {
		w.Matrix(p.targets)
	}
	w.Bool(p.residuals).Bool(p.layered).Bool(p.homogeneous)
	if p.layered {
		for l := range p.numLayers() {
			p.structureOf(l).sign(w)
		}
	} else {
		p.whole.sign(w)
	}
	w.Int(int(p.loss)).Float(p.rho, p.set.tol, p.set.lambdaFrom)
	w.Int(p.set.maxIter, p.set.restarts, int(p.set.seed), p.set.lambdaSteps).Bool(p.set.alternate)
	return w.String(p.warmKey()).Sum()
}

func (p *Problem) warmKey() string {
	if p.set.warm != nil {
		return p.set.warm.Fingerprint()
	}
	return p.set.warmKey
}
