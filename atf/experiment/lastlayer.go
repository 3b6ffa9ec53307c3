package experiment

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// LastLayerTargets are an easy and a hard task for the same network (section
// 3.2 of the paper): targets that its final features fit linearly, and their
// signs.
type LastLayerTargets struct {
	Start       *mat.Dense // f₀(x)
	Linear      *mat.Dense // y(x) = f₀(x) + h(x)ᵀβ, near the images' targets
	Signs       *mat.Dense // sign y(x)
	SquaredNorm float64    // ‖β‖², the price at which the last layer alone fits y
}

// NewLastLayerTargets makes targets for a network with one output from its
// final features h at the images: β is the ridge regression of the images'
// targets less f₀ on h, min ‖h(x)ᵀβ + f₀ − y‖² + ridge·‖β‖², so that the fit is
// not exact. The last layer's bias takes no part. Errors: a network or images
// with another number of outputs than one, or of other inputs; those of tangent.At,
// kernel.Ridge and data.Signs.
func NewLastLayerTargets(net *nn.Network, images *data.Set, ridge float64) (*LastLayerTargets, error) {
	if net.Outputs() != 1 || images.Outputs() != 1 {
		return nil, fmt.Errorf("experiment: targets of the last layer want a network and images with one output, got %d and %d",
			net.Outputs(), images.Outputs())
	}
	if net.Inputs() != images.Inputs() {
		return nil, fmt.Errorf("experiment: the network has %d inputs and the images %d", net.Inputs(), images.Inputs())
	}
	features, err := tangent.At(net, images.X)
	if err != nil {
		return nil, err
	}
	h, err := features.WithoutBiases().LayerKernel(features.NumLayers() - 1) // h(x)ᵀh(x')
	if err != nil {
		return nil, err
	}
	t := &LastLayerTargets{Start: net.Predict(images.X)}
	var change, linear mat.Dense
	change.Sub(images.Y, t.Start)
	regression, err := kernel.Ridge(h, &change, ridge)
	if err != nil {
		return nil, err
	}
	fit, err := regression.Predict(h)
	if err != nil {
		return nil, err
	}
	linear.Add(t.Start, fit)
	t.Linear, t.SquaredNorm = &linear, regression.SquaredNorm
	t.Signs, err = data.Signs(t.Linear)
	return t, err
}
