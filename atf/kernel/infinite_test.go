package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
	"testing/quick"

	"gonum.org/v1/gonum/mat"
)

// polar integrates φ-moments of a normal pair in polar coordinates: the ReLU
// is positively homogeneous, so the radius integrates to a constant and the
// angle is left to the midpoint rule.
func polar(c, a, b float64) (value, slope float64) {
	const steps = 200000
	l11 := math.Sqrt(a)
	l21 := c / l11
	l22 := math.Sqrt(math.Max(0, b-l21*l21))
	for i := range steps {
		angle := (float64(i) + 0.5) * 2 * math.Pi / steps
		u, v := l11*math.Cos(angle), l21*math.Cos(angle)+l22*math.Sin(angle)
		if u > 0 && v > 0 {
			value += 2 * u * v / steps // E r² = 2
			slope += 1.0 / steps
		}
	}
	return value, slope
}

func TestArcCosine(t *testing.T) {
	for _, p := range [][3]float64{{0.3, 1, 2}, {-1.2, 1, 2}, {1.4, 1, 2}, {0, 3, 0.1}, {0.99, 1, 1}, {-0.99, 1, 1}} {
		v, s := arcCosine(p[0], p[1], p[2])
		wv, ws := polar(p[0], p[1], p[2])
		near(t, "value", v, wv, 1e-8)
		near(t, "slope", s, ws, 1e-5)
	}
	v, s := arcCosine(2, 2, 2)
	near(t, "equal", v, 1, 1e-15)
	near(t, "equal", s, 0.5, 0)
	v, s = arcCosine(-2, 2, 2)
	near(t, "opposite", v, 0, 0)
	near(t, "opposite", s, 0, 0)
}

// drawn is a network made at random, with its output and NTK for inputs x.
func drawn(rng *rand.Rand, x *mat.Dense, widths []int, weight, bias float64, standard bool) (out []float64, ntk *mat.Dense) {
	n, d := x.Dims()
	var w []*mat.Dense
	fans := append([]int{d}, widths...)
	sizes := append(append([]int(nil), widths...), 1)
	h, act := []*mat.Dense{x}, []*mat.Dense{}
	for l, size := range sizes {
		m := mat.NewDense(fans[l], size, nil)
		for i := range m.RawMatrix().Data {
			m.RawMatrix().Data[i] = rng.NormFloat64() * math.Sqrt(weight/float64(fans[l]))
		}
		b := make([]float64, size)
		for i := range b {
			b[i] = rng.NormFloat64() * math.Sqrt(bias)
		}
		var a, next mat.Dense
		a.Mul(h[l], m)
		a.Apply(func(_, j int, v float64) float64 { return v + b[j] }, &a)
		next.Apply(func(_, _ int, v float64) float64 { return math.Max(v, 0) }, &a)
		w, act, h = append(w, m), append(act, &a), append(h, &next)
	}
	ntk = mat.NewDense(n, n, nil)
	delta := mat.NewDense(n, 1, nil)
	delta.Apply(func(_, _ int, _ float64) float64 { return 1 }, delta)
	for l := len(sizes) - 1; l >= 0; l-- {
		var dd, hh mat.Dense
		dd.Mul(delta, delta.T())
		hh.Mul(h[l], h[l].T())
		gw, gb := weight/float64(fans[l]), bias
		if standard {
			gw, gb = 1, 1
		}
		dd.Apply(func(i, j int, v float64) float64 { return v * (gw*hh.At(i, j) + gb) }, &dd)
		ntk.Add(ntk, &dd)
		if l > 0 {
			var back mat.Dense
			back.Mul(delta, w[l].T())
			pre := act[l-1]
			back.Apply(func(i, j int, v float64) float64 {
				if pre.At(i, j) <= 0 {
					return 0
				}
				return v
			}, &back)
			delta = &back
		}
	}
	return mat.Col(nil, 0, act[len(act)-1]), ntk
}

func TestInfiniteAgainstWideNetworks(t *testing.T) {
	x, widths := normal(1, 4, 3), []int{200, 150}
	for _, standard := range []bool{false, true} {
		inf := InfiniteReLU(2).WeightVariance(1.6).BiasVariance(0.2)
		if standard {
			inf = inf.Standard(widths...)
		}
		rng := rand.New(rand.NewPCG(3, 3))
		const draws = 400
		ntk, nngp := mat.NewDense(4, 4, nil), mat.NewDense(4, 4, nil)
		for range draws {
			out, k := drawn(rng, x, widths, 1.6, 0.2, standard)
			k.Scale(1.0/draws, k)
			ntk.Add(ntk, k)
			for i := range out {
				for j := range out {
					nngp.Set(i, j, nngp.At(i, j)+out[i]*out[j]/draws)
				}
			}
		}
		nearMatrix(t, "NTK", must(inf.NTK(x)), ntk, 0.02)
		nearMatrix(t, "NNGP", must(inf.NNGP(x)), nngp, 0.15)
	}
}

func TestInfiniteByHand(t *testing.T) {
	x := mat.NewDense(3, 2, []float64{1, 0, 0, 2, -3, 0})
	var lin mat.Dense
	lin.Mul(x, x.T())
	nearMatrix(t, "depth 0", must(InfiniteReLU(0).NTK(x)), &lin, 1e-15) // σ_w²/d = 1
	k := must(InfiniteReLU(1).NTK(x))
	// Orthogonal inputs: Σ_1 = 0, Λ_1 = √(1·4)/2π, Λ̇_1 = 1/4.
	near(t, "orthogonal", k.At(0, 1), 2*(2/(2*math.Pi)), 1e-14)
	near(t, "diagonal", k.At(1, 1), 4+2*0.5*4, 1e-14)
	near(t, "opposite", k.At(0, 2), 0, 1e-15)
	g := must(InfiniteReLU(3).NNGP(x))
	near(t, "He keeps the variance", g.At(1, 1), 4, 1e-14)
	std := must(InfiniteReLU(1).BiasVariance(0).Standard(50).NTK(x))
	// Layer 2: 50·Λ_1 + 1; layer 1: (2·Λ_0 + 1)·σ_w²·½.
	near(t, "standard", std.At(1, 1), 50*2+1+(4+1)*2*0.5, 1e-13)
	zero := mat.NewDense(2, 2, []float64{0, 0, 1, 1})
	z := must(InfiniteReLU(2).NTK(zero))
	if z.At(0, 0) != 0 || z.At(0, 1) != 0 || !(z.At(1, 1) > 0) {
		t.Errorf("an input of zeros: %v", z.RawMatrix().Data)
	}
}

func TestInfiniteCross(t *testing.T) {
	x, fresh := normal(1, 30, 40), normal(2, 8, 40)
	fresh.SetRow(3, x.RawRowView(5))
	for _, inf := range []Infinite{InfiniteReLU(3), InfiniteReLU(2).BiasVariance(0.1).Standard(64, 32), InfiniteReLU(2).WeightVariance(0.7).NTKParametrization()} {
		all := must(inf.NTK(mat.NewDense(38, 40, append(append([]float64(nil), x.RawMatrix().Data...), fresh.RawMatrix().Data...))))
		cross := must(inf.CrossNTK(fresh, x))
		k := must(inf.NTK(x))
		nearMatrix(t, "cross of all", cross, mat.NewDense(38, 38, all.data).Slice(30, 38, 0, 30), 1e-13)
		nearMatrix(t, "Gram of all", k, mat.NewDense(38, 38, all.data).Slice(0, 30, 0, 30), 1e-13)
		near(t, "the same input", cross.At(3, 5), k.At(5, 5), 1e-13)
		nearMatrix(t, "cross with itself", must(inf.CrossNTK(x, x)), k, 1e-13)
		nearMatrix(t, "NNGP with itself", must(inf.CrossNNGP(x, x)), must(inf.NNGP(x)), 1e-13)
		y := normal(3, 30, 2)
		nearMatrix(t, "regression recovers a training point", must(must(Ridgeless(k, y)).Predict(cross)).Slice(3, 4, 0, 2), y.Slice(5, 6, 0, 2), 1e-8)
	}
	anyThreads(t, "infinite width", func() []float64 { return must(InfiniteReLU(3).NTK(x)).data })
}

func TestInfiniteIsAKernel(t *testing.T) {
	f := func(seed uint64, depth uint8, bias bool) bool {
		inf := InfiniteReLU(int(depth % 5))
		if bias {
			inf = inf.BiasVariance(0.3)
		}
		x := normal(seed, 12, 5)
		for _, k := range []*Gram{must(inf.NTK(x)), must(inf.NNGP(x))} {
			v := must(EigenValues(k)).Values
			if v[11] < -1e-12*v[0] {
				return false
			}
		}
		// The NNGP kernel is the part of the NTK from the last layer.
		ntk, nngp := must(inf.NTK(x)), must(inf.NNGP(x))
		return ntk.At(0, 0) >= nngp.At(0, 0)*(1-1e-12)
	}
	if err := quick.Check(f, &quick.Config{MaxCount: 60}); err != nil {
		t.Error(err)
	}
}

func TestInfiniteRefuses(t *testing.T) {
	x := normal(1, 3, 2)
	for what, inf := range map[string]Infinite{
		"depth": InfiniteReLU(-1), "weight variance of 0": InfiniteReLU(1).WeightVariance(0),
		"bias variance of -1": InfiniteReLU(1).BiasVariance(-1), "2 widths for 1": InfiniteReLU(1).Standard(3, 3),
		"width 0": InfiniteReLU(1).Standard(0), "NaN": InfiniteReLU(1).WeightVariance(math.NaN()),
	} {
		_, err := inf.NTK(x)
		wantError(t, what, err, what)
		_, err = inf.CrossNNGP(x, x)
		wantError(t, what, err, what)
	}
	_, err := InfiniteReLU(1).NTK(mat.NewDense(1, 2, []float64{1, math.NaN()}))
	wantError(t, "NaN", err, "inputs", "column 1")
	_, err = InfiniteReLU(1).NTK(mat.NewDense(1, 1, []float64{1e200}))
	wantError(t, "overflow", err, "range of float64")
	wantError(t, "empty", errorOf(InfiniteReLU(1).NTK(&mat.Dense{})), "0 × 0")
	wantError(t, "dimensions", errorOf(InfiniteReLU(1).CrossNTK(x, normal(1, 3, 3))), "3 × 2", "3 × 3")
	a, b := InfiniteReLU(1), InfiniteReLU(1).BiasVariance(0)
	if a.Fingerprint() == b.Fingerprint() || a.Fingerprint() != InfiniteReLU(1).Fingerprint() {
		t.Error("fingerprints")
	}
	t.Setenv("ATF_MEMORY", "100B")
	_, err = InfiniteReLU(1).NTK(x)
	wantError(t, "budget", err, "infinite-width kernel")
}
