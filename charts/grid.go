package charts

import (
	"fmt"
	"html"
	"strings"
	"unicode"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// grid is a table of words in the three forms that front ends read.
type grid struct {
	class, attributes string // of the markup's table
	title             string
	columns           []column
	rows              [][]word
	colors            []string // of the status in each row
	notes             []string // lines below
}

type column struct {
	head string
	kind columnKind
}

type columnKind int

const (
	leftColumn columnKind = iota
	numberColumn
	statusColumn
)

// word is a cell's text, and where it leads: "" for nowhere.
type word struct{ text, link string }

func words(texts ...string) []word {
	cells := make([]word, len(texts))
	for i, s := range texts {
		cells[i].text = s
	}
	return cells
}

func (g *grid) add(color string, cells ...word) {
	g.rows, g.colors = append(g.rows, cells), append(g.colors, color)
}

// markupWords escapes a text and sets its subscripts: K_ŷ.
func markupWords(s string) string {
	return draw.Subscripts.ReplaceAllStringFunc(html.EscapeString(s), func(m string) string { return "<sub>" + strings.Trim(m, "_{}") + "</sub>" })
}

func (w word) html() string {
	if w.link == "" {
		return markupWords(w.text)
	}
	return `<a href="` + html.EscapeString(w.link) + `">` + html.EscapeString(w.text) + "</a>"
}

func (w word) markdown() string {
	text := strings.ReplaceAll(w.text, "|", `\|`)
	if w.link == "" {
		return text
	}
	return "[" + text + "](" + w.link + ")"
}

func (g *grid) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<table class="%s"%s style="border-collapse:collapse;font-size:13px;margin:0.4em 0">`, g.class, g.attributes)
	if g.title != "" {
		fmt.Fprintf(&b, `<caption style="text-align:left;font-weight:600;font-size:15px;padding:0.2em 0;color:inherit">%s</caption>`, markupWords(g.title))
	}
	cell := func(tag string, kind columnKind, more string, w word) {
		fmt.Fprintf(&b, `<%s style="text-align:%s;padding:0.35em 0.9em;border-bottom:1px solid rgba(128,128,128,0.35)%s">%s</%s>`,
			tag, [...]string{"left", "right", "center"}[kind], more, w.html(), tag)
	}
	b.WriteString("<thead><tr>")
	for _, c := range g.columns {
		cell("th", c.kind, "", word{text: c.head})
	}
	b.WriteString("</tr></thead><tbody>")
	for k, row := range g.rows {
		b.WriteString("<tr>")
		for i, w := range row {
			more := ""
			switch g.columns[i].kind {
			case numberColumn:
				more = ";font-variant-numeric:tabular-nums;white-space:nowrap"
			case statusColumn:
				more = ";font-weight:700;white-space:nowrap;color:" + g.colors[k]
			}
			cell("td", g.columns[i].kind, more, w)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	for _, n := range g.notes {
		fmt.Fprintf(&b, `<div style="font-size:12px;opacity:0.75">%s</div>`, markupWords(n))
	}
	return b.String()
}

// letters counts what stands beside each other; combining marks stand above.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

func (g *grid) text() string {
	head := make([]word, len(g.columns))
	for i, c := range g.columns {
		head[i].text = c.head
	}
	rows := append([][]word{head}, g.rows...)
	width := make([]int, len(g.columns))
	for _, r := range rows {
		for i, w := range r {
			width[i] = max(width[i], letters(w.text))
		}
	}
	var b strings.Builder
	if g.title != "" {
		b.WriteString(g.title + "\n")
	}
	for _, r := range rows {
		line := ""
		for i, w := range r {
			space := strings.Repeat(" ", width[i]-letters(w.text))
			if g.columns[i].kind == numberColumn {
				line += space + w.text + "  "
			} else {
				line += w.text + space + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, n := range g.notes {
		b.WriteString(n + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

func (g *grid) markdown() string {
	var b strings.Builder
	if g.title != "" {
		b.WriteString("**" + g.title + "**\n\n")
	}
	line := "|"
	b.WriteString("|")
	for _, c := range g.columns {
		b.WriteString(strings.TrimRight(" "+c.head, " ") + " |")
		line += [...]string{"---|", "---:|", ":---:|"}[c.kind]
	}
	b.WriteString("\n" + line + "\n")
	for _, row := range g.rows {
		b.WriteString("|")
		for _, w := range row {
			b.WriteString(" " + w.markdown() + " |")
		}
		b.WriteString("\n")
	}
	for _, n := range g.notes {
		b.WriteString("\n" + n + "\n")
	}
	return b.String()
}
