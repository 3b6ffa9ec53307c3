package solver

import (
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

// several says that the problem gets starts of its own.
func (r *runner) several() bool {
	o := &r.opt
	return o.Restarts < 0 && o.Warm == nil && o.PathSteps == 0 && !o.Alternation &&
		r.size*r.sys.Rows <= smallProblem && !r.convex()
}

// fromIdentity begins at M = I: with ridgeless regression, the ridge's, or β = 0
// under a loss that is not quadratic.
func (r *runner) fromIdentity() error {
	if _, ok := r.loss.Quadratic(); ok {
		return r.fromStates(r.untransformed(), make([]float64, r.sys.Rows))
	}
	r.method = method(r.opt.Alternation)
	return r.settle(make([]float64, r.size))
}

// fromStates begins with the best coefficients for the weights of states.
func (r *runner) fromStates(states []State, g []float64) error {
	r.method = method(r.opt.Alternation)
	beta, err := r.objective.best(states, majoriser, g)
	if err != nil {
		return err
	}
	return r.settle(beta)
}

// from begins at the coefficients beta or, for an exact fit, with their
// transformation.
func (r *runner) from(beta []float64) error {
	if r.loss.Exact() {
		return r.suiting(beta)
	}
	r.method = method(r.opt.Alternation)
	return r.settle(clone(beta))
}

// suiting begins with the transformation that suits the coefficients beta, and
// with the best coefficients for it.
func (r *runner) suiting(beta []float64) error {
	r.smoothTo(1e-3, beta)
	p, err := r.point(beta, make([]float64, r.sys.Rows)) // the states matter alone
	if err != nil {
		return err
	}
	return r.fromStates(p.states, p.g)
}

// random begins with the transformation of random coefficients, up to ten times
// as large as those of the best end so far.
func (r *runner) random(k uint64) error {
	src := rand.New(rand.NewPCG(r.opt.Seed, k))
	size := norm(r.best.beta) / math.Sqrt(float64(len(r.best.beta))) * math.Pow(10, src.Float64())
	if size == 0 {
		size = 1
	}
	beta := make([]float64, r.size)
	for i := range beta {
		beta[i] = size * src.NormFloat64()
	}
	return r.suiting(beta)
}

// substitute gives the solution with a quadratic loss in place of the system's
// own, to a low precision, or nil where there is none.
func (r *runner) substitute() ([]float64, error) {
	const tolerance, steps = 1e-3, 200
	loss := r.loss.Substitute()
	if loss == nil {
		return nil, nil
	}
	o := *r.objective
	o.loss = loss
	d := &descent{objective: &o, method: method(false), flat: rounding}
	beta, err := o.best(o.untransformed(), majoriser, make([]float64, o.sys.Rows))
	if err != nil {
		return nil, err
	}
	if err := d.settle(beta); err != nil {
		return nil, err
	}
	n, err := d.run(tolerance, steps, func(int, float64) {})
	r.iterations += n
	if errors.As(err, new(*LimitError)) || errors.Is(err, errStalled) {
		err = nil // it is only a start
	}
	return d.now.beta, err
}

// more descends from the problem's own further starts. A start whose weights make
// the first system singular is none; an end that is not stationary does not
// replace the best, nor does the same minimum found again. It gives the
// context's error only.
func (r *runner) more() error {
	// Where λ → ∞, the convex end of the path in λ, this is the solution.
	plain, err := r.objective.best(r.untransformed(), majoriser, make([]float64, r.sys.Rows))
	if err != nil {
		return r.ctx.Err()
	}
	if beta, err := r.substitute(); err != nil {
		return r.ctx.Err()
	} else if beta != nil {
		if err := r.try(r.from(beta)); err != nil {
			return err
		}
		if err := r.try(r.suiting(plain)); err != nil {
			return err
		}
	}
	for _, beta := range append(r.leading(plain), r.mixed(plain)...) {
		if err := r.try(r.suiting(beta)); err != nil {
			return err
		}
	}
	return nil
}

// try descends from the start that was just set, if err is nil, and keeps the end.
func (r *runner) try(err error) error {
	if err != nil {
		return r.ctx.Err()
	}
	e, best := r.descend(), r.best
	r.keep(e)
	if e.err != nil || e.objective > best.objective-tie*math.Abs(best.objective) {
		r.best = best
	}
	if interrupted(e.err) {
		return e.err
	}
	return nil
}

// leading gives coefficients in which one part of M outweighs all others, for
// every part: minima often leave most of the fit to one layer.
func (r *runner) leading(plain []float64) (starts [][]float64) {
	const weight = 10
	var parts []placed
	for _, sp := range r.parts {
		if !sp.Fixed() {
			parts = append(parts, sp)
		}
	}
	if len(parts) < 2 || len(parts) > byPart {
		return nil
	}
	for _, sp := range parts {
		beta := clone(plain)
		for i := range beta {
			if i >= sp.from && i < sp.to {
				beta[i] *= weight
			} else {
				beta[i] /= weight
			}
		}
		starts = append(starts, beta)
	}
	return starts
}

// mixed gives coefficients with a random share for every part of M and random
// directions added, in turn any and those that the features span.
func (r *runner) mixed(plain []float64) (starts [][]float64) {
	for k := range mixedStarts {
		src := rand.New(rand.NewPCG(8, uint64(k)))
		noise, size := make([]float64, len(plain)), 1.0
		if k%2 == 1 {
			alpha := make([]float64, r.sys.Rows)
			for i := range alpha {
				alpha[i] = src.NormFloat64()
			}
			noise = r.adjoint(alpha)
			if n := norm(noise); n > 0 {
				size = norm(plain) / n
			}
		}
		beta := make([]float64, len(plain))
		for _, sp := range r.parts {
			share := 3 * math.Exp(1.5*src.NormFloat64())
			own := sp.of(plain)
			if k%2 == 0 {
				size = 0.5 * norm(own) / math.Sqrt(float64(len(own)))
			}
			for i := range own {
				if k%2 == 0 {
					noise[sp.from+i] = src.NormFloat64()
				}
				beta[sp.from+i] = share * (own[i] + size*noise[sp.from+i])
			}
		}
		starts = append(starts, beta)
	}
	return starts
}
