package draw

import "math"

// Points are symbols, not joined; hollow ones are rings around other points.
type Points struct {
	Dots
	Symbol string
	Size   float64
	Hollow bool

	logx, logy bool // of the axes, after on
}

// Symbols of groups of points, so that they do not differ by colour alone.
var Symbols = []string{"circle", "triangle", "diamond", "rect", "roundRect", "pin"}

// on are the points as the axes can show them.
func (m *Points) on(p *Pane) *Points {
	c := *m
	c.Dots, c.logx, c.logy = m.seen(p), p.X.Log, p.Y.Log
	return &c
}

func (m *Points) thinned() (x, y []float64, how string) {
	if len(m.X) <= maxPoints {
		return m.X, m.Y, "all"
	}
	for _, i := range thinCloud(alongAxis(m.X, m.logx), alongAxis(m.Y, m.logy), maxPoints) {
		x, y = append(x, m.X[i]), append(y, m.Y[i])
	}
	return x, y, "fewer where they are dense"
}

// alongAxis are coordinates as they lie along the axis.
func alongAxis(v []float64, log bool) []float64 {
	if !log {
		return v
	}
	least := math.Inf(1)
	for _, x := range v {
		if x > 0 {
			least = math.Min(least, x)
		}
	}
	out := make([]float64, len(v))
	for i := range v {
		if out[i] = log10(v[i]); v[i] == 0 { // beside the positive numbers
			out[i] = log10(least) - 1
		}
	}
	return out
}

func (m *Points) notes(p *Pane) []string {
	x, _, how := m.on(p).thinned()
	return m.fewer(len(x), how)
}

func (m *Points) draw(p pen) {
	x, y, _ := m.on(p.on).thinned()
	s := scatterSeries(p.name, p.points(x, y))
	s["symbol"], s["symbolSize"] = m.Symbol, m.Size
	s["itemStyle"] = dict{"color": m.paint(), "opacity": m.opacity()}
	if m.Hollow {
		s["itemStyle"] = dict{"color": "transparent", "borderColor": m.paint(), "borderWidth": 1.6, "opacity": m.opacity()}
	}
	s["z"] = 5
	if m.Quiet {
		s["silent"] = true
	}
	p.add(s, m.Quiet)
}

func (m *Points) icon() (string, int) {
	if path, ok := symbolPaths[m.Symbol]; ok {
		return path, narrowIcon
	}
	return m.Symbol, narrowIcon
}
