package experiment

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// noisy draws a limit of ones plus a bias of 0.3 in all entries plus normal
// noise, symmetric, of standard deviation 2.
func noisy(i uint64) ([]*kernel.Gram, error) {
	rng := rand.New(rand.NewPCG(i, 7))
	k := make([]float64, 9)
	for r := range 3 {
		for c := r; c < 3; c++ {
			k[3*r+c] = 1.3 + 2*rng.NormFloat64()
			k[3*c+r] = k[3*r+c]
		}
	}
	return []*kernel.Gram{kernel.NewGram(3, 1, k)}, nil
}

func ones(n int) *kernel.Gram {
	k := make([]float64, n*n)
	for i := range k {
		k[i] = 1
	}
	return kernel.NewGram(n, 1, k)
}

// A known bias and a known standard deviation come back, and the numbers are
// those of plain sums, for any GOMAXPROCS.
func TestAgainstLimits(t *testing.T) {
	e := must(AgainstLimits(40000, noisy, ones(3)))[0]
	if math.Abs(e.Fluctuation-2) > 0.02 || math.Abs(e.Bias()-0.3) > 0.02 {
		t.Errorf("fluctuation %v and bias %v of 2 and 0.3", e.Fluctuation, e.Bias())
	}
	const draws = 150 // more than two blocks
	e = must(AgainstLimits(draws, noisy, ones(3)))[0]
	var mean, dev float64
	var all [draws]*kernel.Gram
	for d := range all {
		all[d] = must(noisy(uint64(d)))[0]
	}
	for r := range 3 {
		for c := range 3 {
			m := 0.0
			for _, k := range all {
				m += k.At(r, c) / draws
			}
			for _, k := range all {
				dev += math.Pow(k.At(r, c)-m, 2) / (draws - 1)
			}
			mean += math.Pow(m-1, 2)
		}
	}
	if e.Draws != draws || math.Abs(e.Distance-math.Sqrt(mean)/3) > 1e-12 || math.Abs(e.Fluctuation-math.Sqrt(dev)/3) > 1e-12 ||
		math.Abs(e.Noise-e.Fluctuation/math.Sqrt(draws)) > 1e-15 {
		t.Errorf("%+v, plainly distance %v, fluctuation %v", *e, math.Sqrt(mean)/3, math.Sqrt(dev)/3)
	}
	before := runtime.GOMAXPROCS(1)
	alone := must(AgainstLimits(draws, noisy, ones(3)))[0]
	runtime.GOMAXPROCS(before)
	if *alone != *e {
		t.Errorf("with one processor %+v, with %d %+v", *alone, before, *e)
	}
}

// A single hidden layer has no bias in the NTK; in the NNGP kernel, which is the
// last layer's part of it, two have one, several times what the noise makes. The
// fluctuation halves with four times the width.
func TestAgainstLimitsOfNetworks(t *testing.T) {
	x := mat.NewDense(5, 5, nil) // orthogonal, so that no entry off the diagonal is near it
	for i := range 5 {
		x.Set(i, i, 1)
	}
	far := func(draws int, widths ...int) (ntk, nngp *LimitError) {
		sizes := append(append([]int{5}, widths...), 1)
		limit := kernel.InfiniteReLU(len(widths))
		e := must(AgainstLimits(draws, func(i uint64) ([]*kernel.Gram, error) {
			f := must(tangent.At(must(nn.MLP(sizes...).NTK().NoBias().Seed(i).Build()), x))
			return []*kernel.Gram{must(f.Kernel()), must(f.LayerKernel(len(widths)))}, nil
		}, must(limit.NTK(x)), must(limit.NNGP(x))))
		return e[0], e[1]
	}
	if e, _ := far(1500, 4); e.Distance > 2.5*e.Noise {
		t.Errorf("one hidden layer: the mean is %v from the limit, and the noise %v", e.Distance, e.Noise)
	}
	_, narrow := far(4000, 2, 2)
	_, wide := far(1000, 8, 8)
	if narrow.Distance < 3*narrow.Noise {
		t.Errorf("two hidden layers: the mean is %v from the limit, and the noise %v", narrow.Distance, narrow.Noise)
	}
	if r := narrow.Fluctuation / wide.Fluctuation; r < 1.7 || r > 3 {
		t.Errorf("four times the width divides the fluctuation by %v", r)
	}
}

func TestAgainstLimitsRefuses(t *testing.T) {
	broken := func(i uint64) ([]*kernel.Gram, error) {
		if i == 70 {
			return nil, errors.New("no more networks")
		}
		return noisy(i)
	}
	fail := func(_ []*LimitError, err error) error { return err }
	for words, err := range map[string]error{
		"1 draws":                          fail(AgainstLimits(1, noisy, ones(3))),
		"no limit":                         fail(AgainstLimits(5, noisy)),
		"limit 1 is a kernel of zeros":     fail(AgainstLimits(5, noisy, ones(3), kernel.NewGram(1, 1, []float64{0}))),
		"3 × 3, and its limit 2 × 2":       fail(AgainstLimits(5, noisy, ones(2))),
		"1 kernels for 2 limits":           fail(AgainstLimits(5, noisy, ones(3), ones(3))),
		"draw 70 of a kernel: no more net": fail(AgainstLimits(200, broken, ones(3))),
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
	few := &LimitError{Distance: 0.1, Noise: 0.2}
	if !math.IsNaN(few.Bias()) {
		t.Errorf("a bias of %v below the noise", few.Bias())
	}
}
