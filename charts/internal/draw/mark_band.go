package draw

import "github.com/go-echarts/go-echarts/v2/types"

// Band shades the range around a curve, which is a mark of its own.
type Band struct {
	Dots   // the curve
	Lo, Hi []float64
}

func (m *Band) reach(s *survey) {
	for k := range m.X {
		if Finite(m.X[k]) && Finite(m.Y[k]) && !(Finite(m.Lo[k]) && Finite(m.Hi[k])) { // the curve counts its own gaps
			s.dropped++
		}
		for _, e := range []float64{m.Lo[k], m.Hi[k]} {
			if s.ylog && e <= 0 && Finite(e) {
				s.bandCut++
			}
			s.shown(m.X[k], e)
		}
		s.shown(m.X[k], m.Y[k])
	}
}

func (m *Band) draw(p pen) {
	edges := make([][3]any, 0, len(m.X))
	for k := range m.X {
		if p.on.X.shows(m.X[k]) && Finite(m.Lo[k]) && Finite(m.Hi[k]) {
			edges = append(edges, [3]any{p.on.X.number(m.X[k]), p.on.Y.atLeast(m.Lo[k]), p.on.Y.atLeast(m.Hi[k])})
		}
	}
	if len(edges) == 0 {
		return
	}
	s := dict{"type": types.ChartCustom, "name": p.name, "renderItem": "@f:band", "silent": true, "clip": true, "z": 1,
		"itemStyle": dict{"color": m.paint()}, "data": []any{[]any{edges[0][0], edges[0][1], len(p.c.Bands)}}}
	p.c.Bands = append(p.c.Bands, edges)
	p.add(s, true)
}

func (m *Band) icon() (string, int) { return "roundRect", wideIcon }
