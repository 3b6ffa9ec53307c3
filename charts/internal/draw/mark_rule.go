package draw

import "fmt"

// rule is a straight line across the plot, at a height or upright.
type rule struct {
	Look
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
func (m *rule) on(p *Pane) *Axis {
	if m.upright {
		return &p.X
	}
	return &p.Y
}

func (m *rule) notes(p *Pane) []string {
	if m.on(p).shows(m.at) {
		return nil
	}
	return []string{fmt.Sprintf("The line “%s” stands at %s, which a logarithmic axis cannot show.", m.Name, FormatNumber(m.at, 4))}
}

func (m *rule) draw(p pen) {
	if !m.on(p.on).shows(m.at) {
		return
	}
	x, y := p.on.X, p.on.Y
	data := []pair{{x.drawn(x.From), y.number(m.at)}, {x.drawn(x.To), y.number(m.at)}}
	if m.upright {
		data = []pair{{x.number(m.at), y.drawn(y.From)}, {x.number(m.at), y.drawn(y.To)}}
	}
	s := lineSeries(p.name, data)
	s["lineStyle"], s["itemStyle"], s["silent"], s["z"], s["symbol"] = m.stroke(1.5), dict{"color": m.paint()}, true, 2, "none"
	p.add(s, true)
}

func (m *rule) icon() (string, int) { return m.Look.lineIcon(), wideIcon }

func (m *rule) fact(p *Pane) string {
	return fmt.Sprintf("%s: line at %s", Nonempty(m.Name, p.kind), FormatNumber(m.at, 4))
}
