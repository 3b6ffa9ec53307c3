package tangent

import (
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// LinearModel is the network's linearisation at its own parameters θ0,
// f_θ0(x) + ∇f_θ0(x)ᵀ(θ − θ0): section 2.1 of the paper, the model that very
// wide networks follow (lazy training).
type LinearModel struct{ net *nn.Network }

// Linear linearises net at its own parameters.
func Linear(net *nn.Network) LinearModel { return LinearModel{net} }

// Predict evaluates the linear model at parameters theta for the rows of x:
// n × C. It panics when theta has not the network's number of parameters or x
// has not as many columns as the network has inputs. Errors are those of At.
func (m LinearModel) Predict(theta []float64, x mat.Matrix) (*mat.Dense, error) {
	f, err := At(m.net, x)
	if err != nil {
		return nil, err
	}
	f.checkParams(theta)
	step := m.net.Params()
	for i := range step {
		step[i] = theta[i] - step[i]
	}
	out := f.JVP(step)
	out.Add(out, m.net.Predict(x))
	return out, nil
}
