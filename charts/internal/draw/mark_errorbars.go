package draw

// ErrorBars are short upright lines with caps around points, which are a mark
// of their own.
type ErrorBars struct {
	Dots   // the points
	Lo, Hi []float64
}

func (m *ErrorBars) reach(s *survey) {
	for k := range m.X {
		if Finite(m.X[k]) && Finite(m.Y[k]) && !(Finite(m.Lo[k]) && Finite(m.Hi[k])) { // the points count their own gaps
			s.dropped++
		}
		for _, e := range []float64{m.Lo[k], m.Hi[k]} {
			if s.ylog && e <= 0 && Finite(m.X[k]) && Finite(e) {
				s.cut++
				continue
			}
			s.shown(m.X[k], e)
		}
	}
}

// draw puts all bars into one series with gaps.
func (m *ErrorBars) draw(p pen) {
	var data []any
	for k := range m.X {
		if p.on.X.shows(m.X[k]) && Finite(m.Lo[k]) && Finite(m.Hi[k]) {
			for _, e := range []float64{m.Lo[k], m.Hi[k]} {
				data = append(data, dict{"value": pair{p.on.X.number(m.X[k]), p.on.Y.atLeast(e)}})
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

func (m *ErrorBars) icon() (string, int) { return m.Look.lineIcon(), wideIcon }
