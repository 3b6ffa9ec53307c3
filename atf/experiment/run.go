package experiment

import (
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// A Run is a student before (From) and after (To) training.
type Run struct {
	Trained Targets    // what it was trained on
	Seed    uint64     // of the student and its teacher
	Images  *data.Set  // with the teacher's outputs y as targets, whatever the student was trained on
	Targets *mat.Dense // the numbers it was trained on, n × 1
	History *nn.History
	nn.Segment
	keep bool
}

// nodes are the equally spaced points of the segment at which the paper takes
// the average of eq. (2).
const nodes = 50

// Kernels are those of Figure 1 for one run.
type Kernels struct {
	Images *data.Set // in the order of y
	Y      []float64 // the teacher's outputs, in rising order
	tangent.SegmentKernels
}

// Kernels takes the kernels of Figure 1 at some of the run's images, in the
// order of y: K₀, K̄ with 50 equally spaced points as in the paper, the final
// kernel and K_ŷ. Images have the teacher's outputs y as targets, as those of
// the run have. Errors are those of tangent's Along and Kernel.
func (r *Run) Kernels(images *data.Set) (*Kernels, error) {
	k := &Kernels{Images: images.OrderBy(mat.Col(nil, 0, images.Y))}
	k.Y = mat.Col(nil, 0, k.Images.Y)
	s, err := keep(r.keep, "kernels", func() (*tangent.SegmentKernels, error) {
		return tangent.Along(r.Segment, k.Images.X).Rule(tangent.Uniform).Nodes(nodes).Kernels()
	}, r.Segment, k.Images)
	if err != nil {
		return nil, err
	}
	k.SegmentKernels = *s
	return k, nil
}

// LayerKernels are the parts that each layer contributes to the kernels of a
// run.
type LayerKernels struct {
	Start, Mean Layers       // of K₀ and K̄
	Labels      *kernel.Gram // K_ŷ, which has no layers
}

// Layers are the parts of one kernel, from the first layer to the last.
type Layers []*kernel.Gram

// Sum is the kernel whose parts these are. It panics when there is no part.
func (k Layers) Sum() *kernel.Gram {
	ones := make([]float64, len(k))
	for l := range ones {
		ones[l] = 1
	}
	return kernel.Combine(ones, k...)
}

// Share is the share of layer l (from 0) in the trace of the kernel. It panics
// when there is no layer l.
func (k Layers) Share(l int) float64 { return k[l].Trace() / k.Sum().Trace() }

// LayerKernels takes the kernels layer by layer at some of the run's images, in
// their order as it is. All else is as for Kernels.
func (r *Run) LayerKernels(images *data.Set) (*LayerKernels, error) {
	return keep(r.keep, "kernels by layer", func() (*LayerKernels, error) {
		start, err := tangent.At(r.From, images.X)
		if err != nil {
			return nil, err
		}
		mean, err := tangent.Along(r.Segment, images.X).Rule(tangent.Uniform).Nodes(nodes).Average()
		if err != nil {
			return nil, err
		}
		k := &LayerKernels{}
		if k.Start, err = start.LayerKernels(); err != nil {
			return nil, err
		}
		if k.Mean, err = mean.LayerKernels(); err != nil {
			return nil, err
		}
		k.Labels, err = kernel.Label(r.OutputChange(images.X))
		return k, err
	}, r.Segment, images)
}
