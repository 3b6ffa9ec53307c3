package data

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
)

func TestTexturesAreReproducible(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := load(t, Textures().Seed(1).Take(120))
	runtime.GOMAXPROCS(5)
	if many := load(t, Textures().Seed(1).Take(120)); one.Fingerprint() != many.Fingerprint() {
		t.Error("the textures depend on GOMAXPROCS")
	}
	if few := load(t, Textures().Seed(1).Take(20)); few.Fingerprint() != one.Head(20).Fingerprint() {
		t.Error("the textures depend on how many are drawn")
	}
	train, test := load(t, Textures().Take(40)), load(t, Textures().Test().Take(40))
	for i := range train.N() {
		for j := range test.N() {
			if slices.Equal(train.Image(i), test.Image(j)) {
				t.Fatalf("train image %d is test image %d", i, j)
			}
		}
	}
	if train.Name != "textures 0 … 9 (train)" || train.Source != "textures drawn by gonb-atf" || train.ClassNames[6] != "rings" {
		t.Errorf("%v, %v", train, train.ClassNames)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := Textures().Take(2049).Context(ctx).Progress(func(Report) { cancel() }).Load(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestTexturesVary checks that every image of every class has contrast and that
// no colour, brightness or place gives a class away: the mean images of the
// classes are nearly alike.
func TestTexturesVary(t *testing.T) {
	for c := range 10 {
		s := load(t, Textures().Classes(c).Take(200))
		mean := make([]float64, colourSize)
		for i := range s.N() {
			lo, hi := 1.0, 0.0
			for j, v := range s.X.RawRowView(i) {
				mean[j] += v / float64(s.N())
				lo, hi = min(lo, v), max(hi, v)
			}
			if hi-lo < 0.15 {
				t.Errorf("image %d of %s reaches from %v to %v only", i, s.ClassNames[0], lo, hi)
			}
		}
		for j, v := range mean {
			// 200 images of standard deviation up to 0.3: six standard errors.
			if v < 0.5-0.13 || v > 0.5+0.13 {
				t.Fatalf("number %d of %s is %v on average: the class can be told from it", j, s.ClassNames[0], v)
			}
		}
	}
}
