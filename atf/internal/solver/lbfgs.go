package solver

// memorySteps is how many steps the quasi-Newton method remembers.
const memorySteps = 12

// lbfgs is the limited-memory BFGS approximation of the inverse Hessian
// (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4), whose
// initial matrix is given anew at every step.
type lbfgs struct {
	steps, changes [][]float64 // oldest first
	rho            []float64
}

// learn takes one step and the change of the gradient along it. Steps without
// positive curvature are left out.
func (m *lbfgs) learn(step, change []float64) {
	sy := inner(step, change)
	if !(sy > 1e-12*norm(step)*norm(change)) {
		return
	}
	if len(m.steps) == memorySteps {
		// The oldest vectors are written over.
		copy(m.steps[0], step)
		copy(m.changes[0], change)
		step, change = m.steps[0], m.changes[0]
		m.steps, m.changes, m.rho = m.steps[1:], m.changes[1:], m.rho[1:]
	} else {
		step, change = clone(step), clone(change)
	}
	m.steps, m.changes, m.rho = append(m.steps, step), append(m.changes, change), append(m.rho, 1/sy)
}

func (m *lbfgs) fresh() bool { return len(m.steps) == 0 }

func (m *lbfgs) forget() { m.steps, m.changes, m.rho = nil, nil, nil }

// direction overwrites q, the gradient, by the inverse Hessian times q.
func (m *lbfgs) direction(q []float64, initial func(q []float64) error) error {
	k := len(m.steps)
	a := make([]float64, k)
	for i := k - 1; i >= 0; i-- {
		a[i] = m.rho[i] * inner(m.steps[i], q)
		axpy(-a[i], m.changes[i], q)
	}
	if err := initial(q); err != nil {
		return err
	}
	for i := range k {
		b := m.rho[i] * inner(m.changes[i], q)
		axpy(a[i]-b, m.steps[i], q)
	}
	return nil
}
