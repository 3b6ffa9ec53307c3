package experiment

import (
	"fmt"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// Deviations are the singular values, largest first, of what three models learned
// on one task from one start, layer by layer: the authors draw them for the
// network, its linearisation (fixed tangent features) and its factorised
// linearisation (W − W₀ = AΔBᵀ, features that adapt).
type Deviations struct {
	Network [][]float64 // of W − W₀
	Linear  [][]float64 // of W − W₀ of the linearisation
	Delta   [][]float64 // of Δ of the factorised linearisation
	Product [][]float64 // of its AΔBᵀ
	// Balanced are the values of AΔBᵀ that Δ and the biases foretell (see Balanced),
	// and Imbalance is how far each layer is from what they are foretold by.
	Balanced  [][]float64
	Imbalance []float64
	// Loss is the training loss of the last epoch: network, linear, factorised.
	Loss [3]float64
}

// Deviations trains the student with this seed, its linearisation tangent.Linear and
// its factorised linearisation tangent.Factorised on the same targets in the same
// way. Errors are those of Train and of nn's Fit, a *nn.DivergedError among them.
func (e Students) Deviations(seed uint64, targets Targets) (*Deviations, error) {
	r, err := e.Train(seed, targets)
	if err != nil {
		return nil, err
	}
	factorised, err := tangent.Factorised(r.From)
	if err != nil {
		return nil, err
	}
	linear := e.trainer(tangent.Linear(r.From), seed).Context(e.ctx)
	adaptive := e.trainer(factorised, seed).Context(e.ctx)
	x := r.Images.X
	return keep(e.keep, "deviations", func() (*Deviations, error) {
		fixed, err := linear.Fit(x, r.Targets)
		if err != nil {
			return nil, fmt.Errorf("experiment: the linearisation, trained on %s: %w", targets, err)
		}
		adapted, err := adaptive.Fit(x, r.Targets)
		if err != nil {
			return nil, fmt.Errorf("experiment: the factorised linearisation, trained on %s: %w", targets, err)
		}
		d := &Deviations{Loss: [3]float64{r.History.FinalLoss(), fixed.FinalLoss(), adapted.FinalLoss()}}
		for l := range r.From.ParamLayers() {
			if err := d.layer(l, r.Segment, fixed.Params, factorised, adapted.Params); err != nil {
				return nil, err
			}
		}
		return d, nil
	}, r.Segment, linear.Fingerprint(x, r.Targets), adaptive.Fingerprint(x, r.Targets))
}

// layer adds the values of layer l: theta are the parameters of the linearisation,
// factors those of the factorised one.
func (d *Deviations) layer(l int, trained nn.Segment, theta []float64, m *tangent.FactorisedModel, factors []float64) error {
	from := trained.From
	product := from.Params()
	for i, v := range m.Deviation(factors) {
		product[i] += v
	}
	for _, s := range []struct {
		to   *nn.Network
		list *[][]float64
	}{{trained.To, &d.Network}, {from.At(theta), &d.Linear}, {from.At(product), &d.Product}} {
		sigma, err := nn.Segment{From: from, To: s.to}.SingularValues(l)
		if err != nil {
			return err
		}
		*s.list = append(*s.list, sigma)
	}
	_, delta, _, bias := m.Factors(factors, l)
	balanced, sigma, err := Balanced(delta, bias)
	if err != nil {
		return err
	}
	imbalance, err := Imbalance(m, factors, l)
	if err != nil {
		return err
	}
	d.Balanced, d.Delta, d.Imbalance = append(d.Balanced, balanced), append(d.Delta, sigma), append(d.Imbalance, imbalance)
	return nil
}
