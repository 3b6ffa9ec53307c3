package charts

import "github.com/go-echarts/go-echarts/v2/types"

// band shades the range around a curve, which is a mark of its own.
type band struct {
	dots   // the curve
	lo, hi []float64
}

func (m *band) reach(s *survey) {
	for k := range m.x {
		if finite(m.x[k]) && finite(m.y[k]) && !(finite(m.lo[k]) && finite(m.hi[k])) { // the curve counts its own gaps
			s.dropped++
		}
		for _, e := range []float64{m.lo[k], m.hi[k]} {
			if s.ylog && e <= 0 && finite(e) {
				s.bandCut++
			}
			s.shown(m.x[k], e)
		}
		s.shown(m.x[k], m.y[k])
	}
}

func (m *band) draw(p pen) {
	edges := make([][3]any, 0, len(m.x))
	for k := range m.x {
		if p.on.x.shows(m.x[k]) && finite(m.lo[k]) && finite(m.hi[k]) {
			edges = append(edges, [3]any{p.on.x.number(m.x[k]), p.on.y.atLeast(m.lo[k]), p.on.y.atLeast(m.hi[k])})
		}
	}
	if len(edges) == 0 {
		return
	}
	s := dict{"type": types.ChartCustom, "name": p.name, "renderItem": "@f:band", "silent": true, "clip": true, "z": 1,
		"itemStyle": dict{"color": m.paint()}, "data": []any{[]any{edges[0][0], edges[0][1], len(p.c.bands)}}}
	p.c.bands = append(p.c.bands, edges)
	p.add(s, true)
}

func (m *band) icon() (string, int) { return "roundRect", wideIcon }
