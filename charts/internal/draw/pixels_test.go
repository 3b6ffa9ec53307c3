package draw

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The map's pixels are the scale's colours at the values.
func TestEncodeMap(t *testing.T) {
	v := mat.NewDense(2, 2, []float64{-1, 0, math.NaN(), 1})
	raw, err := Tile{Rows: 2, Cols: 2, Value: v.At, Lo: -1, Hi: 1, Ramp: DivergingScale}.encode(levels)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		x, y int
		want color.RGBA
	}{{0, 0, DivergingScale[0]}, {1, 0, DivergingScale[4]}, {1, 1, DivergingScale[8]}, {0, 1, color.RGBA{}}} {
		if got := color.RGBAModel.Convert(img.At(c.x, c.y)); got != c.want {
			t.Errorf("pixel %d, %d is %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

// The arms of the diverging scale grow lighter from the middle, so that the
// size of an entry shows for every colour vision.
func TestDivergingIsMonotone(t *testing.T) {
	light := func(c color.RGBA) float64 { return 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B) }
	for i := range 127 {
		for _, sign := range []float64{-1, 1} {
			a, b := DivergingScale.at(0.5+sign*float64(i)/254), DivergingScale.at(0.5+sign*float64(i+1)/254)
			if light(b) < light(a) {
				t.Errorf("the scale grows darker at %g", sign*float64(i))
			}
		}
	}
}

func TestPool(t *testing.T) {
	v := mat.NewDense(3, 3, []float64{1, 3, 10, 5, math.NaN(), 20, 7, 9, 30})
	m, w, out := Pool(3, 3, 2, v.At)
	want := []float64{3, 15, 8, 30}
	if m != 2 || w != 2 {
		t.Fatalf("%d × %d", m, w)
	}
	for i := range want {
		if out[i] != want[i] {
			t.Errorf("cell %d is %g, want %g", i, out[i], want[i])
		}
	}
}

// Values whose differences are no floats keep their colours and their means.
func TestMapOfTheLargestNumbers(t *testing.T) {
	const big = 1.7e308
	v := mat.NewDense(2, 2, []float64{-big, 0, big / 2, big})
	raw, err := Tile{Rows: 2, Cols: 2, Value: v.At, Lo: -big, Hi: big, Ramp: DivergingScale}.encode(levels)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []color.RGBA{DivergingScale[0], DivergingScale[4], DivergingScale.at(0.75), DivergingScale[8]} {
		if got := color.RGBAModel.Convert(img.At(k%2, k/2)).(color.RGBA); math.Abs(float64(got.R)-float64(want.R)) > 3 || math.Abs(float64(got.B)-float64(want.B)) > 3 {
			t.Errorf("pixel %d is %v, want %v", k, got, want)
		}
	}
	if _, _, mean := Pool(2, 2, 2, mat.NewDense(2, 2, []float64{big, big, big, -big}).At); math.Abs(mean[0]/(big/2)-1) > 1e-12 {
		t.Errorf("mean %v, want %v", mean[0], big/2)
	}
	if _, _, mean := Pool(1, 1, 1, mat.NewDense(1, 1, []float64{math.NaN()}).At); !math.IsNaN(mean[0]) {
		t.Errorf("mean of nothing %v", mean[0])
	}
}
