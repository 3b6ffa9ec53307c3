package solver

import (
	"context"
	"fmt"
	"time"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/tangentfeatures/gonb-atf/atf/internal/feature"
	"github.com/tangentfeatures/gonb-atf/atf/internal/linalg"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A System is a problem ready to be solved: min over β of Ω̃(β) + L(Gβ).
type System struct {
	// Outputs is C; G has nC rows, example-major.
	Outputs int
	Rows    int
	// Blocks are the columns of G, whose coefficients are one after the other in β.
	Blocks []feature.Block
	// Parts divide the blocks between them, in order.
	Parts []Span
	// Loss is L.
	Loss Loss
}

// A Span is a part with the blocks [Lo, Hi) that it acts on.
type Span struct {
	Part
	Name   string // in errors
	Lo, Hi int
}

// offsets gives where the coefficients of every block begin, and their number.
func offsets(blocks []feature.Block) []int {
	at := make([]int, 1, len(blocks)+1)
	for i, b := range blocks {
		out, in := b.Shape()
		at = append(at, at[i]+out*in)
	}
	return at
}

// Memory estimates what solving takes besides the features: the steps of the
// quasi-Newton method, which plain alternation does not keep, the directions,
// and the Gram matrices of the blocks.
func Memory(blocks []feature.Block, alternation bool) int64 {
	const directions = 8
	var scratch, kept int64
	for _, b := range blocks {
		scratch, kept = max(scratch, b.Bytes(feature.Scalar(1))), kept+b.Kept()
	}
	vectors := int64(directions)
	if !alternation {
		vectors += 2 * memorySteps
	}
	return 8*int64(offsets(blocks)[len(blocks)])*vectors + scratch + kept
}

// placed is a span with the coefficients [from, to).
type placed struct {
	Span
	from, to int
}

func (p placed) of(v []float64) []float64 { return v[p.from:p.to] }

// objective is the function to be minimised, with the matrices that its
// evaluations share.
type objective struct {
	sys       *System
	loss      Loss
	parts     []placed // as smoothed and scaled now
	at        []int    // where the coefficients of the blocks begin
	size      int      // coefficients
	fixedGram blas64.General
	gram      []float64 // K_W and its work space
	scratch   feature.Scratch
	ctx       context.Context
	phase     func(what string, done, total int)
	whole     bool // Gram matrices are finished whatever the context says
}

// interrupted is the context's error, if it ended.
func (o *objective) interrupted() error {
	if err := o.ctx.Err(); err != nil {
		return fmt.Errorf("atf: solve interrupted: %w", err)
	}
	return nil
}

func newObjective(ctx context.Context, sys *System, phase func(what string, done, total int)) (*objective, error) {
	o := &objective{ctx: ctx, phase: phase, sys: sys, loss: sys.Loss, at: offsets(sys.Blocks)}
	o.size = o.at[len(sys.Blocks)]
	for _, sp := range sys.Parts {
		o.parts = append(o.parts, placed{sp, o.at[sp.Lo], o.at[sp.Hi]})
	}
	o.fixedGram = linalg.New(sys.Rows, sys.Rows)
	o.gram = make([]float64, sys.Rows*sys.Rows)
	for _, sp := range o.parts {
		if sp.Fixed() {
			for i := sp.Lo; i < sp.Hi; i++ {
				if err := o.addGram(i, feature.Scalar(1), o.fixedGram); err != nil {
					return nil, err
				}
			}
		}
	}
	return o, nil
}

// patience is how long a Gram matrix may take before the context ends it: a solve
// that is interrupted at once still gives the regression it begins with.
var patience = progress.Patience

// addGram adds the Gram matrix of block i with the weight between to k. The error
// is the context's, where that ended it.
func (o *objective) addGram(i int, w feature.Weight, k blas64.General) error {
	const what = "Gram matrix"
	blocks := len(o.sys.Blocks)
	o.phase(what, i, blocks)
	o.scratch.Piece = func(done, total int) { o.phase(what, i*total+done, blocks*total) }
	began, ended := time.Now(), error(nil)
	o.scratch.Interrupted = func() error {
		if !o.whole && time.Since(began) >= patience {
			ended = o.interrupted()
		}
		return ended
	}
	o.sys.Blocks[i].Gram(w, k, &o.scratch)
	return ended
}

// apply is Gβ.
func (o *objective) apply(beta []float64) []float64 {
	g := make([]float64, o.sys.Rows)
	for i, b := range o.sys.Blocks {
		b.Apply(beta[o.at[i]:o.at[i+1]], g)
	}
	return g
}

// adjoint is Gᵀα.
func (o *objective) adjoint(alpha []float64) []float64 {
	beta := make([]float64, o.size)
	for i, b := range o.sys.Blocks {
		b.Adjoint(alpha, beta[o.at[i]:o.at[i+1]])
	}
	return beta
}

// kinked says that a penalty has its minimum at 0 and needs smoothing.
func (o *objective) kinked() bool {
	for _, sp := range o.parts {
		if sp.Kinked() {
			return true
		}
	}
	return false
}

// radial gives ω̃ where the problem is to minimise ω̃(‖β‖) with an exact fit.
func (o *objective) radial() (omega penalty.Penalty, ok bool) {
	if len(o.parts) != 1 || !o.loss.Exact() {
		return nil, false
	}
	return o.parts[0].Radial()
}

// convex says that the problem is known to have one minimum: every Ω̃ is convex,
// or the problem is radial (Theorem 1).
func (o *objective) convex() bool {
	for _, sp := range o.parts {
		if !sp.Convex() {
			_, ok := o.radial()
			return ok
		}
	}
	return true
}
