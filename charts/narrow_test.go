package charts

import (
	"encoding/json"
	"fmt"
	"testing"
)

// narrowOf is the layout of a figure for narrow pages, as the browser gets it.
type narrowOf struct {
	Below, W, H float64
	Moves       [][]any
	Texts       [][]any
}

// placedOn reads a figure's option and its layout for narrow pages; the frames
// and texts of the option are moved as the browser moves them.
func placedOn(t *testing.T, p Part) (n *narrowOf, o layout) {
	t.Helper()
	sc, err := p.sheet().scene()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(sc.Narrow)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatal(err)
	}
	if raw, err = json.Marshal(sc.Option); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	if n == nil {
		return nil, o
	}
	moved := map[string]int{}
	for _, m := range n.Moves {
		for i := int(m[1].(float64)); i < int(m[2].(float64)); i++ {
			moved[fmt.Sprint(m[0], i)]++
			dx, dy := m[3].(float64), m[4].(float64)
			switch m[0] {
			case "grid":
				o.Grid[i].Left += dx
				o.Grid[i].Top += dy
			case "graphic":
				o.Graphic.Elements[i].X += dx
				o.Graphic.Elements[i].Y += dy
			}
		}
	}
	for _, x := range n.Texts {
		o.Graphic.Elements[int(x[0].(float64))].Style.Text = x[1].(string)
	}
	for kind, count := range map[string]int{"grid": len(o.Grid), "graphic": len(o.Graphic.Elements), "legend": len(o.Legend)} {
		for i := range count {
			if moved[fmt.Sprint(kind, i)] != 1 {
				t.Errorf("%s %d is moved %d times", kind, i, moved[fmt.Sprint(kind, i)])
			}
		}
	}
	return n, o
}

// On a narrow page the parts of a figure stand below one another, within the
// figure, and no frame lies over another.
func TestNarrowLayout(t *testing.T) {
	k := testKernel(12)
	maps := func(n int) *KernelsFigure {
		f := Kernels().Examples("images, sorted").SimilarityTo("K", k)
		for i := range n {
			f.Add(fmt.Sprint(i), k)
		}
		return f
	}
	line := func() *Plot {
		return Lines().Add("a", ramp(4), ramp(4)).Add("b", ramp(4), ramp(4)).Title("A part").Note("of two")
	}
	for name, c := range map[string]struct {
		p    Part
		rows int // frames that begin at different heights
	}{
		"two":        {Compose(line(), line()).Title("A title that is so long that it breaks on a page as narrow as this").Note("One\nTwo"), 2},
		"three":      {Compose(line(), line(), line()).Columns(3), 3},
		"four":       {Compose(line(), line(), line(), line()), 4},
		"maps":       {maps(4).SharedScale().Title("Maps"), 2},
		"own scales": {maps(3).Note("a note"), 3},
		"rows":       {Compose(maps(3).SharedScale().Title("one"), maps(3).SharedScale().Title("two")).Title("All"), 6},
		"one inside": {Compose(maps(4).SharedScale()), 2},
	} {
		n, o := placedOn(t, c.p)
		if n == nil {
			t.Errorf("%s: no layout for narrow pages", name)
			continue
		}
		if n.Below != 600 || n.W >= 600 {
			t.Errorf("%s: %g wide, for pages below %g", name, n.W, n.Below)
		}
		tops := map[int]bool{}
		for i, g := range o.Grid {
			tops[int(g.Top)] = true
			if g.Left < 0 || g.Top < 0 || g.Left+g.Width > n.W || g.Top+g.Height > n.H {
				t.Errorf("%s: frame %d at (%g, %g), %g × %g, leaves %g × %g", name, i, g.Left, g.Top, g.Width, g.Height, n.W, n.H)
			}
			for j, h := range o.Grid[:i] {
				if g.Left < h.Left+h.Width && h.Left < g.Left+g.Width && g.Top < h.Top+h.Height && h.Top < g.Top+g.Height {
					t.Errorf("%s: frame %d lies over frame %d", name, i, j)
				}
			}
		}
		if len(tops) != c.rows {
			t.Errorf("%s: frames in %d rows, want %d", name, len(tops), c.rows)
		}
		for _, e := range o.Graphic.Elements {
			if e.Type == "text" && (e.X < 0 || e.Y < 0 || e.X > n.W || e.Y > n.H) {
				t.Errorf("%s: %q stands at (%g, %g), beyond %g × %g", name, e.Style.Text, e.X, e.Y, n.W, n.H)
			}
		}
	}
	// What is one part, or narrow anyway, has one layout.
	for name, p := range map[string]Part{
		"a plot":   line(),
		"one part": Compose(line()),
		"narrow":   Compose(line(), line()).Width(560),
		"a wide one": Compose(line(), Lines().Add("a", ramp(4), ramp(4)).Width(900),
			line()).Columns(1),
	} {
		if n, _ := placedOn(t, p); n != nil {
			t.Errorf("%s: a second layout, %g wide", name, n.W)
		}
	}
}
