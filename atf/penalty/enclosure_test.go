package penalty

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// An enclosure of ω̃ for any number of factors, by code that shares nothing with
// the package: ω alone is asked for, on the grid x = log s = 0, h, 2h, …
//
// Every ω rises from s = 1 on. So for x_i in [k_i h, (k_i+1)h) each ω_i is at
// least its value at k_i h, and v²/s² at least e^{−2nh} times that at
// Σk_i h. The least value over the grid is therefore at most e^{2nh} times too
// high, and never too low. A pattern search from every local minimum of the grid
// that can be the least one brings it down to rounding errors.
type enclosure struct {
	omega []func(x float64) float64 // ω(eˣ)
	h     float64
	best  [][]float64 // best[i][k]: the least Σ over the factors up to i with Σk = k
	from  [][]int     // the last factor's k there
}

func enclose(h, reach float64, omega ...func(x float64) float64) *enclosure {
	n := int(reach / h)
	c := &enclosure{omega: omega, h: h}
	for i, f := range omega {
		own := make([]float64, n)
		for k := range own {
			own[k] = f(float64(k) * h)
		}
		if i == 0 {
			from := make([]int, n)
			for k := range from {
				from[k] = k
			}
			c.best, c.from = append(c.best, own), append(c.from, from)
			continue
		}
		before, now, from := c.best[i-1], make([]float64, n), make([]int, n)
		for k := range now {
			now[k] = math.Inf(1)
			for j := range k + 1 {
				if w := before[k-j] + own[j]; w < now[k] {
					now[k], from[k] = w, j
				}
			}
		}
		c.best, c.from = append(c.best, now), append(c.from, from)
	}
	return c
}

// at is the enclosure of ω̃(v): no value below low is possible, and high is
// reached.
func (c *enclosure) at(v float64) (low, high float64) {
	last := len(c.omega) - 1
	total := make([]float64, len(c.best[last]))
	least := math.Inf(1)
	for k := range total {
		total[k] = math.Exp(2*(math.Log(v)-float64(k)*c.h)) + c.best[last][k]
		least = min(least, total[k])
	}
	width := math.Exp(2 * float64(len(c.omega)) * c.h)
	low, high = least/width, least
	for k, w := range total {
		if w > least*width || k > 0 && total[k-1] < w || k+1 < len(total) && total[k+1] < w {
			continue
		}
		x := make([]float64, len(c.omega))
		rest := k
		for i := last; i >= 0; i-- {
			j := c.from[i][rest]
			x[i] = float64(j) * c.h
			rest -= j
		}
		high = min(high, c.polish(v, x))
	}
	return low, high
}

// polish is a pattern search along the axes and along exchanges of two factors.
func (c *enclosure) polish(v float64, x []float64) float64 {
	value := func() float64 {
		sum, w := 0.0, 0.0
		for i, f := range c.omega {
			if x[i] < 0 {
				return math.Inf(1)
			}
			sum += x[i]
			w += f(x[i])
		}
		return v*math.Exp(-sum)*(v*math.Exp(-sum)) + w
	}
	best := value()
	for step := c.h; step > 1e-9; step /= 2 {
		for range 50 {
			before := best
			for i := range x {
				for j := range x {
					for _, d := range []float64{step, -step} {
						xi, xj := x[i], x[j]
						x[i] += d
						if j != i {
							x[j] -= d
						}
						if w := value(); w < best {
							best = w
						} else {
							x[i], x[j] = xi, xj
						}
					}
				}
			}
			if best == before {
				break
			}
		}
	}
	return best
}

// A rough penalty has steps of any steepness.
func rough(t *testing.T, name string, base float64, steps ...[3]float64) (Penalty, func(x float64) float64) {
	t.Helper()
	omega := func(e float64) float64 {
		w := base * e * e
		for _, s := range steps { // height, place of s − 1, steepness
			height, place, steep := s[0], s[1], s[2]
			w += height * (1/(1+math.Exp(-steep*(math.Abs(e)-place))) - 1/(1+math.Exp(steep*place)))
		}
		return w
	}
	p, err := CustomExcess(name, omega)
	if err != nil {
		t.Fatal(err)
	}
	return p, func(x float64) float64 { return omega(math.Expm1(x)) }
}

// A single penalty, or several, and ω(eˣ) of each factor written once more.
type shape struct {
	p     Penalty
	omega func(x float64) float64
}

func shapes(t *testing.T) []shape {
	of := func(i int, l float64) shape {
		f := formulas(l)[i]
		return shape{f.p, func(x float64) float64 { return f.omega(math.Expm1(x)) }}
	}
	steep, steepOmega := rough(t, "steep", 0.05, [3]float64{2, 2, 200})
	stairs, stairsOmega := rough(t, "stairs", 0.02, [3]float64{0.5, 0.31, 1e5}, [3]float64{0.7, 0.9, 40}, [3]float64{1, 3.7, 3e3}, [3]float64{4, 9.1, 500})
	return []shape{
		of(0, 1), of(0, 0.1), of(1, 1), of(1, 0.2), of(2, 1), of(3, 1), of(4, 1), of(5, 0.5), of(7, 1), of(9, 0.3),
		{steep, steepOmega}, {stairs, stairsOmega},
	}
}

// Values of v from where nothing happens to where every factor has left 1, and
// the two of the faults once found.
func values() []float64 {
	vs := []float64{2.77, 3.33}
	for i := range 33 {
		vs = append(vs, math.Pow(10, float64(i)/12-0.7))
	}
	return vs
}

func inside(t *testing.T, name string, c *enclosure, p Penalty, v float64) {
	t.Helper()
	low, high := c.at(v)
	if got := p.Effective(v); !(got <= high*(1+1e-10) && got >= low) {
		t.Errorf("%s at v = %.17g: ω̃ = %.15g, but %.15g is reached and the least possible is %.15g", name, v, got, high, low)
	}
}

func TestSingleInEnclosure(t *testing.T) {
	for _, s := range shapes(t) {
		c := enclose(5e-4, 9, s.omega)
		for _, v := range values() {
			inside(t, s.p.Name(), c, s.p, v)
		}
	}
}

func TestPairsInEnclosure(t *testing.T) {
	all := shapes(t)
	for i, f := range all {
		for j := range i + 1 {
			g := all[j]
			p, q := InfConv(f.p, g.p), InfConv(g.p, f.p)
			c := enclose(0.01, 9, f.omega, g.omega)
			for k, v := range values() {
				if k%2 == (i+j)%2 && k > 1 {
					continue
				}
				inside(t, p.Name(), c, p, v)
				a, b := p.Split(v)
				u := v / (1 + a) / (1 + b)
				near(t, fmt.Sprintf("%s at %v: value of the split", p.Name(), v), u*u+costOf(f.p, a)+costOf(g.p, b), p.Effective(v), 1e-10)
				near(t, fmt.Sprintf("%s at %v: sides exchanged", p.Name(), v), q.Effective(v), p.Effective(v), 1e-10)
			}
		}
	}
}

// Pairs as sides of pairs, in both nestings and all on one side.
func TestPairsInPairsInEnclosure(t *testing.T) {
	all := shapes(t)
	r := rand.New(rand.NewPCG(5, 8))
	triples := [][3]int{{6, 0, 2}, {6, 6, 2}, {5, 6, 6}, {10, 0, 6}, {11, 10, 6}}
	for range 12 {
		triples = append(triples, [3]int{r.IntN(len(all)), r.IntN(len(all)), r.IntN(len(all))})
	}
	for _, at := range triples {
		f, g, h := all[at[0]], all[at[1]], all[at[2]]
		c := enclose(0.02, 9, f.omega, g.omega, h.omega)
		vs := values()
		for i, v := range append(vs[:2:2], vs[2+r.IntN(9)], vs[11+r.IntN(8)], vs[20+r.IntN(12)]) {
			p := InfConv(f.p, InfConv(g.p, h.p))
			inside(t, p.Name(), c, p, v)
			if i > 1 {
				continue
			}
			for _, q := range []Pair{
				InfConv(InfConv(f.p, g.p), h.p), InfConv(Identity(), InfConv(InfConv(h.p, f.p), g.p)), InfConv(InfConv(g.p, InfConv(f.p, h.p)), InfConv(Identity(), Identity())),
			} {
				inside(t, q.Name(), c, q, v)
			}
		}
	}
}
