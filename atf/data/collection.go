package data

import (
	"context"
	"math/rand/v2"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Typeset digits are a fixed collection like MNIST's: 60,000 in the train
// part, 10,000 in the test part. Image i of a part is drawn from a random
// stream of its own, so any of them can be drawn alone.
const (
	typesetTrain = 60000
	typesetTest  = 10000
)

// typesetRand separates the parts: no stream of one occurs in the other.
func typesetRand(test bool, i int) *rand.Rand {
	stream := uint64(0x7479706573657400)
	if test {
		stream++
	}
	return rand.New(rand.NewPCG(uint64(i), stream))
}

// typesetLabels gives the labels of one part.
func typesetLabels(test bool) []uint8 {
	n := typesetTrain
	if test {
		n = typesetTest
	}
	labels := make([]uint8, n)
	for i := range labels {
		labels[i] = uint8(typesetRand(test, i).IntN(10))
	}
	return labels
}

// A ref names one image of the typeset collection.
type ref struct {
	test bool
	i    int
}

// typesetImages draws the images named by refs, in parallel.
func typesetImages(ctx context.Context, refs []ref, report Progress) ([]uint8, error) {
	faces, err := glyphs()
	if err != nil {
		return nil, err
	}
	out := make([]uint8, len(refs)*pixels)
	const block = 4096
	for lo := 0; lo < len(refs); lo += block {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		hi := min(lo+block, len(refs))
		par.For(hi-lo, 32, func(a, b int) {
			p := newPen()
			for k := lo + a; k < lo+b; k++ {
				r := typesetRand(refs[k].test, refs[k].i)
				digit := r.IntN(10)
				g := &faces[r.IntN(len(faces))][digit][r.IntN(forms)]
				p.draw(out[k*pixels:(k+1)*pixels], g, r)
			}
		})
		report.Send(Report{Task: "draw digits", Done: hi, Total: len(refs)})
	}
	return out, nil
}
