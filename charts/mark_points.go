package charts

// points are symbols, not joined; hollow ones are rings around other points.
type points struct {
	dots
	symbol string
	size   float64
	hollow bool
}

// symbols of groups of points, so that they do not differ by colour alone.
var symbols = []string{"circle", "triangle", "diamond", "rect", "roundRect", "pin"}

func (m *points) thinned() (x, y []float64, how string) {
	if len(m.x) <= maxPoints {
		return m.x, m.y, "all"
	}
	x, y = thinCloud(m.x, m.y, maxPoints)
	return x, y, "fewer where they are dense"
}

func (m *points) notes() []string {
	x, _, how := m.thinned()
	return m.fewer(len(x), how)
}

func (m *points) draw(p pen) {
	x, y, _ := m.thinned()
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
