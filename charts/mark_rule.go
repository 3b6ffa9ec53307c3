package charts

import "fmt"

// rule is a straight line across the plot, at a height or upright.
type rule struct {
	look
	at      float64
	upright bool
}

func (m *rule) reach(s *survey) {
	switch {
	case m.upright && !(s.xlog && m.at <= 0):
		s.grow(&s.x, m.at)
	case !m.upright && !(s.ylog && m.at <= 0):
		s.grow(&s.y, m.at)
	}
}

// on is the axis that the line stands on.
func (m *rule) on(p *pane) *axis {
	if m.upright {
		return &p.x
	}
	return &p.y
}

func (m *rule) notes(p *pane) []string {
	if m.on(p).shows(m.at) {
		return nil
	}
	return []string{fmt.Sprintf("The line “%s” stands at %s, which a logarithmic axis cannot show.", m.name, formatNumber(m.at, 4))}
}

func (m *rule) draw(p pen) {
	if !m.on(p.on).shows(m.at) {
		return
	}
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
