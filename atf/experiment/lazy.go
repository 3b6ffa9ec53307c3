package experiment

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// A LazyTask is what networks learn to be compared with the lazy limit, in which
// training is the gradient flow of the linearised model (Lee et al., Wide neural
// networks of any depth evolve as linear models under gradient descent, NeurIPS
// 2019). A network is to change its output at the inputs X from f₀ by Change, so
// that the targets are f₀(X) + Change: a network whose random f₀ has been taken
// away (Chizat, Oyallon and Bach, On lazy training in differentiable programming,
// NeurIPS 2019), for which the scale of Change alone says how far it has to go.
//
// Training is gradient descent on all inputs for the mean squared error, with the
// same rate for every network, such that a step is the time LazyStep/λ₁, with λ₁
// the largest eigenvalue of K_∞ at X.
type LazyTask struct {
	X      *mat.Dense      // n × d
	Change *mat.Dense      // n × 1, ŷ
	Fresh  *mat.Dense      // new inputs, at which predictions are compared
	Limit  kernel.Infinite // the network of infinite width
	Steps  int             // of gradient descent
}

// LazyStep is the time of a step of gradient descent in units of 1/λ₁. It is
// small for the flow's sake, and so that a kernel that grows by a factor of a
// hundred at most keeps the steps stable.
const LazyStep = 0.02

// A Departure compares a network with the lazy limit at the logarithmically
// spaced steps of training. Distances are ‖(f_t − f₀) − g_t‖/‖g_t‖ over the new
// inputs, where g_t is the change of the output by the gradient flow with
//
//   - the network's own kernel at the start (Own), or
//   - the kernel of infinite width (Limit).
type Departure struct {
	Time  []float64 // in units of 1/λ₁
	Own   []float64
	Limit []float64
	Left  []float64 // ‖f_t(X) − targets‖/‖ŷ‖: what is left to learn

	Kernel float64   // ‖K_t − K₀‖/‖K₀‖ at X, at the end
	Change []float64 // f_t − f₀ at the new inputs, at the end
	Flow   []float64 // the same by the flow with the network's own kernel
}

// Follow trains the network and compares it with the lazy limit. Errors: no
// steps; matrices that do not fit each other or the network, or are not finite; a
// network of several outputs; a Change of zeros; those of nn's Fit, that training
// diverged among them.
func (t *LazyTask) Follow(net *nn.Network) (*Departure, error) {
	return t.follow(net, net, func(theta []float64) (*mat.Dense, *mat.Dense, error) {
		at := net.At(theta)
		return at.Predict(t.X), at.Predict(t.Fresh), nil
	})
}

// FollowAll is Follow for every network, several at a time. The error is that of
// the first network that has one.
func (t *LazyTask) FollowAll(nets ...*nn.Network) ([]*Departure, error) {
	all, errs := make([]*Departure, len(nets)), make([]error, len(nets))
	par.For(len(nets), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			all[i], errs[i] = t.Follow(nets[i])
		}
	})
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("experiment: network %d of a lazy task: %w", i, err)
		}
	}
	return all, nil
}

// FollowLinear is Follow for the network's linearisation, trained by the same
// steps: what Own is then, the finite steps alone have made. Kernel is 0.
func (t *LazyTask) FollowLinear(net *nn.Network) (*Departure, error) {
	linear := tangent.Linear(net)
	return t.follow(net, linear, func(theta []float64) (*mat.Dense, *mat.Dense, error) {
		at, err := linear.Predict(theta, t.X)
		if err != nil {
			return nil, nil, err
		}
		fresh, err := linear.Predict(theta, t.Fresh)
		return at, fresh, err
	})
}

// flows are the gradient flow with a kernel, and what predicts with it.
type flows struct {
	flow  *kernel.Flow
	cross *mat.Dense
}

// change is that of the output at the new inputs at time t.
func (f flows) change(t float64) ([]float64, error) {
	r, err := f.flow.At(t)
	if err != nil {
		return nil, err
	}
	p, err := r.Predict(f.cross)
	if err != nil {
		return nil, err
	}
	return p.RawMatrix().Data, nil
}

func (t *LazyTask) follow(net *nn.Network, model nn.Model, predict func(theta []float64) (at, fresh *mat.Dense, err error)) (*Departure, error) {
	if err := t.check(net); err != nil {
		return nil, err
	}
	limit, err := t.limitFlow()
	if err != nil {
		return nil, err
	}
	own, start, err := t.ownFlow(net)
	if err != nil {
		return nil, err
	}
	n := float64(t.X.RawMatrix().Rows)
	top := limit.flow.Spectrum.Values[0]
	var targets mat.Dense
	targets.Add(net.Predict(t.X), t.Change)
	// The mean of the squared errors: a step of this rate is the time 2·rate/n.
	trainer := nn.Train(model).GradientDescent(LazyStep * n / (2 * top)).Epochs(t.Steps).Snapshots(4)
	h, err := trainer.Fit(t.X, &targets)
	if err != nil {
		return nil, err
	}
	f0 := net.Predict(t.Fresh).RawMatrix().Data
	wanted := floats.Norm(t.Change.RawMatrix().Data, 2)
	d := &Departure{}
	for _, s := range h.Snapshots {
		if s.Step == 0 {
			continue
		}
		at, fresh, err := predict(s.Params)
		if err != nil {
			return nil, err
		}
		time := LazyStep * float64(s.Step)
		d.Change = floats.SubTo(make([]float64, len(f0)), fresh.RawMatrix().Data, f0)
		if d.Flow, err = own.change(time / top); err != nil {
			return nil, err
		}
		infinite, err := limit.change(time / top)
		if err != nil {
			return nil, err
		}
		d.Time = append(d.Time, time)
		d.Own = append(d.Own, apart(d.Change, d.Flow))
		d.Limit = append(d.Limit, apart(d.Change, infinite))
		d.Left = append(d.Left, floats.Distance(at.RawMatrix().Data, targets.RawMatrix().Data, 2)/wanted)
	}
	if h.Network != nil {
		end, err := tangent.NTK(h.Network, t.X)
		if err != nil {
			return nil, err
		}
		if d.Kernel, err = kernel.RelativeDistance(end, start); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// apart is ‖a − b‖/‖b‖.
func apart(a, b []float64) float64 { return floats.Distance(a, b, 2) / floats.Norm(b, 2) }

func (t *LazyTask) limitFlow() (flows, error) {
	k, err := t.Limit.NTK(t.X)
	if err != nil {
		return flows{}, err
	}
	flow, err := kernel.NewFlow(k, t.Change)
	if err != nil {
		return flows{}, err
	}
	cross, err := t.Limit.CrossNTK(t.Fresh, t.X)
	return flows{flow, cross}, err
}

func (t *LazyTask) ownFlow(net *nn.Network) (f flows, start *kernel.Gram, err error) {
	at, err := tangent.At(net, t.X)
	if err != nil {
		return f, nil, err
	}
	fresh, err := tangent.At(net, t.Fresh)
	if err != nil {
		return f, nil, err
	}
	if start, err = at.Kernel(); err != nil {
		return f, nil, err
	}
	if f.flow, err = kernel.NewFlow(start, t.Change); err != nil {
		return f, nil, err
	}
	f.cross, err = fresh.CrossKernel(at)
	return f, start, err
}

func (t *LazyTask) check(net *nn.Network) error {
	if t.X == nil || t.Change == nil || t.Fresh == nil {
		return errors.New("experiment: a lazy task needs X, Change and Fresh, and one of them is nil")
	}
	if t.Steps < 1 {
		return fmt.Errorf("experiment: a lazy task of %d steps: there must be one at least", t.Steps)
	}
	if net.Outputs() != 1 {
		return fmt.Errorf("experiment: a lazy task for a network of %d outputs: it must have one", net.Outputs())
	}
	n, d := t.X.Dims()
	if rows, cols := t.Change.Dims(); rows != n || cols != 1 {
		return fmt.Errorf("experiment: the change of a lazy task is %d × %d: for %d inputs it must be %d × 1", rows, cols, n, n)
	}
	if _, cols := t.Fresh.Dims(); cols != d || net.Inputs() != d {
		return fmt.Errorf("experiment: a lazy task with inputs of %d numbers, new inputs of %d, and a network that reads %d: they must agree", d, cols, net.Inputs())
	}
	if floats.Norm(t.Change.RawMatrix().Data, 2) == 0 {
		return errors.New("experiment: the change of a lazy task is 0 everywhere: distances relative to it mean nothing")
	}
	return nil
}
