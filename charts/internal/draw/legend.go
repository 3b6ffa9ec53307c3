package draw

import (
	"slices"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// entries are the marks in the legend: one of each name and kind.
func (p *Pane) entries() []Mark {
	var list []Mark
	for _, m := range p.Drawn {
		l := m.Base()
		if l.Name == "" || l.Quiet ||
			slices.ContainsFunc(list, func(o Mark) bool { return o.Base().Name == l.Name && o.Base().kind() == l.kind() }) {
			continue
		}
		list = append(list, m)
	}
	if !p.Legend || len(list) < 2 && !(p.Lone && len(p.Drawn) > 1) {
		return nil
	}
	return list
}

const legendRow = 26.0

func (p *Pane) legendHeight(w float64) float64 {
	list := p.entries()
	if len(list) == 0 {
		return 0
	}
	rows, x := 1, 0.0
	for _, m := range list {
		d := TextWidth(m.Base().Name, 12) + 22 + 5 + 12
		if x+d-12 > w && x > 0 {
			rows++
			x = 0
		}
		x += d
	}
	return float64(rows-1)*legendRow + 26
}

// symbolPaths are the symbols that ECharts would stretch to a legend item's
// width, as paths, whose proportions it keeps.
var symbolPaths = map[string]string{
	"triangle":  "path://M5 0L10 10H0Z",
	"diamond":   "path://M5 0L10 5L5 10L0 5Z",
	"rect":      "path://M0 0H10V10H0Z",
	"roundRect": "path://M2 0H8A2 2 0 0 1 10 2V8A2 2 0 0 1 8 10H2A2 2 0 0 1 0 8V2A2 2 0 0 1 2 0Z",
}

// Widths of legend icons: of symbols, and of what is drawn as a line.
const narrowIcon, wideIcon = 11, 22

// markedIcon is a line with a circle.
const markedIcon = "path://M0 4.3h7a3 3 0 0 1 6 0h7v1.4h-7a3 3 0 0 1 -6 0h-7z"

// lineIcon is a piece of line with the mark's dashes.
func (l *Look) lineIcon() string {
	switch l.Dash {
	case "dashed":
		return "path://M0 4h5v2h-5zM7.5 4h5v2h-5zM15 4h5v2h-5z"
	case "dotted":
		return "path://M0 4h2v2h-2zM4.5 4h2v2h-2zM9 4h2v2h-2zM13.5 4h2v2h-2zM18 4h2v2h-2z"
	}
	return "path://M0 4h20v2h-20z"
}

// drawLegend writes the legend above the grid.
func (p *Pane) drawLegend(c *Canvas, g, at Rect) {
	list := p.entries()
	if len(list) == 0 {
		return
	}
	itemWidth := narrowIcon
	for _, m := range p.Drawn {
		_, w := m.icon()
		itemWidth = max(itemWidth, w)
	}
	data := make([]any, len(list))
	for k, m := range list {
		l := m.Base()
		entry := dict{"name": escapeToken(c.alias(l.Name, l.kind()))}
		if icon, _ := m.icon(); icon != "" {
			entry["icon"] = icon
		}
		if l.Ink == "#ffffff" { // drawn over cells; the legend stands on the page
			entry["itemStyle"] = dict{"color": "@ink"}
		}
		data[k] = entry
	}
	c.legends = append(c.legends, with(opts.Legend{Show: opts.Bool(true), Type: "plain", ItemWidth: itemWidth, ItemHeight: 10}, dict{
		"data": data, "left": round1(g.X), "top": round1(at.Y), "width": round1(at.X + at.W - g.X), "itemGap": 12, "padding": 0,
		"formatter": "@f:legend",
		"textStyle": dict{"color": "@ink", "fontSize": 12, "rich": dict{"s": dict{"fontSize": 9, "verticalAlign": "bottom", "padding": []int{5, 0, 0, 0}}}}, "inactiveColor": "@axis", "height": legendRow * 4}))
}
