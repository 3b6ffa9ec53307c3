package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

type weightRule uint8

const (
	heRule weightRule = iota
	leCunRule
	ntkRule
)

type biasRule uint8

const (
	uniformBias biasRule = iota
	normalBias
	zeroBias
	noBias
)

// rules say how the parameters of all layers are drawn. The setters of Builder
// and Stack have their words. Every number reads in values: of a convolution,
// the numbers of a patch.
type rules struct {
	weights weightRule
	bias    biasRule
	biasStd float64
	seed    uint64
}

// check says what is wrong with the rules.
func (r *rules) check() error {
	if r.bias == normalBias && (!(r.biasStd > 0) || math.IsInf(r.biasStd, 0)) {
		return fmt.Errorf("nn: NormalBias(%v): the standard deviation must be positive and finite (ZeroBias starts biases at 0)", r.biasStd)
	}
	return nil
}

// scale sets what the rules say of a layer that reads in values for each of its
// outputs: whether it has biases, and the factors of the parametrisation.
func (r *rules) scale(l *Layer, in int) {
	l.Bias, l.WScale, l.BScale = r.bias != noBias, 1, 1
	if r.weights != ntkRule {
		return
	}
	l.WScale = math.Sqrt(2 / float64(in))
	switch r.bias {
	case normalBias:
		l.BScale = r.biasStd
	case uniformBias:
		l.BScale = 1 / math.Sqrt(float64(in))
	}
}

// draw fills the parameters of layer i, from streams of their own for weights
// and biases, so that neither changes with the other's rule.
func (r *rules) draw(i, in int, weights, biases []float64) {
	std, unit := 1.0, 1.0
	switch r.weights {
	case heRule:
		std = math.Sqrt(2 / float64(in))
	case leCunRule:
		std = math.Sqrt(1 / float64(in))
	}
	if r.weights != ntkRule {
		switch r.bias {
		case normalBias:
			unit = r.biasStd
		case uniformBias:
			unit = 1 / math.Sqrt(float64(in))
		}
	}
	rng := rand.New(rand.NewPCG(r.seed, uint64(2*i)))
	for j := range weights {
		weights[j] = std * rng.NormFloat64()
	}
	rng = rand.New(rand.NewPCG(r.seed, uint64(2*i+1)))
	for j := range biases {
		switch r.bias {
		case normalBias:
			biases[j] = unit * rng.NormFloat64()
		case uniformBias:
			biases[j] = unit * (2*rng.Float64() - 1)
		}
	}
}

// build makes the network of these layers and draws its parameters.
func (r *rules) build(layers []Layer) (*Network, error) {
	n, err := shape(layers)
	if err != nil {
		return nil, err
	}
	if err := n.checkMemory(fmt.Sprintf("nn: a network of %d parameters", n.NumParams()), 1); err != nil {
		return nil, err
	}
	n.theta = make([]float64, n.NumParams())
	for i, l := range layers {
		if _, in, _ := l.kind().shape(l); in > 0 {
			r.draw(i, in, n.weightIn(n.theta, i).Data, n.biasIn(n.theta, i))
		}
	}
	return n, nil
}
