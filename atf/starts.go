package atf

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
)

// Where the problem is not known to be convex the start decides which minimum
// the descent ends in. Small problems are therefore solved from several starts
// without being asked: those below, each with the transformation M that suits
// some coefficients β and the best coefficients for that M. None of them draws
// on a clock or a seed of the user's, so that the answer is always the same.
const (
	// smallProblem is the largest product of equations and coefficients with
	// starts of its own; a descent of that size takes some hundredths of a second.
	smallProblem = 50_000
	// byPart is the largest number of parts of M that are tried one by one.
	byPart = 8
	// mixedStarts is how many starts mix the parts by random.
	mixedStarts = 8
	// tie is the relative fall of the objective that is no other minimum yet.
	tie = 1e-9
)

// convex says that the problem is known to have one minimum: every ω̃ is convex,
// or Ω̃ rises with ‖β‖ alone and the fit is exact (Theorem 1).
func (e *engine) convex() bool {
	for _, sp := range e.sys.pieces {
		if !sp.penalty().ConvexEffective() {
			return e.oneNorm()
		}
	}
	return true
}

// oneNorm says that the problem is to minimise an increasing function of ‖β‖.
func (e *engine) oneNorm() bool {
	g, ok := e.sys.pieces[0].piece.(*groupedPiece)
	return ok && len(e.sys.pieces) == 1 && g.groups == 1 && g.whole != nil && e.kind == lossInterpolation
}

// several says that the problem gets starts of its own.
func (r *runner) several() bool {
	set := &r.problem.set
	return set.restarts < 0 && set.warm == nil && set.lambdaSteps == 0 && !set.alternate &&
		r.engine.sys.size*r.engine.sys.rows <= smallProblem && !r.engine.convex()
}

// suiting begins with the transformation that suits the coefficients coef, and
// with the best coefficients for it.
func (r *runner) suiting(coef []float64) error {
	r.smoothTo(1e-3, coef)
	if _, _, err := r.engine.measure(coef, r.engine.g); err != nil {
		return err
	}
	return r.engine.beginWith()
}

// untransformed gives the best coefficients for M = I: where λ → ∞, which is
// the convex end of the path in λ, they are the solution.
func (r *runner) untransformed() ([]float64, error) {
	for _, sp := range r.engine.sys.pieces {
		sp.start()
	}
	err := r.engine.beginWith()
	return r.engine.beta, err
}

// squared gives the solution with the squared loss in place of a classification
// loss, to a low precision.
func (r *runner) squared() ([]float64, error) {
	const tolerance, steps = 1e-3, 200
	e := *r.engine
	l := *e.loss
	l.kind, l.gradient = lossSquared, make([]float64, len(l.gradient))
	e.loss, e.kind = &l, lossSquared
	e.beta, e.grad = make([]float64, len(e.beta)), make([]float64, len(e.grad))
	e.trace, e.memory = nil, memory{}
	for _, sp := range e.sys.pieces {
		sp.start()
	}
	if err := e.begin(); err != nil {
		return nil, err
	}
	n, err := e.run(r.ctx, tolerance, steps, func(int, float64) {})
	r.iterations += n
	if errors.As(err, new(*LimitError)) || errors.Is(err, errStalled) {
		err = nil // it is only a start
	}
	return e.beta, err
}

// try descends from the problem's own further starts. A start whose weights make
// the first system singular is none; an end that is not stationary does not
// replace the best, nor does the same minimum found again.
func (r *runner) try() error {
	e := r.engine
	fixed, err := r.untransformed()
	if err != nil {
		return nil
	}
	fixed = append([]float64(nil), fixed...)
	var starts [][]float64
	if e.kind.classification() {
		starts = append(starts, fixed)
	}
	starts = append(starts, r.leading(fixed)...)
	starts = append(starts, r.mixed(fixed)...)
	if e.kind.classification() {
		coef, err := r.squared()
		if err != nil {
			return r.ctx.Err()
		}
		if err := r.tryFrom(r.from(coef)); err != nil {
			return err
		}
	}
	for _, coef := range starts {
		if err := r.tryFrom(r.suiting(coef)); err != nil {
			return err
		}
	}
	return nil
}

// tryFrom descends from the start that was just set, if err is nil, and keeps
// the end. It gives the context's error only.
func (r *runner) tryFrom(err error) error {
	if err != nil {
		return r.ctx.Err()
	}
	end := r.descend()
	best := r.best
	r.keep(end)
	if end.err != nil || end.objective > best.objective-tie*math.Abs(best.objective) {
		r.best = best
	}
	if errors.Is(end.err, context.Canceled) || errors.Is(end.err, context.DeadlineExceeded) {
		return end.err
	}
	return nil
}

// leading gives coefficients in which one part of M outweighs all others, for
// every part: minima often leave most of the fit to one layer.
func (r *runner) leading(fixed []float64) (starts [][]float64) {
	const weight = 10
	var parts []span
	for _, sp := range r.engine.sys.pieces {
		if !sp.fixed() {
			parts = append(parts, sp)
		}
	}
	if len(parts) < 2 || len(parts) > byPart {
		return nil
	}
	for _, sp := range parts {
		coef := append([]float64(nil), fixed...)
		for i := range coef {
			if i >= sp.from && i < sp.to {
				coef[i] *= weight
			} else {
				coef[i] /= weight
			}
		}
		starts = append(starts, coef)
	}
	return starts
}

// mixed gives coefficients with a random share for every part of M and random
// directions added, in turn any and those that the features span.
func (r *runner) mixed(fixed []float64) (starts [][]float64) {
	e := r.engine
	for k := range mixedStarts {
		src := rand.New(rand.NewPCG(8, uint64(k)))
		noise := make([]float64, len(fixed))
		size := 1.0
		if k%2 == 1 {
			alpha := make([]float64, e.sys.rows)
			for i := range alpha {
				alpha[i] = src.NormFloat64()
			}
			noise = e.adjoint(alpha)
			if n := norm(noise); n > 0 {
				size = norm(fixed) / n
			}
		}
		coef := make([]float64, len(fixed))
		for _, sp := range e.sys.pieces {
			share := 3 * math.Exp(1.5*src.NormFloat64())
			own := fixed[sp.from:sp.to]
			if k%2 == 0 {
				size = 0.5 * norm(own) / math.Sqrt(float64(len(own)))
			}
			for i := range own {
				if k%2 == 0 {
					noise[sp.from+i] = src.NormFloat64()
				}
				coef[sp.from+i] = share * (own[i] + size*noise[sp.from+i])
			}
		}
		starts = append(starts, coef)
	}
	return starts
}
