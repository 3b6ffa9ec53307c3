package render

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The interpreter takes about a millisecond for every symbol it draws. The
// still picture therefore lets it draw one symbol of a large series, under a
// colour that stands for the series, and repeats that at the other points: the
// same picture, in which no point is left out.

// fewSymbols may be drawn by the interpreter.
const fewSymbols = 100

// cloud is where one symbol is repeated.
type cloud struct {
	color string       // the symbol's own
	at    [][2]float64 // in pixels
}

// token is the colour that stands for the k-th cloud.
func token(k int) string { return fmt.Sprintf("gonb-atf-cloud-%d", k) }

// clouds takes the symbols of large series out of a payload.
func (s *Figure) clouds(raw []byte) ([]byte, []cloud, error) {
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, nil, fmt.Errorf("charts: reading the figure's option: %w", err)
	}
	option, _ := tree["option"].(map[string]any)
	series, _ := option["series"].([]any)
	var out []any
	var found []cloud
	for _, v := range series {
		one, ok := v.(map[string]any)
		out = append(out, v)
		if !ok {
			continue
		}
		for _, part := range symbolsOf(one) {
			c := cloud{color: s.colorOf(part.style)}
			for _, p := range part.points {
				if x, y, ok := place(option, one, p); ok {
					if len(c.at) == 0 {
						part.points = part.points[:0]
						part.points = append(part.points, p)
					}
					c.at = append(c.at, [2]float64{x, y})
				}
			}
			if len(c.at) > 0 {
				out = append(out, part.single(one, token(len(found))))
				found = append(found, c)
			}
		}
	}
	if len(found) == 0 {
		return raw, nil, nil
	}
	option["series"] = out
	raw, err := encode(tree)
	if err != nil {
		return nil, nil, fmt.Errorf("charts: writing the figure's option: %w", err)
	}
	return raw, found, nil
}

// symbolsPart are points of a series with one symbol.
type symbolsPart struct {
	symbol, size any
	style        map[string]any
	points       [][2]float64
}

// symbolsOf takes the symbols out of a series that has many.
func symbolsOf(series map[string]any) []*symbolsPart {
	data, _ := series["data"].([]any)
	kind, _ := series["type"].(string)
	style, _ := series["itemStyle"].(map[string]any)
	if len(data) <= fewSymbols || style == nil || kind != "scatter" && kind != "line" || kind == "line" && series["showSymbol"] != true || series["label"] != nil {
		return nil
	}
	var whole, lone symbolsPart // of the series, and of points with a symbol of their own
	for _, d := range data {
		into, value := &whole, d
		if item, ok := d.(map[string]any); ok {
			value = item["value"]
			if item["symbol"] != nil {
				into = &lone
				lone.symbol, lone.size = item["symbol"], item["symbolSize"]
			}
		}
		if p, ok := numbers(value); ok {
			into.points = append(into.points, p)
		}
	}
	var parts []*symbolsPart
	if series["symbol"] != "none" && len(whole.points) > 0 {
		whole.symbol, whole.size, whole.style = series["symbol"], series["symbolSize"], style
		parts = append(parts, &whole)
	}
	if len(lone.points) > 0 {
		lone.style = style
		parts = append(parts, &lone)
	}
	if kind == "line" {
		series["showSymbol"] = false
	} else {
		series["data"] = []any{}
	}
	return parts
}

// numbers reads a point; false for a gap.
func numbers(v any) (p [2]float64, ok bool) {
	list, _ := v.([]any)
	if len(list) < 2 {
		return p, false
	}
	x, okx := list[0].(float64)
	y, oky := list[1].(float64)
	return [2]float64{x, y}, okx && oky
}

// single is a series of one of the points, with the token for its colour.
func (part *symbolsPart) single(of map[string]any, token string) map[string]any {
	style := map[string]any{}
	for k, v := range part.style {
		style[k] = v
	}
	key := "color"
	if _, ok := style["borderColor"]; ok {
		key = "borderColor"
	}
	style[key] = token
	p := part.points[0]
	return map[string]any{"type": "scatter", "symbol": part.symbol, "symbolSize": part.size, "itemStyle": style, "z": of["z"], "silent": true,
		"xAxisIndex": of["xAxisIndex"], "yAxisIndex": of["yAxisIndex"], "data": []any{[]any{p[0], p[1]}}}
}

// colorOf is the colour of a symbol's edge, where it has one, else of its face.
func (s *Figure) colorOf(style map[string]any) string {
	name, _ := style["color"].(string)
	if edge, ok := style["borderColor"].(string); ok {
		name = edge
	}
	colors := s.Look.Light
	if s.stillTheme() == "dark" {
		colors = s.Look.Dark
	}
	if c, ok := colors[strings.TrimPrefix(name, "@")]; ok && strings.HasPrefix(name, "@") {
		return c
	}
	return name
}

// place is where a point lies in the picture; false outside its frame.
func place(option, series map[string]any, p [2]float64) (x, y float64, ok bool) {
	ax, okx := entry(option, "xAxis", series["xAxisIndex"])
	ay, oky := entry(option, "yAxis", series["yAxisIndex"])
	if !okx || !oky {
		return 0, 0, false
	}
	grid, ok := entry(option, "grid", ax["gridIndex"])
	if !ok {
		return 0, 0, false
	}
	u, v := along(ax, p[0]), along(ay, p[1])
	const dust = 1e-9
	if !(u >= -dust && u <= 1+dust && v >= -dust && v <= 1+dust) {
		return 0, 0, false
	}
	side := func(key string) float64 { f, _ := grid[key].(float64); return f }
	return side("left") + u*side("width"), side("top") + (1-v)*side("height"), true
}

// along is the place of v between the ends of an axis, from 0 to 1.
func along(axis map[string]any, v float64) float64 {
	lo, _ := axis["min"].(float64)
	hi, _ := axis["max"].(float64)
	if axis["type"] == "log" {
		lo, hi, v = math.Log(lo), math.Log(hi), math.Log(v)
	}
	return (v - lo) / (hi - lo)
}

func entry(option map[string]any, key string, index any) (map[string]any, bool) {
	list, _ := option[key].([]any)
	i, _ := index.(float64)
	if int(i) >= len(list) {
		return nil, false
	}
	m, ok := list[int(i)].(map[string]any)
	return m, ok
}

var (
	cloudSymbol = regexp.MustCompile(`<path[^>]*"gonb-atf-cloud-(\d+)"[^>]*></path>`)
	cloudPlace  = regexp.MustCompile(`transform="(?:matrix\(([^,]+),([^,]+),([^,]+),([^,]+),([^,]+),([^,)]+)\)|translate\([^)]*\))"`)
)

// repeat draws the symbol of each cloud at all its points.
func repeat(svg string, clouds []cloud) (string, error) {
	if len(clouds) == 0 {
		return svg, nil
	}
	seen := 0
	out := cloudSymbol.ReplaceAllStringFunc(svg, func(symbol string) string {
		k, _ := strconv.Atoi(cloudSymbol.FindStringSubmatch(symbol)[1])
		where := cloudPlace.FindStringSubmatchIndex(symbol)
		if k >= len(clouds) || where == nil {
			return symbol
		}
		seen++
		color := strings.NewReplacer(token(k), escapeXML(clouds[k].color))
		before, after := color.Replace(symbol[:where[0]]), color.Replace(symbol[where[1]:])
		matrix := "1,0,0,1"
		if where[2] >= 0 {
			matrix = symbol[where[2]:where[9]]
		}
		var b strings.Builder
		for _, p := range clouds[k].at {
			b.WriteString(before)
			b.WriteString(`transform="matrix(` + matrix + "," + hundredths(p[0]) + "," + hundredths(p[1]) + `)"`)
			b.WriteString(after)
			b.WriteByte('\n')
		}
		return b.String()
	})
	if seen != len(clouds) {
		return "", fmt.Errorf("charts: %d of %d clouds of points are in the picture", seen, len(clouds))
	}
	return out, nil
}

func hundredths(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}
