package draw

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
	lo, hi := Span(ty)
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
	var tx, ty []float64
	for _, i := range thinCloud(x, y, 6000) {
		tx, ty = append(tx, x[i]), append(ty, y[i])
	}
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
	l := Line{Dots: Dots{X: make([]float64, 9001), Y: make([]float64, 9001)}}
	for i := range l.X {
		l.X[i], l.Y[i] = math.Cos(float64(i)/700), math.Sin(float64(i)/700)
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

// A value that is missing beside the largest or the smallest one hides neither,
// wherever in their stretch the three stand.
func TestThinKeepsExtremesBesideGaps(t *testing.T) {
	n := 20000
	for _, missing := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, at := range []int{0, 1, 7, 8, 9999, n - 2, n - 1} {
			for _, beside := range []int{-2, -1, 1, 2} {
				for _, all := range []bool{false, true} {
					x, y := ramp(n), make([]float64, n)
					k := at + beside
					if k < 0 || k >= n {
						continue
					}
					for i := range y {
						if all && i%5 == 3 && i != at && i != k {
							y[i] = missing
						}
					}
					y[at], y[k] = 9, missing
					if at > 100 {
						y[40] = -7
					}
					tx, ty := thinLine(x, y, maxLinePoints)
					lo, hi := Span(ty)
					if hi != 9 || at > 100 && lo != -7 || len(tx) > maxLinePoints || !slices.ContainsFunc(ty, math.IsNaN) || slices.ContainsFunc(ty, func(v float64) bool { return math.IsInf(v, 0) }) || !slices.IsSorted(tx) {
						t.Errorf("%v beside the peak at %d: %d points from %v to %v", missing, at, len(tx), lo, hi)
					}
				}
			}
		}
	}
}

// A path that is thinned still breaks where a step is missing.
func TestThinPathKeepsGaps(t *testing.T) {
	l := Line{Dots: Dots{X: make([]float64, 9001), Y: make([]float64, 9001)}}
	for i := range l.X {
		l.X[i], l.Y[i] = math.Cos(float64(i)/700), math.Sin(float64(i)/700)
	}
	l.Y[4321] = math.NaN()
	x, y, _ := l.thinned()
	if len(x) > maxLinePoints || !slices.ContainsFunc(y, math.IsNaN) {
		t.Errorf("%d points, no gap", len(x))
	}
}

// Points far out on a logarithmic axis lie in cells of their own.
func TestThinCloudOnLogarithmicAxes(t *testing.T) {
	n := 20000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = 1+float64(i%101)/100, 100+float64(i%97)
	}
	x[15000], y[15000] = 1e-9, 1e-9
	p := NewPane("scatter")
	p.X.Log, p.Y.Log = true, true
	p.AddPoints(&Points{Dots: Dots{X: x, Y: y}}, x, y, nil, nil)
	if _, err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	seen, _, _ := p.Drawn[0].(*Points).on(&p).thinned()
	if !slices.Contains(seen, 1e-9) {
		t.Error("the outlier is gone")
	}
}
