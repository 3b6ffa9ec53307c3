package kernel

import (
	"math"
	"strings"
	"testing"
)

func TestEntropyRankOfSingularValues(t *testing.T) {
	for _, c := range []struct {
		sigma []float64
		want  float64
	}{
		{[]float64{3, 3, 3, 0}, 3},
		{[]float64{0, 7}, 1},
		{[]float64{1, 4, 1, 2}, math.Pow(2, 1.75)}, // entropy 1.75 bits
		{[]float64{1e308, 1e308}, 2},               // the sum is beyond float64
	} {
		near(t, "rank", must(EntropyRank(c.sigma)), c.want, 1e-12)
	}
	k := features(1, 20, 2, 60)
	s := must(EigenValues(k))
	near(t, "that of the kernel", must(EntropyRank(s.Values)), must(s.EntropyRank()), 1e-12)
	for want, sigma := range map[string][]float64{
		"value 1, counted from 0, is -1":   {2, -1},
		"value 0, counted from 0, is NaN":  {math.NaN(), 1},
		"value 0, counted from 0, is +Inf": {math.Inf(1)},
		"zero":                             {0, 0},
		"no singular values":               nil,
	} {
		if _, err := EntropyRank(sigma); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", sigma, err, want)
		}
	}
}
