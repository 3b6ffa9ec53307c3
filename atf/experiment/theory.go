package experiment

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// An Adapted is a theorem's kernel for one λ of the penalty λ(s−1)², with what
// belongs to it.
type Adapted struct {
	Lambda       float64
	Kernel       *kernel.Gram
	Layers       Layers      // the kernel's parts; nil for Theorem 1, which has none
	Sigma        [][]float64 // the singular values of β by layer; nil for Theorem 1
	Stationarity float64
	Line         string // how well the problem was solved, in words
}

// A Probe is a run with what training made of its kernel at some of its images.
type Probe struct {
	*Run
	*LayerKernels              // Start and Mean: K₀ and K̄ by layer
	At            *data.Set    // the images, with the teacher's outputs y as targets
	Y             []float64    // these outputs
	K0, Bar       *kernel.Gram // K₀ and K̄
}

// A Theory is what both theorems say of a run's kernel at the images of a probe.
// They know the student at its start, the targets and the price λ, and nothing
// of the training.
type Theory struct {
	*Probe
	First, Second []Adapted // of Theorem 1 and Theorem 2, one for each λ
}

// Probe takes the first n of the run's images. It is an error where there are
// fewer; the others are those of LayerKernels.
func (r *Run) Probe(n int) (*Probe, error) {
	if n < 1 || n > r.Images.N() {
		return nil, fmt.Errorf("experiment: a probe of %d images of a run on %d: take from 1 to %d", n, r.Images.N(), r.Images.N())
	}
	at := r.Images.Head(n)
	k, err := r.LayerKernels(at)
	if err != nil {
		return nil, err
	}
	return &Probe{r, k, at, mat.Col(nil, 0, at.Y), k.Start.Sum(), k.Mean.Sum()}, nil
}

// Problem is eq. (4) for the student at its start and the targets it was trained
// on, at some of the run's images, which have the teacher's outputs y as targets.
// Errors: those of data.Signs.
func (r *Run) Problem(images *data.Set) (*atf.Problem, error) {
	y := images.Y
	if r.Trained == Signs {
		signs, err := data.Signs(y)
		if err != nil {
			return nil, fmt.Errorf("experiment: the targets %s: %w", r.Trained, err)
		}
		y = signs
	}
	return atf.Tangent(r.From, images.X).Targets(y), nil
}

// Theory solves Problem at the probe's images with the penalty λ(s−1)² for one λ
// after the other, each solve beginning with the solution before it: with any
// matrix M (Theorem 1), and with M by layers (Theorem 2). Errors: those of Problem
// and of atf's Path.
func (p *Probe) Theory(lambdas ...float64) (*Theory, error) {
	problem, err := p.Problem(p.At)
	if err != nil {
		return nil, err
	}
	t := &Theory{Probe: p}
	if t.First, err = p.adapted(problem.Unstructured(penalty.Squared(1)), 0, lambdas); err != nil {
		return nil, err
	}
	if t.Second, err = p.adapted(problem.Layerwise(penalty.Squared(1)), len(p.From.ParamLayers()), lambdas); err != nil {
		return nil, err
	}
	return t, nil
}

// Probes takes the probes of Both's runs.
func Probes(runs [2][]*Run, n int) (probes [2][]*Probe, err error) {
	for kind, of := range runs {
		for _, r := range of {
			p, err := r.Probe(n)
			if err != nil {
				return probes, err
			}
			probes[kind] = append(probes[kind], p)
		}
	}
	return probes, nil
}

// Theories takes the theories of all probes.
func Theories(probes [2][]*Probe, lambdas ...float64) (theories [2][]*Theory, err error) {
	for kind, of := range probes {
		for _, p := range of {
			t, err := p.Theory(lambdas...)
			if err != nil {
				return theories, err
			}
			theories[kind] = append(theories[kind], t)
		}
	}
	return theories, nil
}

// Residual is the largest stationarity residual of Theorem 2's solutions.
func (t *Theory) Residual() (worst float64) {
	for _, a := range t.Second {
		worst = max(worst, a.Stationarity)
	}
	return worst
}

// adapted is the path of a problem whose structure has so many layers.
func (r *Run) adapted(problem *atf.Problem, layers int, lambdas []float64) ([]Adapted, error) {
	return keep(r.keep, "what the theory says", func() (all []Adapted, err error) {
		path, err := problem.Path(lambdas...)
		if err != nil {
			return nil, err
		}
		for i, s := range path {
			a := Adapted{Lambda: lambdas[i], Kernel: s.Kernel(), Stationarity: s.Stationarity, Line: s.String()}
			for l := range layers {
				sigma, err := s.SingularValues(l)
				if err != nil {
					return nil, err
				}
				a.Layers, a.Sigma = append(a.Layers, s.LayerKernel(l)), append(a.Sigma, sigma)
			}
			all = append(all, a)
		}
		return all, nil
	}, problem, layers, lambdas)
}
