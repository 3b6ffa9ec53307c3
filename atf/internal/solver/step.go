package solver

import "math"

// accelerated is the alternation made faster: the direction of a quasi-Newton
// method whose initial matrix comes from the weights at β, and a line search.
// Every step descends, and far from the solution a step is near the alternation's
// own.
type accelerated struct {
	directioner
	searcher
}

func (a accelerated) step(d *descent) error {
	m, err := d.metric(d.now.states, d.now.loss, curvature)
	if err != nil {
		return err
	}
	majorised, along := false, d.along
	for {
		// Near the end of an exact fit, what the constraint holds back would drown
		// the rest of the gradient.
		grad := along
		if grad == nil {
			grad = d.slope.grad
		}
		q := clone(grad)
		if err := a.direction(q, m.precondition); err != nil {
			return err
		}
		gq, err := d.keepFit(q)
		if err != nil {
			return err
		}
		if slope := -inner(grad, q); slope < 0 {
			next, err := a.search(d.objective, d.now, q, gq, slope)
			if err != nil {
				return err
			}
			if next != nil {
				a.accept(d, next)
				return nil
			}
		}
		stalled := a.fresh() && majorised
		if !stalled {
			a.forget() // and try the alternation's own step
		}
		if err := d.settle(d.now.beta); err != nil {
			return err
		}
		if stalled {
			return errStalled
		}
		majorised = true
		if m, err = d.metric(d.now.states, d.now.loss, majoriser); err != nil {
			return err
		}
	}
}

func (a accelerated) accept(d *descent, next *point) {
	before, grad := d.now, d.slope.grad
	d.move(next)
	step, change := clone(next.beta), clone(d.slope.grad)
	axpy(-1, before.beta, step)
	axpy(-1, grad, change)
	a.learn(step, change)
}

// keepFit gives Gq. For an exact fit a direction must move no fitted value: what
// rounding leaves there, more with ill-conditioned weights, is taken out with
// K_0, since the descent would drift away from the targets along it.
func (d *descent) keepFit(q []float64) ([]float64, error) {
	const rounding = 1e-13
	gq := d.apply(q)
	if !d.loss.Exact() {
		return gq, nil
	}
	if yhat, _ := d.loss.Quadratic(); norm(gq) <= rounding*norm(yhat) {
		return gq, nil
	}
	alpha, err := solveVector(d.reference, gq)
	if err != nil {
		return nil, err
	}
	axpy(-1, d.adjoint(alpha), q)
	return d.apply(q), nil
}

// armijo takes the first point with a sufficient decrease (Armijo's rule), with
// steps from the minimum of the parabola through what is known.
type armijo struct{}

func (armijo) search(o *objective, from *point, d, gd []float64, slope float64) (*point, error) {
	const decrease, smallest, tries = 1e-4, 1e-7, 30 // every try halves t at least
	now := from.value()
	t := 1.0
	for range tries {
		if !(t >= smallest) {
			break
		}
		beta, g := make([]float64, len(d)), make([]float64, len(gd))
		for i, v := range from.beta {
			beta[i] = v - t*d[i]
		}
		for i, v := range from.g {
			g[i] = v - t*gd[i]
		}
		p, err := o.point(beta, g)
		if err != nil {
			return nil, err
		}
		value := p.value()
		// Near the end differences drown in rounding: a fall within it counts.
		if value <= now+decrease*t*slope || (value <= now && -t*slope < 1e-12*math.Abs(now)) {
			return p, nil
		}
		next := -slope * t * t / (2 * (value - now - slope*t))
		t = math.Min(math.Max(next, 0.1*t), 0.5*t)
	}
	return nil, nil
}

// alternation is the paper's own: the transformations that suit β, then the best
// coefficients with them.
type alternation struct{}

func (alternation) step(d *descent) error {
	beta, err := d.best(d.now.states, paper, d.now.g)
	if err != nil {
		return err
	}
	return d.settle(beta)
}
