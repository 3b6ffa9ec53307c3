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
