package experiment

import (
	"math"
	"strings"
	"testing"
)

func TestCrossover(t *testing.T) {
	x, y := []float64{1, 2, 8, 32}, make([]float64, 4)
	for i, v := range x {
		y[i] = 0.01 * math.Pow(v, 1.5)
	}
	for level, want := range map[float64]float64{0.1: math.Pow(10, 2.0/3), 0.01: math.Inf(-1), 0.001: math.Inf(-1), 5: math.Inf(1), y[2]: 8} {
		if got := must(Crossover(x, y, level)); got != want && !(math.Abs(got/want-1) < 1e-12) {
			t.Errorf("level %v: x = %v, not %v", level, got, want)
		}
	}
	// The first of several.
	if got := must(Crossover([]float64{1, 10, 100, 1000}, []float64{1, 100, 1, 100}, 10)); math.Abs(got-math.Sqrt(10)) > 1e-12 {
		t.Errorf("the first crossover is at %v", got)
	}
}

func TestCrossoverRefuses(t *testing.T) {
	one := []float64{1, 2}
	fail := func(_ float64, err error) error { return err }
	for words, err := range map[string]error{
		"1 y for 2 x":      fail(Crossover(one, one[:1], 1)),
		"0 y for 0 x":      fail(Crossover(nil, nil, 1)),
		"1 comes after 2":  fail(Crossover([]float64{2, 1}, one, 1)),
		"the level has 0":  fail(Crossover(one, one, 0)),
		"x has -1":         fail(Crossover([]float64{-1, 2}, one, 1)),
		"y has NaN":        fail(Crossover(one, []float64{1, math.NaN()}, 1)),
		"y has 0 at place": fail(Crossover(one, []float64{0, 1}, 1)),
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
}
