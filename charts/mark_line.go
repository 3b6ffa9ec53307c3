package charts

import "math"

// line joins points in their order.
type line struct {
	dots
	width  float64
	symbol float64 // size of the circles at its points; 0 for none
	hollow bool
}

// maxLinePoints and maxPoints keep a figure's message small.
const maxLinePoints, maxPoints = 2000, 6000

// on is the line as the axes can show it.
func (l *line) on(p *pane) *line {
	c := *l
	c.dots = l.seen(p)
	return &c
}

// thinned gives at most maxLinePoints points, and how they were chosen.
func (l *line) thinned() (x, y []float64, how string) {
	switch {
	case len(l.x) <= maxLinePoints:
		return l.x, l.y, "all"
	case rising(l.x):
		x, y = thinLine(l.x, l.y, maxLinePoints)
		return x, y, "extremes kept"
	}
	x, y = thinPath(l.x, l.y, maxLinePoints)
	return x, y, "every so many"
}

func (l *line) notes(p *pane) []string {
	x, _, how := l.on(p).thinned()
	return l.fewer(len(x), how)
}

func (l *line) draw(p pen) {
	x, y, _ := l.on(p.on).thinned()
	data := p.points(x, y)
	there := func(k int) bool { return k >= 0 && k < len(x) && finite(x[k]) && finite(y[k]) }
	for k := range data {
		if l.symbol == 0 && there(k) && !there(k-1) && !there(k+1) {
			// A point between two gaps has no line to show it.
			data[k] = dict{"value": data[k], "symbol": "circle", "symbolSize": 5}
		}
	}
	p.add(l.series(p.name, data), l.quiet)
}

// series is the curve through data.
func (l *line) series(name string, data any) dict {
	s := lineSeries(name, data)
	s["lineStyle"], s["itemStyle"] = l.stroke(l.width), dict{"color": l.paint(), "opacity": l.opacity()}
	s["emphasis"] = dict{"lineStyle": dict{"width": l.width + 1}}
	s["showSymbol"], s["showAllSymbol"], s["symbol"] = true, true, "none"
	if l.symbol > 0 {
		s["symbol"], s["symbolSize"] = "circle", l.symbol
		if l.hollow {
			s["itemStyle"] = dict{"color": "@paper", "borderColor": l.paint(), "borderWidth": 1.5}
		}
	}
	if l.quiet {
		s["silent"] = true
	}
	s["z"] = 3
	return s
}

func (l *line) icon() (string, int) {
	switch {
	case l.hollow:
		return "", wideIcon
	case l.symbol > 0 && l.dash == "dashed":
		return "path://M0 4h4v2h-4zM7 5a3 3 0 0 1 6 0a3 3 0 0 1 -6 0zM16 4h4v2h-4z", wideIcon
	case l.symbol > 0:
		return markedIcon, wideIcon
	}
	return l.look.lineIcon(), wideIcon
}

// contourLine is a level set: pieces of a curve parted by NaN, in coordinates
// that nobody reads.
type contourLine struct{ line }

func (l *contourLine) reach(s *survey) {
	for k := range l.x {
		s.shown(l.x[k], l.y[k])
	}
}

func (l *contourLine) notes(*pane) []string { return nil }

func (l *contourLine) draw(p pen) {
	p.add(l.series(p.name, p.points(rounded(l.x), rounded(l.y))), l.quiet)
}

// rounded keeps what a picture can show of coordinates.
func rounded(v []float64) []float64 {
	lo, hi := span(v)
	step := math.Pow(10, math.Floor(log10(hi/2000-lo/2000)))
	if !(step > 0) || math.IsInf(step, 0) {
		return v
	}
	out := make([]float64, len(v))
	for i, f := range v {
		out[i] = tidy(math.Round(f/step)*step, step)
	}
	return out
}

func rising(v []float64) bool {
	for i := 1; i < len(v); i++ {
		if v[i] < v[i-1] {
			return false
		}
	}
	return true
}
