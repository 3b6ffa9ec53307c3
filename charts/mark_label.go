package charts

// label is a word at a point, on a patch of the page's colour.
type label struct {
	dots // one point
	text string
}

func (m *label) draw(p pen) {
	var data []any
	if p.on.x.shows(m.x[0]) && p.on.y.shows(m.y[0]) {
		data = append(data, dict{"value": p.on.point(m.x[0], m.y[0]), "name": m.text})
	}
	s := scatterSeries("", data)
	s["symbolSize"], s["silent"], s["z"] = 1, true, 4
	s["itemStyle"] = dict{"color": "transparent"}
	s["label"] = dict{"show": true, "position": "inside", "color": m.paint(), "fontSize": 11, "formatter": "{b}",
		"backgroundColor": "@paper", "padding": []int{1, 3}, "borderRadius": 2}
	p.add(s, true)
}

func (m *label) icon() (string, int) { return "", narrowIcon }
