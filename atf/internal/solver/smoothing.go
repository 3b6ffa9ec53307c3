package solver

import (
	"errors"
	"math"
)

// Penalties with their minimum at 0, such as ω = s², have a kink in ω̃ at 0. They
// are solved with √(v²+ε²) in place of v, for ε from a tenth of the largest v down
// to smallestShare of it.
const smallestShare = 1e-10

// smoothTo sets ε to the given share of the largest value in beta of each part. A
// part that has vanished altogether counts as 1e-6 of the whole.
func (o *objective) smoothTo(share float64, beta []float64) {
	least := vanishing * norm(beta)
	for i, sp := range o.parts {
		if !sp.Kinked() {
			continue
		}
		top, err := sp.Largest(sp.of(beta))
		if top = math.Max(top, least); err != nil || top == 0 {
			top = 1
		}
		o.parts[i].Part = sp.Smoothed(share * top)
	}
}

// smoothedDescent runs for one ε after the other.
func (r *runner) smoothedDescent(report func(it int, residual float64)) error {
	left := r.opt.MaxIterations
	defer func() { r.flat = rounding }()
	var err error
	for share := 0.1; share >= smallestShare; share /= 10 {
		r.smoothTo(share, r.now.beta)
		r.method = method(r.opt.Alternation)
		// What is missing is small beside what the smoothing itself is off by,
		// and at the last there is no better one to come.
		r.trace, r.flat = nil, 1e-3*share
		tol := r.opt.Tolerance
		if share < 2*smallestShare {
			r.flat, tol = rounding, 1e-3*tol
		}
		if err = r.settle(r.now.beta); err != nil {
			return err
		}
		var n int
		n, err = r.run(tol, left, report)
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

// exact is the objective at p without smoothing.
func (o *objective) exact(p *point) (float64, error) {
	t := p.loss.Value()
	for _, sp := range o.parts {
		v, err := sp.Exact(sp.of(p.beta))
		if err != nil {
			return 0, err
		}
		t += v
	}
	return t, nil
}
