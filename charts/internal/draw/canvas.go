package draw

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Rect is a place on the figure in pixels.
type Rect struct{ X, Y, W, H float64 }

// Canvas gathers what the parts of a figure draw into one option. Everything
// is placed in pixels, so the static picture and the chart cover each other.
type Canvas struct {
	grids, xAxes, yAxes, series, legends, graphics, zooms []any

	Images []string    // data URLs, named "@i:k" in the option
	Cells  []CellBlock // values behind the pixels of maps, named "@d:k"
	Bands  [][][3]any  // x, lower and upper edge of bands
	Names  []dict      // axis names for tooltips, by series
	hover  string      // "axis" when the tooltip belongs to a whole column
	paints map[string]string
	Live   bool // for a chart that stands in a page already
	Errs   []error

	root, block *block // of the figure, and the one that is drawn
}

// Failf reports what cannot be drawn in the place there is.
func (c *Canvas) Failf(format string, args ...any) {
	c.Errs = append(c.Errs, fmt.Errorf("charts: "+format, args...))
}

// alias is the name under which ECharts knows a series. Series of one name
// share a legend entry and its colour, also across the plots of a composed
// figure; where they differ in colour an invisible space keeps them apart.
func (c *Canvas) alias(name, paint string) string {
	if name == "" {
		return name
	}
	if c.paints == nil {
		c.paints = map[string]string{}
	}
	for {
		if known, ok := c.paints[name]; !ok || known == paint {
			c.paints[name] = paint
			return name
		}
		name += zeroWidth
	}
}

const zeroWidth = "\u200b"

// Style of a text.
type Style struct {
	Size  float64
	Bold  bool
	Color string // "@ink", "@soft", …
	Align string // "left", "center", "right"
	turn  float64
}

// Text writes s with its first line's top edge at y.
func (c *Canvas) Text(x, y float64, s string, st Style) {
	if s == "" {
		return
	}
	weight := "normal"
	if st.Bold {
		weight = "600"
	}
	if st.Align == "" {
		st.Align = "left"
	}
	if st.Color == "" {
		st.Color = "@ink"
	}
	s = minusSigns.ReplaceAllString(s, "$1−$2")
	el := dict{"type": "text", "silent": true, "z": 5, "x": round1(x), "y": round1(y), "style": dict{
		"text": escapeToken(s), "fill": st.Color, "align": st.Align, "verticalAlign": "top",
		"font": fmt.Sprintf("%s %gpx %s", weight, st.Size, FontFamily), "lineHeight": round1(st.Size * 1.35),
	}}
	if marked := Subscripts.ReplaceAllStringFunc(s, subscript); marked != s {
		look := el["style"].(dict)
		// A leading space after a marked part would be dropped.
		look["text"], look["rich"] = escapeToken(strings.ReplaceAll(marked, "} ", "}\u00a0")), dict{"s": subscriptStyle(st.Size, st.Bold, st.Color)}
	}
	if st.turn != 0 {
		el["rotation"] = st.turn
	}
	c.graphics = append(c.graphics, el)
}

// minusSigns finds the hyphens that stand before a number.
var minusSigns = regexp.MustCompile(`(^|[\s(\[=:,±])-(\.?\d)`)

// Subscripts finds the last part of K_ŷ or W_{12}.
var Subscripts = regexp.MustCompile(`_(\{[^{}|]*\}|[^\s_{}|]\p{M}*\b|[^\s_{}|\w]\p{M}*)`)

// subscript marks it for the drawing library.
func subscript(s string) string { return "{s|" + strings.Trim(s, "_{}") + "}" }

func subscriptStyle(size float64, bold bool, color string) dict {
	weight := "normal"
	if bold {
		weight = "600"
	}
	return dict{"fontSize": round1(size * 0.75), "fontWeight": weight, "fontFamily": FontFamily, "fill": color, "verticalAlign": "bottom",
		"padding": []num{round1(size * 0.45), 0, 0, 0}}
}

// Image lays a data URL over a place.
func (c *Canvas) Image(url string, at Rect) {
	c.graphics = append(c.graphics, dict{"type": "image", "silent": true, "z": 0, "style": dict{
		"image": fmt.Sprintf("@i:%d", len(c.Images)), "x": round1(at.X), "y": round1(at.Y), "width": round1(at.W), "height": round1(at.H)}})
	c.Images = append(c.Images, url)
}

// PNGURL is a picture as an address.
func PNGURL(png []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}

// Line draws a straight line over everything.
func (c *Canvas) Line(x1, y1, x2, y2, width float64, color string) {
	c.graphics = append(c.graphics, dict{"type": "line", "silent": true, "z": 4,
		"shape": dict{"x1": round1(x1), "y1": round1(y1), "x2": round1(x2), "y2": round1(y2)},
		"style": dict{"stroke": color, "lineWidth": width, "fill": nil}})
}

// Frame draws the outline of a place.
func (c *Canvas) Frame(at Rect, width float64, color string) {
	c.graphics = append(c.graphics, dict{"type": "rect", "silent": true, "z": 4,
		"shape": dict{"x": round1(at.X), "y": round1(at.Y), "width": round1(at.W), "height": round1(at.H)},
		"style": dict{"stroke": color, "lineWidth": width, "fill": nil}})
}

// grid opens a coordinate system at a place and returns its number.
func (c *Canvas) grid(at Rect, x, y dict) int {
	i := len(c.grids)
	c.grids = append(c.grids, dict{"left": round1(at.X), "top": round1(at.Y), "width": round1(at.W), "height": round1(at.H)})
	c.xAxes = append(c.xAxes, with(x, dict{"gridIndex": i}))
	c.yAxes = append(c.yAxes, with(y, dict{"gridIndex": i}))
	return i
}

// add draws a series in a coordinate system; names are its tooltip's.
func (c *Canvas) add(grid int, s dict, names dict) {
	s["xAxisIndex"], s["yAxisIndex"] = grid, grid
	if names == nil {
		names = dict{}
	}
	if name, ok := s["name"].(string); ok {
		s["name"] = escapeToken(name)
	}
	c.series = append(c.series, s)
	c.Names = append(c.Names, names)
}

// Option is the whole ECharts option, with names for colours, functions,
// images and data.
func (c *Canvas) Option() dict {
	trigger := "item"
	tip := "@f:point"
	if c.hover == "axis" {
		trigger, tip = "axis", "@f:axis"
	}
	o := dict{
		"backgroundColor": "@paper",
		"textStyle":       dict{"fontFamily": FontFamily, "color": "@ink", "fontSize": 12},
		"tooltip": with(opts.Tooltip{Show: opts.Bool(true), Trigger: trigger}, dict{
			"formatter": tip, "confine": true, "backgroundColor": "@tip", "borderColor": "@grid", "appendToBody": false,
			"textStyle":   dict{"color": "@ink", "fontSize": 12},
			"axisPointer": dict{"type": "line", "lineStyle": dict{"color": "@axis", "type": "dashed"}}}),
		"series": c.series,
	}
	for key, list := range map[string][]any{"grid": c.grids, "xAxis": c.xAxes, "yAxis": c.yAxes,
		"legend": c.legends, "dataZoom": c.zooms} {
		if len(list) > 0 {
			o[key] = list
		}
	}
	if len(c.series) == 0 {
		delete(o, "tooltip")
	}
	if len(c.graphics) > 0 {
		o["graphic"] = dict{"elements": c.graphics}
	}
	return o
}

// lineSeries, scatterSeries and customSeries begin a series of their type.
func lineSeries(name string, data any) dict {
	return dict{"type": types.ChartLine, "name": name, "data": data, "showSymbol": false, "clip": true}
}

func scatterSeries(name string, data any) dict {
	return dict{"type": types.ChartScatter, "name": name, "data": data, "clip": true, "progressive": 0}
}

// escapeToken keeps a user's text that begins with "@" from being read as one
// of our names.
func escapeToken(s string) string {
	if len(s) > 0 && s[0] == '@' {
		return "@t:" + s
	}
	return s
}

func round1(v float64) num { return num(math.Floor(v*10+0.5) / 10) }
