package charts

import (
	"math"
	oldrand "math/rand" // testing/quick takes no other
	"testing"
	"testing/quick"
)

// Whatever the data, an axis covers them, has few ticks, all within its ends.
func TestAxisCoversData(t *testing.T) {
	for _, log := range []bool{false, true} {
		f := func(a, b float64) bool {
			a, b = math.Mod(a, 1e6), math.Mod(b, 1e6)
			if log {
				a, b = math.Exp(math.Mod(a, 40)), math.Exp(math.Mod(b, 40))
			}
			lo, hi := math.Min(a, b), math.Max(a, b)
			ax := newAxis()
			ax.log = log
			ax.fit(lo, hi, 7)
			if ax.from > lo || ax.to < hi || len(ax.ticks) < 1 || len(ax.ticks) > 18 {
				t.Logf("data %g … %g: axis %g … %g, %d ticks", lo, hi, ax.from, ax.to, len(ax.ticks))
				return false
			}
			for i, v := range ax.ticks {
				if v < ax.from*(1-1e-6)-1e-9*(ax.to-ax.from) && ax.from > 0 || v > ax.to+1e-6*math.Abs(ax.to) || i > 0 && v <= ax.ticks[i-1] {
					return false
				}
			}
			return true
		}
		if err := quick.Check(f, &quick.Config{MaxCount: 500, Rand: oldrand.New(oldrand.NewSource(1))}); err != nil {
			t.Errorf("log %v: %v", log, err)
		}
	}
}
