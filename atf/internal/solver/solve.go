package solver

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// Options say how to solve. Tolerance and MaxIterations must be positive.
type Options struct {
	Tolerance     float64 // of the stationarity residual
	MaxIterations int     // of one descent
	// Restarts is the number of random starts beside M = I; −1 leaves the starts
	// to the solver, see Starts.
	Restarts int
	Seed     uint64
	// Warm are coefficients whose transformation is the start, nil for M = I.
	Warm []float64
	// PathFrom is the factor of all penalties at the beginning of a path of
	// PathSteps geometric steps to 1; no path for 0 steps.
	PathFrom  float64
	PathSteps int
	// Alternation is the paper's plain alternation in place of the accelerated
	// method.
	Alternation bool
	// Context ends the work early; nil for none.
	Context context.Context
	// Report hears of every step: those of all starts together and the
	// stationarity residual. It may be nil.
	Report func(done int, stationarity float64)
	// Phase hears of the pieces that steps and their preparation consist of, and
	// of the share of them that is done. It may be nil.
	Phase func(what string, done, total int)
}

// Result is the best end of all descents.
type Result struct {
	Beta, Fit, Multiplier []float64
	Objective             []float64 // before the first and after every step
	Stationarity, Gap     float64   // Gap is NaN where convexity is not known
	Iterations            int       // of all starts together
	Starts                []float64 // objective at the end of each start
	Status                Status
	Err                   error // of the best descent: what an early Status stands for
}

// Stopped says in words why the best descent ended.
func (r *Result) Stopped() string {
	if r.Err == nil || r.Status == Stalled {
		return r.Status.String()
	}
	return r.Err.Error()
}

// Solve minimises the system's objective. A result is the best point found also
// where an error stands beside it: *LimitError, *StalledError, the context's.
// Without a result the errors are *InfeasibleError, *kernel.SingularError, and
// penalties that are not finite.
func Solve(sys *System, opt Options) (*Result, error) {
	if opt.Context == nil {
		opt.Context = context.Background()
	}
	if opt.Report == nil {
		opt.Report = func(int, float64) {}
	}
	if opt.Phase == nil {
		opt.Phase = func(string, int, int) {}
	}
	o, err := newObjective(opt.Context, sys, opt.Phase)
	if err != nil {
		return nil, err
	}
	r := &runner{opt: opt, descent: &descent{objective: o, flat: rounding}}
	if err := r.refer(); err != nil {
		return nil, err
	}
	r.method = method(opt.Alternation)
	err = r.all()
	if r.best == nil {
		return nil, err
	}
	result, ferr := r.finish()
	if ferr != nil {
		return nil, ferr
	}
	return result, err
}

func method(plain bool) stepper {
	if plain {
		return alternation{}
	}
	return accelerated{directioner: &lbfgs{}, searcher: armijo{}}
}

// runner goes through the starts of one Solve and keeps the best end.
type runner struct {
	*descent
	opt        Options
	iterations int
	ends       []float64 // objective of each start
	best       *end
}

// end is where a descent ended.
type end struct {
	beta      []float64
	objective float64
	trace     []float64
	err       error
}

// refer factors K_0 for an exact fit.
func (r *runner) refer() error {
	if !r.loss.Exact() {
		return nil
	}
	_, k, err := r.weigh(r.untransformed(), majoriser)
	if err != nil {
		return err
	}
	r.phase("Cholesky factor", 0, 1)
	gram := kernel.NewGram(r.sys.Rows/r.sys.Outputs, r.sys.Outputs, clone(k.Data))
	if r.reference, err = kernel.Factorize(gram, 0); err != nil {
		return r.singular(gram, err)
	}
	return nil
}

// singular says whether a singular Gram matrix means targets that cannot be
// fitted.
func (r *runner) singular(k *kernel.Gram, err error) error {
	var s *kernel.SingularError
	if !errors.As(err, &s) {
		return err
	}
	if miss := r.outOfReach(k); miss > 1e-6 {
		return &InfeasibleError{Equations: r.sys.Rows, Features: r.size, Miss: miss, Twins: s.Twins, Cause: err}
	}
	return fmt.Errorf("atf: the targets cannot be interpolated stably, set Ridge or take fewer inputs: %w", err)
}

// outOfReach is the share of the targets outside the range of k, by norm; 0
// where that cannot be told.
func (r *runner) outOfReach(k *kernel.Gram) float64 {
	yhat, _ := r.loss.Quadratic()
	y := mat.NewDense(r.sys.Rows/r.sys.Outputs, r.sys.Outputs, yhat)
	size := mat.Norm(y, 2)
	if size == 0 {
		return 0
	}
	if k.Trace() == 0 {
		return 1
	}
	r.phase("whether the targets can be fitted", 0, 1)
	reg, err := kernel.PseudoInverse(k, y, 1e-10)
	if err != nil {
		return 0
	}
	return reg.Residual
}

func (r *runner) all() error {
	path := []float64{1}
	if n := r.opt.PathSteps; n > 0 {
		path = path[:0]
		for k := range n + 1 {
			path = append(path, math.Pow(r.opt.PathFrom, 1-float64(k)/float64(n)))
		}
	}
	for k, c := range path {
		if r.opt.PathSteps > 0 {
			for i := range r.parts {
				r.parts[i].Part = r.sys.Parts[i].Scaled(c)
			}
		}
		var err error
		switch {
		case k > 0:
			err = r.from(r.best.beta)
		case r.opt.Warm != nil:
			err = r.from(r.opt.Warm)
		default:
			err = r.fromIdentity()
		}
		if err != nil {
			return err
		}
		r.best, r.ends = nil, nil
		r.keep(r.descend())
		if interrupted(r.best.err) {
			return r.best.err
		}
	}
	if r.best.err == nil && r.several() {
		if err := r.more(); err != nil {
			return err
		}
	}
	for k := range max(r.opt.Restarts, 0) {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := r.random(uint64(k)); err != nil {
			return err
		}
		r.keep(r.descend())
	}
	return r.best.err
}

func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (r *runner) keep(e end) {
	r.ends = append(r.ends, e.objective)
	if r.best == nil || e.objective < r.best.objective {
		r.best = &e
	}
}

// descend runs from where it stands and says where it ended.
func (r *runner) descend() end {
	report := func(it int, residual float64) { r.opt.Report(r.iterations+it, residual) }
	var err error
	if r.kinked() {
		err = r.smoothedDescent(report)
	} else {
		r.trace = nil
		var n int
		n, err = r.run(r.opt.Tolerance, r.opt.MaxIterations, report)
		r.iterations += n
	}
	if perr := r.polish(); perr != nil && err == nil {
		err = fmt.Errorf("atf: the last correction of the fit: %w", perr)
	}
	e := end{trace: r.trace, err: err, beta: r.now.beta, objective: r.now.value()}
	if r.kinked() {
		if v, verr := r.exact(r.now); verr == nil {
			e.objective = v
			e.trace = append(e.trace, v)
		} else if err == nil {
			err, e.err = verr, verr
		}
	}
	if errors.Is(err, errStalled) {
		residual, _, serr := r.stationarity()
		if e.err = serr; serr == nil {
			e.err = &StalledError{Stationarity: residual, Tolerance: r.opt.Tolerance}
		}
	}
	return e
}

// finish goes back to the best end and certifies it.
func (r *runner) finish() (*Result, error) {
	r.phase("certificates", 0, 1)
	r.whole = true // a result, whatever the context says
	best, smoothed := r.best, r.kinked()
	if smoothed {
		r.smoothTo(smallestShare, best.beta)
	}
	if err := r.settle(best.beta); err != nil {
		return nil, err
	}
	residual, alpha, err := r.stationarity()
	if err != nil {
		return nil, err
	}
	if smoothed && r.loss.Exact() {
		if alpha, err = r.sharpest(); err != nil {
			return nil, err
		}
	}
	if smoothed {
		if residual, err = r.kinkStationarity(alpha); err != nil {
			return nil, err
		}
	}
	if v := r.now.value(); !smoothed && len(best.trace) > 0 && v < best.trace[len(best.trace)-1] {
		best.trace[len(best.trace)-1] = v // polishing moved by rounding only
	}
	gap, err := r.gap(alpha)
	if err != nil {
		return nil, err
	}
	return &Result{
		Beta: best.beta, Fit: clone(r.now.g), Multiplier: alpha, Objective: best.trace,
		Stationarity: residual, Gap: gap, Iterations: r.iterations, Starts: r.ends,
		Status: statusOf(best.err, smoothed), Err: best.err,
	}, nil
}
