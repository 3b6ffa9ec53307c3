package solver

import (
	"errors"
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// A directioner turns gradients into directions of descent.
type directioner interface {
	// direction overwrites q, the gradient, by the inverse Hessian times q, where
	// initial applies the matrix to begin with.
	direction(q []float64, initial func(q []float64) error) error
	// learn takes one step and the change of the gradient along it.
	learn(step, change []float64)
	// forget drops what was learnt, and fresh says that there is nothing.
	forget()
	fresh() bool
}

// A searcher looks along −d from a point for one that is low enough; gd is Gd and
// slope the derivative. It gives nil where there is none.
type searcher interface {
	search(o *objective, from *point, d, gd []float64, slope float64) (*point, error)
}

// A stepper takes one step of a descent.
type stepper interface {
	step(d *descent) error
}

// descent is a run from one start.
type descent struct {
	*objective
	reference *kernel.Factor // of K_0, for an exact fit
	method    stepper
	now       *point
	slope     *slope
	along     []float64 // gradient less Gᵀα, near the end of an exact fit
	trace     []float64
	flat      float64 // a relative fall of the objective that no longer counts
}

// move makes p the present point.
func (d *descent) move(p *point) {
	d.now, d.slope, d.along = p, d.objective.slope(p), nil
}

// settle makes beta the present point, with its fit computed anew.
func (d *descent) settle(beta []float64) error {
	p, err := d.point(beta, d.apply(beta))
	if err == nil {
		d.move(p)
	}
	return err
}

// errStalled says that rounding, not the iteration limit, ended the descent.
var errStalled = errors.New(Stalled.String())

// run descends until the stationarity residual is at most tol.
func (d *descent) run(tol float64, limit int, report func(it int, residual float64)) (iterations int, err error) {
	for {
		r, _, err := d.stationarity()
		if err != nil {
			return iterations, err
		}
		d.trace = append(d.trace, d.now.value())
		report(iterations, r)
		if r <= tol {
			return iterations, nil
		}
		if iterations >= limit {
			return iterations, &LimitError{Iterations: iterations, Stationarity: r, Tolerance: tol}
		}
		if d.idle() {
			return iterations, errStalled
		}
		if err := d.ctx.Err(); err != nil {
			return iterations, fmt.Errorf("atf: solve interrupted after %d iterations: %w", iterations, err)
		}
		err = d.method.step(d)
		if errors.Is(err, errStalled) && d.sharpen() {
			if err = d.settle(d.now.beta); err == nil {
				err = d.method.step(d)
			}
		}
		if err != nil {
			return iterations, err
		}
		iterations++
	}
}

// sharpen has all further singular values computed by decompositions of the
// matrix itself, and says whether any were not.
func (d *descent) sharpen() bool {
	changed := false
	for i, sp := range d.parts {
		sharp, was := sp.Sharpened()
		d.parts[i].Part = sharp
		changed = changed || was
	}
	return changed
}

// rounding is the relative fall of the objective that says nothing any more.
const rounding = 1e-15

// idle says that the last steps have lowered the objective by no more than the
// share that counts. Singular values on their way to 0 under a smoothed penalty
// would go on so for long.
func (d *descent) idle() bool {
	const steps = 25
	n := len(d.trace)
	return n > steps && d.trace[n-1-steps]-d.trace[n-1] <= d.flat*math.Abs(d.trace[n-1])
}

// polish takes rounding out of an exact fit: the smallest step back to Gβ = ŷ.
func (d *descent) polish() error {
	if !d.loss.Exact() {
		return nil
	}
	yhat, _ := d.loss.Quadratic()
	r := d.apply(d.now.beta)
	for i, v := range r {
		r[i] = yhat[i] - v
	}
	if norm(r) <= 1e-15*norm(yhat) {
		return nil
	}
	m, err := d.metric(d.now.states, d.now.loss, majoriser)
	if err != nil {
		return err
	}
	b, err := m.lift(r)
	if err != nil {
		return err
	}
	axpy(1, d.now.beta, b)
	return d.settle(b)
}
