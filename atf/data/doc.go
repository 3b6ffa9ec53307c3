// Package data makes the data sets of the notebooks: handwritten digits (MNIST)
// and small colour photographs (CIFAR-10), typeset digits and drawn textures that
// need neither files nor a network and stand in for them, and synthetic tasks
// whose truth is known.
//
//	digits, err := data.MNIST().Classes(2, 3).Take(500).UnitNorm().Load()
//
// A choice is a chain of methods that each return a changed copy; Load reads,
// downloads or draws, and reports what is wrong. The same choice gives the
// same set on every machine that has the same files, whatever the number of
// processors.
//
// The symbols of the paper (LeJeune and Alemohammad, CPAL 2024):
//
//	paper                   here
//	x_i                     row i of Set.X (n × d)
//	y_i                     row i of Set.Y (n × C)
//	2 → −1, 3 → +1          Classes(2, 3) with Signs
//	image minus its mean,
//	over its norm           UnitNorm
//	β of a linear task      Set.Truth
//
// The digits' files have the IDX form: a big-endian magic number and
// dimensions, then unsigned bytes. The typeset digits are our own: outlines of
// the Go fonts, warped, slanted, turned, made heavier or lighter, blurred and
// grained, each image from a random stream of its own.
//
// The choices of images, all with the same setters:
//
//	call                images                        from
//	MNIST               28 × 28 grey digits           IDX files
//	Digits              28 × 28 grey digits           drawn
//	MNISTOrDigits       the one, else the other
//	CIFAR10             32 × 32 × 3, ten classes      binary files, or their archive
//	Textures            32 × 32 × 3, ten classes      drawn
//	CIFAR10OrTextures   the one, else the other
//
// LoadNPY, LoadNPZ, SaveNPY and SaveNPZ exchange matrices with Python.
//
// Mistakes follow one rule in every room. What can return an error returns it,
// wrong shapes among them; a chain of setters carries the first one to the call
// that ends it. Only what has no error to return panics, with both shapes. Every
// message says what was wrong, where, and what to do. Layers, rows, columns and
// examples count from 0, in calls as in messages.
//
// A setter returns a changed copy: on a line of its own, with its result thrown
// away, it does nothing, and neither Go nor the kernel says so.
package data
