package charts

import "slices"

// bars stand side by side from 0, drawn as the outline of their steps, so that
// several groups can be seen through each other: x are the edges, y the
// heights, the last one twice.
type bars struct{ dots }

func newBars(l look, edges, heights []float64) *bars {
	return &bars{dots{l, edges, append(slices.Clone(heights), heights[len(heights)-1])}}
}

func (m *bars) draw(p pen) {
	s := lineSeries(p.name, p.points(m.x, m.y))
	s["lineStyle"], s["itemStyle"] = m.stroke(1.6), dict{"color": m.paint()}
	s["step"] = "end"
	s["areaStyle"] = dict{"color": m.paint(), "opacity": 0.25, "origin": "start"}
	s["symbol"] = "none"
	p.add(s, m.quiet)
}

func (m *bars) icon() (string, int) { return "roundRect", wideIcon }
