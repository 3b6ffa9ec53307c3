package charts

import (
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The scale of kernels begins at zero where no entry is negative, has zero in
// its middle where one is, and is of one kind in a figure; the numbers at its
// ends say so.
func TestScaleOfKernels(t *testing.T) {
	plus := mat.NewSymDense(3, []float64{3, 1, 2, 1, 3, 2, 2, 2, 3})
	signed := mat.NewSymDense(3, []float64{1, -1, 0.5, -1, 1, 0, 0.5, 0, 1})
	dusty := mat.NewSymDense(3, []float64{3, -1e-16, 2, -1e-16, 3, 2, 2, 2, 3})
	nothing := mat.NewSymDense(3, nil)
	for name, c := range map[string]struct {
		f    *KernelsFigure
		want []string // numbers at the colour bars
	}{
		"not negative":       {Kernels().Add("K", plus), []string{"3", "1.5", "0"}},
		"signed":             {Kernels().Add("K", signed), []string{"1", "0", "−1"}},
		"negative only":      {Kernels().Add("K", mat.NewSymDense(1, []float64{-2})), []string{"2", "0", "−2"}},
		"rounding":           {Kernels().Add("K", dusty), []string{"3", "1.5", "0"}},
		"nothing":            {Kernels().Add("K", nothing), []string{"1", "0.5", "0"}},
		"one kind":           {Kernels().Add("K", plus).Add("S", signed), []string{"3", "0", "−3", "1", "0", "−1"}},
		"shared":             {Kernels().Add("K", plus).Add("S", signed).SharedScale(), []string{"3", "0", "−3"}},
		"shared, plus":       {Kernels().Add("K", plus).Add("L", nothing).SharedScale(), []string{"3", "1.5", "0"}},
		"diverging":          {Kernels().Ramp(Diverging).Add("K", plus), []string{"3", "0", "−3"}},
		"sequential":         {Kernels().Ramp(Sequential).Add("S", signed), []string{"1", "0.5", "≤ 0"}},
		"limit":              {Kernels().Add("K", plus).Limit(2), []string{"≥ 2", "1", "0"}},
		"limit of diverging": {Kernels().Ramp(Diverging).Add("K", plus).Limit(2), []string{"≥ 2", "0", "−2"}},
	} {
		var got []string
		for _, e := range optionOf(t, c.f).Graphic.Elements {
			if e.Type == "text" && !slices.Contains([]string{"K", "S", "L"}, e.Style.Text) && !strings.HasPrefix(e.Style.Text, "Entries") {
				got = append(got, e.Style.Text)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: the colour bars say %q, want %q", name, got, c.want)
		}
	}
	text, err := Kernels().Ramp(Sequential).Add("S", signed).Text()
	if want := "Entries beyond the colour scale, drawn in its end's colour: S 2 of 9, the farthest −1."; err != nil || !strings.HasSuffix(text, want) {
		t.Errorf("%q, %v", text, err)
	}
	fails(t, Kernels().Ramp(Sequential[:1]).Add("K", plus).Show, "at least 2 colours, not 1")
}
