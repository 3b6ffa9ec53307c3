package charts

import (
	"fmt"
	"math"
)

func (p *plotBody) facts() []string {
	var out []string
	if p.under != nil {
		out = append(out, p.under.fact(p))
	}
	for i := range p.drawn {
		if f := p.drawn[i].fact(p); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func (l *layer) fact(p *plotBody) string {
	if l.quiet || l.shape == labelShape {
		return ""
	}
	name := l.name
	if name == "" {
		name = p.kind
	}
	if l.shape == ruleShape {
		return fmt.Sprintf("%s: line at %s", name, formatNumber(l.y[0], 4))
	}
	xlo, xhi := span(l.x)
	ylo, yhi := span(l.y)
	xn, yn := p.x.name, p.y.name
	if xn == "" {
		xn = "x"
	}
	if yn == "" {
		yn = "y"
	}
	if math.IsNaN(xlo) || math.IsNaN(ylo) {
		return fmt.Sprintf("%s: %d points, none of them finite", name, len(l.x))
	}
	return fmt.Sprintf("%s: %d points, %s from %s to %s, %s from %s to %s", name, len(l.x),
		xn, formatNumber(xlo, 4), formatNumber(xhi, 4), yn, formatNumber(ylo, 4), formatNumber(yhi, 4))
}

// span is the range of the finite values.
func span(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, f := range v {
		if finite(f) {
			lo, hi = math.Min(lo, f), math.Max(hi, f)
		}
	}
	if lo > hi {
		return math.NaN(), math.NaN()
	}
	return lo, hi
}
