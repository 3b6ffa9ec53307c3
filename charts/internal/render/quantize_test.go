package render

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"
)

func TestShrinkPNGKeepsThePicture(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	img := image.NewRGBA(image.Rect(0, 0, 200, 100))
	for y := range 100 {
		for x := range 200 {
			g := uint8(x) + uint8(r.IntN(3))
			img.SetRGBA(x, y, color.RGBA{g, g, uint8(y), 255})
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	small := shrinkPNG(buf.Bytes(), 256)
	if len(small) >= buf.Len() {
		t.Errorf("%d bytes became %d", buf.Len(), len(small))
	}
	got, err := png.Decode(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for y := range 100 {
		for x := range 200 {
			c := color.RGBAModel.Convert(got.At(x, y)).(color.RGBA)
			w := img.RGBAAt(x, y)
			sum += math.Abs(float64(c.R)-float64(w.R)) + math.Abs(float64(c.B)-float64(w.B))
		}
	}
	if mean := sum / 40000; mean > 6 {
		t.Errorf("colours are off by %g on average", mean)
	}
	if junk := []byte("no picture"); !bytes.Equal(shrinkPNG(junk, 256), junk) {
		t.Error("what is no PNG was changed")
	}
}
