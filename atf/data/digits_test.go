package data

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestTypesetIsReproducible(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := load(t, Digits().Seed(1).Take(300))
	runtime.GOMAXPROCS(5)
	many := load(t, Digits().Seed(1).Take(300))
	if one.Fingerprint() != many.Fingerprint() {
		t.Error("the digits depend on GOMAXPROCS")
	}
	if few := load(t, Digits().Seed(1).Take(20)); few.Fingerprint() != one.Head(20).Fingerprint() {
		t.Error("the digits depend on how many are drawn")
	}
	train, test := load(t, Digits().Take(50)), load(t, Digits().Test().Take(50))
	for i := range train.N() {
		for j := range test.N() {
			if slices.Equal(train.Image(i), test.Image(j)) {
				t.Fatalf("train image %d is test image %d", i, j)
			}
		}
	}
}

func TestTypesetParts(t *testing.T) {
	for _, test := range []bool{false, true} {
		labels := typesetDigits.labels(test)
		want := map[bool]int{false: 60000, true: 10000}[test]
		if len(labels) != want {
			t.Errorf("%d labels, want %d", len(labels), want)
		}
		var n [10]int
		for _, v := range labels {
			n[v]++
		}
		for d, c := range n {
			if c < want/10*8/10 || c > want/10*12/10 {
				t.Errorf("%d images of %d among %d", c, d, want)
			}
		}
	}
}

// TestTypesetLooksLikeDigits checks what can be checked without an eye: ink
// inside the frame, none at its edge, centred, every style different, and the
// classes such that the nearest class mean of other images tells them apart
// mostly, yet not always.
func TestTypesetLooksLikeDigits(t *testing.T) {
	train := load(t, Digits().Take(3000).UnitNorm())
	test := load(t, Digits().Test().Take(1000).UnitNorm())
	means := mat.NewDense(10, pixels, nil)
	counts := train.Counts()
	for i, v := range train.Labels {
		row := means.RawRowView(v)
		for j, x := range train.X.RawRowView(i) {
			row[j] += x / float64(counts[v])
		}
	}
	right := 0
	for i, v := range test.Labels {
		best, at := 0.0, -1
		for d := range 10 {
			gap := 0.0
			for j, x := range test.X.RawRowView(i) {
				e := x - means.At(d, j)
				gap += e * e
			}
			if at < 0 || gap < best {
				best, at = gap, d
			}
		}
		if at == v {
			right++
		}
		checkImage(t, test.Image(i), v)
	}
	if right < 800 || right == 1000 {
		t.Errorf("the nearest class mean tells %d of 1000 images", right)
	}
	t.Logf("nearest class mean: %d of 1000 right", right)
}

func checkImage(t *testing.T, px []uint8, label int) {
	t.Helper()
	var mass, mx, my float64
	peak := uint8(0)
	for y := range side {
		for x := range side {
			v := px[y*side+x]
			peak = max(peak, v)
			mass += float64(v)
			mx += float64(v) * float64(x)
			my += float64(v) * float64(y)
			if (x == 0 || y == 0 || x == side-1 || y == side-1) && v > 100 {
				t.Errorf("a %d reaches the edge: %d at row %d, column %d", label, v, y, x)
			}
		}
	}
	if peak < 100 || mass/255 < 15 || mass/255 > 350 {
		t.Errorf("a %d with peak %d and %.0f pixels of ink", label, peak, mass/255)
	}
	if mx, my = mx/mass, my/mass; mx < 11.5 || mx > 15.5 || my < 11.5 || my > 15.5 {
		t.Errorf("a %d has its centre at %.1f, %.1f", label, mx, my)
	}
}

func TestTypesetCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	_, err := Digits().Context(ctx).Take(9000).Progress(func(r Report) {
		if calls++; r.Total != 9000 || r.Done != 4096*calls {
			t.Errorf("report %+v", r)
		}
		cancel()
	}).Load()
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("%v after %d reports", err, calls)
	}
	if _, err = Digits().Context(ctx).Load(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTypefaces(t *testing.T) {
	faces, err := glyphs()
	if err != nil {
		t.Fatal(err)
	}
	for f, digits := range faces {
		for d, fs := range digits {
			for k, g := range fs {
				if g.width <= 0.1 || g.width > 1.2 || len(g.curves) < 4 || !g.curves[0].start {
					t.Errorf("%s, digit %d, form %d: width %v, %d curves", typefaces[f].name, d, k, g.width, len(g.curves))
				}
				for _, c := range g.curves {
					if c.end.y < -0.501 || c.end.y > 0.501 || c.end.x < -g.width/2-0.001 || c.end.x > g.width/2+0.001 {
						t.Errorf("%s, digit %d: a point at %v leaves the box", typefaces[f].name, d, c.end)
					}
				}
			}
		}
	}
}

func TestGaussKeepsInk(t *testing.T) {
	const n = 31
	for _, sigma := range []float32{0.3, 0.6, 1, 1.7} {
		a, b := make([]float32, n*n), make([]float32, n*n)
		a[15*n+15] = 1
		gauss(a, b, n, sigma)
		sum, spread := 0.0, 0.0
		for i, v := range a {
			sum += float64(v)
			spread += float64(v) * float64((i%n-15)*(i%n-15))
			if j := i%n*n + i/n; v-a[j] > 1e-6 || a[j]-v > 1e-6 {
				t.Fatal("the blur is not symmetric")
			}
		}
		if sum < 0.99999 || sum > 1.00001 {
			t.Errorf("σ = %v: the ink sums to %v", sigma, sum)
		}
		if want := float64(sigma * sigma); sigma >= 0.6 && (spread < 0.9*want || spread > 1.1*want) {
			t.Errorf("σ = %v: variance %v, want %v", sigma, spread, want)
		}
	}
}
