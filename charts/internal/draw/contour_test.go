package draw

import (
	"math"
	"testing"
)

// Every point of a contour lies on the level, and a circle closes.
func TestContourOfACircle(t *testing.T) {
	const n = 81
	v := make([]float64, n*n)
	for i := range n {
		for j := range n {
			v[i*n+j] = math.Hypot(-1+2*float64(j)/(n-1), -1+2*float64(i)/(n-1))
		}
	}
	x, y := Contour(v, n, 0.6, -1, 1, -1, 1)
	length := 0.0
	for i := range x {
		if r := math.Hypot(x[i], y[i]); !(math.Abs(r-0.6) < 2e-3) {
			t.Fatalf("point %d has radius %g", i, r)
		}
		if i > 0 {
			length += math.Hypot(x[i]-x[i-1], y[i]-y[i-1])
		}
	}
	if math.Abs(length-1.2*math.Pi) > 0.01 {
		t.Errorf("the circle is %g long, not %g", length, 1.2*math.Pi)
	}
	// Corners: four open arcs, parted by NaN.
	x, _ = Contour(v, n, 1.2, -1, 1, -1, 1)
	gaps := 0
	for _, f := range x {
		if math.IsNaN(f) {
			gaps++
		}
	}
	if gaps != 3 {
		t.Errorf("%d gaps between the arcs at the corners, want 3", gaps)
	}
}
