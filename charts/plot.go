package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// shape is how a layer of a plot is drawn.
type shape int

const (
	lineShape shape = iota
	pointShape
	stepShape // bars of a histogram, as the outline of its steps
	bandShape
	ruleShape // a straight line across the plot
	labelShape
	arrowShape
)

// layer is one thing drawn on a plot.
type layer struct {
	shape  shape
	name   string
	x, y   []float64
	lo, hi []float64 // error bars and bands: lower and upper ends
	color  int       // -1: the next of the palette
	ink    string    // colour by name, over color
	width  float64
	dash   string // "", "dashed", "dotted"
	marks  bool   // a line's points are marked
	symbol string
	size   float64
	hollow bool
	faint  float64 // opacity; 0 means 1
	quiet  bool    // neither in the legend nor in the tooltip
	vert   bool    // a rule at x instead of y
	closed bool
	labels []string // of single points
}

// plotBody is a pair of axes and what is drawn on them.
type plotBody struct {
	kind   string // for messages: "lines", "scatter", …
	x, y   axis
	layers []layer
	fill   func(p *plotBody) error // makes layers from the settings, before drawing
	made   []layer                 // by fill
	drawn  []layer                 // both, after prepare
	errs   []error
	zoom   bool
	equal  bool // same scale on both axes
	legend bool
	under  *mapLayer // coloured cells below everything
	w, h   float64
	hover  string
	empty  string // what to do when nothing was added

	dropped int
	remarks []string   // notes of fill
	extent  [4]float64 // of the data: x, then y
}

func newPlotBody(kind string) plotBody {
	return plotBody{kind: kind, x: newAxis(), y: newAxis(), zoom: true, legend: true, w: 720, h: 360, hover: "item"}
}

func (p *plotBody) failf(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("charts: "+format, args...))
}

// addXY checks and adds a layer with points.
func (p *plotBody) addXY(l layer) {
	what := fmt.Sprintf("%s %q", p.kind, l.name)
	switch {
	case len(l.x) == 0 && len(l.y) == 0:
		p.failf("%s is empty", what)
		return
	case len(l.x) != len(l.y):
		p.failf("%s has %d x values and %d y values", what, len(l.x), len(l.y))
		return
	case l.lo != nil && (len(l.lo) != len(l.x) || len(l.hi) != len(l.x)):
		p.failf("%s has %d points, %d lower and %d upper ends", what, len(l.x), len(l.lo), len(l.hi))
		return
	case l.labels != nil && len(l.labels) != len(l.x):
		p.failf("%s has %d points and %d labels", what, len(l.x), len(l.labels))
		return
	}
	if l.color < 0 {
		l.color = p.used()
	}
	p.layers = append(p.layers, l)
}

// used is the next free colour of the palette.
func (p *plotBody) used() int {
	seen := map[int]bool{}
	for _, l := range p.layers {
		if l.ink == "" {
			seen[l.color] = true
		}
	}
	return len(seen)
}

func (l *layer) paint() string {
	if l.ink != "" {
		return l.ink
	}
	return seriesColor(l.color)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (p *plotBody) prepare() ([]string, error) {
	p.dropped = 0
	errs := append([]error(nil), p.errs...)
	p.made = nil
	if p.fill != nil && len(errs) == 0 {
		given := p.layers
		p.layers = nil
		err := p.fill(p)
		p.made, p.layers = p.layers, given
		errs, p.errs = append(errs, p.errs[len(errs):]...), p.errs[:len(errs)]
		if err != nil {
			errs = append(errs, err)
		}
	}
	p.drawn = append(append([]layer(nil), p.made...), p.layers...)
	if len(p.drawn) == 0 && p.under == nil && len(errs) == 0 {
		errs = append(errs, fmt.Errorf("charts: nothing to draw: %s", p.empty))
	}
	for _, e := range []error{p.x.check("x"), p.y.check("y")} {
		if e != nil {
			errs = append(errs, e)
		}
	}
	xlo, xhi := math.Inf(1), math.Inf(-1)
	ylo, yhi := math.Inf(1), math.Inf(-1)
	for i := range p.drawn {
		l := &p.drawn[i]
		if l.shape == ruleShape {
			v := l.y[0]
			if l.vert {
				xlo, xhi = math.Min(xlo, v), math.Max(xhi, v)
			} else {
				ylo, yhi = math.Min(ylo, v), math.Max(yhi, v)
			}
		}
		for k := range l.x {
			ys := []float64{l.y[k]}
			if l.lo != nil {
				ys = append(ys, l.lo[k], l.hi[k])
			}
			for m, y := range ys {
				if m == 0 && (!finite(l.x[k]) || !finite(y)) && !(l.closed && math.IsNaN(y)) {
					p.dropped++
				}
				if !finite(l.x[k]) || !finite(y) {
					continue
				}
				if p.x.log && l.x[k] <= 0 {
					errs = append(errs, fmt.Errorf("charts: %s %q has x = %g at point %d, which a logarithmic x axis cannot show", p.kind, l.name, l.x[k], k+1))
					goto next
				}
				if p.y.log && y <= 0 {
					errs = append(errs, fmt.Errorf("charts: %s %q has y = %g at point %d, which a logarithmic y axis cannot show", p.kind, l.name, y, k+1))
					goto next
				}
				xlo, xhi = math.Min(xlo, l.x[k]), math.Max(xhi, l.x[k])
				ylo, yhi = math.Min(ylo, y), math.Max(yhi, y)
			}
		}
	next:
	}
	if p.under != nil {
		if err := p.under.prepare(); err != nil {
			errs = append(errs, err)
		} else {
			p.dropped += p.under.missing
			x0, x1, y0, y1 := p.under.extent()
			xlo, xhi = math.Min(xlo, x0), math.Max(xhi, x1)
			ylo, yhi = math.Min(ylo, y0), math.Max(yhi, y1)
			p.x.tight, p.y.tight, p.zoom = true, true, false
		}
	}
	if len(errs) > 0 {
		return nil, joined(errs)
	}
	if p.y.floor0 && ylo > 0 {
		ylo = 0
	}
	if p.y.top > 0 && math.IsNaN(p.y.hi) {
		yhi = math.Min(yhi, p.y.top)
	}
	p.extent = [4]float64{xlo, xhi, ylo, yhi}
	notes := append([]string(nil), p.remarks...)
	if p.dropped > 0 {
		notes = append(notes, notFinite(p.dropped, "value", "left out"))
	}
	for i := range p.drawn {
		if l := &p.drawn[i]; len(l.x) > maxPoints(l) && !l.closed {
			notes = append(notes, fmt.Sprintf("“%s”: %d of %d points drawn, extremes kept.", l.name, maxPoints(l), len(l.x)))
		}
	}
	return notes, nil
}

// maxPoints keeps a figure's message small.
func maxPoints(l *layer) int {
	if l.shape == lineShape {
		return 2000
	}
	return 6000
}

func (p *plotBody) width() float64 { return p.w }

func (p *plotBody) height(w float64) float64 {
	h := p.h
	if w < p.w {
		h = math.Max(p.h*math.Sqrt(w/p.w), 190)
		if p.equal || p.under != nil {
			h = math.Max(p.h*w/p.w, 190)
		}
	}
	return h + p.legendHeight(w-64) // about what the y axis takes
}

// entries are the layers in the legend.
func (p *plotBody) entries() []string {
	var names []string
	seen := map[string]bool{}
	for _, l := range p.drawn {
		if l.name != "" && !l.quiet && !seen[l.name] && l.shape != labelShape {
			seen[l.name] = true
			names = append(names, l.name)
		}
	}
	if !p.legend || len(names) < 2 && !p.named() {
		return nil
	}
	return names
}

// named is true when a single entry still deserves a legend.
func (p *plotBody) named() bool { return p.kind == "scatter" && len(p.drawn) > 1 }

const legendRow = 26.0

func (p *plotBody) legendHeight(w float64) float64 {
	names := p.entries()
	if len(names) == 0 {
		return 0
	}
	rows, x := 1, 0.0
	for _, n := range names {
		d := textWidth(n, 12) + 22 + 5 + 12
		if x+d > w && x > 0 {
			rows++
			x = 0
		}
		x += d
	}
	return float64(rows-1)*legendRow + 26
}

// icon draws a layer's line in the legend; "" leaves it to the library.
func (p *plotBody) icon(name string) string {
	for _, l := range p.drawn {
		if l.name != name || l.shape == bandShape {
			continue
		}
		switch {
		case l.shape == pointShape:
			return l.symbol
		case l.shape == stepShape:
			return "roundRect"
		case l.hollow:
			return ""
		case l.marks || l.shape == arrowShape:
			return "path://M0 4.3h7a3 3 0 0 1 6 0h7v1.4h-7a3 3 0 0 1 -6 0h-7z"
		case l.dash == "dashed":
			return "path://M0 4h5v2h-5zM7.5 4h5v2h-5zM15 4h5v2h-5z"
		case l.dash == "dotted":
			return "path://M0 4h2v2h-2zM4.5 4h2v2h-2zM9 4h2v2h-2zM13.5 4h2v2h-2zM18 4h2v2h-2z"
		}
		return "path://M0 4h20v2h-20z"
	}
	return ""
}

func (p *plotBody) draw(c *canvas, at rect) {
	e := p.extent
	p.x.fit(e[0], e[1], max(2, int(at.w/95)))
	p.y.fit(e[2], e[3], max(2, int(at.h/58)))
	left := p.y.labelWidth() + 10
	if p.y.name != "" {
		left += 20
	}
	bottom := 22.0
	if p.x.name != "" {
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
	g := rect{at.x + left, at.y + top, at.w - left - right, at.h - top - bottom}
	if p.equal {
		p.square(&g)
	}
	ox, oy := p.x.option(p.zoom), p.y.option(p.zoom)
	if p.under != nil {
		ox["splitLine"], oy["splitLine"] = dict{"show": false}, dict{"show": false}
	}
	i := c.grid(g, ox, oy)
	if names := p.entries(); len(names) > 0 {
		itemWidth := 22
		if !slices.ContainsFunc(p.drawn, func(l layer) bool { return l.shape != pointShape }) {
			itemWidth = 11
		}
		data := make([]any, len(names))
		for k, n := range names {
			data[k] = dict{"name": escapeToken(n)}
			if icon := p.icon(n); icon != "" {
				data[k].(dict)["icon"] = icon
			}
		}
		c.legends = append(c.legends, with(opts.Legend{Show: opts.Bool(true), Type: "plain", ItemWidth: itemWidth, ItemHeight: 10}, dict{
			"data": data, "left": round1(g.x), "top": round1(at.y), "width": round1(at.x + at.w - g.x), "itemGap": 12, "padding": 0,
			"formatter": "@f:legend",
			"textStyle": dict{"color": "@ink", "fontSize": 12, "rich": dict{"s": dict{"fontSize": 9, "verticalAlign": "bottom", "padding": []int{5, 0, 0, 0}}}}, "inactiveColor": "@axis", "height": legendRow * 4}))
	}
	if p.x.name != "" {
		c.text(g.x+g.w/2, g.y+g.h+26, p.x.name, style{size: nameSize, align: "center"})
	}
	if p.y.name != "" {
		c.text(at.x, g.y+g.h/2, p.y.name, style{size: nameSize, align: "center", turn: math.Pi / 2})
	}
	if p.zoom {
		c.zooms = append(c.zooms,
			with(opts.DataZoom{Type: "inside"}, dict{"xAxisIndex": i, "filterMode": "none", "zoomOnMouseWheel": "ctrl"}),
			with(opts.DataZoom{Type: "inside"}, dict{"yAxisIndex": i, "filterMode": "none", "zoomOnMouseWheel": "ctrl"}))
	}
	names := dict{"x": strings.TrimSpace(p.x.name), "y": strings.TrimSpace(p.y.name)}
	if p.under != nil {
		p.under.draw(c, i, g, p)
	}
	c.hover = p.hover
	for k := range p.drawn {
		p.drawn[k].draw(c, i, g, names, p)
	}
}

// square shrinks the grid so that one unit is as long on both axes.
func (p *plotBody) square(g *rect) {
	perX, perY := g.w/(p.x.to-p.x.from), g.h/(p.y.to-p.y.from)
	if perX > perY {
		w := (p.x.to - p.x.from) * perY
		g.w = w
	} else {
		h := (p.y.to - p.y.from) * perX
		g.h = h
	}
}
