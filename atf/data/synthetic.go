package data

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
)

// Inputs makes random inputs with targets from a rule. Its methods return
// changed copies; nothing is drawn before Load.
//
// Inputs, rule and noise have random streams of their own: with the same seed,
// a smaller n gives the first rows of a larger one, and noise changes neither
// inputs nor rule.
type Inputs struct {
	n, d   int
	sphere bool
	sparse bool // linear targets with only k coefficients, or groups, that are not 0
	k      int
	group  int // coefficients in a group
	rule   func(x []float64) float64
	seed   uint64
	noise  float64
	sign   bool
}

// Sphere draws n inputs uniformly from the unit sphere in d dimensions. The
// targets are x·w with a random w of norm √d, so that they have variance 1,
// unless Rule says otherwise. Default seed 0, no noise.
func Sphere(n, d int) Inputs { return Inputs{n: n, d: d, sphere: true, group: 1} }

// Gaussian draws n inputs of d independent standard normal numbers. The
// targets are x·w with a random w of norm 1, so that they have variance 1,
// unless Rule says otherwise. Default seed 0, no noise.
func Gaussian(n, d int) Inputs { return Inputs{n: n, d: d, group: 1} }

// SparseLinear draws n inputs of p independent standard normal numbers with
// targets x·β, where k entries of β, at random places, are −1 or +1 and the
// others 0: the task on which the paper's diagonal structure (appendix A.1)
// finds what the minimum norm does not. The set's Truth is β. Default seed 0,
// no noise.
func SparseLinear(n, p, k int) Inputs { return Inputs{n: n, d: p, sparse: true, k: k, group: 1} }

// Groups makes the k nonzero parts of SparseLinear whole groups of size
// neighbouring coefficients (0 … size−1, size … 2·size−1, and so on): the task
// for a block structure. size must divide the number of inputs.
func (g Inputs) Groups(size int) Inputs { g.group = size; return g }

// Rule sets the targets: y = rule(x), plus noise. The slice is only lent.
func (g Inputs) Rule(rule func(x []float64) float64) Inputs { g.rule = rule; return g }

// Seed sets the seed of everything that is drawn.
func (g Inputs) Seed(seed uint64) Inputs { g.seed = seed; return g }

// Noise adds independent normal noise of this standard deviation to the
// targets.
func (g Inputs) Noise(std float64) Inputs { g.noise = std; return g }

// Signs replaces the targets, noise included, by their signs, −1 or +1 (0
// counts as +1), and gives the set the classes −1 and +1.
func (g Inputs) Signs() Inputs { g.sign = true; return g }

// Load draws the set: X of n × d, Y of n × 1. The error says which number of
// the choice cannot be.
func (g Inputs) Load() (*Set, error) {
	name, err := g.check()
	if err != nil {
		return nil, err
	}
	s := &Set{X: mat.NewDense(g.n, g.d, nil), Y: mat.NewDense(g.n, 1, nil), Name: name,
		Source: fmt.Sprintf("random numbers (seed %d)", g.seed)}
	r := rand.New(rand.NewPCG(g.seed, streamInputs))
	for i := range g.n {
		row := s.X.RawRowView(i)
		square := 0.0
		for square == 0 {
			for j := range row {
				row[j] = r.NormFloat64()
				square += row[j] * row[j]
			}
		}
		if g.sphere {
			norm := math.Sqrt(square)
			for j := range row {
				row[j] /= norm
			}
		}
	}

	rule := g.rule
	if rule == nil {
		s.Truth = g.truth()
		rule = func(x []float64) (y float64) {
			for j, b := range s.Truth {
				y += b * x[j]
			}
			return y
		}
	}
	r = rand.New(rand.NewPCG(g.seed, streamNoise))
	x := make([]float64, g.d)
	for i := range g.n {
		copy(x, s.X.RawRowView(i))
		y := rule(x)
		if math.IsNaN(y) || math.IsInf(y, 0) {
			return nil, fmt.Errorf("%s: the rule gives %v for example %d, counted from 0", name, y, i)
		}
		if g.noise > 0 {
			y += g.noise * r.NormFloat64()
		}
		s.Y.Set(i, 0, y)
	}
	if g.sign {
		s.Classes, s.Labels = []int{-1, 1}, make([]int, g.n)
		for i := range s.Labels {
			s.Labels[i] = 1
			if s.Y.At(i, 0) < 0 {
				s.Labels[i] = -1
			}
			s.Y.Set(i, 0, float64(s.Labels[i]))
		}
	}
	return s, nil
}

// check finds what is wrong with the choice and names the set.
func (g *Inputs) check() (name string, err error) {
	if g.n < 1 || g.d < 1 {
		return "", fmt.Errorf("%d examples of %d inputs: both must be 1 or more", g.n, g.d)
	}
	if !(g.noise >= 0) || math.IsInf(g.noise, 0) {
		return "", fmt.Errorf("noise of standard deviation %v: it must be finite and not negative", g.noise)
	}
	name = fmt.Sprintf("%d Gaussian inputs", g.d)
	if g.sphere {
		name = fmt.Sprintf("unit sphere in %d dimensions", g.d)
	}
	switch {
	case g.group < 1 || g.d%g.group != 0:
		return "", fmt.Errorf("groups of %d coefficients do not divide %d inputs", g.group, g.d)
	case !g.sparse && g.group > 1:
		return "", fmt.Errorf("groups are a choice for SparseLinear")
	case g.sparse && (g.k < 0 || g.k > g.d/g.group):
		return "", fmt.Errorf("%d nonzero of %d: choose 0 … %d", g.k, g.d/g.group, g.d/g.group)
	case g.sparse && g.rule != nil:
		return "", fmt.Errorf("SparseLinear has a rule of its own: use Gaussian with Rule")
	case g.sparse && g.group > 1:
		name = fmt.Sprintf("linear targets, %d of %d groups of %d", g.k, g.d/g.group, g.group)
	case g.sparse:
		name = fmt.Sprintf("linear targets, %d of %d coefficients", g.k, g.d)
	}
	if g.n > math.MaxInt/8/(g.d+2) {
		return "", fmt.Errorf("%d × %d inputs: more than can be addressed", g.n, g.d)
	}
	return name, budget.Check(fmt.Sprintf("%d × %d inputs", g.n, g.d), 8*int64(g.n)*int64(g.d+2), 0, "ask for fewer examples")
}

// truth draws the coefficients of the linear rule.
func (g *Inputs) truth() []float64 {
	r := rand.New(rand.NewPCG(g.seed, streamTruth))
	b := make([]float64, g.d)
	if g.sparse {
		for _, block := range r.Perm(g.d / g.group)[:g.k] {
			for j := range g.group {
				b[block*g.group+j] = float64(2*r.IntN(2) - 1)
			}
		}
		return b
	}
	square := 0.0
	for j := range b {
		b[j] = r.NormFloat64()
		square += b[j] * b[j]
	}
	scale := 1 / math.Sqrt(square)
	if g.sphere {
		scale *= math.Sqrt(float64(g.d))
	}
	for j := range b {
		b[j] *= scale
	}
	return b
}
