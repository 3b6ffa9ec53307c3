package charts

// path joins the steps of an iteration, each marked, its end with a larger
// circle.
type path struct{ dots }

func (m *path) thinned() (x, y []float64) {
	if len(m.x) <= maxPoints {
		return m.x, m.y
	}
	return thinPath(m.x, m.y, maxPoints)
}

func (m *path) notes(*pane) []string {
	x, _ := m.thinned()
	return m.fewer(len(x), "every so many")
}

func (m *path) draw(p pen) {
	x, y := m.thinned()
	s := lineSeries(p.name, p.points(x, y))
	s["lineStyle"], s["itemStyle"], s["z"] = m.stroke(1.8), dict{"color": m.paint()}, 4
	s["showSymbol"], s["showAllSymbol"], s["symbol"], s["symbolSize"] = true, true, "circle", 5
	if n := len(m.x); p.on.x.shows(m.x[n-1]) && p.on.y.shows(m.y[n-1]) {
		s["markPoint"] = dict{"silent": true, "data": []any{dict{"coord": p.on.point(m.x[n-1], m.y[n-1]), "symbol": "circle", "symbolSize": 9}},
			"itemStyle": dict{"color": m.paint()}, "label": dict{"show": false}}
	}
	p.add(s, m.quiet)
}

func (m *path) icon() (string, int) { return markedIcon, wideIcon }
