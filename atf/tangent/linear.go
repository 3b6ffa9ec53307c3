package tangent

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// LinearModel is the network's linearisation at its own parameters θ0,
// f_θ0(x) + ∇f_θ0(x)ᵀ(θ − θ0): section 2.1 of the paper, the model that very
// wide networks follow (lazy training). It is an nn.Model, so that
//
//	history, err := nn.Train(tangent.Linear(net)).Fit(x, y)
//
// trains it from θ = θ0 under any loss. Features are never formed: outputs come
// from one pass forward in the direction θ − θ0, gradients from one pass back,
// both through the network at θ0.
type LinearModel struct{ net *nn.Network }

var _ nn.Model = LinearModel{}

// Linear linearises net at its own parameters.
func Linear(net *nn.Network) LinearModel { return LinearModel{net} }

// Network is the network at θ0.
func (m LinearModel) Network() *nn.Network { return m.net }

// Inputs is d, the number of values of one example.
func (m LinearModel) Inputs() int { return m.net.Inputs() }

// Outputs is C.
func (m LinearModel) Outputs() int { return m.net.Outputs() }

// NumParams is P.
func (m LinearModel) NumParams() int { return m.net.NumParams() }

// Params is a copy of θ0, where training begins.
func (m LinearModel) Params() []float64 { return m.net.Params() }

// PassBytes is the memory in bytes that a Runner takes for batches of that many
// rows.
func (m LinearModel) PassBytes(rows int) int64 {
	values := m.net.Outputs()
	for _, l := range m.net.Layers() {
		values += l.Out
	}
	return m.net.PassBytes(rows) + 8*(int64(rows)*int64(values)+2*int64(m.net.NumParams()))
}

// Fingerprint names the model by the network at θ0.
func (m LinearModel) Fingerprint() string {
	return fingerprint.New("tangent.LinearModel/1").String(m.net.Fingerprint()).Sum()
}

// Runner prepares runs with the parameters theta (length P), which are used in
// place. It panics when theta has another length.
func (m LinearModel) Runner(theta []float64) nn.Runner {
	if err := m.checkParams(theta); err != nil {
		panic(err.Error())
	}
	r := &linearRunner{net: m.net, pass: nn.NewPass(m.net), theta: theta, start: m.net.Params(), step: make([]float64, len(theta))}
	r.Changed()
	return r
}

func (m LinearModel) checkParams(theta []float64) error {
	if p := m.net.NumParams(); len(theta) != p {
		return fmt.Errorf("tangent: vector of %d numbers, the network has %d parameters", len(theta), p)
	}
	return nil
}

// linearRunner computes outputs and gradients of batches.
type linearRunner struct {
	net                *nn.Network
	pass               *nn.Pass
	theta, start, step []float64
	buf                []float64
}

// Forward is f_θ0(x) + ∇f_θ0(x)ᵀ(θ − θ0).
func (r *linearRunner) Forward(x blas64.General) blas64.General {
	r.pass.Forward(r.net, x)
	return sum(&r.buf, r.pass.Output(), r.pass.Directional(r.net, r.step))
}

// sum is f + change, in a matrix over *buf.
func sum(buf *[]float64, f, change blas64.General) blas64.General {
	out := linalg.Reuse(buf, f.Rows, f.Cols)
	for i := range f.Rows {
		for c, v := range f.Data[i*f.Stride : i*f.Stride+f.Cols] {
			out.Data[i*out.Stride+c] = v + change.Data[i*change.Stride+c]
		}
	}
	return out
}

// Gradient is Σ_i ∇f_θ0(x_i) signal_i: the features do not depend on θ.
func (r *linearRunner) Gradient(signal blas64.General, grad []float64) {
	r.pass.Backward(r.net, signal)
	r.pass.Gradient(r.net, grad)
}

func (r *linearRunner) Changed() {
	for i, v := range r.theta {
		r.step[i] = v - r.start[i]
	}
}

// Predict evaluates the linear model at parameters theta for the rows of x:
// n × C. Errors: a theta that has not the network's number of parameters, an x
// that is empty or has not as many columns as the network has inputs, an entry of
// it that is NaN or infinite.
func (m LinearModel) Predict(theta []float64, x mat.Matrix) (*mat.Dense, error) {
	if err := m.checkParams(theta); err != nil {
		return nil, err
	}
	g, err := inputs(m.net, x)
	if err != nil {
		return nil, err
	}
	out := mat.NewDense(g.Rows, m.net.Outputs(), nil)
	r := m.Runner(theta)
	size := m.net.BatchRows(batch)
	for lo := 0; lo < g.Rows; lo += size {
		hi := min(lo+size, g.Rows)
		copyRows(linalg.Rows(out.RawMatrix(), lo, hi), r.Forward(linalg.Rows(g, lo, hi)))
	}
	return out, nil
}
