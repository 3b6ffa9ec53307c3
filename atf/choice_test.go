package atf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

func TestChoiceEndsEarly(t *testing.T) {
	net, x, y := classesTask(20, 5)
	p := Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := 0
	choice, err := p.Context(ctx).Progress(func(r Report) {
		if r.Ended {
			if ended++; ended == 2 {
				cancel()
			}
		}
	}).HoldOut(0.25, 1).Choose(10, 0.01, 0.001)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "λ = 0.01 (3 of 4)") {
		t.Fatal(err)
	}
	if len(choice.Candidates) != 2 || choice.Solution != nil {
		t.Errorf("%v", choice)
	}
	var limit *LimitError
	choice, err = p.MaxIterations(1).HoldOut(0.25, 1).Choose(0.001)
	if !errors.As(err, &limit) || len(choice.Candidates) != 1 {
		t.Errorf("%v, %v", choice, err)
	}
	choice = &Choice{Best: -1, Parameter: "λ"}
	panics(t, func() { choice.Chosen() }, "λ", "ended early")
}

func TestChoiceRefuses(t *testing.T) {
	net, x, y := classesTask(8, 5)
	plain := Tangent(net, x).Targets(y)
	p := plain.Layerwise(penalty.Squared(1))
	bad := y.T()
	nan := mat.NewDense(8, 3, nil)
	nan.Set(1, 1, math.NaN())
	choose := func(v *Validation) func() (*Choice, error) { return func() (*Choice, error) { return v.Choose(1) } }
	for words, ask := range map[string]func() (*Choice, error){
		"at least one λ":         func() (*Choice, error) { return p.HoldOut(0.5, 1).Choose() },
		"finite λ > 0, got 0":    func() (*Choice, error) { return p.HoldOut(0.5, 1).Choose(1, 0) },
		"finite λ > 0, got NaN":  func() (*Choice, error) { return p.HoldOut(0.5, 1).Choose(math.NaN()) },
		"finite λ > 0, got +Inf": func() (*Choice, error) { return p.HoldOut(0.5, 1).Choose(math.Inf(1)) },
		"at least one ρ":         func() (*Choice, error) { return plain.HoldOut(0.5, 1).ChooseRidge() },
		"finite ρ > 0, got -1":   func() (*Choice, error) { return plain.HoldOut(0.5, 1).ChooseRidge(-1) },
		"choose the ridge":       choose(plain.HoldOut(0.5, 1)),
		"ChooseRidge":            choose(plain.Layer(0, Frozen()).HoldOut(0.5, 1)),
		"between 0 and 1, got 0": choose(p.HoldOut(0, 1)),
		"between 0 and 1, got 1": choose(p.HoldOut(1, 1)),
		"got NaN":                choose(p.HoldOut(math.NaN(), 1)),
		"8 to fit and 0":         choose(p.HoldOut(0.05, 1)),
		"0 to fit and 8":         choose(p.HoldOut(0.95, 1)),
		"without targets":        choose(Tangent(net, x).HoldOut(0.5, 1)),
		"problem without targets: set them by Targets or Residuals before Validate": choose(Tangent(net, x).Validate(x, y)),
		"tolerance":                          choose(p.Tolerance(-1).HoldOut(0.5, 1)),
		"the tolerance":                      choose(p.Tolerance(2).Validate(x, y)),
		"targets are 1 × 8":                  choose(p.Validate(x, bad)),
		"inputs are 8 × 1, wanted 8 × 3":     choose(p.Validate(y, y)),
		"matrix of held-out inputs":          choose(p.Validate(nan, y)),
		"matrix of held-out targets":         choose(p.Validate(x, mat.NewDense(8, 1, []float64{1, 1, 1, 1, 1, 1, 1, math.Inf(1)}))),
		"no held-out examples":               choose(p.Validate(&mat.Dense{}, &mat.Dense{})),
		"wanted 2 × 8 for 2":                 choose(FromGram(kernel.NewGram(8, 1, eye(8).RawMatrix().Data)).Targets(y).Unstructured(penalty.Squared(1)).Validate(mat.NewDense(2, 3, nil), mat.NewDense(2, 1, nil))),
		"wanted 2 × 3 for 2":                 choose(FromFeatures(x).Targets(y).Diagonal(penalty.Squared(1)).Validate(mat.NewDense(2, 2, nil), mat.NewDense(2, 1, nil))),
		"at M = I (1 of 2)":                  choose(FromFeatures(mat.NewDense(4, 2, nil)).Targets(mat.NewDense(4, 1, []float64{1, 2, 3, 4})).Diagonal(penalty.Squared(1)).HoldOut(0.5, 1)),
		"choosing λ, at λ = 1 (2 of 2): atf": choose(plain.Diagonal(nil).HoldOut(0.5, 1)),
	} {
		c, err := ask()
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
		if c != nil && c.Solution != nil {
			t.Errorf("%q: a solution beside %v", words, err)
		}
	}
}

func TestChoiceStored(t *testing.T) {
	net, x, y := classesTask(16, 5)
	v := Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1)).HoldOut(0.25, 1)
	c, err := v.Choose(1, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	var back Choice
	encoded, err := c.GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	if err := back.GobDecode(encoded); err != nil {
		t.Fatal(err)
	}
	if back.String() != c.String() || back.Fingerprint() != c.Fingerprint() || back.Chosen() != c.Chosen() {
		t.Errorf("%v\nbecame\n%v", c, &back)
	}
	near(t, "predictions", mustPredict(t, back.Solution, x), mustPredict(t, c.Solution, x), 0)
	if err := back.GobDecode(encoded[:len(encoded)/2]); err == nil || !strings.Contains(err.Error(), "no choice can be read") {
		t.Errorf("half of the data: %v", err)
	}
	// A changed question has another name, before it is asked and after.
	for name, other := range map[string]*Validation{
		"seed":  Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1)).HoldOut(0.25, 2),
		"share": Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1)).HoldOut(0.5, 1),
		"given": Tangent(net, x).Targets(y).Layerwise(penalty.Squared(1)).Validate(x, y),
		"loss":  v.ByLoss(),
	} {
		if other.Fingerprint() == v.Fingerprint() {
			t.Errorf("%s: the same fingerprint", name)
		}
	}
	d, err := v.Choose(1)
	if err != nil || d.Fingerprint() == c.Fingerprint() {
		t.Errorf("%v, or the same fingerprint for other values", err)
	}
	if text := fmt.Sprint(c); !strings.Contains(text, "M = I") || strings.Count(text, "← chosen") != 1 || !strings.Contains(text, "fitted on 12 examples, judged by 4") {
		t.Errorf("the table is\n%s", text)
	}
}
