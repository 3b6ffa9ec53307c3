package render

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ECharts sets a text with subscripts in pieces, each at a place that it takes
// from estimated widths: in a font of other widths gaps open between them. In
// the picture the pieces of a line become one text, whose parts follow each
// other in whatever font there is.

var (
	textPiece = regexp.MustCompile(`<text ([^>]*)>([^<]*)</text>\n?`)
	attribute = regexp.MustCompile(`([\w:-]+)="([^"]*)"`)
	fontSize  = regexp.MustCompile(`([\d.]+)px`)
)

// piece is a text element.
type piece struct {
	from, to int // in the SVG
	at       map[string]string
	y, size  float64
	words    string
}

// joinPieces writes the pieces of every line as parts of one text.
func joinPieces(svg string) string {
	var out strings.Builder
	var line []piece
	done := 0
	flush := func() {
		if len(line) > 1 {
			out.WriteString(svg[done:line[0].from])
			out.WriteString(joined(line))
			done = line[len(line)-1].to
		}
		line = nil
	}
	for _, m := range textPiece.FindAllStringSubmatchIndex(svg, -1) {
		p := piece{from: m[0], to: m[1], at: map[string]string{}, words: svg[m[4]:m[5]]}
		for _, a := range attribute.FindAllStringSubmatch(svg[m[2]:m[3]], -1) {
			p.at[a[1]] = a[2]
		}
		p.y, _ = strconv.ParseFloat(p.at["y"], 64)
		if size := fontSize.FindStringSubmatch(p.at["style"]); size != nil {
			p.size, _ = strconv.ParseFloat(size[1], 64)
		}
		if len(line) > 0 && !follows(line[len(line)-1], p) {
			flush()
		}
		line = append(line, p)
	}
	flush()
	out.WriteString(svg[done:])
	return out.String()
}

// follows is true for pieces of one line: beside each other in one place, in
// sizes that differ, less than half a line apart.
func follows(a, b piece) bool {
	return a.to == b.from && a.at["transform"] != "" && a.at["transform"] == b.at["transform"] && a.at["text-anchor"] == b.at["text-anchor"] &&
		a.at["fill"] == b.at["fill"] && a.size != b.size && math.Abs(a.y-b.y) < 0.5*math.Max(a.size, b.size)
}

// joined is one text of several pieces. A text that is centred, or ends at a
// place, has that place as its origin. Some viewers drop a space at the beginning
// of a part unless it is asked for.
func joined(line []piece) string {
	first := line[0]
	x := ""
	if first.at["text-anchor"] == "start" && first.at["x"] != "" {
		x = fmt.Sprintf(` x="%s"`, first.at["x"])
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<text text-anchor="%s"%s y="%s" transform="%s" fill="%s" xml:space="preserve">`, first.at["text-anchor"], x, short(first.y+0.35*first.size), first.at["transform"], first.at["fill"])
	for i, p := range line {
		down := 0.0
		if i > 0 { // dy counts from the piece before; a third of each size centres it
			down = p.y - line[i-1].y + 0.35*(p.size-line[i-1].size)
		}
		fmt.Fprintf(&b, `<tspan style="%s"`, p.at["style"])
		if down != 0 {
			fmt.Fprintf(&b, ` dy="%s"`, short(down))
		}
		fmt.Fprintf(&b, `>%s</tspan>`, p.words)
	}
	b.WriteString("</text>\n")
	return b.String()
}

func short(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
