package nn

import "math"

type optimizerKind uint8

const (
	sgd optimizerKind = iota
	adam
	gradientDescent
)

// Adam's constants, those of Kingma and Ba (2015).
const (
	adamBeta1   = 0.9
	adamBeta2   = 0.999
	adamEpsilon = 1e-8
)

// updatePiece is the number of parameters that are worth a goroutine.
const updatePiece = 1 << 15

// updater moves θ along a gradient, in one loop over the parameters.
type updater struct {
	theta, grad   []float64
	first, second []float64 // velocity, or Adam's moments
	momentum      float64
	rate          float64
	corr1, corr2  float64 // Adam's bias corrections of this step
	pow1, pow2    float64
	body          *loop
}

func newUpdater(kind optimizerKind, momentum float64, theta, grad []float64) *updater {
	u := &updater{theta: theta, grad: grad, momentum: momentum, pow1: 1, pow2: 1}
	switch {
	case kind == adam:
		u.first, u.second = make([]float64, len(theta)), make([]float64, len(theta))
		u.body = newLoop(u.adam)
	case momentum > 0:
		u.first = make([]float64, len(theta))
		u.body = newLoop(u.heavy)
	default:
		u.body = newLoop(u.plain)
	}
	return u
}

// optimizerVectors is the number of vectors of length P that an updater holds.
func optimizerVectors(kind optimizerKind, momentum float64) int {
	switch {
	case kind == adam:
		return 2
	case momentum > 0:
		return 1
	}
	return 0
}

// step takes one step with the learning rate.
func (u *updater) step(rate float64) {
	u.rate = rate
	u.pow1 *= adamBeta1
	u.pow2 *= adamBeta2
	u.corr1, u.corr2 = 1-u.pow1, math.Sqrt(1-u.pow2)
	u.body.run(len(u.theta), updatePiece)
}

// plain is θ ← θ − ηg.
func (u *updater) plain(lo, hi int) {
	grad, rate := u.grad[lo:hi], u.rate
	theta := u.theta[lo:hi][:len(grad)] // spares the checks of bounds
	for i, g := range grad {
		theta[i] -= rate * g
	}
}

// heavy is v ← μv + g, θ ← θ − ηv: momentum as PyTorch has it.
func (u *updater) heavy(lo, hi int) {
	grad := u.grad[lo:hi]
	theta, vel := u.theta[lo:hi][:len(grad)], u.first[lo:hi][:len(grad)]
	mu, rate := u.momentum, u.rate
	for i, g := range grad {
		v := mu*vel[i] + g
		vel[i] = v
		theta[i] -= rate * v
	}
}

// adam is Algorithm 1 of Kingma and Ba (2015).
func (u *updater) adam(lo, hi int) {
	grad := u.grad[lo:hi]
	theta, m, v := u.theta[lo:hi][:len(grad)], u.first[lo:hi][:len(grad)], u.second[lo:hi][:len(grad)]
	rate := u.rate / u.corr1
	for i, g := range grad {
		mi := adamBeta1*m[i] + (1-adamBeta1)*g
		vi := adamBeta2*v[i] + (1-adamBeta2)*g*g
		m[i], v[i] = mi, vi
		theta[i] -= rate * mi / (math.Sqrt(vi)/u.corr2 + adamEpsilon)
	}
}
