package charts

import "fmt"

// rule is a straight line across the plot, at a height or upright.
type rule struct {
	look
	at      float64
	upright bool
}

func (m *rule) reach(s *survey) {
	if m.upright {
		s.grow(&s.x, m.at)
	} else {
		s.grow(&s.y, m.at)
	}
}

func (m *rule) notes() []string { return nil }

func (m *rule) draw(p pen) {
	x, y := p.on.x, p.on.y
	data := []pair{{x.drawn(x.from), y.number(m.at)}, {x.drawn(x.to), y.number(m.at)}}
	if m.upright {
		data = []pair{{x.number(m.at), y.drawn(y.from)}, {x.number(m.at), y.drawn(y.to)}}
	}
	s := lineSeries(p.name, data)
	s["lineStyle"], s["itemStyle"], s["silent"], s["z"], s["symbol"] = m.stroke(1.5), dict{"color": m.paint()}, true, 2, "none"
	p.add(s, true)
}

func (m *rule) icon() (string, int) { return m.look.lineIcon(), wideIcon }

func (m *rule) fact(p *pane) string {
	return fmt.Sprintf("%s: line at %s", nonempty(m.name, p.kind), formatNumber(m.at, 4))
}
