package draw

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Cells is a table of values drawn as coloured cells below a plot: rows run
// along y, columns along x.
type Cells struct {
	Name    string // of the value
	V       mat.Matrix
	Xs, Ys  []float64 // centres of columns and rows, evenly spaced on their axis
	Ramp    ColorScale
	Lo, Hi  float64 // of the colour scale
	Asked   bool
	missing int
	from    float64 // of the values
	to      float64
}

const mapBar = 74.0

func (m *Cells) barWidth() float64 { return mapBar }

func (m *Cells) prepare() error {
	r, c := m.V.Dims()
	if r != len(m.Ys) || c != len(m.Xs) {
		return fmt.Errorf("charts: the map has %d rows and %d columns, but %d y values and %d x values", r, c, len(m.Ys), len(m.Xs))
	}
	for _, axis := range []struct {
		name string
		v    []float64
	}{{"x", m.Xs}, {"y", m.Ys}} {
		if len(axis.v) < 2 {
			return fmt.Errorf("charts: a map needs at least 2 %s values", axis.name)
		}
		last := axis.v[len(axis.v)-1]
		step := StepOf(axis.v[0], last, len(axis.v)-1)
		if Alike(axis.v[0], last) && last > axis.v[0] {
			return fmt.Errorf("charts: the map's %s values are equal up to rounding, from %v to %v: subtract the first", axis.name, axis.v[0], last)
		}
		for i, v := range axis.v {
			if !(step > 0) || math.Abs(v-Between(axis.v[0], last, float64(i)/float64(len(axis.v)-1))) > 1e-6*step*float64(len(axis.v)) {
				return fmt.Errorf("charts: the map's %s values must rise in equal steps; value %d is %g", axis.name, i+1, v)
			}
		}
	}
	if x0, x1, y0, y1 := m.extent(); !Finite(x0) || !Finite(x1) || !Finite(y0) || !Finite(y1) {
		return fmt.Errorf("charts: the cells of the map reach beyond the largest number, from (%g, %g) to (%g, %g): divide the coordinates", x0, y0, x1, y1)
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	m.missing = 0
	for i := range r {
		for j := range c {
			if v := m.V.At(i, j); Finite(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			} else {
				m.missing++
			}
		}
	}
	if m.missing == r*c {
		return fmt.Errorf("charts: no value of the map is finite")
	}
	m.from, m.to = lo, hi
	if !m.Asked {
		m.Lo, m.Hi = lo, hi
		if slices.Equal(m.Ramp, DivergingScale) {
			m.Hi = math.Max(math.Abs(lo), math.Abs(hi))
			m.Lo = -m.Hi
		}
	}
	return nil
}

// notes says what the colour scale does not reach.
func (m *Cells) notes() []string {
	r, c := m.V.Dims()
	beyond := 0
	for i := range r {
		for j := range c {
			if v := m.V.At(i, j); Finite(v) && (v < m.Lo || v > m.Hi) {
				beyond++
			}
		}
	}
	if beyond == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Values beyond the colour scale, drawn in its end's colour: %d of %d, between %s and %s.", beyond, r*c, FormatNumber(m.from, 3), FormatNumber(m.to, 3))}
}

// extent reaches half a cell beyond the outer centres.
func (m *Cells) extent() (x0, x1, y0, y1 float64) {
	dx, dy := StepOf(m.Xs[0], m.Xs[1], 2), StepOf(m.Ys[0], m.Ys[1], 2)
	return m.Xs[0] - dx, m.Xs[len(m.Xs)-1] + dx, m.Ys[0] - dy, m.Ys[len(m.Ys)-1] + dy
}

func (m *Cells) draw(c *Canvas, grid int, g Rect, p *Pane) {
	r, w := m.V.Dims()
	up := func(i, j int) float64 { return m.V.At(r-1-i, j) } // row 0 lies at the bottom
	x0, x1, y0, y1 := m.extent()
	left, right := p.X.fraction(x0), p.X.fraction(x1)
	low, high := p.Y.fraction(y0), p.Y.fraction(y1)
	at := Rect{g.X + left*g.W, g.Y + (1-high)*g.H, (right - left) * g.W, (high - low) * g.H}
	png, err := c.Pixels(Tile{Rows: r, Cols: w, Value: up, Lo: m.Lo, Hi: m.Hi, Ramp: m.Ramp, Target: math.Max(at.W, at.H)}, 2)
	if err == nil {
		c.Image(PNGURL(png), at)
	}
	c.ColorBar(Rect{g.X + g.W + 14, g.Y, BarSize, g.H}, m.Ramp, m.Lo, m.Hi, m.from, m.to)
	c.Text(g.X+g.W+m.barWidth()-14, g.Y-16, m.Name, Style{Size: 11.5, Color: "@soft", Align: "right"})
	k := max(1, (max(r, w)+59)/60)
	mr, mw, flat := Pool(r, w, k, func(i, j int) float64 { return m.V.At(i, j) })
	block := CellBlock{M: mr, W: mw, Side: k, Rows: r, Cols: w, XName: Nonempty(p.X.Name, "x"), YName: Nonempty(p.Y.Name, "y"), VName: Nonempty(m.Name, "value")}
	for _, v := range flat {
		block.Values = append(block.Values, Short(v))
	}
	for b := range mw {
		block.Xs = append(block.Xs, Short(centre(m.Xs, b, k)))
	}
	for a := range mr {
		block.Ys = append(block.Ys, Short(centre(m.Ys, a, k)))
	}
	c.Carrier(m.Name, at, block)
}

// centre of the b-th group of k values.
func centre(v []float64, b, k int) float64 {
	lo, hi := b*k, min((b+1)*k, len(v))-1
	return v[lo]/2 + v[hi]/2
}

// Nonempty is s, or other where s is empty.
func Nonempty(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (m *Cells) fact(p *Pane) string {
	r, c := m.V.Dims()
	return fmt.Sprintf("map of %s: %d × %d values from %s to %s over %s and %s", Nonempty(m.Name, "value"), r, c,
		FormatNumber(m.from, 4), FormatNumber(m.to, 4), Nonempty(p.X.Name, "x"), Nonempty(p.Y.Name, "y"))
}
