package charts

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	oldrand "math/rand" // testing/quick takes no other
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"gonum.org/v1/gonum/mat"
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
	x, y := contour(v, n, 0.6, -1, 1, -1, 1)
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
	x, _ = contour(v, n, 1.2, -1, 1, -1, 1)
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

// Whatever the data, an axis covers them, has few ticks, all within its ends.
func TestAxisCoversData(t *testing.T) {
	for _, log := range []bool{false, true} {
		f := func(a, b float64) bool {
			a, b = math.Mod(a, 1e6), math.Mod(b, 1e6)
			if log {
				a, b = math.Exp(math.Mod(a, 40)), math.Exp(math.Mod(b, 40))
			}
			lo, hi := math.Min(a, b), math.Max(a, b)
			ax := newAxis()
			ax.log = log
			ax.fit(lo, hi, 7)
			if ax.from > lo || ax.to < hi || len(ax.ticks) < 1 || len(ax.ticks) > 18 {
				t.Logf("data %g … %g: axis %g … %g, %d ticks", lo, hi, ax.from, ax.to, len(ax.ticks))
				return false
			}
			for i, v := range ax.ticks {
				if v < ax.from*(1-1e-6)-1e-9*(ax.to-ax.from) && ax.from > 0 || v > ax.to+1e-6*math.Abs(ax.to) || i > 0 && v <= ax.ticks[i-1] {
					return false
				}
			}
			return true
		}
		if err := quick.Check(f, &quick.Config{MaxCount: 500, Rand: oldrand.New(oldrand.NewSource(1))}); err != nil {
			t.Errorf("log %v: %v", log, err)
		}
	}
}

func TestFormatNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1: "1", -0.5: "−0.5", 0.30000000000000004: "0.3", 1e-4: "10⁻⁴", 2.5e-7: "2.5·10⁻⁷",
		123456: "1.23456·10⁵", 1000: "1000", 1e5: "10⁵", -1e-9: "−10⁻⁹"} {
		if got := formatNumber(v, 6); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{1: "10⁰", 0.001: "10⁻³", 200: "2·10²", 1e12: "10¹²"} {
		if got := formatPower(v); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
}

// The map's pixels are the scale's colours at the values.
func TestEncodeMap(t *testing.T) {
	v := mat.NewDense(2, 2, []float64{-1, 0, math.NaN(), 1})
	raw, err := tile{rows: 2, cols: 2, value: v.At, lo: -1, hi: 1, ramp: Diverging}.encode(levels)
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
	}{{0, 0, Diverging[0]}, {1, 0, Diverging[4]}, {1, 1, Diverging[8]}, {0, 1, color.RGBA{}}} {
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
			a, b := Diverging.at(0.5+sign*float64(i)/254), Diverging.at(0.5+sign*float64(i+1)/254)
			if light(b) < light(a) {
				t.Errorf("the scale grows darker at %g", sign*float64(i))
			}
		}
	}
}

func TestPool(t *testing.T) {
	v := mat.NewDense(3, 3, []float64{1, 3, 10, 5, math.NaN(), 20, 7, 9, 30})
	m, w, out := pool(3, 3, 2, v.At)
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

// Nothing that carries a value may be lost when the SVG is made small.
func TestPolishKeepsDots(t *testing.T) {
	needECharts(t)
	x := make([]float64, 500)
	for i := range x {
		x[i] = float64(i)
	}
	svg, err := Scatter().Add("a", x, x).SVG()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(svg, "h0"); n != 500 {
		t.Errorf("%d dots, want 500", n)
	}
	if strings.Contains(svg, "ecmeta") || strings.Contains(svg, "<style") || strings.Contains(svg, "NaN") {
		t.Error("the SVG holds what it should not")
	}
	if !strings.Contains(svg, "<title>") {
		t.Error("the SVG has no title for readers of the screen")
	}
}

// Order goes by examples where a Gram matrix has several outputs.
func TestKernelOutputs(t *testing.T) {
	k := Kernels().Add("K", twoOutputs{testKernel(6)}).Order([]int{2, 0}).Classes([]float64{1, 1, 2})
	if _, err := k.sheet().scene(); err != nil {
		t.Fatal(err)
	}
	if k.k.shown() != 4 || k.k.index(0) != 4 || k.k.index(1) != 5 || k.k.index(3) != 1 {
		t.Errorf("rows %d: %d %d %d", k.k.shown(), k.k.index(0), k.k.index(1), k.k.index(3))
	}
	if len(k.k.at) != 1 || k.k.at[0] != 2 {
		t.Errorf("boundaries %v, want [2]", k.k.at)
	}
	fails(t, Kernels().Add("K", twoOutputs{testKernel(6)}).Order([]int{3}).Show, "index 3", "3 rows")
}

// OrderBy goes upwards through one value for each example.
func TestKernelsOrderBy(t *testing.T) {
	by := []float64{2, math.NaN(), -1}
	k := Kernels().Add("K", twoOutputs{testKernel(6)}).OrderBy(by)
	by[0] = -5 // the figure keeps the values as they were given
	if _, err := k.sheet().scene(); err != nil || k.k.shown() != 6 {
		t.Fatal(k.k.shown(), err)
	}
	for row, want := range []int{2, 3, 4, 5, 0, 1} {
		if got := k.k.index(row); got != want {
			t.Errorf("row %d shows row %d of the matrix, want %d", row, got, want)
		}
	}
	fails(t, Kernels().Add("K", testKernel(3)).OrderBy([]float64{1}).Show, "1 values to order kernels of 3 rows by")
	if _, err := k.Order([]int{1}).sheet().scene(); err != nil || k.k.shown() != 2 {
		t.Errorf("Order after OrderBy: %d rows, %v", k.k.shown(), err)
	}
}

type twoOutputs struct{ mat.Symmetric }

func (twoOutputs) Outputs() int { return 2 }

func TestSimilarity(t *testing.T) {
	k := testKernel(5)
	if s := similarity(k, k); math.Abs(s-1) > 1e-15 {
		t.Errorf("similarity with itself is %g", s)
	}
	e := mat.NewDiagDense(5, []float64{1, 1, 1, 1, 1})
	ones := mat.NewDense(5, 5, nil)
	ones.Apply(func(_, _ int, _ float64) float64 { return 1 }, ones)
	if s := similarity(e, ones); math.Abs(s-1/math.Sqrt(5)) > 1e-15 {
		t.Errorf("similarity of identity and ones is %g", s)
	}
}

func TestSmallestIsAnOrderStatistic(t *testing.T) {
	agree := func(v []uint8, at uint8) bool {
		if len(v) == 0 {
			return true
		}
		values := make([]float64, len(v)) // bytes, so that many are equal
		for i, b := range v {
			values[i] = float64(b)
		}
		k := int(at) % len(values)
		sorted := slices.Sorted(slices.Values(values))
		return smallest(values, k) == sorted[k]
	}
	if err := quick.Check(agree, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
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
