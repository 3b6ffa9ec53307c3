package draw

import "math"

// Line joins points in their order.
type Line struct {
	Dots
	Width  float64
	Symbol float64 // size of the circles at its points; 0 for none
	Hollow bool
}

// maxLinePoints and maxPoints keep a figure's message small.
const maxLinePoints, maxPoints = 2000, 6000

// on is the line as the axes can show it.
func (l *Line) on(p *Pane) *Line {
	c := *l
	c.Dots = l.seen(p)
	return &c
}

// thinned gives at most maxLinePoints points, and how they were chosen.
func (l *Line) thinned() (x, y []float64, how string) {
	switch {
	case len(l.X) <= maxLinePoints:
		return l.X, l.Y, "all"
	case Rising(l.X):
		x, y = thinLine(l.X, l.Y, maxLinePoints)
		return x, y, "extremes kept"
	}
	x, y = thinPath(l.X, l.Y, maxLinePoints)
	return x, y, "every so many"
}

func (l *Line) notes(p *Pane) []string {
	x, _, how := l.on(p).thinned()
	return l.fewer(len(x), how)
}

func (l *Line) draw(p pen) {
	x, y, _ := l.on(p.on).thinned()
	data := p.points(x, y)
	there := func(k int) bool { return k >= 0 && k < len(x) && Finite(x[k]) && Finite(y[k]) }
	for k := range data {
		if l.Symbol == 0 && there(k) && !there(k-1) && !there(k+1) {
			// A point between two gaps has no line to show it.
			data[k] = dict{"value": data[k], "symbol": "circle", "symbolSize": 5}
		}
	}
	p.add(l.series(p.name, data), l.Quiet)
}

// series is the curve through data.
func (l *Line) series(name string, data any) dict {
	s := lineSeries(name, data)
	s["lineStyle"], s["itemStyle"] = l.stroke(l.Width), dict{"color": l.paint(), "opacity": l.opacity()}
	s["emphasis"] = dict{"lineStyle": dict{"width": l.Width + 1}}
	s["showSymbol"], s["showAllSymbol"], s["symbol"] = true, true, "none"
	if l.Symbol > 0 {
		s["symbol"], s["symbolSize"] = "circle", l.Symbol
		if l.Hollow {
			s["itemStyle"] = dict{"color": "@paper", "borderColor": l.paint(), "borderWidth": 1.5}
		}
	}
	if l.Quiet {
		s["silent"] = true
	}
	s["z"] = 3
	return s
}

func (l *Line) icon() (string, int) {
	switch {
	case l.Hollow:
		return "", wideIcon
	case l.Symbol > 0 && l.Dash == "dashed":
		return "path://M0 4h4v2h-4zM7 5a3 3 0 0 1 6 0a3 3 0 0 1 -6 0zM16 4h4v2h-4z", wideIcon
	case l.Symbol > 0:
		return markedIcon, wideIcon
	}
	return l.Look.lineIcon(), wideIcon
}

// ContourLine is a level set: pieces of a curve parted by NaN, in coordinates
// that nobody reads.
type ContourLine struct{ Line }

func (l *ContourLine) reach(s *survey) {
	for k := range l.X {
		s.shown(l.X[k], l.Y[k])
	}
}

func (l *ContourLine) notes(*Pane) []string { return nil }

func (l *ContourLine) draw(p pen) {
	p.add(l.series(p.name, p.points(rounded(l.X), rounded(l.Y))), l.Quiet)
}

// rounded keeps what a picture can show of coordinates.
func rounded(v []float64) []float64 {
	lo, hi := Span(v)
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

// Rising is true where no value lies below the one before it.
func Rising(v []float64) bool {
	for i := 1; i < len(v); i++ {
		if v[i] < v[i-1] {
			return false
		}
	}
	return true
}
