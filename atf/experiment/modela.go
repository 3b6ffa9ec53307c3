package experiment

import (
	"context"
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// A ModelATrial puts the paper's Model A (section 3.2) on trial. Make it with
// ModelA, end with Run. Setters return a changed copy.
type ModelATrial struct {
	seg      nn.Segment
	x        mat.Matrix
	nodes    int
	starts   int
	ridges   []float64
	seed     uint64
	ctx      context.Context
	progress Progress
}

// ModelA asks how much of what training did to a network's features, from seg.From
// to seg.To, is what Model A allows. The paper assumes that the average features
// of a trained network are the initial ones transformed layer by layer,
//
//	Ḡ_i = Aᵀ G_i B,   G_i = ∂f_0(x_i)/∂W,   Ḡ_i = ∫₀¹ ∂f_θ(t)(x_i)/∂W dt,
//
// with one A (out × out) and one B (in × in) for all examples x_i, the rows of x
// (n × d). That holds exactly for no network; the trial fits A and B by least
// squares to one half of the examples and measures on the other.
func ModelA(seg nn.Segment, x mat.Matrix) ModelATrial {
	return ModelATrial{seg: seg, x: x, nodes: 20, starts: 3, ridges: []float64{10, 1, 0.1, 0.01, 1e-3}, ctx: context.Background()}
}

// Nodes is the number of midpoints of the segment over which Ḡ is averaged.
// Default: 20.
func (t ModelATrial) Nodes(n int) ModelATrial { t.nodes = n; return t }

// Starts is the number of beginnings of the alternation: the identity, and
// others at random. Default: 3.
func (t ModelATrial) Starts(n int) ModelATrial { t.starts = n; return t }

// Ridges are the ridges from which held-out examples choose, each above 0, in
// units of the mean eigenvalue of the normal equations. Default: 10, 1, …, 10⁻³.
func (t ModelATrial) Ridges(ridges ...float64) ModelATrial { t.ridges = ridges; return t }

// Seed draws the halves and the random starts. Default: 0.
func (t ModelATrial) Seed(seed uint64) ModelATrial { t.seed = seed; return t }

// Context lets the trial be interrupted between fits; nil stands for none.
func (t ModelATrial) Context(ctx context.Context) ModelATrial { t.ctx = ctx; return t }

// Progress has every finished layer reported.
func (t ModelATrial) Progress(f Progress) ModelATrial { t.progress = f; return t }

// A Share says how much of the average gradients a transformation of the initial
// ones explains: 1 where it gives them exactly.
type Share struct {
	Seen, New float64 // 1 − Σ‖Ḡ_i − prediction‖²/Σ‖Ḡ_i‖² over the examples of the fit, and over new ones
	// Change is 1 − Σ‖Ḡ_i − prediction‖²/Σ‖Ḡ_i − G_i‖² over new examples: the
	// share of what training changed. A = B = I has 0, and what is worse than no
	// change is below.
	Change float64
}

// A ModelAVerdict is how Model A came out of its trial.
type ModelAVerdict struct {
	Layers    []ModelALayer // those with parameters, from the first to the last
	Seen, New []int         // the rows of x to which A and B were fitted, and those on which they were measured
	Residual  float64       // of the quadrature, eq. (2): Average.Residual of package tangent
}

// A ModelALayer is the trial of one layer. All fits have the ridge that a third
// of the seen half chose after a fit to the other two thirds.
type ModelALayer struct {
	Layer, In, Out int
	// Size is Σ‖Ḡ_i‖² and Moved is Σ‖Ḡ_i − G_i‖² over the new examples.
	Size, Moved float64
	// C, A and B give c AᵀG_iB, Ridge belongs to them. Trace is the objective
	// after every step of the alternation, Starts at the end from every start.
	C             float64
	A, B          *mat.Dense
	Ridge         float64
	Trace, Starts []float64
	Unchanged     Share // A = B = I, c = 1
	Scaled        Share // A = B = I, the best c
	ModelA        Share // the best c, A and B; of the last layer, A = I
	Layerwise     Share // any linear map of this layer's gradients
	Full          Share // any linear map of all layers' gradients
	// Shuffled is Model A fitted and measured where every example has the change
	// Ḡ − cG of another example: what is explained then belongs to no example.
	Shuffled Share
	// KernelStart and KernelModelA are the Frobenius cosines of the layer's K₀ and
	// of the kernel of c AᵀG_iB with the layer's K̄, over the new examples.
	KernelStart, KernelModelA float64
}

// Change is the share of what training changed in all layers together at new
// examples, for one of the transformations of a ModelALayer. Layers that did not
// move count for nothing.
func (v *ModelAVerdict) Change(of func(*ModelALayer) Share) float64 {
	explained, moved := 0.0, 0.0
	for l := range v.Layers {
		y := &v.Layers[l]
		explained, moved = explained+of(y).Change*y.Moved, moved+y.Moved
	}
	return explained / moved
}

// halves are the parts of the examples: fit and choose are those seen.
type halves struct{ fit, choose, seen, fresh []int }

func (t ModelATrial) halves(n int) halves {
	order := rand.New(rand.NewPCG(t.seed, 10)).Perm(n)
	seen := order[:n/2]
	cut := len(seen) * 2 / 3
	return halves{fit: seen[:cut], choose: seen[cut:], seen: seen, fresh: order[n/2:]}
}

func (t ModelATrial) check() error {
	n, _ := t.x.Dims()
	switch {
	case n < 12:
		return fmt.Errorf("experiment: Model A on trial: %d examples: half are for the fit, a third of which chooses the ridge: give 12 or more", n)
	case t.starts < 1:
		return fmt.Errorf("experiment: Model A on trial: Starts(%d): one start at least is needed", t.starts)
	case len(t.ridges) == 0:
		return fmt.Errorf("experiment: Model A on trial: no ridge to choose from")
	}
	for _, r := range t.ridges {
		if !(r > 0) || r > 1e12 {
			return fmt.Errorf("experiment: Model A on trial: the ridge %v: it must be above 0 and at most 1e12", r)
		}
	}
	return linalg.Finite("experiment: the matrix of examples", linalg.General(t.x))
}

// Run holds the trial. Biases have no part in it: Model A transforms matrices.
//
// Errors: two ends of different architectures, or the same; a network of several
// outputs or with layers that are not dense; fewer than 12 examples, or of the
// wrong size, or not finite; no start; ridges that are not above 0 or leave the
// equations singular; a layer whose gradients are all 0 at the start; a request
// beyond the memory budget (about nodes·n·Σ(in + out) numbers for the factors);
// the context's error.
func (t ModelATrial) Run() (*ModelAVerdict, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	x := mat.DenseCopyOf(t.x)
	pairs, err := gatherPairs(t.seg, x, t.nodes)
	if err != nil {
		return nil, err
	}
	start, err := tangent.At(t.seg.From, x)
	if err != nil {
		return nil, err
	}
	mean, err := tangent.Along(t.seg, x).Nodes(t.nodes).Average()
	if err != nil {
		return nil, err
	}
	n, _ := x.Dims()
	parts := t.halves(n)
	v := &ModelAVerdict{Seen: parts.seen, New: parts.fresh, Residual: mean.Residual}
	k0, err := start.WithoutBiases().Kernel()
	if err != nil {
		return nil, err
	}
	for l, p := range pairs {
		c := layerCase{ModelATrial: t, pairs: p, halves: parts, all: k0}
		if c.start, err = start.WithoutBiases().LayerKernel(l); err != nil {
			return nil, err
		}
		if c.mean, err = mean.WithoutBiases().LayerKernel(l); err != nil {
			return nil, err
		}
		layer, err := c.run()
		if err != nil {
			return nil, err
		}
		v.Layers = append(v.Layers, *layer)
		t.progress.Send(progressOf(l+1, len(pairs)))
	}
	return v, nil
}
