package draw

import (
	"fmt"
	"math"
	"slices"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Mark is one kind of thing drawn on a plot: a line, points, a band, …; each
// kind is a type in a file of its own.
type Mark interface {
	// Base is what the plot itself needs to know of it.
	Base() *Look
	// reach tells how far it goes, so that the axes hold it.
	reach(s *survey)
	// notes say what of it is not drawn.
	notes(p *Pane) []string
	// draw adds its series to the figure.
	draw(at pen)
	// icon is its picture in the legend and the picture's width; "" leaves the
	// picture to the library.
	icon() (path string, width int)
	// fact says in plain text what it holds; "" for nothing.
	fact(p *Pane) string
}

// Look is what all marks have: a name, a colour, a place in the legend.
type Look struct {
	Name    string
	Color   int     // of the palette
	Ink     string  // colour by name, over color
	Dash    string  // "", "dashed", "dotted"
	Faint   float64 // opacity; 0 means 1
	Quiet   bool    // neither in the legend nor in the tooltip
	Cloud   bool    // points that are not joined
	partner bool    // a dashed curve beside it may share its colour
	auto    bool    // its dashes come from its place in the palette of colours
	named   int     // one more than its place in the plot's palette; 0 for none
}

// Base is the look itself, for the marks that embed it.
func (l *Look) Base() *Look { return l }

func (l *Look) paint() string {
	if l.Ink != "" {
		return l.Ink
	}
	if l.named > 0 {
		return seriesColor(l.named - 1)
	}
	return seriesColor(l.Color)
}

// kind is what tells marks of one name apart in the legend: their colour, and
// whether they are points.
func (l *Look) kind() string {
	if l.Cloud {
		return l.paint() + " points"
	}
	return l.paint()
}

func (l *Look) opacity() float64 {
	if l.Faint == 0 {
		return 1
	}
	return l.Faint
}

// stroke is the style of the mark's lines.
func (l *Look) stroke(width float64) dict {
	s := with(opts.LineStyle{Color: l.paint(), Width: float32(max(width, 1)), Type: l.Dash}, dict{"opacity": l.opacity()})
	if l.Dash == "" {
		s["type"] = "solid"
	}
	return s
}

// Dots are the points of a mark.
type Dots struct {
	Look
	X, Y []float64
}

func (d *Dots) reach(s *survey) {
	for k := range d.X {
		s.point(d.X[k], d.Y[k])
	}
}

func (d *Dots) notes(*Pane) []string { return nil }

// seen are the points that the axes can show, NaN in place of the others.
func (d *Dots) seen(p *Pane) Dots {
	if !slices.ContainsFunc(d.X, func(v float64) bool { return !p.X.shows(v) }) &&
		!slices.ContainsFunc(d.Y, func(v float64) bool { return !p.Y.shows(v) }) {
		return *d
	}
	out := Dots{d.Look, slices.Clone(d.X), slices.Clone(d.Y)}
	for k := range out.X {
		if !p.X.shows(out.X[k]) || !p.Y.shows(out.Y[k]) {
			out.Y[k] = math.NaN()
		}
	}
	return out
}

func (d *Dots) fact(p *Pane) string {
	name := Nonempty(d.Name, p.kind)
	xlo, xhi := Span(d.X)
	ylo, yhi := Span(d.Y)
	if math.IsNaN(xlo) || math.IsNaN(ylo) {
		return fmt.Sprintf("%s: %d points, none of them finite", name, len(d.X))
	}
	return fmt.Sprintf("%s: %d points, %s from %s to %s, %s from %s to %s", name, len(d.X),
		Nonempty(p.X.Name, "x"), FormatNumber(xlo, 4), FormatNumber(xhi, 4), Nonempty(p.Y.Name, "y"), FormatNumber(ylo, 4), FormatNumber(yhi, 4))
}

// fewer is the note about points that were thinned out.
func (d *Dots) fewer(drawn int, how string) []string {
	if drawn == len(d.X) {
		return nil
	}
	return []string{fmt.Sprintf("“%s”: %d of %d points drawn, %s.", d.Name, drawn, len(d.X), how)}
}

// pen is where a mark is drawn.
type pen struct {
	c    *Canvas
	grid int
	on   *Pane
	name string // under which the drawing library knows the mark
	axes dict   // names of the axes, for tooltips
}

// add draws a series; a quiet one has no tooltip.
func (p pen) add(series dict, quiet bool) {
	names := p.axes
	if quiet {
		names = with(names, dict{"quiet": true})
	}
	p.c.add(p.grid, series, names)
}

// points are coordinates as data of a series, with gaps where one is missing.
func (p pen) points(x, y []float64) []any {
	out := make([]any, len(x))
	for k := range x {
		out[k] = gap
		if p.on.X.shows(x[k]) && p.on.Y.shows(y[k]) {
			out[k] = p.on.point(x[k], y[k])
		}
	}
	return out
}

// survey gathers how far the marks of a plot reach and what cannot be shown.
type survey struct {
	xlog, ylog bool
	x, y       [2]float64 // least and largest
	dropped    int        // points with a coordinate that is not finite
	zeros      int        // points at 0 on a logarithmic axis
	atZero     int        // points at x = 0 on a logarithmic x axis
	zeroShown  bool       // which has a place for them
	negative   int        // points below it
	cut        int        // error bars that a logarithmic axis cuts
	bandCut    int        // places where it cuts a band
}

func (s *survey) grow(e *[2]float64, v float64) { e[0], e[1] = math.Min(e[0], v), math.Max(e[1], v) }

// point takes a point, and counts it where it cannot be drawn.
func (s *survey) point(x, y float64) {
	switch {
	case !Finite(x) || !Finite(y):
		s.dropped++
	case s.xlog && x < 0 || s.ylog && y < 0:
		s.negative++
	case s.ylog && y == 0:
		s.zeros++
	case s.xlog && x == 0:
		s.atZero++
	}
	s.shown(x, y)
}

// shown makes room for a point where it can be drawn.
func (s *survey) shown(x, y float64) {
	if !Finite(x) || s.xlog && x < 0 {
		return
	}
	if !(s.xlog && x == 0) {
		s.grow(&s.x, x) // a gap at an end has its place too
	}
	if Finite(y) && !(s.ylog && y <= 0) {
		s.grow(&s.y, y)
	}
}

// notes say what of all marks is not drawn.
func (s *survey) notes() []string {
	var out []string
	if s.dropped > 0 {
		out = append(out, NotFinite(s.dropped, "value", "left out"))
	}
	if s.atZero > 0 && s.zeroShown {
		out = append(out, plural(s.atZero, "value is", "values are")+" exactly 0 on the logarithmic x axis and drawn at its left, marked 0.")
	} else {
		s.zeros += s.atZero
	}
	if s.zeros > 0 {
		out = append(out, plural(s.zeros, "value is", "values are")+" exactly 0, which a logarithmic axis cannot show.")
	}
	if s.negative > 0 {
		out = append(out, plural(s.negative, "value is", "values are")+" negative, which a logarithmic axis cannot show.")
	}
	if s.bandCut > 0 {
		out = append(out, plural(s.bandCut, "end of a band reaches", "ends of bands reach")+" down to 0 or below, cut at the frame.")
	}
	if s.cut > 0 {
		out = append(out, plural(s.cut, "error bar reaches", "error bars reach")+" down to 0 or below, cut at the frame.")
	}
	return out
}

// Span is the range of the finite values.
func Span(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, f := range v {
		if Finite(f) {
			lo, hi = math.Min(lo, f), math.Max(hi, f)
		}
	}
	if lo > hi {
		return math.NaN(), math.NaN()
	}
	return lo, hi
}

// Finite is false for NaN and ±Inf.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
