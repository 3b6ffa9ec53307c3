package solver

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// A weighing chooses the weights that a state has to offer.
type weighing func(State) ([]feature.Weight, error)

func majoriser(s State) ([]feature.Weight, error) { return s.Weights(), nil }
func curvature(s State) ([]feature.Weight, error) { return s.Curvature(), nil }
func paper(s State) ([]feature.Weight, error)     { return s.PaperWeights() }

// A metric is W on all coefficients, with the factor of RᵀK_W R + rI where
// K_W = G W Gᵀ and R Rᵀ is the Hessian of the loss.
type metric struct {
	o       *objective
	loss    LossState
	weights []feature.Weight // by block
	factor  *kernel.Factor
}

// weigh gives W and K_W, which the next call writes over.
func (o *objective) weigh(states []State, choose weighing) ([]feature.Weight, blas64.General, error) {
	k := blas64.General{Rows: o.sys.Rows, Cols: o.sys.Rows, Stride: o.sys.Rows, Data: o.gram}
	copy(k.Data, o.fixedGram.Data)
	weights := make([]feature.Weight, 0, len(o.sys.Blocks))
	for i, sp := range o.parts {
		ws, err := choose(states[i])
		if err != nil {
			return nil, k, fmt.Errorf("atf: %s: %w", sp.Name, err)
		}
		weights = append(weights, ws...)
		if sp.Fixed() {
			continue
		}
		for j, w := range ws {
			if err := o.addGram(sp.Lo+j, w, k); err != nil {
				return nil, k, err
			}
		}
	}
	linalg.MirrorUpper(k)
	return weights, k, nil
}

func (o *objective) metric(states []State, loss LossState, choose weighing) (*metric, error) {
	weights, k, err := o.weigh(states, choose)
	if err != nil {
		return nil, err
	}
	m := &metric{o: o, loss: loss, weights: weights}
	m.factor, err = o.factorize(k, loss)
	return m, err
}

// factorize overwrites k by RᵀK R and factors RᵀK R + rI.
func (o *objective) factorize(k blas64.General, loss LossState) (*kernel.Factor, error) {
	o.phase("Cholesky factor", 0, 1)
	if loss.Curved() {
		for range 2 { // Rᵀ(RᵀK)ᵀ
			for i := range k.Rows {
				loss.Root(k.Data[i*k.Stride:i*k.Stride+k.Cols], true)
			}
			transposeInPlace(k)
		}
	}
	f, err := kernel.Factorize(kernel.NewGram(k.Rows/o.sys.Outputs, o.sys.Outputs, k.Data), loss.Ridge())
	if err != nil {
		return nil, fmt.Errorf("atf: the weighted Gram matrix of a step: %w", err)
	}
	return f, nil
}

func transposeInPlace(k blas64.General) {
	for i := range k.Rows {
		for j := range i {
			a, b := i*k.Stride+j, j*k.Stride+i
			k.Data[a], k.Data[b] = k.Data[b], k.Data[a]
		}
	}
}

// reweigh overwrites q by W q.
func (o *objective) reweigh(weights []feature.Weight, q []float64) {
	for i, b := range o.sys.Blocks {
		out, in := b.Shape()
		weights[i].Mul(q[o.at[i]:o.at[i+1]], out, in, &o.scratch)
	}
}

// lift is W Gᵀ(K_W + rI)⁻¹v for a quadratic loss. With r = 0 it is the smallest
// change, measured by W, that moves the fit by v.
func (m *metric) lift(v []float64) ([]float64, error) {
	alpha, err := solveVector(m.factor, v)
	if err != nil {
		return nil, err
	}
	b := m.o.adjoint(alpha)
	m.o.reweigh(m.weights, b)
	return b, nil
}

// precondition overwrites q by the inverse Hessian of the quadratic model times
// q: ½(W − W GᵀR(RᵀK_W R + rI)⁻¹RᵀG W) q. With an exact fit the result moves no
// fitted value.
func (m *metric) precondition(q []float64) error {
	m.o.reweigh(m.weights, q)
	r := m.o.apply(q)
	m.loss.Root(r, true)
	alpha, err := solveVector(m.factor, r)
	if err != nil {
		return err
	}
	m.loss.Root(alpha, false)
	back := m.o.adjoint(alpha)
	m.o.reweigh(m.weights, back)
	for i, v := range back {
		q[i] = (q[i] - v) / 2
	}
	return nil
}

// best gives the coefficients that suit the weights best: the minimiser of
// βᵀW⁻¹β + L(Gβ), which is in closed form for a quadratic loss. g is a fit near
// which to look otherwise.
func (o *objective) best(states []State, choose weighing, g []float64) ([]float64, error) {
	target, ok := o.loss.Quadratic()
	if ok {
		m, err := o.metric(states, o.loss.At(g), choose)
		if err != nil {
			return nil, err
		}
		return m.lift(target)
	}
	weights, k, err := o.weigh(states, choose)
	if err != nil {
		return nil, err
	}
	alpha, err := o.newton(k, g)
	if err != nil {
		return nil, err
	}
	beta := o.adjoint(alpha)
	o.reweigh(weights, beta)
	return beta, nil
}
