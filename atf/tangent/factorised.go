package tangent

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// FactorisedModel is the network's linearisation f_θ0(x) + ∇f_θ0(x)ᵀ(θ − θ0)
// whose displacement θ − θ0 is factored layer by layer, as in Theorem 2 of the
// paper and in the adaptive model of its Figure 4: for a dense layer
//
//	W − W₀ = A Δ Bᵀ,   b − b₀ = A b'
//
// with A of out × out, Δ of out × in, B of in × in and b' of out numbers. A
// convolution, whose W is unfolded to filters × positions·channels, has the same with
// B = B₁ ⊗ B₂, a factor for the positions within a window and one for the channels
// they show: three factors, with A for the filters. The
// model is linear in the features of θ0 and multilinear in its parameters, and
// training all factors together adapts the features: ΔBᵀ and AΔ act on what
// another factor sees. Training begins at A = I, B = I, Δ = 0, b' = 0, where the
// model is the network at θ0. With weights written in × out, as Figure 4's are,
// the deviation is M₁ΔᵀM₂ with M₁ = B and M₂ = Aᵀ, and the bias M₂ᵀb'; of a
// convolution M₁ = B₁, M₂ = B₂ and M₃ = Aᵀ.
//
// It is an nn.Model: nn.Train fits it under any loss. Outputs and gradients come
// from products with the factors, example by example or through A Δ Bᵀ itself,
// whichever takes fewer multiplications for the rows of a batch, with convolutions
// always the latter; the features are never formed. The number of parameters, and
// with it the least cost of a step, is that of the network plus out² + in² for every
// dense layer, filters² + positions² + channels² for every convolution.
type FactorisedModel struct {
	net    *nn.Network
	layers []layerFactors
	params int
}

var _ nn.Model = (*FactorisedModel)(nil)

// Factorised makes the factorised linearisation of net at its own parameters.
// It is an error when a layer with parameters is of a kind that has no factors.
func Factorised(net *nn.Network) (*FactorisedModel, error) {
	m := &FactorisedModel{net: net}
	layers := net.Layers()
	for _, l := range net.ParamLayers() {
		begin, ok := factors[layers[l].Kind]
		if !ok {
			return nil, fmt.Errorf("tangent: layer %d, counted from 0, is of the kind %v, which has no factorised form: take Linear, or a network without it", l, layers[l].Kind)
		}
		f, end := begin(net, l, m.params)
		m.layers, m.params = append(m.layers, f), end
	}
	return m, nil
}

// Network is the network at θ0.
func (m *FactorisedModel) Network() *nn.Network { return m.net }

// Inputs is d, the number of values of one example.
func (m *FactorisedModel) Inputs() int { return m.net.Inputs() }

// Outputs is C.
func (m *FactorisedModel) Outputs() int { return m.net.Outputs() }

// NumParams is the number of entries of all factors.
func (m *FactorisedModel) NumParams() int { return m.params }

// Params are the factors at which training begins. Layer by layer, of those with
// parameters: A (out × out), Δ (out × in) and B (in × in), of a convolution B₁
// (positions × positions) and B₂ (channels × channels), each row-major, then b' (out)
// where the layer has biases.
func (m *FactorisedModel) Params() []float64 {
	theta := make([]float64, m.params)
	for l := range m.layers {
		m.layers[l].begin(theta)
	}
	return theta
}

// Deviation is θ − θ0 for the factors theta, of length P and laid out like the
// network's own parameters. It panics when theta has not NumParams entries.
func (m *FactorisedModel) Deviation(theta []float64) []float64 {
	m.check(theta)
	step := make([]float64, m.net.NumParams())
	s := &factorScratch{prod: linalg.NewProduct()}
	for _, l := range m.layers {
		l.run().deviate(theta, step, s) // several may ask at once
	}
	return step
}

// Factors are copies of A, Δ, B and b' (nil without biases) of layer l, counted
// from 0 among those with parameters. B of a convolution is B₁ ⊗ B₂, multiplied
// out. It panics when theta has not NumParams entries or there is no such layer.
func (m *FactorisedModel) Factors(theta []float64, l int) (a, delta, b *mat.Dense, bias []float64) {
	m.check(theta)
	if l < 0 || l >= len(m.layers) {
		panic(fmt.Sprintf("tangent: Factors of layer %d of %d", l, len(m.layers)))
	}
	return m.layers[l].copies(theta)
}

// Predict evaluates the model with the factors theta for the rows of x: n × C.
// Errors: a theta that has not NumParams entries, an x that is empty or has not as
// many columns as the network has inputs, an entry of it that is NaN or infinite.
func (m *FactorisedModel) Predict(theta []float64, x mat.Matrix) (*mat.Dense, error) {
	if err := m.checkLength(theta); err != nil {
		return nil, err
	}
	at := m.Deviation(theta)
	for i, v := range m.net.Params() {
		at[i] += v
	}
	return Linear(m.net).Predict(at, x)
}

func (m *FactorisedModel) check(theta []float64) {
	if err := m.checkLength(theta); err != nil {
		panic(err.Error())
	}
}

func (m *FactorisedModel) checkLength(theta []float64) error {
	if len(theta) != m.params {
		return fmt.Errorf("tangent: vector of %d numbers, the factors have %d", len(theta), m.params)
	}
	return nil
}

// Fingerprint names the model by the network at θ0.
func (m *FactorisedModel) Fingerprint() string {
	return fingerprint.New("tangent.FactorisedModel/1").String(m.net.Fingerprint()).Sum()
}

// GobEncode writes the network at θ0, which is all there is to the model.
func (m *FactorisedModel) GobEncode() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(m.net)
	return b.Bytes(), err
}

// GobDecode reads what GobEncode wrote.
func (m *FactorisedModel) GobDecode(b []byte) error {
	net := new(nn.Network)
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(net); err != nil {
		return fmt.Errorf("tangent: reading a factorised model: %w", err)
	}
	read, err := Factorised(net)
	if err != nil {
		return err
	}
	*m = *read
	return nil
}
