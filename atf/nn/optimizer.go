package nn

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

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

// vectorPiece is the number of parameters of which three vectors fit the
// first-level cache, so that a BLAS call for each operation costs no further
// way to memory.
const vectorPiece = 1 << 10

// updater moves θ along a gradient, in one way over the parameters.
type updater struct {
	theta, grad   []float64
	first, second []float64 // velocity, or Adam's moments
	momentum      float64
	rate          float64
	corr1, corr2  float64 // Adam's bias corrections of this step
	pow1, pow2    float64
	body          *par.Loop
	origin        []float64 // θ₀, where the decay leads; nil without decay
	decay         float64
	pull          *par.Loop
}

func newUpdater(kind optimizerKind, momentum float64, theta, grad []float64) *updater {
	u := &updater{theta: theta, grad: grad, momentum: momentum, pow1: 1, pow2: 1}
	switch {
	case kind == adam:
		u.first, u.second = make([]float64, len(theta)), make([]float64, len(theta))
		u.body = par.NewLoop(u.adam)
	case momentum > 0:
		u.first = make([]float64, len(theta))
		u.body = par.NewLoop(u.heavy)
	default:
		u.body = par.NewLoop(u.plain)
	}
	return u
}

// decayTo has every step add decay·(θ − origin) to the gradient: that of
// (decay/2)‖θ − origin‖².
func (u *updater) decayTo(origin []float64, decay float64) {
	u.origin, u.decay, u.pull = origin, decay, par.NewLoop(u.addPull)
}

func (u *updater) addPull(lo, hi int) {
	for i := lo; i < hi; i++ {
		u.grad[i] += u.decay * (u.theta[i] - u.origin[i])
	}
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
	if u.origin != nil {
		u.pull.Run(len(u.theta), updatePiece)
	}
	u.rate = rate
	u.pow1 *= adamBeta1
	u.pow2 *= adamBeta2
	u.corr1, u.corr2 = 1-u.pow1, math.Sqrt(1-u.pow2)
	u.body.Run(len(u.theta), updatePiece)
}

// plain is θ ← θ − ηg.
func (u *updater) plain(lo, hi int) {
	for ; lo < hi; lo += vectorPiece {
		end := min(lo+vectorPiece, hi)
		blas64.Axpy(-u.rate, vector(u.grad[lo:end]), vector(u.theta[lo:end]))
	}
}

// heavy is v ← μv + g, θ ← θ − ηv: momentum as PyTorch has it.
func (u *updater) heavy(lo, hi int) {
	for ; lo < hi; lo += vectorPiece {
		end := min(lo+vectorPiece, hi)
		g, v, theta := vector(u.grad[lo:end]), vector(u.first[lo:end]), vector(u.theta[lo:end])
		blas64.Scal(u.momentum, v)
		blas64.Axpy(1, g, v)
		blas64.Axpy(-u.rate, v, theta)
	}
}

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }

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
