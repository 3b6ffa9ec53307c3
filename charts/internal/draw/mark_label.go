package draw

// Label is a word at a point, on a patch of the page's colour.
type Label struct {
	Dots // one point
	Text string
}

func (m *Label) draw(p pen) {
	var data []any
	if p.on.X.shows(m.X[0]) && p.on.Y.shows(m.Y[0]) {
		data = append(data, dict{"value": p.on.point(m.X[0], m.Y[0]), "name": m.Text})
	}
	s := scatterSeries("", data)
	s["symbolSize"], s["silent"], s["z"] = 1, true, 4
	s["itemStyle"] = dict{"color": "transparent"}
	s["label"] = dict{"show": true, "position": "inside", "color": m.paint(), "fontSize": 11, "formatter": "{b}",
		"backgroundColor": "@paper", "padding": []int{1, 3}, "borderRadius": 2}
	p.add(s, true)
}

func (m *Label) icon() (string, int) { return "", narrowIcon }
