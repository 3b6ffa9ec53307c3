package experiment

import (
	"math"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// small is a Solving of 30 images with few ridges and λ.
func small(c Complexity, loss Loss) Solving {
	return Solving{N: 30, Seed: 2, Loss: loss, Ridges: []float64{1, 0.1}, Lambdas: []float64{100, 10}, Tolerance: 1e-3, Data: c.key}
}

// Every fit is that of the problem solved by itself, on the images of a training.
func TestFigure4Theory(t *testing.T) {
	c := complexity(t)
	_, validation, test := c.Images()
	for _, loss := range Losses {
		of := small(c, loss)
		got := must(c.SolveSweep([]Solving{of}).In(t.TempDir()).Run())[0].Value
		if len(got.Fits) != 6 {
			t.Fatalf("%d fits of 2 ridges with M = I and 2 λ", len(got.Fits))
		}
		images := must(c.Same(30, 2))
		for i, f := range got.Fits {
			rho, lambda := of.Ridges[i/3], []float64{0, 100, 10}[i%3]
			p := atf.Tangent(must(c.Net(2)), images.X).Targets(images.Y).Tolerance(1e-3).Ridge(rho)
			if loss == Softmax {
				p = p.Softmax(rho)
			}
			if lambda > 0 {
				p = p.Layerwise(penalty.Squared(lambda))
			}
			s := must(p.Solve())
			held := must(nn.ErrorRate(must(s.Predict(validation.X)), validation.Y))
			wrong := must(nn.ErrorRate(must(s.Predict(test.X)), test.Y))
			// A path begins elsewhere, so a decision or two near a tie may differ.
			if f.Ridge != rho || f.Lambda != lambda || math.Abs(f.HeldOut-held) > 0.04 || math.Abs(f.Test-wrong) > 0.04 || f.Fitted > 0.3 {
				t.Errorf("%s: fit %d is %+v, but alone %v held out, %v in the test", loss, i, f, held, wrong)
			}
			if best := got.Fixed(); lambda == 0 && f.HeldOut < best.HeldOut || best.Lambda != 0 {
				t.Errorf("%s: %+v is not the best fixed fit", loss, best)
			}
			if best := got.Adapted(); lambda > 0 && f.HeldOut < best.HeldOut || best.Lambda == 0 {
				t.Errorf("%s: %+v is not the best adapted fit", loss, best)
			}
		}
	}
	all := c.Solvings([]int{125, 250}, 3)
	if _, err := c.SolveSweep(all).In(t.TempDir()).Results(); err != nil || len(all) != 12 || all[0].N != 125 || all[11].N != 250 {
		t.Errorf("%d problems: %v", len(all), err)
	}
}

func TestFigure4TheoryRefuses(t *testing.T) {
	c := complexity(t)
	for says, change := range map[string]func(*Solving){
		"make it with Solvings": func(s *Solving) { s.Data = "" },
		`the loss is "hinge"`:   func(s *Solving) { s.Loss = "hinge" },
		"0 ridges":              func(s *Solving) { s.Ridges = nil },
		"0 λ":                   func(s *Solving) { s.Lambdas = nil },
		"0 images of the 120":   func(s *Solving) { s.N = 0 },
		"ρ = -1, M = I":         func(s *Solving) { s.Ridges = []float64{-1} },
		"ρ = 1: ":               func(s *Solving) { s.Lambdas = []float64{-2} },
	} {
		s := small(c, Squared)
		change(&s)
		if _, err := c.Solve(t.Context(), s); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	defer func() {
		if r, _ := recover().(string); !strings.Contains(r, "no such fit") {
			t.Errorf("panic %q", r)
		}
	}()
	Solved{}.Fixed()
}
