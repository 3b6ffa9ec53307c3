package draw

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
			ax := NewAxis()
			ax.Log = log
			ax.Fit(lo, hi, 7)
			if ax.From > lo || ax.To < hi || len(ax.Ticks) < 1 || len(ax.Ticks) > 18 {
				t.Logf("data %g … %g: axis %g … %g, %d ticks", lo, hi, ax.From, ax.To, len(ax.Ticks))
				return false
			}
			for i, v := range ax.Ticks {
				if v < ax.From*(1-1e-6)-1e-9*(ax.To-ax.From) && ax.From > 0 || v > ax.To+1e-6*math.Abs(ax.To) || i > 0 && v <= ax.Ticks[i-1] {
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
