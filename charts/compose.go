package charts

import (
	"errors"
	"fmt"
	"math"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// ComposedFigure stands several figures in one. Made by Compose.
type ComposedFigure struct {
	figure
	c composeBody
}

type composeBody struct {
	parts   []*sheet
	columns int
	letters bool
	errs    []error
	ready   []*sheet // the parts as they are drawn
}

// Compose draws figures side by side, with titles (a), (b), …; up to two in a
// row unless Columns says more, and below one another on pages of less than 600
// pixels.
func Compose(parts ...Part) *ComposedFigure {
	f := &ComposedFigure{c: composeBody{letters: true}}
	f.base.body = &f.c
	for i, p := range parts {
		if p == nil {
			f.c.errs = append(f.c.errs, fmt.Errorf("charts: part %d of the composed figure is nil", i+1))
			continue
		}
		f.c.parts = append(f.c.parts, p.sheet())
	}
	return f
}

// Columns sets how many figures stand in a row.
func (f *ComposedFigure) Columns(n int) *ComposedFigure {
	if n < 1 {
		f.c.errs = append(f.c.errs, fmt.Errorf("charts: %d figures in a row", n))
		return f
	}
	f.c.columns = n
	return f
}

// NoLetters leaves out (a), (b), ….
func (f *ComposedFigure) NoLetters() *ComposedFigure { f.c.letters = false; return f }

const (
	composedWidth = 940.0
	composedGap   = 26.0
)

func (c *composeBody) Prepare() ([]string, error) {
	errs := append([]error(nil), c.errs...)
	if len(c.parts) == 0 && len(errs) == 0 {
		errs = append(errs, fmt.Errorf("charts: nothing to compose: name the figures in Compose"))
	}
	c.ready = nil
	for i, p := range c.parts {
		s := *p
		s.inner = true
		if err := s.prepare(); err != nil {
			errs = append(errs, fmt.Errorf("part (%s): %w", letter(i), err))
			continue
		}
		if c.letters && len(c.parts) > 1 {
			s.title = "(" + letter(i) + ") " + s.title
		}
		c.ready = append(c.ready, &s)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return nil, nil
}

func letter(i int) string {
	if i >= 26 {
		return letter(i/26-1) + letter(i%26)
	}
	return string(rune('a' + i))
}

// rows are the parts line by line.
func (c *composeBody) rows() [][]*sheet {
	n := c.columns
	if n == 0 {
		n = 2
		for _, s := range c.ready {
			if s.body.Width() > 0.8*composedWidth {
				if _, wide := s.body.(*kernelsBody); wide {
					n = 1
				}
			}
		}
	}
	var out [][]*sheet
	for lo := 0; lo < len(c.ready); lo += n {
		out = append(out, c.ready[lo:min(lo+n, len(c.ready))])
	}
	return out
}

// naturals are the natural widths of the columns: of their widest parts.
func (c *composeBody) naturals() []float64 {
	rows := c.rows()
	out := make([]float64, len(rows[0]))
	for _, row := range rows {
		for i, s := range row {
			out[i] = math.Max(out[i], s.wide())
		}
	}
	return out
}

func (c *composeBody) Width() float64 {
	w := -composedGap
	for _, v := range c.naturals() {
		w += v + composedGap
	}
	return math.Min(w, composedWidth)
}

// columnWidths splits a width among the columns after their natural widths.
func (c *composeBody) columnWidths(w float64) []float64 {
	out, sum := c.naturals(), 0.0
	for _, v := range out {
		sum += v
	}
	for i := range out {
		out[i] *= (w - composedGap*float64(len(out)-1)) / sum
	}
	return out
}

// heights are those of the rows; the grids of plots that share a row are
// given the same upper and lower edge.
func (c *composeBody) heights(w float64) []float64 {
	rows, widths := c.rows(), c.columnWidths(w)
	out := make([]float64, len(rows))
	for r, row := range rows {
		lineUp(row, widths)
		for i, s := range row {
			out[r] = math.Max(out[r], s.tall(widths[i]))
		}
	}
	return out
}

// lineUp sets the room above and below the bodies of a row: bodies, legends
// first, begin where the tallest title ends, and plots share the edges of their
// frames. What has the same scale on both axes ends where its width says.
func lineUp(row []*sheet, widths []float64) {
	var head, above, below float64 // the most of each
	over, under := make([]float64, len(row)), make([]float64, len(row))
	for i, s := range row {
		s.padTop, s.padBottom = 0, 0
		head = math.Max(head, s.header(widths[i]))
		if p, ok := s.body.(*draw.Pane); ok {
			p.Lead = 0
			top, bottom := p.Rooms(widths[i])
			over[i] = s.header(widths[i]) + top
			if !p.Equal {
				under[i] = s.footer(widths[i]) + bottom
			}
		}
		above, below = math.Max(above, over[i]), math.Max(below, under[i])
	}
	for i, s := range row {
		s.padTop = head - s.header(widths[i])
		if over[i] > 0 {
			p := s.body.(*draw.Pane)
			p.Lead = math.Max(0, above-over[i]-s.padTop)
			s.padTop = above - over[i] - p.Lead
		}
		if under[i] > 0 {
			s.padBottom = below - under[i]
		}
	}
}

func (c *composeBody) Height(w float64) float64 {
	h := 0.0
	for i, v := range c.heights(w) {
		if i > 0 {
			h += composedGap
		}
		h += v
	}
	return h
}

func (c *composeBody) Draw(cv *draw.Canvas, at draw.Rect) float64 {
	y := at.Y
	heights, widths := c.heights(at.W), c.columnWidths(at.W)
	for r, row := range c.rows() {
		x := at.X
		for i, s := range row {
			part := draw.Rect{X: x, Y: y, W: widths[i], H: heights[r]}
			cv.Block(part, func() { s.place(cv, part) })
			x += widths[i] + composedGap
		}
		y += heights[r] + composedGap
	}
	return at.H
}

func (c *composeBody) Facts() []string {
	var out []string
	for i, s := range c.ready {
		for _, f := range s.body.Facts() {
			out = append(out, "("+letter(i)+") "+f)
		}
	}
	return out
}

// Title sets the title, drawn above the figure.
func (f *ComposedFigure) Title(s string) *ComposedFigure { f.base.title = s; return f }

// Subtitle sets a line under the title.
func (f *ComposedFigure) Subtitle(s string) *ComposedFigure { f.base.subtitle = s; return f }

// Alt sets the text read to those who cannot see the figure. Default: title
// and a summary of the data.
func (f *ComposedFigure) Alt(s string) *ComposedFigure { f.base.alt = s; return f }

// Note prints a line below the figure.
func (f *ComposedFigure) Note(s string) *ComposedFigure { f.base.note(s); return f }

// Theme sets the colours of the page it is drawn for. Default: Auto.
func (f *ComposedFigure) Theme(t Theme) *ComposedFigure { f.base.theme = t; return f }

// Width sets the width of the whole figure in pixels; the height follows.
func (f *ComposedFigure) Width(w int) *ComposedFigure { return f.Size(w, 0) }

// Size sets width and height of the whole figure in pixels, up to 4000 × 8000;
// 0 keeps the default.
func (f *ComposedFigure) Size(w, h int) *ComposedFigure { f.base.size(w, h); return f }
