package charts

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestThinKeepsExtremesAndGaps(t *testing.T) {
	n := 50000
	x, y := ramp(n), make([]float64, n)
	y[12345], y[40000], y[30000] = 9, -7, math.NaN()
	tx, ty := thinLine(x, y, 2000)
	lo, hi := span(ty)
	hole := false
	for _, v := range ty {
		hole = hole || math.IsNaN(v)
	}
	if len(tx) > 2000 || lo != -7 || hi != 9 || !hole || tx[0] != 1 || tx[len(tx)-1] != float64(n) {
		t.Errorf("%d points, from %g to %g, gap %v, ends %g and %g", len(tx), lo, hi, hole, tx[0], tx[len(tx)-1])
	}
}

func TestThinCloudKeepsOutliers(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	x, y := make([]float64, 20000), make([]float64, 20000)
	for i := range x {
		x[i], y[i] = r.NormFloat64(), r.NormFloat64()
	}
	x[777], y[777], x[13] = 30, 30, math.NaN()
	tx, ty := thinCloud(x, y, 6000)
	if len(tx) > 6000 || len(tx) < 3000 || len(tx) != len(ty) {
		t.Errorf("%d points", len(tx))
	}
	if i := slices.Index(tx, 30); i < 0 || ty[i] != 30 {
		t.Error("the outlier is gone")
	}
	if slices.ContainsFunc(tx, math.IsNaN) {
		t.Error("a gap is drawn")
	}
}

// A path that turns back is thinned evenly: passing a place twice is no reason
// to leave out its second half.
func TestThinPathFollowsThePath(t *testing.T) {
	l := line{dots: dots{x: make([]float64, 9001), y: make([]float64, 9001)}}
	for i := range l.x {
		l.x[i], l.y[i] = math.Cos(float64(i)/700), math.Sin(float64(i)/700)
	}
	x, y, how := l.thinned()
	if len(x) != maxLinePoints || how != "every so many" {
		t.Fatalf("%d points, %s", len(x), how)
	}
	for i := 1; i < len(x); i++ {
		if d := math.Hypot(x[i]-x[i-1], y[i]-y[i-1]); d > 0.01 {
			t.Fatalf("a step of %g at point %d", d, i)
		}
	}
}
