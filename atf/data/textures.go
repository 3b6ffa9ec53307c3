package data

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/tangentfeatures/gonb-atf/atf/internal/par"
)

// Textures chooses drawn colour images, 32 × 32, of ten classes: 0 stripes,
// 1 waves, 2 checks, 3 grid, 4 dots, 5 bricks, 6 rings, 7 rays, 8 mosaic,
// 9 clouds. Colours, place, scale, rotation, sharpness, light and grain are
// random and say nothing of the class, so that a linear model of the pixels
// hardly beats guessing and a convolutional network does. They are a fixed
// collection in CIFAR-10's form, 50,000 images for train and 10,000 for test,
// of which only those asked for are drawn, and need no files and no network.
// Layout and defaults are as for CIFAR10.
func Textures() Images { return newImages(textures) }

const (
	texturesTrain = 50000
	texturesTest  = 10000
)

// textureRand separates the parts: no stream of one occurs in the other.
func textureRand(test bool, i int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(i), 0x7465787475726500+uint64(btoi(test))))
}

func (m *Images) loadTextures(source string) (*Set, error) {
	var labels []uint8
	var refs []ref
	for _, test := range m.part.tests() {
		n := texturesTrain
		if test {
			n = texturesTest
		}
		for i := range n {
			labels = append(labels, uint8(textureRand(test, i).IntN(len(textureClasses))))
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
	out, err := textureImages(m.ctx, chosen, m.report)
	if err != nil {
		return nil, fmt.Errorf("drawing textures: %w", err)
	}
	return m.assemble("textures", source, labels, idx, out)
}

// textureImages draws the images named by refs, in parallel.
func textureImages(ctx context.Context, refs []ref, report Progress) ([]uint8, error) {
	out := make([]uint8, len(refs)*colourSize)
	const block = 2048
	for lo := 0; lo < len(refs); lo += block {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		hi := min(lo+block, len(refs))
		par.For(hi-lo, 16, func(a, b int) {
			for k := lo + a; k < lo+b; k++ {
				r := textureRand(refs[k].test, refs[k].i)
				drawTexture(out[k*colourSize:(k+1)*colourSize], r.IntN(len(textureClasses)), r)
			}
		})
		report.Send(Report{Task: "draw textures", Done: hi, Total: len(refs)})
	}
	return out, nil
}
