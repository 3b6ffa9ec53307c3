package brute

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Joint is eq. (4) as it stands,
//
//	min over M, θ of ‖θ‖² + Σ_j ω(σ_j(M))  subject to  ŷ = GMθ,
//
// over all entries of M and θ. Features is G, n × P, Targets is ŷ, n × 1.
type Joint struct {
	Features, Targets mat.Matrix
	Omega             func(s float64) float64
	Diagonal          bool // M is diagonal (appendix A.1); else any matrix
}

// A Pair is M (P × P) and θ (P) with their price ‖θ‖² + Ω(M).
type Pair struct {
	M     *mat.Dense
	Theta *mat.VecDense
	Price float64
}

// Beta is β = Mθ, P × 1: the coefficients that meet the data.
func (p *Pair) Beta() *mat.Dense { return product(p.M, p.Theta) }

// Square is MMᵀ, which unlike M is determined by the problem.
func (p *Pair) Square() *mat.Dense { return product(p.M, p.M.T()) }

// Price is ‖θ‖² + Σ_j ω(σ_j(M)), the price of eq. (4) with eq. (6). It is NaN or
// +Inf where M holds such an entry.
func Price(m mat.Matrix, theta mat.Vector, omega func(s float64) float64) float64 {
	price := mat.Dot(theta, theta)
	s, ok := singularValues(m)
	if !ok {
		return math.Inf(1)
	}
	for _, v := range s {
		price += omega(v)
	}
	return price
}

// RandomPairs are count pairs in P dimensions, always the same: θ of standard
// normal entries, and M = I plus normal entries whose standard deviation is
// itself random, between 0 and 0.3. It panics when P or count is negative.
func RandomPairs(p, count int, omega func(s float64) float64) []Pair {
	random := rand.New(rand.NewPCG(1, 2))
	pairs := make([]Pair, count)
	for k := range pairs {
		m, theta := mat.NewDense(p, p, nil), mat.NewVecDense(p, nil)
		spread := 0.3 * random.Float64()
		for i := range p {
			theta.SetVec(i, random.NormFloat64())
			for j := range p {
				m.Set(i, j, spread*random.NormFloat64())
			}
			m.Set(i, i, m.At(i, i)+1)
		}
		pairs[k] = Pair{M: m, Theta: theta, Price: Price(m, theta, omega)}
	}
	return pairs
}

// Descend goes down from one random start, by BFGS with derivatives by
// differences. The constraint is kept by moving θ to the nearest point that
// fits. Eq. (4) is not convex in M and θ, and one start may end above another:
// see Best. Errors: shapes that do not fit; no penalty; a search that has no
// result.
func (j Joint) Descend(seed uint64) (*Pair, error) {
	n, p := j.Features.Dims()
	if r, c := j.Targets.Dims(); r != n || c != 1 {
		return nil, fmt.Errorf("brute: the targets are %d × %d for %d × %d features: they must be %d × 1", r, c, n, p, n)
	}
	if j.Omega == nil {
		return nil, fmt.Errorf("brute: the joint problem has no penalty: set Omega")
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var start []float64
	for i := range p {
		for k := range p {
			switch {
			case i == k:
				start = append(start, 1+0.5*random.Float64())
			case !j.Diagonal:
				start = append(start, 0.5*random.NormFloat64())
			}
		}
	}
	for range p {
		start = append(start, random.NormFloat64())
	}
	price := func(x []float64) float64 {
		m, theta := j.unpack(x)
		return Price(m, theta, j.Omega)
	}
	task := optimize.Problem{Func: price, Grad: func(grad, x []float64) {
		fd.Gradient(grad, price, x, &fd.Settings{Formula: fd.Central})
	}}
	settings := &optimize.Settings{GradientThreshold: 1e-7, MajorIterations: 10_000}
	result, err := optimize.Minimize(task, start, settings, &optimize.BFGS{})
	if result == nil {
		return nil, fmt.Errorf("brute: no result from start %d: %w", seed, err)
	}
	// Where rounding ended the line search, err says so and the best point counts.
	m, theta := j.unpack(result.X)
	return &Pair{M: m, Theta: theta, Price: result.F}, nil
}

// Best is the cheapest end of the starts with the seeds 0 … starts−1. Errors:
// no start; those of Descend.
func (j Joint) Best(starts int) (*Pair, error) {
	if starts < 1 {
		return nil, fmt.Errorf("brute: %d starts: at least one is needed", starts)
	}
	var best *Pair
	for seed := range uint64(starts) {
		p, err := j.Descend(seed)
		if err != nil {
			return nil, err
		}
		if best == nil || p.Price < best.Price {
			best = p
		}
	}
	return best, nil
}

// unpack gives M, and the θ nearest to the one in x with GMθ = ŷ.
func (j Joint) unpack(x []float64) (m *mat.Dense, theta *mat.VecDense) {
	_, p := j.Features.Dims()
	m = mat.NewDense(p, p, nil)
	for i := range p {
		if j.Diagonal {
			m.Set(i, i, x[i])
		} else {
			m.SetRow(i, x[i*p:(i+1)*p])
		}
	}
	theta = mat.VecDenseCopyOf(mat.NewVecDense(p, x[len(x)-p:]))
	a := product(j.Features, m)
	off, step := product(a, theta), mat.Dense{}
	off.Sub(j.Targets, off)
	if step.Solve(a, off) == nil {
		theta.AddVec(theta, step.ColView(0))
	}
	return m, theta
}
