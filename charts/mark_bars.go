package charts

import (
	"math"
	"slices"
)

// bars stand side by side from 0, drawn as the outline of their steps, so that
// several groups can be seen through each other: x are the edges, y the
// heights, the last one twice.
type bars struct{ dots }

func newBars(l look, edges, heights []float64) *bars {
	return &bars{dots{l, edges, append(slices.Clone(heights), heights[len(heights)-1])}}
}

// reach leaves room below the lowest bar on a logarithmic axis, where a bar of
// height 0 is one that is not there.
func (m *bars) reach(s *survey) {
	for k, y := range m.y {
		if s.ylog && y == 0 {
			s.shown(m.x[k], math.NaN())
			continue
		}
		s.point(m.x[k], y)
		if s.ylog {
			s.shown(m.x[k], y/2)
		}
	}
}

func (m *bars) draw(p pen) {
	data := p.points(m.x, m.y)
	for k, y := range m.y {
		if p.on.x.shows(m.x[k]) && finite(y) {
			data[k] = pair{p.on.x.number(m.x[k]), p.on.y.atLeast(y)}
		}
	}
	s := lineSeries(p.name, data)
	s["lineStyle"], s["itemStyle"] = m.stroke(1.6), dict{"color": m.paint()}
	s["step"] = "end"
	s["areaStyle"] = dict{"color": m.paint(), "opacity": 0.25, "origin": "start"}
	s["symbol"] = "none"
	p.add(s, m.quiet)
}

func (m *bars) icon() (string, int) { return "roundRect", wideIcon }
