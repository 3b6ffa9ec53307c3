package data

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// A drawn collection has a fixed number of images in each part, as MNIST and
// CIFAR-10 have. Image i of a part is drawn from a random stream of its own, so
// any of them can be drawn alone; the stream's first number is its class.
type drawn struct {
	name, by    string // of the set, and what drew it
	task        string // what a report says is done
	train, test int    // images in each part
	classes     int
	stream      uint64 // of the train part; the test part has the next one
	size        int    // bytes of an image
	at, share   int    // images between two reports, and at least in one goroutine
	// pens prepares to draw. Each goroutine calls what it gives once, for a function
	// of its own that draws into dst an image of the class with numbers from r.
	pens func() (func() func(dst []uint8, class int, r *rand.Rand), error)
}

// A ref names one image of a drawn collection.
type ref struct {
	test bool
	i    int
}

// rand is the stream of one image: no stream of one part occurs in the other.
func (d *drawn) rand(of ref) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(of.i), d.stream+uint64(btoi(of.test))))
}

// labels gives the classes of one part.
func (d *drawn) labels(test bool) []uint8 {
	n := d.train
	if test {
		n = d.test
	}
	labels := make([]uint8, n)
	for i := range labels {
		labels[i] = uint8(d.rand(ref{test, i}).IntN(d.classes))
	}
	return labels
}

// images draws the images named by refs, in parallel.
func (d *drawn) images(ctx context.Context, refs []ref, report Progress) ([]uint8, error) {
	pens, err := d.pens()
	if err != nil {
		return nil, err
	}
	out := make([]uint8, len(refs)*d.size)
	for lo := 0; lo < len(refs); lo += d.at {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		hi := min(lo+d.at, len(refs))
		par.For(hi-lo, d.share, func(a, b int) {
			draw := pens()
			for k := lo + a; k < lo+b; k++ {
				r := d.rand(refs[k])
				draw(out[k*d.size:(k+1)*d.size], r.IntN(d.classes), r)
			}
		})
		report.Send(Report{Task: d.task, Done: hi, Total: len(refs)})
	}
	return out, nil
}

// loadDrawn picks from the drawn collection of the kind and draws what was
// picked; why tells the reader of the source for what the images stand.
func (m *Images) loadDrawn(why string) (*Set, error) {
	d := typesetDigits
	if m.kind == textures {
		d = drawnTextures
	}
	source := d.name + " drawn " + d.by + why
	var labels []uint8
	var refs []ref
	for _, test := range m.part.tests() {
		for i, v := range d.labels(test) {
			labels = append(labels, v)
			refs = append(refs, ref{test, i})
		}
	}
	idx, err := m.pick(labels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	chosen := make([]ref, len(idx))
	for k, i := range idx {
		chosen[k] = refs[i]
	}
	out, err := d.images(m.ctx, chosen, m.report)
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", d.name, err)
	}
	return m.assemble(d.name, source, labels, idx, out)
}

// typesetDigits are in MNIST's form.
var typesetDigits = &drawn{
	name: "typeset digits", by: "from the Go fonts", task: "draw digits",
	train: 60000, test: 10000, classes: 10, stream: 0x7479706573657400,
	size: pixels, at: 4096, share: 32,
	pens: func() (func() func(dst []uint8, digit int, r *rand.Rand), error) {
		faces, err := glyphs()
		if err != nil {
			return nil, err
		}
		return func() func(dst []uint8, digit int, r *rand.Rand) {
			p := newPen()
			return func(dst []uint8, digit int, r *rand.Rand) {
				p.draw(dst, &faces[r.IntN(len(faces))][digit][r.IntN(forms)], r)
			}
		}, nil
	},
}
