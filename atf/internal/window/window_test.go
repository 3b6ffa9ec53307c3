package window

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// grids are of every stride and padding, with windows that reach beyond the
// image on one side, on both and on none.
func grids() []Grid {
	var gs []Grid
	for _, hw := range [][2]int{{1, 1}, {5, 5}, {6, 4}, {7, 9}} {
		for size := 1; size <= 5; size++ {
			for stride := 1; stride <= 3; stride++ {
				for _, same := range []bool{false, true} {
					g := Grid{Height: hw[0], Width: hw[1], Channels: 2, Size: size, Stride: stride, Same: same}
					if g.Check() == nil {
						gs = append(gs, g)
					}
				}
			}
		}
	}
	return gs
}

// at is the image's number there, 0 outside.
func at(g Grid, image []float64, y, x, c int) float64 {
	if y < 0 || y >= g.Height || x < 0 || x >= g.Width {
		return 0
	}
	return image[(y*g.Width+x)*g.Channels+c]
}

// corner is where a window begins, by the rule that half of what is missing,
// rounded down, lies before the image.
func corner(g Grid, window, length, windows int) int {
	missing := (windows-1)*g.Stride + g.Size - length
	if !g.Same || missing < 0 {
		missing = 0
	}
	return window*g.Stride - missing/2
}

func TestUnfoldAgainstItsDefinition(t *testing.T) {
	if n := len(grids()); n < 50 {
		t.Fatalf("only %d grids", n)
	}
	for _, g := range grids() {
		image := make([]float64, g.Numbers())
		for i := range image {
			image[i] = float64(i + 1)
		}
		h, w := g.Out()
		if g.Same && (h != int(math.Ceil(float64(g.Height)/float64(g.Stride))) || w != int(math.Ceil(float64(g.Width)/float64(g.Stride)))) {
			t.Errorf("%+v: %d × %d windows", g, h, w)
		}
		got := make([]float64, g.Positions()*g.Patch())
		for i := range got {
			got[i] = math.NaN() // what the buffer held before
		}
		g.Unfold(got, image)
		k, covered := 0, make([]bool, len(image))
		for y := range h {
			for x := range w {
				top, left := corner(g, y, g.Height, h), corner(g, x, g.Width, w)
				r := g.Region(y, x)
				if r.Top != max(top, 0) || r.Left != max(left, 0) || r.Bottom != min(top+g.Size, g.Height) || r.Right != min(left+g.Size, g.Width) || r.Pixels() < 1 {
					t.Fatalf("%+v: window (%d, %d) shows %+v", g, y, x, r)
				}
				for i := range g.Size {
					for j := range g.Size {
						for c := range g.Channels {
							want := at(g, image, top+i, left+j, c)
							if got[k] != want {
								t.Fatalf("%+v: window (%d, %d), pixel (%d, %d), channel %d is %v, want %v", g, y, x, i, j, c, got[k], want)
							}
							if want > 0 {
								covered[int(want)-1] = true
							}
							k++
						}
					}
				}
			}
		}
		for i, ok := range covered {
			if !ok && g.Stride <= g.Size {
				t.Fatalf("%+v: number %d is in no window", g, i)
			}
		}
	}
}

// ⟨Unfold x, z⟩ = ⟨x, Fold z⟩, and Fold adds to what is there.
func TestFoldIsTheAdjoint(t *testing.T) {
	for _, g := range grids() {
		image, z := make([]float64, g.Numbers()), make([]float64, g.Positions()*g.Patch())
		for i := range image {
			image[i] = math.Sin(float64(3 * i))
		}
		for i := range z {
			z[i] = math.Cos(float64(5 * i))
		}
		patches, back := make([]float64, len(z)), make([]float64, len(image))
		g.Unfold(patches, image)
		left, right := 0.0, 0.0
		for i, v := range patches {
			left += v * z[i]
		}
		for i := range back {
			back[i] = 1
			right -= image[i]
		}
		g.Fold(back, z)
		for i, v := range back {
			right += v * image[i]
		}
		if math.Abs(left-right) > 1e-12*(1+math.Abs(left)) {
			t.Fatalf("%+v: %v and %v", g, left, right)
		}
	}
}

func TestCheck(t *testing.T) {
	ok := Grid{Height: 4, Width: 6, Channels: 1, Size: 3, Stride: 1}
	if err := ok.Check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Grid){
		"images of 0 × 6 × 1: height":                   func(g *Grid) { g.Height = 0 },
		"images of 4 × -1 × 1":                          func(g *Grid) { g.Width = -1 },
		"images of 4 × 6 × 0":                           func(g *Grid) { g.Channels = 0 },
		"windows of 0 × 0 at a stride of 1":             func(g *Grid) { g.Size = 0 },
		"at a stride of 0":                              func(g *Grid) { g.Stride = 0 },
		"windows of 5 × 5 on images of 4 × 6 × 1":       func(g *Grid) { g.Size = 5 },
		"the last pixels of images of 4 × 6 × 1 unread": func(g *Grid) { g.Stride = 2 },
		"more than 1e+12 numbers":                       func(g *Grid) { g.Height, g.Width = 1<<30, 1<<30 },
		fmt.Sprintf("%d × 1: more than", 1<<30):         func(g *Grid) { g.Size, g.Same = 1<<30, true },
	} {
		g := ok
		change(&g)
		if err := g.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
