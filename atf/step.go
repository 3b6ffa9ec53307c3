package atf

import "math"

// step takes one descent step.
func (e *engine) step() error {
	if e.plain {
		return e.alternate()
	}
	e.curved = true
	if err := e.prepare(); err != nil {
		return err
	}
	grad := e.grad
	if e.along != nil {
		grad = e.along // what the constraint holds back would drown it
	}
	for {
		d := append([]float64(nil), grad...)
		if err := e.memory.direction(d, e.precondition); err != nil {
			return err
		}
		gd, err := e.keepFit(d)
		if err != nil {
			return err
		}
		slope := -inner(grad, d)
		if slope < 0 {
			done, err := e.search(d, gd, slope)
			if done || err != nil {
				return err
			}
		}
		if len(e.memory.steps) == 0 && !e.curved {
			// Put the pieces back to the point that stands.
			if err := e.settle(e.beta); err != nil {
				return err
			}
			return errStalled
		}
		e.memory.forget() // and try the alternation's own step
		if err := e.settle(e.beta); err != nil {
			return err
		}
		e.curved = false
		if err := e.prepare(); err != nil {
			return err
		}
	}
}

// keepFit gives Gd. For interpolation a direction must move no fitted value:
// what rounding leaves there, more with ill-conditioned weights, is taken out
// with K_0, since the descent would drift away from the targets along it.
func (e *engine) keepFit(d []float64) ([]float64, error) {
	const rounding = 1e-13
	gd := e.apply(d)
	if e.kind != lossInterpolation || norm(gd) <= rounding*norm(e.sys.yhat) {
		return gd, nil
	}
	alpha, err := solveVector(e.reference, gd)
	if err != nil {
		return nil, err
	}
	axpy(-1, e.adjoint(alpha), d)
	return e.apply(d), nil
}

// smoothed says that a penalty has its minimum at 0 and needs smoothing.
func (e *engine) smoothed() bool {
	for _, sp := range e.sys.pieces {
		if sp.penalty().Minimum() == 0 {
			return true
		}
	}
	return false
}

// search looks along −d for a sufficient decrease (Armijo's rule) and moves
// there; gd is Gd.
func (e *engine) search(d, gd []float64, slope float64) (bool, error) {
	const decrease, smallest = 1e-4, 1e-7
	now := e.omega + e.fit
	beta, g := make([]float64, len(e.beta)), make([]float64, len(e.g))
	for t := 1.0; t >= smallest; {
		for i, v := range e.beta {
			beta[i] = v - t*d[i]
		}
		for i, v := range e.g {
			g[i] = v - t*gd[i]
		}
		omega, fit, err := e.measure(beta, g)
		if err != nil {
			return false, err
		}
		value := omega + fit
		// Near the end differences drown in rounding: a fall within it counts.
		if value <= now+decrease*t*slope || (value <= now && -t*slope < 1e-12*math.Abs(now)) {
			e.accept(beta, g, omega, fit)
			return true, nil
		}
		// The minimum of the parabola through what is known, kept in bounds.
		next := -slope * t * t / (2 * (value - now - slope*t))
		t = math.Min(math.Max(next, 0.1*t), 0.5*t)
	}
	return false, nil
}

func (e *engine) accept(beta, g []float64, omega, fit float64) {
	grad := make([]float64, len(beta))
	e.gradient(beta, grad)
	step, change := make([]float64, len(beta)), make([]float64, len(beta))
	for i := range beta {
		step[i], change[i] = beta[i]-e.beta[i], grad[i]-e.grad[i]
	}
	e.memory.learn(step, change)
	e.beta, e.g, e.grad, e.omega, e.fit = beta, g, grad, omega, fit
}
