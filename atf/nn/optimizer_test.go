package nn

import (
	"fmt"
	"math"
	"testing"
)

// TestUpdates compares each optimiser with its recurrence on a vector long
// enough for several goroutines.
func TestUpdates(t *testing.T) {
	const p, steps = 3*updatePiece + 7, 5
	grad := func(theta []float64, g []float64) {
		for i, v := range theta {
			g[i] = v*float64(1+i%3) - 0.1
		}
	}
	start := func() []float64 {
		v := make([]float64, p)
		for i := range v {
			v[i] = math.Sin(float64(i))
		}
		return v
	}
	for _, c := range []struct {
		name string
		kind optimizerKind
		mu   float64
	}{{"plain", sgd, 0}, {"momentum", sgd, 0.9}, {"adam", adam, 0}} {
		for _, procs := range []int{1, 3} {
			withProcs(procs, func() {
				theta, g := start(), make([]float64, p)
				u := newUpdater(c.kind, c.mu, theta, g)
				want, m, v := start(), make([]float64, p), make([]float64, p)
				for s := 1; s <= steps; s++ {
					rate := 0.1 / float64(s)
					grad(theta, g)
					u.step(rate)
					grad(want, g)
					for i := range want {
						if c.kind != adam {
							m[i] = c.mu*m[i] + g[i]
							want[i] -= rate * m[i]
							continue
						}
						m[i] = 0.9*m[i] + 0.1*g[i]
						v[i] = 0.999*v[i] + 0.001*g[i]*g[i]
						mh, vh := m[i]/(1-math.Pow(0.9, float64(s))), v[i]/(1-math.Pow(0.999, float64(s)))
						want[i] -= rate * mh / (math.Sqrt(vh) + 1e-8)
					}
				}
				if d := worst(theta, want); d > 1e-12 {
					t.Errorf("%s on %d processors differs from its recurrence by %.1e", c.name, procs, d)
				}
			})
		}
	}
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		t    *Trainer
		want []float64
	}{
		{Train(nil).SGD(0.4), []float64{0.4, 0.4, 0.4, 0.4, 0.4}},
		{Train(nil).SGD(0.4).Cosine(4), []float64{0.4, 0.2 + 0.1*math.Sqrt2, 0.2, 0.2 - 0.1*math.Sqrt2, 0}},
		{Train(nil).Step(2, 0.5).Adam(0.4), []float64{0.4, 0.4, 0.2, 0.2, 0.1}},
		{Train(nil).Step(2, 0.5).Constant(), []float64{0.1, 0.1, 0.1, 0.1, 0.1}},
	} {
		for e, want := range c.want {
			if got := c.t.RateAt(e); math.Abs(got-want) > 1e-16 {
				t.Errorf("the rate of epoch %d is %v, want %v", e, got, want)
			}
		}
	}
}

func TestSnapshotSteps(t *testing.T) {
	for _, c := range []struct {
		decade, last int
		want         string
	}{
		{1, 1000, "[0 1 10 100 1000]"},
		{1, 1500, "[0 1 10 100 1000 1500]"},
		{3, 50, "[0 1 2 5 10 22 46 50]"},
		{20, 6, "[0 1 2 3 4 5 6]"},
		{5, 1, "[0 1]"},
	} {
		if got := fmt.Sprint(snapshotSteps(c.decade, c.last)); got != c.want {
			t.Errorf("%d a decade up to %d: %s, want %s", c.decade, c.last, got, c.want)
		}
	}
}
