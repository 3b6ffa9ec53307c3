package penalty

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"
	"testing/quick"
)

// A step between the points of the check: 1.07 is right, and 2.92 was found
// where the points alone were believed.
func TestSteepCustom(t *testing.T) {
	omega := func(s float64) float64 {
		return 0.05*(s-1)*(s-1) + 2/(1+math.Exp(-200*(s-3))) - 2/(1+math.Exp(400))
	}
	p := custom1(t, "steep", omega)
	best := math.Inf(1)
	for i := range 4_000_001 { // s = 1 … 5
		s := 1 + float64(i)*1e-6
		best = min(best, 2.77*2.77/s/s+omega(s))
	}
	near(t, "ω̃(2.77)", p.Effective(2.77), best, 1e-10)
	if got := p.Effective(2.77); math.Abs(got-1.07) > 0.005 {
		t.Errorf("ω̃(2.77) = %v, want 1.07", got)
	}
	if p.ConvexEffective() {
		t.Error("an ω that levels off after a step gives no convex ω̃")
	}
}

// The points where the search changes from one stretch of the check's grid to
// the next, and between them.
func TestCustomOverItsOwnGrid(t *testing.T) {
	p, omega := rough(t, "stairs", 0.02, [3]float64{0.5, 0.31, 1e5}, [3]float64{0.7, 0.9, 40}, [3]float64{1, 3.7, 3e3})
	c := enclose(5e-4, 6, omega)
	q := p.(*custom)
	for i := range 3 * perDecade {
		e := gridPoint(-2, i)
		for _, e := range []float64{e, e * 1.07} {
			if v := math.Sqrt(q.turn(e)); v > 0.05 && v < 30 {
				inside(t, "stairs", c, p, v)
			}
		}
	}
}

func TestCustomRefusedBetweenThePoints(t *testing.T) {
	dip := func(s float64) float64 {
		d := (s - 2.915) / 0.02
		return (s-1)*(s-1) - 0.5*math.Exp(-d*d)
	}
	// Rises everywhere, and turns 46,000 times while s grows to 1e20.
	ripple := func(e float64) float64 {
		if e == 0 {
			return 0
		}
		a := math.Abs(e)
		return a * (1 + 9e-4*math.Sin(1000*math.Log(a)))
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{second(Custom("dip", dip)), "falls to the right of 1"},
		{second(CustomExcess("ripple", ripple)), "changes too finely"},
	} {
		var shape *ShapeError
		if !errors.As(c.err, &shape) || !strings.Contains(c.err.Error(), c.want) || len(shape.S) < 2 {
			t.Errorf("%v, want one that %s", c.err, c.want)
		}
	}
}

// Proposition 3 for random ω with steps, single and in pairs: ω̃ increases, and
// ω̃(√·) is concave.
func TestProposition3ForRoughPenalties(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	var others = []Penalty{Squared(1), Absolute(0.5), Power(1, 0.5), LogSquared(2), InfConv(Squared(1), Absolute(1))}
	property := func(height, place, steep, base [3]float64, pick, at uint) bool {
		unit := func(x float64) float64 { return math.Abs(math.Sin(x)) }
		var steps [][3]float64
		for i := range height {
			steps = append(steps, [3]float64{3 * unit(height[i]), math.Pow(10, 2*unit(place[i])-1), math.Pow(10, 5*unit(steep[i]))})
		}
		single, _ := rough(t, "rough", 0.01+unit(base[0]), steps...)
		p := Penalty(InfConv(single, others[pick%uint(len(others))]))
		if at%2 == 0 {
			p = single
		}
		last, slope, q := 0.0, math.Inf(1), 0.0
		for i := range 40 {
			v := math.Pow(10, float64(i)/16-1+float64(at%7)/112)
			w := p.Effective(v)
			chord := (w - last) / (v*v - q)
			if !(w > last) || chord > slope*(1+1e-9) {
				t.Errorf("%s with steps %v at v = %v: from %v to %v, slopes %v and %v in v²", p.Name(), steps, v, last, w, slope, chord)
				return false
			}
			last, slope, q = w, chord, v*v
		}
		return true
	}
	if err := quick.Check(property, &quick.Config{MaxCount: 40, Rand: r}); err != nil {
		t.Error(err)
	}
}
