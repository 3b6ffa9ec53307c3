package data_test

import (
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
)

// contrast gives the images without colour, each less its mean and over its
// norm.
func contrast(s *data.Set) *mat.Dense {
	x := s.Grey()
	for i := range s.N() {
		row := x.RawRowView(i)
		floats.AddConst(-floats.Sum(row)/float64(len(row)), row)
		floats.Scale(32/floats.Norm(row, 2), row)
	}
	return x
}

// TestTexturesNeedConvolution fits the last layer of a convolutional network
// with random filters, which sees structure wherever it lies, and a linear model
// of the pixels by the same ridge regression.
func TestTexturesNeedConvolution(t *testing.T) {
	train := must(data.Textures().Take(600).Load())
	test := must(data.Textures().Test().Take(400).Load())
	x, z := contrast(train), contrast(test)
	filters := must(nn.Images(32, 32, 1).Conv(128, 5).Valid().Stride(3).ReLU().AvgPool(10).Flatten().Dense(10).Seed(1).Build())
	pixels := must(nn.MLP(1024, 10).Seed(1).Build())
	wrong := map[*nn.Network]float64{}
	for _, net := range []*nn.Network{filters, pixels} {
		fitted := must(nn.FitLastLayerRidge(net, x, train.Y, 1e-3))
		wrong[net] = must(nn.ErrorRate(fitted.Predict(z), test.Y))
	}
	t.Logf("wrong of ten classes: %.3f by random filters, %.3f by pixels", wrong[filters], wrong[pixels])
	if wrong[pixels] < 0.75 || wrong[filters] > wrong[pixels]-0.2 {
		t.Errorf("random filters are wrong on %.3f, pixels on %.3f: want 0.75 or more of pixels, 0.2 less of filters", wrong[filters], wrong[pixels])
	}
}
