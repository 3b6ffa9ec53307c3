package atf

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
)

// A Candidate is one value that Choose or ChooseRidge tried, with what its fit
// does on both parts of the examples.
type Candidate struct {
	// Value is λ, with +Inf for M = I, or ρ.
	Value float64
	// The mean loss over the examples of a part: the squared error ‖f(x) − y‖²,
	// or −log of the probability of the label under Logistic and Softmax.
	TrainingLoss, HeldOutLoss float64
	// The share of wrong decisions where the targets are classes, ±1 or one-hot;
	// NaN elsewhere.
	TrainingErrors, HeldOutErrors float64
}

// A Choice is what Choose and ChooseRidge give: the table of candidates, which of
// them was chosen, and its solution.
type Choice struct {
	// Solution is that of the chosen value: on all examples after HoldOut, on the
	// problem's own after Validate.
	Solution *Solution
	// Candidates are in the order in which they were tried.
	Candidates []Candidate
	// Best is the place of the chosen candidate, −1 where the choice ended early.
	Best int
	// Parameter is "λ" or "ρ".
	Parameter string
	// Fitted and HeldOut count the examples that the candidates were fitted on
	// and judged by.
	Fitted, HeldOut int

	key string
}

// Chosen is the candidate that was chosen. It panics where the choice ended
// early, since there is none then.
func (c *Choice) Chosen() Candidate {
	if c.Best < 0 || c.Best >= len(c.Candidates) {
		panic(fmt.Sprintf("atf: no candidate was chosen: the choice of %s ended early", c.Parameter))
	}
	return c.Candidates[c.Best]
}

// Choose solves the problem with all its penalties times λ for every λ, as Path
// does, and takes the one whose fit is best on the held-out part: by the error
// rate where the targets are classes, else by the loss. Among equals the smaller
// loss decides, then the earlier one. The fixed features, M = I, are always the
// first candidate, with λ = +Inf, so the table says what adapting gains or costs,
// and the choice may be not to adapt.
//
// After HoldOut the problem is then solved on all its examples, beginning with
// the transformation that was chosen.
//
// Errors: no λ; a λ that is not finite or not above 0; a structure without a
// penalty, such as M = I; what Validate and HoldOut refused; those of Solve, with
// the λ where it happened. A choice that ends early, by its context for instance,
// comes with the candidates it has, and without a solution unless the last solve
// gave one.
func (v *Validation) Choose(lambdas ...float64) (*Choice, error) {
	if err := v.check("λ", lambdas); err != nil {
		return nil, err
	}
	if !v.problem.adapts() {
		return nil, fmt.Errorf("atf: M = I has no penalty for λ to scale: give M a structure such as Layerwise(penalty.Squared(1)), or choose the ridge by ChooseRidge")
	}
	at := func(p *Problem, lambda float64) *Problem {
		if math.IsInf(lambda, 1) {
			return p.unadapted()
		}
		return p.scaled(lambda)
	}
	return v.choose("λ", append([]float64{math.Inf(1)}, lambdas...), at)
}

// ChooseRidge is Choose for the ρ of the loss, in place of the penalties: with
// the squared loss ‖f − y‖²/ρ where the problem interpolates or has a ridge, else
// with its classification loss. It serves every structure, M = I among them:
// kernel ridge regression with a ridge chosen on held-out examples.
//
// Errors are those of Choose, of which only the last two kinds concern M.
func (v *Validation) ChooseRidge(rhos ...float64) (*Choice, error) {
	if err := v.check("ρ", rhos); err != nil {
		return nil, err
	}
	return v.choose("ρ", rhos, func(p *Problem, rho float64) *Problem {
		if p.loss == lossInterpolation {
			return p.Ridge(rho)
		}
		return p.withLoss(p.loss, rho)
	})
}

func (v *Validation) check(name string, values []float64) error {
	if v.err != nil {
		return v.err
	}
	if len(values) == 0 {
		return fmt.Errorf("atf: a choice needs at least one %s", name)
	}
	for _, value := range values {
		if !(value > 0) || math.IsInf(value, 0) {
			return fmt.Errorf("atf: a choice needs finite %s > 0, got %v", name, value)
		}
	}
	return nil
}

func (v *Validation) choose(name string, values []float64, at func(p *Problem, value float64) *Problem) (*Choice, error) {
	m, _ := v.y.Dims()
	c := &Choice{Best: -1, Parameter: name, Fitted: v.problem.n(), HeldOut: m,
		key: fingerprint.New("atf.Choice/1").String(v.Fingerprint()).String(name).Float(values...).Sum()}
	where := func(k int, err error) error {
		return fmt.Errorf("atf: choosing %s, at %s (%d of %d): %w", name, c.tried(values[k]), k+1, len(values), err)
	}
	next := *v.problem
	var best *Solution
	for k, value := range values {
		s, err := at(&next, value).Solve()
		if err != nil {
			return c, where(k, err)
		}
		candidate, err := v.judge(s)
		if err != nil {
			return c, where(k, err)
		}
		candidate.Value = value
		c.Candidates = append(c.Candidates, candidate)
		if best == nil || v.better(candidate, c.Candidates[c.Best]) {
			best, c.Best = s, k
		}
		if !math.IsInf(value, 1) { // M = I is no start for what adapts
			next.set.warm = s.startFor(v.problem)
		}
	}
	if v.all == nil {
		c.Solution = best
		return c, nil
	}
	whole := *v.all
	if value := values[c.Best]; !math.IsInf(value, 1) {
		whole.set.warm = best.startFor(v.all)
	}
	s, err := at(&whole, values[c.Best]).Solve()
	c.Solution = s
	if err != nil {
		return c, fmt.Errorf("atf: %s was chosen; solving on all %d examples: %w", c.tried(values[c.Best]), v.all.n(), err)
	}
	return c, nil
}

// startFor is the solution where p can begin with its transformation. A problem
// from a Gram matrix has parameters of its own for every set of examples, and
// needs no start: what it can be asked is convex.
func (s *Solution) startFor(p *Problem) *Solution {
	if p.gram != nil {
		return p.set.warm
	}
	return s
}

func (v *Validation) better(a, b Candidate) bool {
	if v.classes && !v.byLoss && a.HeldOutErrors != b.HeldOutErrors {
		return a.HeldOutErrors < b.HeldOutErrors
	}
	return a.HeldOutLoss < b.HeldOutLoss
}

// adapts says that some part of M has a penalty.
func (p *Problem) adapts() bool {
	if !p.layered {
		return p.whole.kind != kindFixed
	}
	for l := range p.numLayers() {
		if k := p.structureOf(l).kind; k != kindFixed && k != kindFrozen {
			return true
		}
	}
	return false
}

// unadapted is the problem with M = I; what is frozen stays so.
func (p Problem) unadapted() *Problem {
	layers := map[int]Structure{}
	for l := range p.numLayers() {
		if p.frozen(l) {
			layers[l] = Frozen()
		}
	}
	p.whole, p.layers, p.layered = Fixed(), layers, len(layers) > 0
	p.sideA, p.sideB, p.set.warm, p.set.warmKey, p.set.lambdaFrom, p.set.lambdaSteps = nil, nil, nil, "", 0, 0
	return &p
}

// crossOf is the block of rows a and columns b of a Gram matrix, c for each
// example.
func crossOf(k blas64.General, a, b []int, c int) *mat.Dense {
	out := mat.NewDense(len(a)*c, len(b)*c, nil)
	for i, from := range a {
		for r := range c {
			row := k.Data[(from*c+r)*k.Stride:]
			for j, to := range b {
				copy(out.RawRowView(i*c + r)[j*c:(j+1)*c], row[to*c:(to+1)*c])
			}
		}
	}
	return out
}

// tried names a value of the parameter.
func (c *Choice) tried(value float64) string {
	if math.IsInf(value, 1) {
		return "M = I"
	}
	return fmt.Sprintf("%s = %g", c.Parameter, value)
}

// Fingerprint names the choice by all that it depends on.
func (c *Choice) Fingerprint() string { return c.key }

// String is the table: the mean loss of every candidate on both parts, for
// classes the share of errors too, and an arrow at the chosen one.
func (c *Choice) String() string {
	var b strings.Builder
	classes := len(c.Candidates) > 0 && !math.IsNaN(c.Candidates[0].HeldOutErrors)
	fmt.Fprintf(&b, "%-10s  %21s", "", "mean loss")
	if classes {
		fmt.Fprintf(&b, "  %21s", "error rate")
	}
	fmt.Fprintf(&b, "\n%-10s  %10s  %9s", "", "fitted", "held out")
	if classes {
		fmt.Fprintf(&b, "  %10s  %9s", "fitted", "held out")
	}
	for k, row := range c.Candidates {
		fmt.Fprintf(&b, "\n%-10s  %10s  %9s", c.tried(row.Value), brief(row.TrainingLoss), brief(row.HeldOutLoss))
		if classes {
			fmt.Fprintf(&b, "  %10.3f  %9.3f", row.TrainingErrors, row.HeldOutErrors)
		}
		if k == c.Best {
			b.WriteString("  ← chosen")
		}
	}
	fmt.Fprintf(&b, "\nfitted on %d examples, judged by %d", c.Fitted, c.HeldOut)
	return b.String()
}

// brief is a loss in three digits; below 10⁻¹² it is the rounding of an exact fit,
// which differs from machine to machine.
func brief(loss float64) string {
	if loss < 1e-12 {
		return "< 1e-12"
	}
	return fmt.Sprintf("%.3g", loss)
}

// A wireChoice is a choice as it is written.
type wireChoice struct {
	Solution        *Solution
	Candidates      []Candidate
	Best            int
	Parameter       string
	Fitted, HeldOut int
	Key             string
}

// GobEncode implements gob.GobEncoder, with the solution as it writes itself.
func (c *Choice) GobEncode() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(wireChoice{c.Solution, c.Candidates, c.Best, c.Parameter, c.Fitted, c.HeldOut, c.key})
	if err != nil {
		return nil, fmt.Errorf("atf: a choice cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// GobDecode implements gob.GobDecoder. Damaged data is an error.
func (c *Choice) GobDecode(data []byte) error {
	var w wireChoice
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&w); err != nil {
		return fmt.Errorf("atf: no choice can be read: %w", err)
	}
	if w.Best < -1 || w.Best >= len(w.Candidates) {
		return fmt.Errorf("atf: no choice can be read: candidate %d of %d was chosen: the data is damaged", w.Best, len(w.Candidates))
	}
	*c = Choice{w.Solution, w.Candidates, w.Best, w.Parameter, w.Fitted, w.HeldOut, w.Key}
	return nil
}
