package charts

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// cells is a table of values drawn as coloured cells below a plot: rows run
// along y, columns along x.
type cells struct {
	name    string // of the value
	v       mat.Matrix
	xs, ys  []float64 // centres of columns and rows, evenly spaced on their axis
	ramp    colorScale
	lo, hi  float64 // of the colour scale
	asked   bool
	missing int
	from    float64 // of the values
	to      float64
}

const mapBar = 74.0

func (m *cells) barWidth() float64 { return mapBar }

func (m *cells) prepare() error {
	r, c := m.v.Dims()
	if r != len(m.ys) || c != len(m.xs) {
		return fmt.Errorf("charts: the map has %d rows and %d columns, but %d y values and %d x values", r, c, len(m.ys), len(m.xs))
	}
	for _, axis := range []struct {
		name string
		v    []float64
	}{{"x", m.xs}, {"y", m.ys}} {
		if len(axis.v) < 2 {
			return fmt.Errorf("charts: a map needs at least 2 %s values", axis.name)
		}
		last := axis.v[len(axis.v)-1]
		step := stepOf(axis.v[0], last, len(axis.v)-1)
		if alike(axis.v[0], last) && last > axis.v[0] {
			return fmt.Errorf("charts: the map's %s values are equal up to rounding, from %v to %v: subtract the first", axis.name, axis.v[0], last)
		}
		for i, v := range axis.v {
			if !(step > 0) || math.Abs(v-(axis.v[0]+float64(i)*step)) > 1e-6*step*float64(len(axis.v)) {
				return fmt.Errorf("charts: the map's %s values must rise in equal steps; value %d is %g", axis.name, i+1, v)
			}
		}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	m.missing = 0
	for i := range r {
		for j := range c {
			if v := m.v.At(i, j); finite(v) {
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
	if !m.asked {
		m.lo, m.hi = lo, hi
		if slices.Equal(m.ramp, divergingScale) {
			m.hi = math.Max(math.Abs(lo), math.Abs(hi))
			m.lo = -m.hi
		}
	}
	return nil
}

// notes says what the colour scale does not reach.
func (m *cells) notes() []string {
	r, c := m.v.Dims()
	beyond := 0
	for i := range r {
		for j := range c {
			if v := m.v.At(i, j); finite(v) && (v < m.lo || v > m.hi) {
				beyond++
			}
		}
	}
	if beyond == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Values beyond the colour scale, drawn in its end's colour: %d of %d, between %s and %s.", beyond, r*c, formatNumber(m.from, 3), formatNumber(m.to, 3))}
}

// extent reaches half a cell beyond the outer centres.
func (m *cells) extent() (x0, x1, y0, y1 float64) {
	dx := (m.xs[1] - m.xs[0]) / 2
	dy := (m.ys[1] - m.ys[0]) / 2
	return m.xs[0] - dx, m.xs[len(m.xs)-1] + dx, m.ys[0] - dy, m.ys[len(m.ys)-1] + dy
}

func (m *cells) draw(c *canvas, grid int, g rect, p *pane) {
	r, w := m.v.Dims()
	up := func(i, j int) float64 { return m.v.At(r-1-i, j) } // row 0 lies at the bottom
	x0, x1, y0, y1 := m.extent()
	left, right := p.x.fraction(x0), p.x.fraction(x1)
	low, high := p.y.fraction(y0), p.y.fraction(y1)
	at := rect{g.x + left*g.w, g.y + (1-high)*g.h, (right - left) * g.w, (high - low) * g.h}
	png, err := c.pixels(tile{rows: r, cols: w, value: up, lo: m.lo, hi: m.hi, ramp: m.ramp, target: math.Max(at.w, at.h)}, 2)
	if err == nil {
		c.image(pngURL(png), at)
	}
	c.colorBar(rect{g.x + g.w + 14, g.y, barSize, g.h}, m.ramp, m.lo, m.hi, m.from, m.to)
	c.text(g.x+g.w+m.barWidth()-14, g.y-16, m.name, style{size: 11.5, color: "@soft", align: "right"})
	k := max(1, (max(r, w)+59)/60)
	mr, mw, flat := pool(r, w, k, func(i, j int) float64 { return m.v.At(i, j) })
	block := cellBlock{M: mr, W: mw, Side: k, Rows: r, Cols: w, XName: nonempty(p.x.name, "x"), YName: nonempty(p.y.name, "y"), VName: nonempty(m.name, "value")}
	for _, v := range flat {
		block.Values = append(block.Values, short(v))
	}
	for b := range mw {
		block.Xs = append(block.Xs, short(centre(m.xs, b, k)))
	}
	for a := range mr {
		block.Ys = append(block.Ys, short(centre(m.ys, a, k)))
	}
	c.carrier(m.name, at, block)
}

// centre of the b-th group of k values.
func centre(v []float64, b, k int) float64 {
	lo, hi := b*k, min((b+1)*k, len(v))-1
	return (v[lo] + v[hi]) / 2
}

func nonempty(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (m *cells) fact(p *pane) string {
	r, c := m.v.Dims()
	return fmt.Sprintf("map of %s: %d × %d values from %s to %s over %s and %s", nonempty(m.name, "value"), r, c,
		formatNumber(m.from, 4), formatNumber(m.to, 4), nonempty(p.x.name, "x"), nonempty(p.y.name, "y"))
}
