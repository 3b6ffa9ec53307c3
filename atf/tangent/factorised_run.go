package tangent

import (
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// Runner prepares runs with the factors theta (length NumParams), which are used
// in place. It panics when theta has another length.
func (m *FactorisedModel) Runner(theta []float64) nn.Runner {
	m.check(theta)
	r := &factorisedRunner{m: m, pass: nn.NewPass(m.net), theta: theta}
	for _, f := range m.layers {
		r.layers = append(r.layers, f.run())
	}
	r.scratch.prod = linalg.NewProduct()
	r.own = func(l int, dst blas64.General) {
		i := slices.IndexFunc(r.layers, func(f layerFactors) bool { return f.place() == l })
		r.layers[i].(exampleFactors).forward(r.theta, r.pass.Input(l), dst, &r.scratch)
	}
	return r
}

// PassBytes is the memory in bytes that a Runner takes for batches of that many
// rows.
func (m *FactorisedModel) PassBytes(rows int) int64 {
	largest, held, byExample := 0, 2*m.net.NumParams(), m.byExample(rows)
	if byExample {
		held = 0
	}
	for _, f := range m.layers {
		shared, own := f.numbers(rows, byExample)
		largest, held = max(largest, shared), held+own
	}
	for _, l := range m.net.Layers() {
		held += rows * l.Out // what the layers' outputs move by
	}
	return m.net.PassBytes(rows) + 8*int64(held+largest+rows*m.Outputs())
}

// byExample tells which way of a step on so many rows takes fewer
// multiplications.
func (m *FactorisedModel) byExample(rows int) bool {
	examples, weights := 0.0, 0.0
	for _, f := range m.layers {
		e, w := f.cost(rows)
		examples, weights = examples+e, weights+w
	}
	return examples < weights
}

// factorisedRunner computes outputs and gradients of batches, for small batches
// example by example, for large ones through A Δ Bᵀ.
type factorisedRunner struct {
	m       *FactorisedModel
	pass    *nn.Pass
	theta   []float64
	layers  []layerFactors
	own     func(l int, dst blas64.General)
	scratch factorScratch
	buf     []float64

	step, grad []float64 // θ − θ0 of the network, and the derivative by it
	fresh      bool      // step is that of theta
	examples   bool      // the last Forward went example by example
}

// Forward is f_θ0(x) + ∇f_θ0(x)ᵀ(θ − θ0).
func (r *factorisedRunner) Forward(x blas64.General) blas64.General {
	net := r.m.net
	r.pass.Forward(net, x)
	if r.examples = r.m.byExample(x.Rows); r.examples {
		return sum(&r.buf, r.pass.Output(), r.pass.DirectionalFrom(net, r.own))
	}
	if !r.fresh {
		if r.step == nil {
			r.step = make([]float64, net.NumParams())
		}
		for _, l := range r.layers {
			l.deviate(r.theta, r.step, &r.scratch)
		}
		r.fresh = true
	}
	return sum(&r.buf, r.pass.Output(), r.pass.Directional(net, r.step))
}

// Gradient is the derivative by the factors.
func (r *factorisedRunner) Gradient(signal blas64.General, grad []float64) {
	net := r.m.net
	r.pass.Backward(net, signal)
	if signal.Rows == 0 {
		clear(grad)
		return
	}
	if r.examples {
		for _, f := range r.layers {
			f.(exampleFactors).backward(r.theta, r.pass.Input(f.place()), r.pass.Signal(f.place()), grad, &r.scratch)
		}
		return
	}
	if r.grad == nil {
		r.grad = make([]float64, net.NumParams())
	}
	r.pass.Gradient(net, r.grad)
	for i := range r.layers {
		r.layers[i].chain(r.theta, r.grad, grad, &r.scratch)
	}
}

func (r *factorisedRunner) Changed() { r.fresh = false }
