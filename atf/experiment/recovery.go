package experiment

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A Recovery is a phase diagram of sparse recovery: the share of random tasks in
// which the adaptive problem finds a sparse truth. Its fields are for plots and
// to be kept.
type Recovery struct {
	Unknowns, Group, Trials int

	Equations []float64  // n/P, the columns
	Nonzero   []float64  // k/P, the rows
	Share     *mat.Dense // of the trials that found the truth
}

// found is the relative error of β up to which the truth counts as found.
const found = 1e-3

// Recover solves, for every number n of equations and k of coefficients that
// are not 0 in steps of max(4, group), the given number of random tasks, y = Xβ
// with Gaussian X and β in {0, ±1} sparse by groups of neighbours, at the price
// ω(s) = s² in blocks of that size: basis pursuit for group 1 (appendix A.1),
// where Ω̃ is twice the ℓ₁ norm, and the group norm for more. n runs below the
// number of unknowns, k up to 5/8 of it.
//
// Errors: fewer than 8 unknowns, a group that does not divide them, no trials;
// those of Solve other than a solver that ends before its tolerance, which
// counts as a truth that was not found.
func Recover(unknowns, group, trials int) (*Recovery, error) {
	if unknowns < 8 || group < 1 || unknowns%group != 0 || trials < 1 {
		return nil, fmt.Errorf("experiment: recovery of %d unknowns in groups of %d, %d trials: it takes at least 8 unknowns, groups that divide them and a trial", unknowns, group, trials)
	}
	blocks := make([][]int, unknowns/group)
	for i := range unknowns {
		blocks[i/group] = append(blocks[i/group], i)
	}
	r := &Recovery{Unknowns: unknowns, Group: group, Trials: trials}
	step := max(4, group)
	for n := step; n < unknowns; n += step {
		r.Equations = append(r.Equations, float64(n)/float64(unknowns))
	}
	var shares []float64
	for k := step - step%group; k <= unknowns*5/8; k += step - step%group {
		r.Nonzero = append(r.Nonzero, float64(k)/float64(unknowns))
		for n := step; n < unknowns; n += step {
			hits := 0
			for seed := range uint64(trials) {
				ok, err := recovered(n, k, unknowns, blocks, seed)
				if err != nil {
					return nil, fmt.Errorf("experiment: recovery of %d from %d equations, task %d: %w", k, n, seed, err)
				}
				if ok {
					hits++
				}
			}
			shares = append(shares, float64(hits)/float64(trials))
		}
	}
	r.Share = mat.NewDense(len(r.Nonzero), len(r.Equations), shares)
	return r, nil
}

// recovered is one task. With as many coefficients as equations nothing can be
// found.
func recovered(n, k, unknowns int, blocks [][]int, seed uint64) (bool, error) {
	if k >= n {
		return false, nil
	}
	group := len(blocks[0])
	set, err := data.SparseLinear(n, unknowns, k/group).Groups(group).Seed(seed).Load()
	if err != nil {
		return false, err
	}
	problem := atf.FromFeatures(set.X).Targets(set.Y).Blocks(penalty.Nuclear(1), blocks...)
	s, err := problem.Tolerance(1e-4).Solve()
	var limit *atf.LimitError
	var stalled *atf.StalledError
	switch {
	case errors.As(err, &limit), errors.As(err, &stalled):
		return false, nil
	case err != nil:
		return false, err
	}
	return floats.Distance(s.Beta, set.Truth, 2) < found*floats.Norm(set.Truth, 2), nil
}

// Halfway is the n/P at which recovery goes through one half in row i, by the
// area above the curve. It panics when there is no such row.
func (r *Recovery) Halfway(i int) float64 {
	step := r.Equations[1] - r.Equations[0]
	at := step / 2
	for j := range r.Equations {
		at += (1 - r.Share.At(i, j)) * step
	}
	return at
}

// RecoveryThreshold is the share n/P of random equations above which the convex
// problem finds a truth of which a share κ of the coefficients, in groups of b,
// is not 0 (Donoho and Tanner 2009 for b = 1; in this form Amelunxen, Lotz, McCoy
// and Tropp 2014, the statistical dimension of the norm's descent cone):
//
//	δ_b(κ) = min over τ ≥ 0 of κ(1 + τ²/b) + (1 − κ)/b · E[(χ_b − τ)₊²],
//
// χ_b the length of a standard normal vector in b dimensions. The expectation is
// a Gauss–Legendre sum, the minimum is found by Nelder and Mead. It is an error
// unless 0 < κ < 1 and b ≥ 1.
func RecoveryThreshold(kappa float64, b int) (float64, error) {
	if !(kappa > 0 && kappa < 1) || b < 1 {
		return 0, fmt.Errorf("experiment: no recovery threshold for a share %g in groups of %d: the share must lie between 0 and 1, a group has at least one", kappa, b)
	}
	size := float64(b)
	lgamma, _ := math.Lgamma(size / 2)
	tail := func(tau float64) float64 { // E[(χ − τ)₊²]
		return quad.Fixed(func(r float64) float64 {
			return math.Pow(r-tau, 2) * math.Exp((size-1)*math.Log(r)-r*r/2-(size/2-1)*math.Ln2-lgamma)
		}, tau, tau+math.Sqrt(size)+12, 200, nil, 0)
	}
	share := func(x []float64) float64 {
		tau := math.Abs(x[0])
		return kappa*(1+tau*tau/size) + (1-kappa)/size*tail(tau)
	}
	result, err := optimize.Minimize(optimize.Problem{Func: share}, []float64{1}, nil, &optimize.NelderMead{})
	if err != nil {
		return 0, fmt.Errorf("experiment: recovery threshold of %g in groups of %d: %w", kappa, b, err)
	}
	return result.F, nil
}
