package atf

import (
	"errors"
	"math"
)

// Penalties with their minimum at 0, such as penalty.Nuclear, have a kink in ω̃
// at 0. They are solved with √(v²+ε²) in place of v, for ε from a tenth of the
// largest v down to smallestShare of it.
const smallestShare = 1e-10

// smoothTo sets ε to the given share of the largest value in coef of each
// piece. A piece that has vanished altogether counts as 1e-6 of the whole.
func (r *runner) smoothTo(share float64, coef []float64) {
	least := vanishing * norm(coef)
	for _, sp := range r.engine.sys.pieces {
		if sp.penalty().Minimum() != 0 {
			continue
		}
		v, err := sp.values(coef[sp.from:sp.to])
		top := least
		for _, x := range v {
			top = math.Max(top, x)
		}
		if err != nil || top == 0 {
			top = 1
		}
		sp.smooth(share * top)
	}
}

// smoothedDescent runs the engine for one ε after the other.
func (r *runner) smoothedDescent(report func(it int, residual float64)) error {
	e, set := r.engine, &r.problem.set
	left := set.maxIter
	var err error
	for share := 0.1; share >= smallestShare; share /= 10 {
		r.smoothTo(share, e.beta)
		e.memory.forget()
		// What is missing is small beside what the smoothing itself is off by,
		// and at the last there is no better one to come.
		e.trace, e.flat = nil, 1e-3*share
		tol := set.tol
		if share < 2*smallestShare {
			e.flat, tol = rounding, 1e-3*set.tol
		}
		if err = e.settle(e.beta); err != nil {
			return err
		}
		var n int
		n, err = e.run(r.ctx, tol, left, report)
		r.iterations += n
		if left -= n; errors.Is(err, errStalled) || isSingular(err) {
			err = nil // rounding: the smaller ε may still bring something
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func isSingular(err error) bool {
	var s *SingularError
	return errors.As(err, &s)
}

// exact is the objective at coef without smoothing; the loss is that of the
// present point.
func (r *runner) exact(coef []float64) (float64, error) {
	t := r.engine.fit
	for _, sp := range r.engine.sys.pieces {
		own := coef[sp.from:sp.to]
		if sp.fixed() {
			t += inner(own, own)
			continue
		}
		v, err := sp.values(own)
		if err != nil {
			return 0, err
		}
		t += total(sp, v, own)
	}
	return t, nil
}

// subgradient gives the multiplier of a smoothed interpolation problem. Where
// the problem is convex a few rounds of the alternation sharpen it, since the
// gap feels what the objective no longer does; the present point stays.
func (r *runner) subgradient() ([]float64, error) {
	const rounds = 25
	e, coef := r.engine, r.engine.beta
	alpha, err := e.subgradient()
	if err != nil {
		return nil, err
	}
	least, err := r.gap(alpha)
	if err != nil {
		return nil, err
	}
	for k := 0; k < rounds && least > 1e-12; k++ {
		next, err := e.lift(e.sys.yhat)
		if err != nil {
			return nil, err
		}
		if err := e.settle(next); err != nil {
			return nil, err
		}
		sharper, err := e.subgradient()
		if err != nil {
			break // weights too ill-conditioned; what there is stands
		}
		if g, err := r.gap(sharper); err == nil && g < least {
			alpha, least = sharper, g
		}
	}
	return alpha, e.settle(coef)
}
