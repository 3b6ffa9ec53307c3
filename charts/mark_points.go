package charts

// points are symbols, not joined; hollow ones are rings around other points.
type points struct {
	dots
	symbol string
	size   float64
	hollow bool

	logx, logy bool // of the axes, after on
}

// symbols of groups of points, so that they do not differ by colour alone.
var symbols = []string{"circle", "triangle", "diamond", "rect", "roundRect", "pin"}

// on are the points as the axes can show them.
func (m *points) on(p *pane) *points {
	c := *m
	c.dots, c.logx, c.logy = m.seen(p), p.x.log, p.y.log
	return &c
}

func (m *points) thinned() (x, y []float64, how string) {
	if len(m.x) <= maxPoints {
		return m.x, m.y, "all"
	}
	for _, i := range thinCloud(alongAxis(m.x, m.logx), alongAxis(m.y, m.logy), maxPoints) {
		x, y = append(x, m.x[i]), append(y, m.y[i])
	}
	return x, y, "fewer where they are dense"
}

// alongAxis are coordinates as they lie along the axis.
func alongAxis(v []float64, log bool) []float64 {
	if !log {
		return v
	}
	out := make([]float64, len(v))
	for i := range v {
		out[i] = log10(v[i])
	}
	return out
}

func (m *points) notes(p *pane) []string {
	x, _, how := m.on(p).thinned()
	return m.fewer(len(x), how)
}

func (m *points) draw(p pen) {
	x, y, _ := m.on(p.on).thinned()
	s := scatterSeries(p.name, p.points(x, y))
	s["symbol"], s["symbolSize"] = m.symbol, m.size
	s["itemStyle"] = dict{"color": m.paint(), "opacity": m.opacity()}
	if m.hollow {
		s["itemStyle"] = dict{"color": "transparent", "borderColor": m.paint(), "borderWidth": 1.6, "opacity": m.opacity()}
	}
	s["z"] = 5
	if m.quiet {
		s["silent"] = true
	}
	p.add(s, m.quiet)
}

func (m *points) icon() (string, int) {
	if path, ok := symbolPaths[m.symbol]; ok {
		return path, narrowIcon
	}
	return m.symbol, narrowIcon
}
