package charts

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// draw adds the layer's series.
func (l *layer) draw(c *canvas, grid int, g rect, names dict, p *plotBody) {
	color := l.paint()
	opacity := l.faint
	if opacity == 0 {
		opacity = 1
	}
	if l.quiet {
		names = with(names, dict{"quiet": true})
	}
	lineStyle := with(opts.LineStyle{Color: color, Width: float32(max(l.width, 1)), Type: l.dash}, dict{"opacity": opacity})
	if l.dash == "" {
		lineStyle["type"] = "solid"
	}
	if l.lo != nil && l.shape != bandShape {
		l.bars(c, grid, names, color, p)
	}
	switch l.shape {
	case lineShape:
		s := lineSeries(l.name, l.data(p))
		s["lineStyle"], s["itemStyle"] = lineStyle, dict{"color": color, "opacity": opacity}
		s["emphasis"] = dict{"lineStyle": dict{"width": l.width + 1}}
		if l.marks {
			s["showSymbol"], s["showAllSymbol"], s["symbol"], s["symbolSize"] = true, true, l.symbol, l.size
			if l.hollow {
				s["itemStyle"] = dict{"color": "@paper", "borderColor": color, "borderWidth": 1.5}
			}
		} else {
			// A point between two gaps has no line to show it.
			s["symbol"], s["showSymbol"], s["showAllSymbol"] = "none", true, true
		}
		if l.quiet {
			s["silent"] = true
		}
		s["z"] = 3
		c.add(grid, s, names)
	case pointShape:
		s := scatterSeries(l.name, l.data(p))
		s["symbol"], s["symbolSize"] = l.symbol, l.size
		s["itemStyle"] = dict{"color": color, "opacity": opacity}
		if l.hollow {
			s["itemStyle"] = dict{"color": "transparent", "borderColor": color, "borderWidth": 1.6, "opacity": opacity}
		}
		s["z"] = 5
		if l.quiet {
			s["silent"] = true
		}
		c.add(grid, s, names)
	case stepShape:
		s := lineSeries(l.name, l.data(p))
		s["lineStyle"], s["itemStyle"] = lineStyle, dict{"color": color}
		s["step"] = "end"
		s["areaStyle"] = dict{"color": color, "opacity": 0.25, "origin": "start"}
		s["symbol"] = "none"
		c.add(grid, s, names)
	case bandShape:
		edges := make([][3]num, 0, len(l.x))
		for k := range l.x {
			if finite(l.x[k]) && finite(l.lo[k]) && finite(l.hi[k]) {
				edges = append(edges, [3]num{num(l.x[k]), num(l.lo[k]), num(l.hi[k])})
			}
		}
		if len(edges) == 0 {
			return
		}
		s := dict{"type": types.ChartCustom, "name": l.name, "renderItem": "@f:band", "silent": true, "clip": true, "z": 1,
			"itemStyle": dict{"color": color}, "data": []any{[]any{edges[0][0], edges[0][1], len(c.bands)}}}
		c.bands = append(c.bands, edges)
		c.add(grid, s, with(names, dict{"quiet": true}))
	case ruleShape:
		data := []pair{p.point(p.x.from, l.y[0]), p.point(p.x.to, l.y[0])}
		if l.vert {
			data = []pair{p.point(l.y[0], p.y.from), p.point(l.y[0], p.y.to)}
		}
		s := lineSeries(l.name, data)
		s["lineStyle"], s["itemStyle"], s["silent"], s["z"], s["symbol"] = lineStyle, dict{"color": color}, true, 2, "none"
		c.add(grid, s, with(names, dict{"quiet": true}))
	case labelShape:
		s := scatterSeries("", l.labelled(p))
		s["symbolSize"], s["silent"], s["z"] = 1, true, 4
		s["itemStyle"] = dict{"color": "transparent"}
		s["label"] = dict{"show": true, "position": "inside", "color": color, "fontSize": 11, "formatter": "{b}",
			"backgroundColor": "@paper", "padding": []int{1, 3}, "borderRadius": 2}
		c.add(grid, s, with(names, dict{"quiet": true}))
	case arrowShape:
		s := lineSeries(l.name, l.data(p))
		s["lineStyle"], s["itemStyle"], s["z"] = lineStyle, dict{"color": color}, 4
		s["showSymbol"], s["showAllSymbol"], s["symbol"], s["symbolSize"] = true, true, "circle", 5
		n := len(l.x)
		s["markPoint"] = dict{"silent": true, "data": []any{dict{"coord": p.point(l.x[n-1], l.y[n-1]), "symbol": "circle", "symbolSize": 9}},
			"itemStyle": dict{"color": color}, "label": dict{"show": false}}
		c.add(grid, s, names)
	}
}

// bars draws error bars as short lines with caps, in one series with gaps.
func (l *layer) bars(c *canvas, grid int, names dict, color string, p *plotBody) {
	var data []any
	for k := range l.x {
		if finite(l.x[k]) && finite(l.lo[k]) && finite(l.hi[k]) {
			for _, e := range []float64{l.lo[k], l.hi[k]} {
				if p.y.log && e <= 0 {
					e = p.y.from
				}
				data = append(data, dict{"value": p.point(l.x[k], e)})
			}
			data = append(data, gap)
		}
	}
	s := lineSeries(l.name, data)
	s["lineStyle"] = dict{"color": color, "width": 1.4, "type": "solid"}
	s["itemStyle"] = dict{"color": color}
	s["showSymbol"], s["showAllSymbol"], s["symbol"], s["symbolSize"] = true, true, "rect", []float64{9, 1.4}
	s["silent"], s["z"] = true, 2
	c.add(grid, s, with(names, dict{"quiet": true}))
}

func (l *layer) labelled(p *plotBody) []any {
	var data []any
	for k := range l.x {
		if finite(l.x[k]) && finite(l.y[k]) {
			data = append(data, dict{"value": p.point(l.x[k], l.y[k]), "name": l.labels[k]})
		}
	}
	return data
}

// data are the points of the layer, thinned out where there are too many.
func (l *layer) data(p *plotBody) any {
	if l.labels != nil {
		return l.labelled(p)
	}
	x, y := rounded(l.x), rounded(l.y)
	if !l.closed {
		x, y, _ = l.thinned()
	}
	there := func(k int) bool { return k >= 0 && k < len(x) && finite(x[k]) && finite(y[k]) }
	out := make([]any, len(x))
	for k := range x {
		switch at := p.point(x[k], y[k]); {
		case !there(k):
			out[k] = gap
		case l.shape == lineShape && !l.marks && !there(k-1) && !there(k+1):
			out[k] = dict{"value": at, "symbol": "circle", "symbolSize": 5}
		default:
			out[k] = at
		}
	}
	return out
}

func rising(v []float64) bool {
	for i := 1; i < len(v); i++ {
		if v[i] < v[i-1] {
			return false
		}
	}
	return true
}

// rounded keeps what a picture can show of coordinates nobody reads.
func rounded(v []float64) []float64 {
	lo, hi := span(v)
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/2000)))
	if !(step > 0) {
		return v
	}
	out := make([]float64, len(v))
	for i, f := range v {
		out[i] = tidy(math.Round(f/step)*step, step)
	}
	return out
}
