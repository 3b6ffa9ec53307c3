package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
)

// A LimitError says how far the kernels K of random networks of one width are
// from the kernel K_∞ of infinite width. All numbers are relative to ‖K_∞‖, in
// the Frobenius norm.
type LimitError struct {
	Draws       int
	Fluctuation float64 // √E‖K − E K‖², the standard deviation of one draw
	Distance    float64 // ‖mean of the draws − K_∞‖
	Noise       float64 // Fluctuation/√Draws: what Distance would be without a bias
}

// Bias estimates ‖E K − K_∞‖/‖K_∞‖ as √(Distance² − Noise²), whose square has
// the right expectation. It is NaN where the noise is the larger of the two: then
// there are too few draws to see a bias.
func (e *LimitError) Bias() float64 {
	return math.Sqrt(e.Distance*e.Distance - e.Noise*e.Noise)
}

// blockOfDraws are summed by one goroutine, so that the order of the sums does
// not depend on how many there are.
const blockOfDraws = 64

// AgainstLimits takes draws of random networks, draw(0) … draw(draws−1), of which
// each gives one kernel for every limit, and compares them with the limits. It
// calls draw from several goroutines at a time, and keeps none of the kernels.
//
// For the tangent kernel of a network with its hidden layers of width m in the
// NTK parametrisation, Fluctuation falls as m^{−1/2} and the bias as m^{−1} (Hanin
// and Nica, Finite depth and width corrections to the neural tangent kernel, ICLR
// 2020; Dyer and Gur-Ari, Asymptotics of wide networks from Feynman diagrams, ICLR
// 2020). With a single hidden layer there is no bias, as the kernel is a mean over
// the units; with ReLU and no biases there is none on the diagonal.
//
// Errors: fewer than two draws; no limit; a limit of zeros; another number of
// kernels in a draw, or another size, than the limits have; what draw returns.
func AgainstLimits(draws int, draw func(i uint64) ([]*kernel.Gram, error), limits ...*kernel.Gram) ([]*LimitError, error) {
	if draws < 2 {
		return nil, fmt.Errorf("experiment: %d draws of a kernel: a standard deviation needs two at least", draws)
	}
	if len(limits) == 0 {
		return nil, fmt.Errorf("experiment: kernels are to be compared with no limit: give one for every kernel of a draw")
	}
	sizes := make([]float64, len(limits))
	for l, limit := range limits {
		for _, v := range limit.RawMatrix().Data {
			sizes[l] += v * v
		}
		if sizes[l] == 0 {
			return nil, fmt.Errorf("experiment: limit %d is a kernel of zeros: distances relative to it mean nothing", l)
		}
	}
	blocks := make([]drawSums, (draws+blockOfDraws-1)/blockOfDraws)
	par.For(len(blocks), 1, func(lo, hi int) {
		for b := lo; b < hi; b++ {
			blocks[b] = newDrawSums(limits)
			blocks[b].take(limits, b*blockOfDraws, min(draws, (b+1)*blockOfDraws), draw)
		}
	})
	total := newDrawSums(limits)
	for _, b := range blocks {
		if b.err != nil {
			return nil, b.err
		}
		for l := range limits {
			floats.Add(total.sum[l], b.sum[l])
			total.squares[l] += b.squares[l]
		}
	}
	errs := make([]*LimitError, len(limits))
	for l, size := range sizes {
		distance := 0.0
		for _, v := range total.sum[l] {
			distance += v / float64(draws) * v / float64(draws)
		}
		// Rounding alone makes this negative, where all draws are the same.
		variance := max(0, (total.squares[l]-float64(draws)*distance)/float64(draws-1))
		errs[l] = &LimitError{Draws: draws, Fluctuation: math.Sqrt(variance / size), Distance: math.Sqrt(distance / size)}
		errs[l].Noise = errs[l].Fluctuation / math.Sqrt(float64(draws))
	}
	return errs, nil
}

// drawSums are, for every limit, the sums of K − K_∞ and of ‖K − K_∞‖² over draws.
type drawSums struct {
	sum     [][]float64
	squares []float64
	err     error
}

func newDrawSums(limits []*kernel.Gram) drawSums {
	s := drawSums{squares: make([]float64, len(limits))}
	for _, limit := range limits {
		s.sum = append(s.sum, make([]float64, len(limit.RawMatrix().Data)))
	}
	return s
}

func (s *drawSums) take(limits []*kernel.Gram, from, to int, draw func(i uint64) ([]*kernel.Gram, error)) {
	for d := from; d < to; d++ {
		kernels, err := draw(uint64(d))
		if err != nil {
			s.err = fmt.Errorf("experiment: draw %d of a kernel: %w", d, err)
			return
		}
		if len(kernels) != len(limits) {
			s.err = fmt.Errorf("experiment: draw %d gives %d kernels for %d limits: there must be as many", d, len(kernels), len(limits))
			return
		}
		for l, limit := range limits {
			n, rows := limit.SymmetricDim(), kernels[l].SymmetricDim()
			if rows != n {
				s.err = fmt.Errorf("experiment: kernel %d of draw %d is %d × %d, and its limit %d × %d: take both at the same inputs", l, d, rows, rows, n, n)
				return
			}
			want := limit.RawMatrix().Data
			for k, v := range kernels[l].RawMatrix().Data {
				e := v - want[k]
				s.sum[l][k] += e
				s.squares[l] += e * e
			}
		}
	}
}
