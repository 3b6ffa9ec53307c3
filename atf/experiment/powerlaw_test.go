package experiment

import (
	"math"
	"strings"
	"testing"
)

func TestFitPowerLaw(t *testing.T) {
	x := []float64{1, 4, 16}
	law := must(FitPowerLaw(x, [][]float64{{2, 1, 0.5}, {8, 8, 8}})) // slopes −½ and 0
	if math.Abs(law.Exponent+0.25) > 1e-12 || math.Abs(law.Error-0.25) > 1e-12 {
		t.Errorf("exponent %v ± %v, want −0.25 ± 0.25", law.Exponent, law.Error)
	}
	for i, want := range []float64{4, math.Sqrt(8), 2} {
		if math.Abs(law.Typical[i]/want-1) > 1e-12 {
			t.Errorf("typical value %v at %v, want %v", law.Typical[i], x[i], want)
		}
		if line := math.Sqrt(8) * math.Pow(x[i]/4, -0.25); math.Abs(law.Line[i]/line-1) > 1e-12 {
			t.Errorf("the line is %v at %v, want %v", law.Line[i], x[i], line)
		}
	}
	if law := must(FitPowerLaw(x, [][]float64{{1, 2, 4}})); math.Abs(law.Exponent-0.5) > 1e-12 || !math.IsNaN(law.Error) {
		t.Errorf("one run: %v ± %v", law.Exponent, law.Error)
	}
	for name, c := range map[string]struct {
		x    []float64
		runs [][]float64
		says string
	}{
		"one x":        {[]float64{3}, [][]float64{{1}}, "two different x"},
		"the same x":   {[]float64{3, 3}, [][]float64{{1, 2}}, "two different x"},
		"no run":       {x, nil, "one run"},
		"a short run":  {x, [][]float64{{1, 2, 3}, {1, 2}}, "run 2"},
		"a negative x": {[]float64{-1, 2}, [][]float64{{1, 2}}, "x has -1 at place 1"},
		"a zero":       {x, [][]float64{{1, 0, 3}}, "run 1 has 0 at place 2"},
		"NaN":          {x, [][]float64{{1, 2, math.NaN()}}, "NaN at place 3"},
		"infinite":     {x, [][]float64{{1, 2, math.Inf(1)}}, "+Inf at place 3"},
	} {
		if law, err := FitPowerLaw(c.x, c.runs); law != nil || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
