package render

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	// What only serves the mouse on a live SVG.
	liveAttributes = regexp.MustCompile(` (?:ecmeta_\w+|class|pointer-events|stroke-miterlimit)="[^"]*"| stroke-linecap="butt"`)
	liveStyles     = regexp.MustCompile(`(?s)<style[^>]*>.*?</style>`)
	emptyPaths     = regexp.MustCompile(`<path[^>]*></path>`)
	dotRuns        = regexp.MustCompile(`(?:<path d="M1 0A1 1 0 1 1 1 -0.1A1 1 0 0 1 1 0" transform="matrix\(([\d.]+),0,0,[\d.]+,([-\d.]+),([-\d.]+)\)" (fill="[^"]*"(?: fill-opacity="[^"]*")?)></path>\n?)+`)
	dot            = regexp.MustCompile(`matrix\(([\d.]+),0,0,[\d.]+,([-\d.]+),([-\d.]+)\)" (fill="[^"]*"(?: fill-opacity="[^"]*")?)>`)
)

const (
	// manyDots is where equal dots are drawn together: 100 bytes each add up.
	manyDots = 200
	// dotLayers is into how many paths they go, so that dense places of a
	// translucent cloud still come out darker.
	dotLayers = 8
)

// polish makes ECharts' SVG small, and mends what viewers disagree on: several
// ignore the baseline it asks for, and an image must fill its place whatever
// its proportions.
func polish(svg string) string {
	svg = liveStyles.ReplaceAllString(svg, "")
	svg = liveAttributes.ReplaceAllString(svg, "")
	svg = emptyPaths.ReplaceAllStringFunc(svg, func(p string) string {
		unfilled := strings.Contains(p, ` fill="none"`) || strings.Contains(p, ` fill-opacity="0"`) || strings.Contains(p, ` fill="transparent"`)
		unstroked := !strings.Contains(p, ` stroke="`) || strings.Contains(p, ` stroke-width="0"`)
		if unfilled && unstroked {
			return ""
		}
		return p
	})
	svg = dotRuns.ReplaceAllStringFunc(svg, joinDots)
	return joinPieces(strings.NewReplacer(
		`dominant-baseline="central"`, `dy="0.35em"`,
		`<image `, `<image preserveAspectRatio="none" style="image-rendering:pixelated" `,
		` xml:space="preserve"`, "",
		"></path>", "/>", ">\u00a0", " xml:space=\"preserve\">\u00a0",
	).Replace(svg))
}

// joinDots draws a run of equal dots as round ends of strokes of no length.
func joinDots(run string) string {
	all := dot.FindAllStringSubmatch(run, -1)
	if len(all) < manyDots {
		return run
	}
	var out strings.Builder
	for lo := 0; lo < len(all); {
		hi := lo
		for hi < len(all) && all[hi][1] == all[lo][1] && all[hi][4] == all[lo][4] {
			hi++
		}
		r, _ := strconv.ParseFloat(all[lo][1], 64)
		stroke := strings.Replace(strings.Replace(all[lo][4], "fill-opacity", "stroke-opacity", 1), "fill=", "stroke=", 1)
		for k := range min(dotLayers, hi-lo) {
			out.WriteString(`<path d="`)
			for i := lo + k; i < hi; i += dotLayers {
				x, _ := strconv.ParseFloat(all[i][2], 64)
				y, _ := strconv.ParseFloat(all[i][3], 64)
				out.WriteString("M" + decimal(x) + " " + decimal(y) + "h0")
			}
			fmt.Fprintf(&out, `" %s stroke-width="%s" stroke-linecap="round" fill="none"></path>`, stroke, decimal(2*r))
		}
		lo = hi
	}
	return out.String()
}

func decimal(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
