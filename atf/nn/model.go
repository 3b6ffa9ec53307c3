package nn

import "gonum.org/v1/gonum/blas/blas64"

// Model is a function of inputs and parameters that Train can fit. Networks
// are models, linearised networks are (tangent.Linear), and so can be anything
// else with a gradient. A model that has the method PassBytes of Network is
// asked by it for the memory of a batch.
type Model interface {
	Inputs() int       // d
	Outputs() int      // C
	NumParams() int    // P
	Params() []float64 // a copy of the parameters at which training begins
	// Runner prepares runs with the parameters theta. The trainer changes them
	// in place, and tells by Changed.
	Runner(theta []float64) Runner
	// Fingerprint names the model and its parameters.
	Fingerprint() string
}

// Runner computes a model's outputs and gradients for batches.
type Runner interface {
	// Forward gives the outputs (n × C) for the rows of x (n × d). They hold
	// until the next Forward.
	Forward(x blas64.General) blas64.General
	// Gradient writes the derivative by the parameters of Σ signal·output over
	// the batch of the last Forward to grad, of length P.
	Gradient(signal blas64.General, grad []float64)
	// Changed tells that the parameters are others now.
	Changed()
}

// Runner prepares passes through the network with parameters theta (length P),
// which are used in place.
func (n *Network) Runner(theta []float64) Runner {
	net := n.over(theta)
	return &networkRunner{net: net, pass: NewPass(net)}
}

type networkRunner struct {
	net  *Network
	pass *Pass
}

func (r *networkRunner) Forward(x blas64.General) blas64.General {
	r.pass.Forward(r.net, x)
	return r.pass.Output()
}

func (r *networkRunner) Gradient(signal blas64.General, grad []float64) {
	r.pass.Backward(r.net, signal)
	r.pass.Gradient(r.net, grad)
}

func (r *networkRunner) Changed() { r.pass.refresh() }
