package charts

// errorBars are short upright lines with caps around points, which are a mark
// of their own.
type errorBars struct {
	dots   // the points
	lo, hi []float64
}

func (m *errorBars) reach(s *survey) {
	for k := range m.x {
		if finite(m.x[k]) && finite(m.y[k]) && !(finite(m.lo[k]) && finite(m.hi[k])) { // the points count their own gaps
			s.dropped++
		}
		for _, e := range []float64{m.lo[k], m.hi[k]} {
			if s.ylog && e <= 0 && finite(m.x[k]) && finite(e) {
				s.cut++
				continue
			}
			s.shown(m.x[k], e)
		}
	}
}

// draw puts all bars into one series with gaps.
func (m *errorBars) draw(p pen) {
	var data []any
	for k := range m.x {
		if p.on.x.shows(m.x[k]) && finite(m.lo[k]) && finite(m.hi[k]) {
			for _, e := range []float64{m.lo[k], m.hi[k]} {
				data = append(data, dict{"value": pair{p.on.x.number(m.x[k]), p.on.y.atLeast(e)}})
			}
			data = append(data, gap)
		}
	}
	s := lineSeries(p.name, data)
	s["lineStyle"] = dict{"color": m.paint(), "width": 1.4, "type": "solid"}
	s["itemStyle"] = dict{"color": m.paint()}
	s["showSymbol"], s["showAllSymbol"], s["symbol"], s["symbolSize"] = true, true, "rect", []float64{9, 1.4}
	s["silent"], s["z"] = true, 2
	p.add(s, true)
}

func (m *errorBars) icon() (string, int) { return m.look.lineIcon(), wideIcon }
