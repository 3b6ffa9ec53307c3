package draw

// Path joins the steps of an iteration, each marked, its end with a larger
// circle.
type Path struct{ Dots }

func (m *Path) thinned() (x, y []float64) {
	if len(m.X) <= maxPoints {
		return m.X, m.Y
	}
	return thinPath(m.X, m.Y, maxPoints)
}

func (m *Path) notes(*Pane) []string {
	x, _ := m.thinned()
	return m.fewer(len(x), "every so many")
}

func (m *Path) draw(p pen) {
	x, y := m.thinned()
	s := lineSeries(p.name, p.points(x, y))
	s["lineStyle"], s["itemStyle"], s["z"] = m.stroke(1.8), dict{"color": m.paint()}, 4
	s["showSymbol"], s["showAllSymbol"], s["symbol"], s["symbolSize"] = true, true, "circle", 5
	if n := len(m.X); p.on.X.shows(m.X[n-1]) && p.on.Y.shows(m.Y[n-1]) {
		s["markPoint"] = dict{"silent": true, "data": []any{dict{"coord": p.on.point(m.X[n-1], m.Y[n-1]), "symbol": "circle", "symbolSize": 9}},
			"itemStyle": dict{"color": m.paint()}, "label": dict{"show": false}}
	}
	p.add(s, m.Quiet)
}

func (m *Path) icon() (string, int) { return markedIcon, wideIcon }
