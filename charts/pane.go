package charts

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// pane is a pair of axes and the marks drawn between them.
type pane struct {
	kind     string // for messages: "lines", "scatter", …
	x, y     axis
	marks    []mark
	computed []computed
	under    *cells  // a map below everything
	looks    []*look // of all marks, those still to be computed included
	rules    int     // with a name
	errs     []error
	zoom     bool
	equal    bool // same scale on both axes
	legend   bool
	lone     bool // a single entry still deserves a legend
	w, h     float64
	hover    string
	empty    string // what to do when nothing was added

	drawn  []mark     // after prepare: computed ones, then the others
	extent [4]float64 // of the data: x, then y
}

// computed makes marks when the figure is drawn and all settings are known,
// and notes about them.
type computed interface {
	marks(p *pane) ([]mark, []string, error)
}

func newPane(kind string) pane {
	return pane{kind: kind, x: newAxis(), y: newAxis(), zoom: true, legend: true, w: 720, h: 360, hover: "item"}
}

func (p *pane) failf(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("charts: "+format, args...))
}

// addPoints checks the columns of a mark with points and adds it; lo and hi are
// ends of ranges, where there are any.
func (p *pane) addPoints(m mark, x, y, lo, hi []float64) bool {
	what := fmt.Sprintf("%s %q", p.kind, m.base().name)
	switch {
	case len(x) == 0 && len(y) == 0:
		p.failf("%s is empty", what)
		return false
	case len(x) != len(y):
		p.failf("%s has %d x values and %d y values", what, len(x), len(y))
		return false
	case lo != nil && (len(lo) != len(x) || len(hi) != len(x)):
		p.failf("%s has %d points, %d lower and %d upper ends", what, len(x), len(lo), len(hi))
		return false
	}
	p.add(m)
	return true
}

func (p *pane) add(m mark) {
	p.marks = append(p.marks, m)
	p.looks = append(p.looks, m.base())
}

// curve gives a curve its colour: the next of the palette, a dashed one that
// of the curve beside which it stands.
func (p *pane) curve(name, dash string) look {
	l := look{name: name, color: p.used(), dash: dash}
	if k := p.partner(name); dash == "dashed" && k >= 0 {
		color := p.looks[k].color
		// A second dashed curve beside the same one gets a colour of its own.
		if !slices.ContainsFunc(p.looks, func(o *look) bool { return o.dash == "dashed" && o.color == color && o.ink == "" }) {
			l.color = color
		}
	}
	return p.dashes(l)
}

// dashes tell curves apart whose colours repeat, after eight.
func (p *pane) dashes(l look) look {
	if l.dash == "" {
		l.dash = []string{"", "dashed", "dotted"}[l.color/seriesColors%3]
		l.partner = l.dash == ""
	}
	return l
}

// colorOf is the colour of the mark of a name, else the next one.
func (p *pane) colorOf(name string) int {
	for _, l := range p.looks {
		if l.name == name && l.ink == "" {
			return l.color
		}
	}
	return p.used()
}

// rule adds a straight line across the plot.
func (p *pane) rule(at float64, name string, upright bool) {
	if !finite(at) {
		p.failf("the line %q stands at %g", name, at)
		return
	}
	kind := []look{{ink: "@axis", dash: "dashed"}, {ink: "@soft", dash: "dotted"}, {ink: "@ink", dash: "dashed"}, {ink: "@ink", dash: "dotted"}}[p.rules%4]
	if kind.name, kind.quiet = name, name == ""; name != "" {
		p.rules++
	}
	p.add(&rule{kind, at, upright})
}

// used is the next free colour of the palette.
func (p *pane) used() int {
	seen := map[int]bool{}
	for _, l := range p.looks {
		if l.ink == "" {
			seen[l.color] = true
		}
	}
	return len(seen)
}

// partner is the curve that a dashed one stands beside: of the same name, or
// of the longest name that begins its own, as "layer 1" begins "layer 1, M = I".
func (p *pane) partner(name string) int {
	best := -1
	for k, l := range p.looks {
		rest, ok := strings.CutPrefix(name, l.name)
		if !ok || l.name == "" || !l.partner {
			continue
		}
		// K₀, K̂, K_M and λ = 0.5 are not K and λ = 0 with something added.
		if next, _ := utf8.DecodeRuneInString(rest); unicode.In(next, unicode.Letter, unicode.Number, unicode.Mark) || next == '_' || next == '.' {
			continue
		}
		if best < 0 || len(l.name) > len(p.looks[best].name) {
			best = k
		}
	}
	return best
}

func (p *pane) prepare() ([]string, error) {
	errs := slices.Clone(p.errs)
	var notes []string
	p.drawn = nil
	if len(errs) == 0 {
		for _, q := range p.computed {
			made, remarks, err := q.marks(p)
			if err != nil {
				errs = append(errs, err)
			}
			p.drawn, notes = append(p.drawn, made...), append(notes, remarks...)
		}
	}
	p.drawn = append(p.drawn, p.marks...)
	if len(p.drawn) == 0 && p.under == nil && len(errs) == 0 {
		errs = append(errs, fmt.Errorf("charts: nothing to draw: %s", p.empty))
	}
	for _, e := range []error{p.x.check("x"), p.y.check("y")} {
		if e != nil {
			errs = append(errs, e)
		}
	}
	s := p.survey()
	if p.under != nil {
		if err := p.under.prepare(); err != nil {
			errs = append(errs, err)
		} else if p.x.log || p.y.log {
			errs = append(errs, errors.New("charts: a map's cells are equally wide: draw it over the logarithms instead of on a logarithmic axis"))
		} else {
			s.dropped += p.under.missing
			s.x[0], s.x[1], s.y[0], s.y[1] = p.under.extent() // curves end at the cells' edge
			p.x.tight, p.y.tight, p.zoom = true, true, false
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if p.y.floor0 && s.y[0] > 0 {
		s.y[0] = 0
	}
	if p.y.top > 0 && math.IsNaN(p.y.hi) {
		s.y[1] = math.Min(s.y[1], p.y.top)
	}
	p.extent = [4]float64{s.x[0], s.x[1], s.y[0], s.y[1]}
	if p.under != nil {
		notes = append(notes, p.under.notes()...)
	}
	notes = append(append(notes, s.notes()...), append(equalNumbers("x", s.x), equalNumbers("y", s.y)...)...)
	for _, m := range p.drawn {
		notes = append(notes, m.notes(p)...)
	}
	return notes, nil
}

// survey asks all marks how far they reach.
func (p *pane) survey() *survey {
	nothing := [2]float64{math.Inf(1), math.Inf(-1)}
	s := &survey{xlog: p.x.log, ylog: p.y.log, x: nothing, y: nothing}
	for _, m := range p.drawn {
		m.reach(s)
	}
	return s
}

// equalNumbers says where numbers that differ are drawn as one.
func equalNumbers(axis string, e [2]float64) []string {
	if !(e[0] < e[1]) || !alike(e[0], e[1]) {
		return nil
	}
	return []string{fmt.Sprintf("The %s values differ by rounding only, from %v to %v, and are drawn as one.", axis, e[0], e[1])}
}

func (p *pane) width() float64 { return p.w }

func (p *pane) height(w float64) float64 {
	h := p.h
	if w < p.w {
		h = math.Max(p.h*math.Sqrt(w/p.w), 190)
		if p.equal || p.under != nil {
			h = math.Max(p.h*w/p.w, 190)
		}
	}
	h += p.legendHeight(w - 64) // about what the y axis takes
	if p.equal {
		// As tall as the width asks for, so that no room is left over; another
		// height may have other ticks, and ends of the axis with them.
		for range 4 {
			g := p.grid(rect{0, 0, w, h})
			h += math.Min(math.Max(g.w*p.y.times(&p.x), 120), 1.2*w) - g.h
		}
	}
	return h
}

// rooms are what the plot takes above and below its grid.
func (p *pane) rooms(w float64) (above, below float64) {
	h := p.height(w)
	g := p.grid(rect{0, 0, w, h})
	return g.y, h - g.y - g.h
}

// grid fits the axes to a place and gives the rectangle between them.
func (p *pane) grid(at rect) rect {
	e := p.extent
	p.x.fit(e[0], e[1], max(2, int(at.w/95)))
	p.y.fit(e[2], e[3], max(2, int(at.h/58)))
	left := p.y.labelWidth() + 10
	if p.y.title() != "" {
		left += 20
	}
	bottom := 22.0
	if p.x.title() != "" {
		bottom += 20
	}
	right := 14.0
	if n := len(p.x.ticks); n > 0 {
		right = math.Max(right, textWidth(p.x.label(p.x.ticks[n-1]), tickSize)/2)
	}
	if p.under != nil {
		right += p.under.barWidth()
	}
	top := p.legendHeight(at.w-left) + 6
	return rect{at.x + left, at.y + top, at.w - left - right, at.h - top - bottom}
}

func (p *pane) draw(c *canvas, at rect) float64 {
	g := p.grid(at)
	full := g.h
	if p.equal {
		p.square(&g)
	}
	ox, oy := p.x.option(p.zoom), p.y.option(p.zoom)
	if p.under != nil {
		ox["splitLine"], oy["splitLine"] = dict{"show": false}, dict{"show": false}
	}
	i := c.grid(g, ox, oy)
	p.drawLegend(c, g, at)
	if name := p.x.title(); name != "" {
		c.text(g.x+g.w/2, g.y+g.h+26, name, style{size: nameSize, align: "center"})
	}
	if name := p.y.title(); name != "" {
		c.text(at.x, g.y+g.h/2, name, style{size: nameSize, align: "center", turn: math.Pi / 2})
	}
	if p.zoom {
		c.zooms = append(c.zooms,
			with(opts.DataZoom{Type: "inside"}, dict{"xAxisIndex": i, "filterMode": "none", "zoomOnMouseWheel": "ctrl"}),
			with(opts.DataZoom{Type: "inside"}, dict{"yAxisIndex": i, "filterMode": "none", "zoomOnMouseWheel": "ctrl"}))
	}
	names := dict{"x": strings.TrimSpace(p.x.title()), "y": strings.TrimSpace(p.y.title())}
	if p.under != nil {
		p.under.draw(c, i, g, p)
	}
	if p.x.even || p.y.even {
		c.add(i, p.corners(), dict{"quiet": true})
	}
	c.hover = p.hover
	for _, m := range p.drawn {
		l := m.base()
		m.draw(pen{c, i, p, c.alias(l.name, l.paint()), names})
	}
	return at.h - (full - g.h)
}

// square shrinks the grid so that one unit, a power of ten on a logarithmic
// axis, is as long on both axes.
func (p *pane) square(g *rect) {
	ratio := p.y.times(&p.x)
	if g.w*ratio > g.h {
		g.w = g.h / ratio
	} else {
		g.h = g.w * ratio
	}
}

// point is a pair with the digits that the axes can tell apart.
func (p *pane) point(x, y float64) pair {
	return pair{p.x.number(x), p.y.number(y)}
}

func (p *pane) facts() []string {
	var out []string
	if p.under != nil {
		out = append(out, p.under.fact(p))
	}
	for _, m := range p.drawn {
		if m.base().quiet {
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
func (p *pane) corners() dict {
	s := scatterSeries("", []pair{{p.x.drawn(p.x.from), p.y.drawn(p.y.from)}, {p.x.drawn(p.x.to), p.y.drawn(p.y.to)}})
	s["symbolSize"], s["silent"] = 0, true
	return s
}
