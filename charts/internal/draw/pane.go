package draw

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Pane is a pair of axes and the marks drawn between them.
type Pane struct {
	kind     string // for messages: "lines", "scatter", …
	X, Y     Axis
	Marks    []Mark
	Computed []Computed
	Under    *Cells   // a map below everything
	Looks    []*Look  // of all marks, those still to be computed included
	palette  []string // names of series in the order of the colours
	rules    int      // with a name
	errs     []error
	zoom     bool
	Equal    bool // same scale on both axes
	Legend   bool
	Lone     bool // a single entry still deserves a legend
	W, H     float64
	Lead     float64 // room between legend and grid, beyond the usual, to line up with a neighbour
	Hover    string
	Empty    string // what to do when nothing was added

	Drawn  []Mark     // after prepare: computed ones, then the others
	extent [4]float64 // of the data: x, then y
	cut    []string   // full names of the axes whose names were cut, after Draw
}

// Computed makes marks when the figure is drawn and all settings are known,
// and notes about them.
type Computed interface {
	Marks(p *Pane) ([]Mark, []string, error)
}

// NewPane is an empty pane of 720 × 360 pixels; messages call it by its kind.
func NewPane(kind string) Pane {
	return Pane{kind: kind, X: NewAxis(), Y: NewAxis(), zoom: true, Legend: true, W: 720, H: 360, Hover: "item"}
}

// Failf collects a mistake, which Prepare returns.
func (p *Pane) Failf(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("charts: "+format, args...))
}

// AddPoints checks the columns of a mark with points and adds it; lo and hi are
// ends of ranges, where there are any.
func (p *Pane) AddPoints(m Mark, x, y, lo, hi []float64) bool {
	what := fmt.Sprintf("%s %q", p.kind, m.Base().Name)
	switch {
	case len(x) == 0 && len(y) == 0:
		p.Failf("%s is empty", what)
		return false
	case len(x) != len(y):
		p.Failf("%s has %d x values and %d y values", what, len(x), len(y))
		return false
	case lo != nil && (len(lo) != len(x) || len(hi) != len(x)):
		p.Failf("%s has %d points, %d lower and %d upper ends", what, len(x), len(lo), len(hi))
		return false
	}
	p.Add(m)
	return true
}

// Add draws a mark over those added before.
func (p *Pane) Add(m Mark) {
	p.Marks = append(p.Marks, m)
	p.Looks = append(p.Looks, m.Base())
}

// Curve gives a curve its colour: the next of the palette, a dashed one that
// of the curve beside which it stands.
func (p *Pane) Curve(name, dash string) Look {
	l := Look{Name: name, Color: p.colorBeside(name, true), Dash: dash}
	if k := p.partner(name); dash == "dashed" && k >= 0 {
		color := p.Looks[k].Color
		// A second dashed curve beside the same one gets a colour of its own.
		if !slices.ContainsFunc(p.Looks, func(o *Look) bool { return o.Dash == "dashed" && o.Color == color && o.Ink == "" }) {
			l.Color = color
		}
	}
	return p.Dashes(l)
}

// Dashes tell curves apart whose colours repeat, after eight.
func (p *Pane) Dashes(l Look) Look {
	if l.Dash == "" {
		l.auto = true
		l.Dash = []string{"", "dashed", "dotted"}[l.Color/seriesColors%3]
		l.partner = l.Dash == ""
	}
	return l
}

// ColorOf is the colour of the mark of a name, else the next one.
func (p *Pane) ColorOf(name string) int {
	for _, l := range p.Looks {
		if l.Name == name && l.Ink == "" {
			return l.Color
		}
	}
	return p.Used()
}

// colorBeside is the colour of the cloud, or of the other marks, of a name: a
// curve and points of one name are one series. Else it is the next one.
func (p *Pane) colorBeside(name string, cloud bool) int {
	for _, l := range p.Looks {
		if l.Name == name && name != "" && l.Ink == "" && l.Cloud == cloud {
			return l.Color
		}
	}
	return p.Used()
}

// Cloud gives a group of points its look: in the colour of the curve of its
// name, if there is one, else in the next of the palette.
func (p *Pane) Cloud(name string, faint float64) Look {
	return Look{Name: name, Color: p.colorBeside(name, false), Faint: faint, Cloud: true}
}

// Rule adds a straight line across the plot.
func (p *Pane) Rule(at float64, name string, upright bool) {
	if !Finite(at) {
		p.Failf("the line %q stands at %g", name, at)
		return
	}
	kind := []Look{{Ink: "@axis", Dash: "dashed"}, {Ink: "@soft", Dash: "dotted"}, {Ink: "@ink", Dash: "dashed"}, {Ink: "@ink", Dash: "dotted"}}[p.rules%4]
	if kind.Name, kind.Quiet = name, name == ""; name != "" {
		p.rules++
	}
	p.Add(&rule{kind, at, upright})
}

// Used is the next free colour of the palette.
func (p *Pane) Used() int {
	seen := map[int]bool{}
	for _, l := range p.Looks {
		if l.Ink == "" {
			seen[l.Color] = true
		}
	}
	return len(seen)
}

// partner is the curve that a dashed one stands beside: of the same name, or
// of the longest name that begins its own, as "layer 1" begins "layer 1, M = I".
func (p *Pane) partner(name string) int {
	best := -1
	for k, l := range p.Looks {
		if !l.partner || !begins(name, l.Name) {
			continue
		}
		if best < 0 || len(l.Name) > len(p.Looks[best].Name) {
			best = k
		}
	}
	return best
}

// Prepare computes marks, checks everything and finds how far the axes reach;
// it returns the notes to print below the figure, and all mistakes together.
func (p *Pane) Prepare() ([]string, error) {
	errs := slices.Clone(p.errs)
	var notes []string
	p.Drawn, p.Lead = nil, 0
	p.paintByName()
	if len(errs) == 0 {
		for _, q := range p.Computed {
			made, remarks, err := q.Marks(p)
			if err != nil {
				errs = append(errs, err)
			}
			p.Drawn, notes = append(p.Drawn, made...), append(notes, remarks...)
		}
	}
	p.Drawn = append(p.Drawn, p.Marks...)
	if len(p.Drawn) == 0 && p.Under == nil && len(errs) == 0 {
		errs = append(errs, fmt.Errorf("charts: nothing to draw: %s", p.Empty))
	}
	for _, e := range []error{p.X.Check("x"), p.Y.Check("y")} {
		if e != nil {
			errs = append(errs, e)
		}
	}
	s := p.survey()
	if p.Under != nil {
		if err := p.Under.prepare(); err != nil {
			errs = append(errs, err)
		} else if p.X.Log || p.Y.Log {
			errs = append(errs, errors.New("charts: a map's cells are equally wide: draw it over the logarithms instead of on a logarithmic axis"))
		} else {
			s.dropped += p.Under.missing
			s.x[0], s.x[1], s.y[0], s.y[1] = p.Under.extent() // curves end at the cells' edge
			p.X.Tight, p.Y.Tight, p.zoom = true, true, false
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	p.X.zero = s.atZero > 0 && p.X.takesZero(s.x[0])
	s.zeroShown = p.X.zero
	if p.Y.Floor0 && s.y[0] > 0 {
		s.y[0] = 0
	}
	if p.Y.Top > 0 && math.IsNaN(p.Y.Hi) {
		s.y[1] = math.Min(s.y[1], p.Y.Top)
	}
	p.extent = [4]float64{s.x[0], s.x[1], s.y[0], s.y[1]}
	if p.Under != nil {
		notes = append(notes, p.Under.notes()...)
	}
	notes = append(append(notes, s.notes()...), append(equalNumbers("x", s.x), equalNumbers("y", s.y)...)...)
	for _, m := range p.Drawn {
		notes = append(notes, m.notes(p)...)
	}
	return notes, nil
}

// survey asks all marks how far they reach.
func (p *Pane) survey() *survey {
	nothing := [2]float64{math.Inf(1), math.Inf(-1)}
	s := &survey{xlog: p.X.Log, ylog: p.Y.Log, x: nothing, y: nothing}
	for _, m := range p.Drawn {
		m.reach(s)
	}
	return s
}

// equalNumbers says where numbers that differ are drawn as one.
func equalNumbers(axis string, e [2]float64) []string {
	if !(e[0] < e[1]) || !Alike(e[0], e[1]) {
		return nil
	}
	return []string{fmt.Sprintf("The %s values differ by rounding only, from %v to %v, and are drawn as one.", axis, e[0], e[1])}
}

// Width is the natural width in pixels.
func (p *Pane) Width() float64 { return p.W }

// Height is the height in pixels that goes with a width, after Prepare.
func (p *Pane) Height(w float64) float64 {
	h := p.H
	if w < p.W {
		h = math.Max(p.H*math.Sqrt(w/p.W), 190)
		if p.Equal || p.Under != nil {
			h = math.Max(p.H*w/p.W, 190)
		}
	}
	h += p.legendHeight(w-64) + p.Lead // about what the y axis takes
	if p.Equal {
		// As tall as the width asks for, so that no room is left over; another
		// height may have other ticks, and ends of the axis with them.
		for range 4 {
			g := p.grid(Rect{0, 0, w, h})
			h += math.Min(math.Max(g.W*p.Y.times(&p.X), 120), 1.2*w) - g.H
		}
	}
	return h
}

// Rooms are what the plot takes above and below its grid.
func (p *Pane) Rooms(w float64) (above, below float64) {
	h := p.Height(w)
	g := p.grid(Rect{0, 0, w, h})
	return g.Y, h - g.Y - g.H
}

// grid fits the axes to a place and gives the rectangle between them.
func (p *Pane) grid(at Rect) Rect {
	e := p.extent
	p.X.Fit(e[0], e[1], max(2, int(at.W/95)))
	p.Y.Fit(e[2], e[3], max(2, int(at.H/58)))
	left, right, top, bottom, _, _ := p.margins(at.W, at.H)
	return Rect{at.X + left, at.Y + top, at.W - left - right, at.H - top - bottom}
}

// Draw fills a place, after Prepare, and says how much of its height it took.
func (p *Pane) Draw(c *Canvas, at Rect) float64 {
	g := p.grid(at)
	_, _, _, _, nameX, nameY := p.margins(at.W, at.H)
	full := g.H
	if p.Equal {
		p.square(&g)
	}
	ox, oy := p.X.option(p.zoom), p.Y.option(p.zoom)
	if p.Under != nil {
		ox["splitLine"], oy["splitLine"] = dict{"show": false}, dict{"show": false}
	}
	i := c.grid(g, ox, oy)
	p.drawLegend(c, g, at)
	c.Text(g.X+g.W/2, g.Y+g.H+26, strings.Join(nameX, "\n"), Style{Size: nameSize, Align: "center"})
	c.Text(at.X, g.Y+g.H/2, strings.Join(nameY, "\n"), Style{Size: nameSize, Align: "center", turn: math.Pi / 2})
	p.cut = nil
	if !whole(nameX, p.X.title()) {
		p.cut = append(p.cut, "x axis: "+p.X.title())
	}
	if !whole(nameY, p.Y.title()) {
		p.cut = append(p.cut, "y axis: "+p.Y.title())
	}
	if p.zoom {
		c.zooms = append(c.zooms,
			with(opts.DataZoom{Type: "inside"}, dict{"xAxisIndex": i, "filterMode": "none", "zoomOnMouseWheel": "ctrl"}),
			with(opts.DataZoom{Type: "inside"}, dict{"yAxisIndex": i, "filterMode": "none", "zoomOnMouseWheel": "ctrl"}))
	}
	names := dict{"x": strings.TrimSpace(p.X.title()), "y": strings.TrimSpace(p.Y.title())}
	if p.X.zeroAt > 0 {
		names["x0"] = p.X.drawn(p.X.zeroAt)
	}
	if p.Under != nil {
		p.Under.draw(c, i, g, p)
	}
	if p.X.even || p.Y.even {
		c.add(i, p.corners(), dict{"quiet": true})
	}
	if p.X.zeroAt > 0 {
		c.add(i, p.axisBreak(), dict{"quiet": true})
	}
	c.hover = p.Hover
	for _, m := range p.Drawn {
		l := m.Base()
		m.draw(pen{c, i, p, c.alias(l.Name, l.kind()), names})
	}
	return at.H - (full - g.H)
}

// square shrinks the grid so that one unit, a power of ten on a logarithmic
// axis, is as long on both axes.
func (p *Pane) square(g *Rect) {
	ratio := p.Y.times(&p.X)
	if g.W*ratio > g.H {
		g.W = g.H / ratio
	} else {
		g.H = g.W * ratio
	}
}

// point is a pair with the digits that the axes can tell apart.
func (p *Pane) point(x, y float64) pair {
	return pair{p.X.number(x), p.Y.number(y)}
}

// Facts says in lines of plain text what the pane holds.
func (p *Pane) Facts() []string {
	out := slices.Clone(p.cut)
	if p.Under != nil {
		out = append(out, p.Under.fact(p))
	}
	for _, m := range p.Drawn {
		if m.Base().Quiet {
			continue
		}
		if f := m.fact(p); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// corners are two unseen points at the ends of both axes. ECharts rounds the
// ends of a logarithmic axis to the digits of its outermost data, which would
// leave out ticks between them.
func (p *Pane) corners() dict {
	s := scatterSeries("", []pair{{p.X.drawn(p.X.From), p.Y.drawn(p.Y.From)}, {p.X.drawn(p.X.To), p.Y.drawn(p.Y.To)}})
	s["symbolSize"], s["silent"] = 0, true
	return s
}
