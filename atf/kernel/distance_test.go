package kernel

import (
	"math"
	"strings"
	"testing"
	"testing/quick"

	"gonum.org/v1/gonum/mat"
)

func TestRelativeDistance(t *testing.T) {
	a, b := features(1, 23, 2, 9), features(2, 23, 2, 5)
	var gap mat.Dense
	gap.Sub(a, b)
	want := mat.Norm(&gap, 2) / mat.Norm(b, 2)
	near(t, "change", must(RelativeDistance(a, b)), want, 1e-14)
	near(t, "none", must(RelativeDistance(a, a)), 0, 0)
	for _, s := range []float64{1e-300, 1e-170, 1e170, 1e290} {
		near(t, "both scaled", must(RelativeDistance(a.Scale(s), b.Scale(s))), want, 1e-12)
	}
	f := func(seed uint64, scale float64) bool {
		k := features(seed, 6, 1, 3)
		scale = math.Remainder(scale, 1e6)
		return math.Abs(must(RelativeDistance(k.Scale(scale), k))-math.Abs(scale-1)) <= 1e-13*(1+math.Abs(scale))
	}
	if err := quick.Check(f, &quick.Config{MaxCount: 100}); err != nil {
		t.Error(err)
	}
	anyThreads(t, "change", func() []float64 {
		return []float64{must(RelativeDistance(features(3, 300, 1, 2), features(4, 300, 1, 3)))}
	})
}

func TestRelativeDistanceErrors(t *testing.T) {
	k := features(1, 4, 1, 2)
	bad := mat.NewDense(4, 4, nil)
	bad.Set(1, 2, math.NaN())
	for _, c := range []struct {
		k, k0 mat.Matrix
		want  string
	}{
		{k, mat.NewDense(4, 4, nil), "zero"},
		{bad, k, "row 1"},
		{k, bad, "row 1"},
		{k.Scale(1e300), k.Scale(1e-300), "range"},
	} {
		if v, err := RelativeDistance(c.k, c.k0); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("change %v, error %v; want one about %q", v, err, c.want)
		}
	}
	wantError(t, "shapes", errorOf(RelativeDistance(k, features(1, 5, 1, 2))), "4 × 4 and a 5 × 5")
}
