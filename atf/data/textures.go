package data

import "math/rand/v2"

// Textures chooses drawn colour images, 32 × 32, of ten classes: 0 stripes,
// 1 waves, 2 checks, 3 grid, 4 dots, 5 bricks, 6 rings, 7 rays, 8 mosaic,
// 9 clouds. Colours, place, scale, rotation, sharpness, light and grain are
// random and say nothing of the class, so that a linear model of the pixels
// hardly beats guessing and a convolutional network does. They are a fixed
// collection in CIFAR-10's form, 50,000 images for train and 10,000 for test,
// of which only those asked for are drawn, and need no files and no network.
// Layout and defaults are as for CIFAR10.
func Textures() Images { return newImages(textures) }

// drawnTextures are in CIFAR-10's form.
var drawnTextures = &drawn{
	name: "textures", by: "by gonb-atf", task: "draw textures",
	train: 50000, test: 10000, classes: len(textureClasses), stream: 0x7465787475726500,
	size: colourSize, at: 2048, share: 16,
	pens: func() (func() func(dst []uint8, class int, r *rand.Rand), error) {
		return func() func(dst []uint8, class int, r *rand.Rand) { return drawTexture }, nil
	},
}
