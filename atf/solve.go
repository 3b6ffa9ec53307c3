package atf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// Solve solves the problem: eq. (5), min over β of Ω̃(β) subject to
// ŷ = ∇f_0(X)ᵀβ, or with the loss in place of the constraint, and from β the
// transformation M of eq. (4) and the adapted kernel of eq. (7).
//
// The method is the alternation of section 7 accelerated by a limited-memory
// BFGS method; every step lowers the objective. Where the effective penalty is
// not convex the result is a stationary point, and the start decides which one.
// Small problems of that kind, of at most 50,000 equations × coefficients, are
// solved from about a dozen starts, always the same: M = I; under a
// classification loss the solutions of the squared loss and of M = I; each part
// of M outweighing the others; random mixtures. The best end is the solution,
// Certificates.Starts has them all, and String tells their spread. Restarts sets
// the number of starts instead; WarmStart, Continuation and Alternation mean
// one start too.
// Penalties with their minimum at 0, such as penalty.Nuclear, are solved
// through a sequence of smoothed problems.
//
// Errors: whatever the setters refused; targets missing, NaN or infinite
// numbers; *InfeasibleError; *SingularError; *IndefiniteError; *MemoryError. With
// *LimitError, *StalledError or the context's error the solution is not nil: it
// is the best point found, with its certificates.
func (p *Problem) Solve() (*Solution, error) {
	began := time.Now()
	sys, err := p.assemble()
	if err != nil {
		return nil, err
	}
	if w := p.set.warm; w != nil && (len(w.coef) != sys.size || w.problem.layered && w.problem.homogeneous != p.homogeneous) {
		return nil, fmt.Errorf("atf: warm start from a solution with %d coefficients, the problem has %d: it must be of a problem with the same parameters", len(w.coef), sys.size)
	}
	e, err := newEngine(p, sys)
	if err != nil {
		return nil, err
	}
	e.plain = p.set.alternate
	run := &runner{problem: p, engine: e, ctx: p.set.ctx}
	if run.ctx == nil {
		run.ctx = context.Background()
	}
	report := progress.Report{Task: "solve", Measure: "stationarity", Ended: true}
	err = run.all()
	if err != nil && run.best == nil {
		report.Done, report.Value = run.iterations, run.residual
		p.set.progress.Send(report)
		return nil, err
	}
	run.failure = err
	s, err := run.finish(began)
	if err != nil {
		return nil, err
	}
	report.Done, report.Value = s.Iterations, s.Stationarity
	p.set.progress.Send(report)
	return s, run.failure
}

// StalledError reports a descent that rounding ended above the tolerance; the
// solution beside it is the best point found.
type StalledError struct{ Stationarity, Tolerance float64 }

func (e *StalledError) Error() string {
	return fmt.Sprintf("atf: no further descent at working precision with a stationarity residual of %.3g, above the tolerance %.3g: ask for less by Tolerance, or add a Ridge", e.Stationarity, e.Tolerance)
}

// runner goes through the starts of one Solve and keeps the best end.
type runner struct {
	problem    *Problem
	engine     *engine
	ctx        context.Context
	iterations int
	residual   float64   // as reported last
	ends       []float64 // objective of each start
	best       *point
	failure    error
}

// point is where a descent ended.
type point struct {
	coef      []float64
	objective float64
	trace     []float64
	stopped   string
	err       error
}

func (r *runner) all() error {
	p, e := r.problem, r.engine
	path := []float64{1}
	if n := p.set.lambdaSteps; n > 0 {
		path = path[:0]
		for k := range n + 1 {
			path = append(path, math.Pow(p.set.lambdaFrom, 1-float64(k)/float64(n)))
		}
	}
	for k, c := range path {
		if c != 1 || k > 0 {
			r.rescale(c)
		}
		var err error
		switch {
		case k > 0:
			err = r.from(r.best.coef)
		case p.set.warm != nil:
			err = r.from(p.set.warm.coef)
		default:
			err = e.begin()
		}
		if err != nil {
			return err
		}
		r.best, r.ends = nil, nil
		r.keep(r.descend())
		if errors.Is(r.best.err, context.Canceled) || errors.Is(r.best.err, context.DeadlineExceeded) {
			return r.best.err
		}
	}
	if r.best.err == nil && r.several() {
		if err := r.try(); err != nil {
			return err
		}
	}
	for k := range max(p.set.restarts, 0) {
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

func (r *runner) keep(p point) {
	r.ends = append(r.ends, p.objective)
	if r.best == nil || p.objective < r.best.objective {
		r.best = &p
	}
}

// rescale multiplies all penalties by c.
func (r *runner) rescale(c float64) {
	p := *r.problem
	p.whole = p.whole.scaled(c)
	layers := map[int]Structure{}
	for l := range p.numLayers() {
		layers[l] = r.problem.structureOf(l).scaled(c)
	}
	p.layers = layers
	r.engine.sys.pieces = nil
	p.divide(r.engine.sys)
	for _, sp := range r.engine.sys.pieces {
		sp.start()
	}
}

// from begins with the transformation of the coefficients coef.
func (r *runner) from(coef []float64) error {
	e := r.engine
	if e.kind != lossInterpolation {
		e.memory.forget()
		return e.settle(append([]float64(nil), coef...))
	}
	r.smoothTo(1e-3, coef)
	if _, _, err := e.measure(coef, e.g); err != nil {
		return err
	}
	return e.begin()
}

// random begins with the transformation of random coefficients, up to ten
// times as large as those of ridgeless regression.
func (r *runner) random(k uint64) error {
	e := r.engine
	src := rand.New(rand.NewPCG(r.problem.set.seed, k))
	size := norm(r.best.coef) / math.Sqrt(float64(len(r.best.coef))) * math.Pow(10, src.Float64())
	if size == 0 {
		size = 1
	}
	coef := make([]float64, e.sys.size)
	for i := range coef {
		coef[i] = size * src.NormFloat64()
	}
	return r.from(coef)
}

// descend runs the engine from where it stands and says where it ended.
func (r *runner) descend() point {
	e, set := r.engine, &r.problem.set
	report := func(it int, residual float64) {
		r.residual = residual
		set.progress.Send(progress.Report{Task: "solve", Done: r.iterations + it, Measure: "stationarity", Value: residual})
	}
	var err error
	if !e.smoothed() {
		e.trace = nil
		var n int
		n, err = e.run(r.ctx, set.tol, set.maxIter, report)
		r.iterations += n
	} else {
		err = r.smoothedDescent(report)
	}
	if perr := e.polish(); perr != nil && err == nil {
		err = fmt.Errorf("atf: the last correction of the interpolation: %w", perr)
	}
	end := point{trace: e.trace, err: err}
	end.coef, end.objective = e.beta, e.omega+e.fit
	if e.smoothed() {
		if v, verr := r.exact(e.beta); verr == nil {
			end.objective = v
			end.trace = append(end.trace, v)
		} else if err == nil {
			err, end.err = verr, verr
		}
	}
	switch {
	case err == nil:
		end.stopped = "stationary to the tolerance"
		if e.smoothed() {
			end.stopped = "smoothing at its end"
		}
	case errors.Is(err, errStalled):
		res, _, serr := e.stationarity()
		if serr != nil {
			end.err = serr
		} else {
			end.err = &StalledError{Stationarity: res, Tolerance: set.tol}
		}
		end.stopped = errStalled.Error()
	default:
		end.stopped = err.Error()
	}
	return end
}
