package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/order"
	"github.com/tangentfeatures/gonb-atf/atf/kernel"
	"github.com/tangentfeatures/gonb-atf/atf/nn"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

// A Moment is what the tangent features of a student are like after so many steps of
// training: at all images of a probe, at the easy third of them, where the teacher's
// |y| is largest, and at the hard third, where it is smallest.
type Moment struct {
	Step            int
	All, Easy, Hard Aligned
}

// Aligned says how the tangent kernel of the moment, K_t, at some images relates to
// the label kernel K_ŷ = ggᵀ of what training will have changed at its end, g = f − f₀.
type Aligned struct {
	Layers     []float64 // kernel.CKA with K_ŷ of each layer's part of K_t
	Whole      float64   // the same of K_t
	Similarity float64   // kernel.Similarity of K_t with K_ŷ, not centred, as in Figure 1
	Length     float64   // the mean of K_t(x, x)
}

// Moments trains as Train does and looks at the features at the first n images, at
// the start, at perDecade log-spaced steps for each power of ten, and at the end. The
// networks on the way are not kept, what is seen of them is. Errors: those of
// Train; fewer images than n, or an n below 6; perDecade that is not positive; those
// of kernel.CKA, where all of a third's outputs change alike.
func (e Students) Moments(seed uint64, targets Targets, n, perDecade int) ([]Moment, error) {
	r, err := e.student(seed, targets)
	if err != nil {
		return nil, err
	}
	if n < 6 || n > r.Images.N() {
		return nil, fmt.Errorf("experiment: moments of training at %d images of %d: take at least 6, two for each third, and no more than there are", n, r.Images.N())
	}
	trainer := e.trainer(r.From, seed).Context(e.ctx).Snapshots(perDecade)
	return keep(e.keep, "moments of training", func() (moments []Moment, err error) {
		history, err := trainer.Fit(r.Images.X, r.Targets)
		if err != nil {
			return nil, err
		}
		at := r.Images.Head(n)
		order := bySize(mat.Col(nil, 0, at.Y))
		hard, easy := order[:n/3], order[n-n/3:]
		labels, err := kernel.Label(nn.Segment{From: r.From, To: history.Network}.OutputChange(at.X))
		if err != nil {
			return nil, err
		}
		for _, s := range history.Snapshots {
			m := Moment{Step: s.Step}
			features, err := tangent.At(r.From.At(s.Params), at.X)
			if err != nil {
				return nil, err
			}
			layers, err := features.LayerKernels()
			if err != nil {
				return nil, err
			}
			for _, group := range []struct {
				images []int
				into   *Aligned
			}{{order, &m.All}, {easy, &m.Easy}, {hard, &m.Hard}} {
				if *group.into, err = aligned(layers, labels, group.images); err != nil {
					return nil, fmt.Errorf("experiment: after %d steps: %w", s.Step, err)
				}
			}
			moments = append(moments, m)
		}
		return moments, nil
	}, n, trainer.Fingerprint(r.Images.X, r.Targets), r.Images)
}

// bySize are the places of values, the smallest |y| first.
func bySize(y []float64) []int {
	size := make([]float64, len(y))
	for i, v := range y {
		size[i] = math.Abs(v)
	}
	return order.By(size)
}

// aligned compares the layers of a kernel with the label kernel at some images.
func aligned(layers Layers, labels *kernel.Gram, images []int) (a Aligned, err error) {
	labels = labels.Subset(images)
	for _, k := range layers {
		cka, err := kernel.CKA(k.Subset(images), labels)
		if err != nil {
			return a, err
		}
		a.Layers = append(a.Layers, cka)
	}
	whole := layers.Sum().Subset(images)
	if a.Whole, err = kernel.CKA(whole, labels); err != nil {
		return a, err
	}
	if a.Similarity, err = kernel.Similarity(whole, labels); err != nil {
		return a, err
	}
	a.Length = whole.Trace() / float64(len(images))
	return a, nil
}
