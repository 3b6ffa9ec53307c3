package experiment

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// The three models are those of the paper, trained alike, and what is kept of them
// are the singular values of their deviations.
func TestDeviationsAreThoseOfThreeModels(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("ATF_KEEP", folder)
	made := func() int { return len(keptIn(t, folder)) }
	e := Figure1(points(t, 110)).Rate(0.002).Epochs(2).Keep()
	r := must(e.Train(2, Signs))
	d := must(e.Deviations(2, Signs))
	before := made()
	if again := must(e.Deviations(2, Signs)); made() != before || !slices.Equal(again.Delta[0], d.Delta[0]) {
		t.Error("deviations that are kept were made anew")
	}
	if must(e.Deviations(2, Smooth)); made() == before {
		t.Error("the deviations of other targets are the same")
	}

	fit := func(m nn.Model) *nn.History {
		return must(nn.Train(m).SGD(0.002).Momentum(0.9).Batch(100).Cosine(2).Seed(2).Fit(r.Images.X, r.Targets))
	}
	model := must(tangent.Factorised(r.From))
	linear, adapted := fit(tangent.Linear(r.From)), fit(model)
	if want := [3]float64{r.History.FinalLoss(), linear.FinalLoss(), adapted.FinalLoss()}; d.Loss != want {
		t.Errorf("losses %v, want %v", d.Loss, want)
	}
	step := linear.Params
	floats.Sub(step, r.From.Params())
	for l := range 3 {
		a, delta, b, _ := model.Factors(adapted.Params, l)
		var product mat.Dense
		product.Product(a, delta, b.T())
		for name, c := range map[string]struct {
			got []float64
			m   mat.Matrix
		}{
			"network": {d.Network[l], must(r.From.LayerMatrix(r.Displacement(), l))},
			"linear":  {d.Linear[l], must(r.From.LayerMatrix(step, l))},
			"Δ":       {d.Delta[l], delta},
			"product": {d.Product[l], &product},
		} {
			var svd mat.SVD
			svd.Factorize(c.m, mat.SVDThin)
			if want := svd.Values(nil); !floats.EqualApprox(c.got, want, 1e-10*want[0]) {
				t.Errorf("%s, layer %d: other singular values", name, l)
			}
		}
		if want := must(Imbalance(model, adapted.Params, l)); d.Imbalance[l] != want {
			t.Errorf("layer %d: imbalance %v, want %v", l, d.Imbalance[l], want)
		}
	}
}

func TestDeviationsRefuse(t *testing.T) {
	e := Figure1(points(t, 110)).Epochs(1)
	if _, err := e.Deviations(1, "z"); err == nil || !strings.Contains(err.Error(), `"z"`) {
		t.Errorf("unknown targets: %v", err)
	}
	// The network of Train ends in this error as well.
	var diverged *nn.DivergedError
	if _, err := e.Rate(1e6).Deviations(1, Signs); !errors.As(err, &diverged) {
		t.Errorf("rate 1e6: %v", err)
	}
}

// With small steps the factors keep what gradient flow keeps, so that Δ foretells
// the product; with half the step, what they miss is half as much.
func TestBalanceOfTheFactors(t *testing.T) {
	set := points(t, 40)
	for name, b := range map[string]*nn.Builder{"no bias": nn.MLP(6, 8, 1).NoBias(), "bias": nn.MLP(6, 8, 1)} {
		net := must(b.Tanh().Seed(4).Build())
		model := must(tangent.Factorised(net))
		misses := func(rate float64) (imbalance, product float64) {
			h := must(nn.Train(model).GradientDescent(rate).Epochs(int(8/rate)).Fit(set.X, set.Y))
			for l := range 2 {
				imbalance = max(imbalance, must(Imbalance(model, h.Params, l)))
				a, delta, c, bias := model.Factors(h.Params, l)
				var m mat.Dense
				m.Product(a, delta, c.T())
				var svd mat.SVD
				svd.Factorize(&m, mat.SVDThin)
				want := svd.Values(nil)
				got, sigma, err := Balanced(delta, bias)
				if err != nil {
					t.Fatal(err)
				}
				if want[0] < 1.3*sigma[0] {
					t.Errorf("%s, layer %d: the product %v is hardly more than Δ %v: the test says little", name, l, want[0], sigma[0])
				}
				product = max(product, floats.Distance(got, want, math.Inf(1))/want[0])
			}
			return imbalance, product
		}
		coarse, coarseProduct := misses(0.01)
		fine, fineProduct := misses(0.005)
		if coarse > 0.05 || math.Abs(coarse/fine-2) > 0.2 {
			t.Errorf("%s: imbalance %v, with half the step %v", name, coarse, fine)
		}
		if coarseProduct > 0.05 || math.Abs(coarseProduct/fineProduct-2) > 0.3 {
			t.Errorf("%s: the product is missed by %v, with half the step by %v", name, coarseProduct, fineProduct)
		}
	}
}

// Without a bias the value of the product is s(1 + s²).
func TestBalancedWithoutBias(t *testing.T) {
	delta := mat.NewDense(2, 3, []float64{0, 2, 0, 0.5, 0, 0})
	product, sigma, err := Balanced(delta, nil)
	if err != nil || !floats.EqualApprox(product, []float64{10, 0.625}, 1e-12) || !floats.EqualApprox(sigma, []float64{2, 0.5}, 1e-12) {
		t.Errorf("%v from %v, %v", product, sigma, err)
	}
	for want, f := range map[string]func() error{
		"a bias of 3 numbers": func() error { _, _, err := Balanced(delta, make([]float64, 3)); return err },
		"Δ is empty":          func() error { _, _, err := Balanced(&mat.Dense{}, nil); return err },
		"not finite": func() error {
			_, _, err := Balanced(mat.NewDense(1, 2, []float64{1, math.NaN()}), nil)
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestImbalanceRefuses(t *testing.T) {
	conv := must(tangent.Factorised(must(nn.Images(4, 4, 1).Conv(2, 3).ReLU().Flatten().Dense(1).Build())))
	if _, err := Imbalance(conv, conv.Params(), 0); err == nil || !strings.Contains(err.Error(), "conv") {
		t.Errorf("a convolution: %v", err)
	}
	if v, err := Imbalance(conv, conv.Params(), 1); err != nil || v != 0 {
		t.Errorf("at the start: %v, %v", v, err)
	}
	for _, l := range []int{-1, 2} {
		if _, err := Imbalance(conv, conv.Params(), l); err == nil || !strings.Contains(err.Error(), "2 layers") {
			t.Errorf("layer %d: %v", l, err)
		}
	}
}
