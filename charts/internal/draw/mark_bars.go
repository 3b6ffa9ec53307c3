package draw

import (
	"math"
	"slices"
)

// Bars stand side by side from 0, drawn as the outline of their steps, so that
// several groups can be seen through each other: x are the edges, y the
// heights, the last one twice.
type Bars struct{ Dots }

// NewBars gives bars of heights between edges, of which there is one more.
func NewBars(l Look, edges, heights []float64) *Bars {
	return &Bars{Dots{l, edges, append(slices.Clone(heights), heights[len(heights)-1])}}
}

// reach leaves room below the lowest bar on a logarithmic axis, where a bar of
// height 0 is one that is not there.
func (m *Bars) reach(s *survey) {
	for k, y := range m.Y {
		if s.ylog && y == 0 {
			s.shown(m.X[k], math.NaN())
			continue
		}
		s.point(m.X[k], y)
		if s.ylog {
			s.shown(m.X[k], y/2)
		}
	}
}

func (m *Bars) draw(p pen) {
	data := p.points(m.X, m.Y)
	for k, y := range m.Y {
		if p.on.X.shows(m.X[k]) && Finite(y) {
			data[k] = pair{p.on.X.number(m.X[k]), p.on.Y.atLeast(y)}
		}
	}
	s := lineSeries(p.name, data)
	s["lineStyle"], s["itemStyle"] = m.stroke(1.6), dict{"color": m.paint()}
	s["step"] = "end"
	s["areaStyle"] = dict{"color": m.paint(), "opacity": 0.25, "origin": "start"}
	s["symbol"] = "none"
	p.add(s, m.Quiet)
}

func (m *Bars) icon() (string, int) { return "roundRect", wideIcon }
