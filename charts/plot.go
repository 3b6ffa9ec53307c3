package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	zeros  int      // gaps that are no mistake: zeros on a logarithmic axis
}

// plotBody is a pair of axes and what is drawn on them.
type plotBody struct {
	kind   string // for messages: "lines", "scatter", …
	x, y   axis
	layers []layer
	fill   func(p *plotBody) error // makes layers from the settings, before drawing
	given  []layer                 // what was added, while fill runs
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
		if k := p.partner(l.name); l.dash == "dashed" && k >= 0 {
			color := p.layers[k].color
			// A second dashed curve beside the same one gets a colour of its own.
			if !slices.ContainsFunc(p.layers, func(o layer) bool { return o.dash == "dashed" && o.color == color && o.ink == "" }) {
				l.color = color
			}
		}
	}
	if l.shape == lineShape && l.dash == "" && l.ink == "" {
		// Colours repeat after eight; the dashes tell the next ones apart.
		l.dash = []string{"", "dashed", "dotted"}[l.color/seriesColors%3]
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

// partner is the curve that a dashed one stands beside: of the same name, or
// of the longest name that begins its own, as "layer 1" begins "layer 1, M = I".
func (p *plotBody) partner(name string) int {
	best := -1
	for k, l := range p.layers {
		rest, ok := strings.CutPrefix(name, l.name)
		if !ok || l.ink != "" || l.name == "" || l.shape != lineShape || l.dash != "" {
			continue
		}
		// K₀, K̂, K_M and λ = 0.5 are not K and λ = 0 with something added.
		if next, _ := utf8.DecodeRuneInString(rest); unicode.In(next, unicode.Letter, unicode.Number, unicode.Mark) || next == '_' || next == '.' {
			continue
		}
		if best < 0 || len(l.name) > len(p.layers[best].name) {
			best = k
		}
	}
	return best
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
		p.given, p.layers = p.layers, nil
		err := p.fill(p)
		p.made, p.layers = p.layers, p.given
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
	cut, zeros := 0, 0
	for i := range p.drawn {
		l := &p.drawn[i]
		zeros += l.zeros
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
			// A band's curve counts its own gaps; contours are parted by NaN.
			there := finite(l.x[k]) && finite(l.y[k])
			whole := there && !slices.ContainsFunc(ys, func(y float64) bool { return !finite(y) })
			if !l.closed && !whole && (there || l.shape != bandShape) {
				p.dropped++
			}
			if finite(l.x[k]) && !(p.x.log && l.x[k] <= 0) { // a gap at an end has its place too
				xlo, xhi = math.Min(xlo, l.x[k]), math.Max(xhi, l.x[k])
			}
			for m, y := range ys {
				if !finite(l.x[k]) || !finite(y) {
					continue
				}
				if m > 0 && p.y.log && y <= 0 && l.shape != bandShape { // an error bar's end
					cut++
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
			xlo, xhi, ylo, yhi = x0, x1, y0, y1 // curves end at the cells' edge
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
	if p.under != nil {
		notes = append(notes, p.under.notes()...)
	}
	if p.dropped -= zeros; p.dropped > 0 {
		notes = append(notes, notFinite(p.dropped, "value", "left out"))
	}
	if zeros > 0 {
		notes = append(notes, plural(zeros, "value is", "values are")+" exactly 0, which a logarithmic axis cannot show.")
	}
	if cut > 0 {
		notes = append(notes, plural(cut, "error bar reaches", "error bars reach")+" down to 0 or below, cut at the frame.")
	}
	for i := range p.drawn {
		if l := &p.drawn[i]; len(l.x) > maxPoints(l) && !l.closed {
			x, _, how := l.thinned()
			notes = append(notes, fmt.Sprintf("“%s”: %d of %d points drawn, %s.", l.name, len(x), len(l.x), how))
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
	h += p.legendHeight(w - 64) // about what the y axis takes
	if p.equal {
		// As tall as the width asks for, so that no room is left over; another
		// height may have other ticks, and ends of the axis with them.
		for range 4 {
			g := p.grid(rect{0, 0, w, h})
			h += math.Min(math.Max(g.w*p.y.length()/p.x.length(), 120), 1.2*w) - g.h
		}
	}
	return h
}

// rooms are what the plot takes above and below its grid.
func (p *plotBody) rooms(w float64) (above, below float64) {
	h := p.height(w)
	g := p.grid(rect{0, 0, w, h})
	return g.y, h - g.y - g.h
}

// grid fits the axes to a place and gives the rectangle between them.
func (p *plotBody) grid(at rect) rect {
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
	return rect{at.x + left, at.y + top, at.w - left - right, at.h - top - bottom}
}

func (p *plotBody) draw(c *canvas, at rect) float64 {
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
	for _, l := range p.drawn {
		l.name = c.alias(l.name, l.paint())
		l.draw(c, i, g, names, p)
	}
	return at.h - (full - g.h)
}

// square shrinks the grid so that one unit, a power of ten on a logarithmic
// axis, is as long on both axes.
func (p *plotBody) square(g *rect) {
	perX, perY := g.w/p.x.length(), g.h/p.y.length()
	if perX > perY {
		g.w = p.x.length() * perY
	} else {
		g.h = p.y.length() * perX
	}
}
