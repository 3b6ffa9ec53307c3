package charts

import (
	"errors"
	"fmt"
	"html"
	"math"
	"strings"
	"unicode"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// ClaimsTable compares what the theory says with what came out. Made by Claims.
type ClaimsTable struct {
	title string
	rows  []claim
	notes []string
	errs  []error
}

type claim struct {
	text                string
	predicted, measured float64
	tolerance           float64
	relation            string // "=", "≤", "≥"
	words               [2]string
	verdict             bool
	known, undecided    string // why, where it is a known miss or not decided
}

// Claims begins a table with the columns claim, predicted, measured,
// difference and a mark for the status: ✓ as predicted, △ known miss, ○ not
// decided at this setting, ✗ unexpected. The reasons of the second and third
// stand below the table. A run of the notebooks fails at a ✗.
func Claims() *ClaimsTable { return &ClaimsTable{} }

// Title sets the line above the table.
func (t *ClaimsTable) Title(s string) *ClaimsTable { t.title = s; return t }

// Note adds a line below the table, such as what differs from the paper.
func (t *ClaimsTable) Note(s string) *ClaimsTable { t.notes = append(t.notes, s); return t }

// Row adds a claim that measured equals predicted within an absolute
// tolerance. NaN and ±Inf fail the claim.
func (t *ClaimsTable) Row(text string, predicted, measured, tolerance float64) *ClaimsTable {
	if !(tolerance >= 0) {
		t.errs = append(t.errs, fmt.Errorf("charts: claim %q has tolerance %g: it must be 0 or more", text, tolerance))
	}
	t.rows = append(t.rows, claim{text: text, predicted: predicted, measured: measured, tolerance: tolerance, relation: "=",
		verdict: math.Abs(measured-predicted) <= tolerance})
	return t
}

// Relative adds a claim that measured equals predicted within a share of
// predicted.
func (t *ClaimsTable) Relative(text string, predicted, measured, share float64) *ClaimsTable {
	if !(share >= 0) {
		t.errs = append(t.errs, fmt.Errorf("charts: claim %q has relative tolerance %g: it must be 0 or more", text, share))
		share = 0
	}
	return t.Row(text, predicted, measured, share*math.Abs(predicted))
}

// AtMost adds a claim that measured does not exceed a bound, such as a
// residual.
func (t *ClaimsTable) AtMost(text string, bound, measured float64) *ClaimsTable {
	t.rows = append(t.rows, claim{text: text, predicted: bound, measured: measured, relation: "≤", verdict: measured <= bound})
	return t
}

// AtLeast adds a claim that measured reaches a bound.
func (t *ClaimsTable) AtLeast(text string, bound, measured float64) *ClaimsTable {
	t.rows = append(t.rows, claim{text: text, predicted: bound, measured: measured, relation: "≥", verdict: measured >= bound})
	return t
}

// Holds adds a claim in words.
func (t *ClaimsTable) Holds(text, predicted, measured string, holds bool) *ClaimsTable {
	t.rows = append(t.rows, claim{text: text, words: [2]string{predicted, measured}, verdict: holds})
	return t
}

// AllHold is true when every claim holds (and there is one).
func (t *ClaimsTable) AllHold() bool {
	for _, r := range t.rows {
		if !r.verdict {
			return false
		}
	}
	return len(t.rows) > 0
}

// Err is what is wrong with the table, else nil.
func (t *ClaimsTable) Err() error {
	errs := t.errs
	if len(t.rows) == 0 {
		errs = append(errs, fmt.Errorf("charts: the table of claims has no rows"))
	}
	return errors.Join(errs...)
}

// cells of row i: claim, predicted, measured, difference, mark.
func (t *ClaimsTable) cells(i int) [5]string {
	r, mark := t.rows[i], t.mark(i)
	if r.relation == "" {
		return [5]string{r.text, r.words[0], r.words[1], "", mark}
	}
	difference, predicted := r.measured-r.predicted, draw.FormatNumber(r.predicted, 5)
	delta := draw.FormatNumber(difference, 3)
	if difference > 0 {
		delta = "+" + delta
	}
	if r.relation != "=" {
		return [5]string{r.text, r.relation + " " + predicted, draw.FormatNumber(r.measured, 5), delta, mark}
	}
	if r.tolerance > 0 {
		predicted += " ± " + draw.FormatNumber(r.tolerance, 2)
	}
	return [5]string{r.text, predicted, draw.FormatNumber(r.measured, 5), delta, mark}
}

var claimHead = [5]string{"claim", "predicted", "measured", "difference", ""}

// markupWords escapes a text and sets its subscripts: K_ŷ.
func markupWords(s string) string {
	return draw.Subscripts.ReplaceAllStringFunc(html.EscapeString(s), func(m string) string { return "<sub>" + strings.Trim(m, "_{}") + "</sub>" })
}

// HTML is the table as markup that needs no script.
func (t *ClaimsTable) HTML() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<table class="gonb-atf-claims" data-unexpected="%d" style="border-collapse:collapse;font-size:13px;margin:0.4em 0">`, t.Unexpected())
	if t.title != "" {
		fmt.Fprintf(&b, `<caption style="text-align:left;font-weight:600;font-size:15px;padding:0.2em 0;color:inherit">%s</caption>`, markupWords(t.title))
	}
	cell := func(tag, align, more, s string) {
		fmt.Fprintf(&b, `<%s style="text-align:%s;padding:0.35em 0.9em;border-bottom:1px solid rgba(128,128,128,0.35)%s">%s</%s>`, tag, align, more, markupWords(s), tag)
	}
	b.WriteString("<thead><tr>")
	for i, h := range claimHead {
		cell("th", [5]string{"left", "right", "right", "right", "center"}[i], "", h)
	}
	b.WriteString("</tr></thead><tbody>")
	for k := range t.rows {
		b.WriteString("<tr>")
		for i, s := range t.cells(k) {
			more := ""
			switch i {
			case 1, 2, 3:
				more = ";font-variant-numeric:tabular-nums;white-space:nowrap"
			case 4:
				more = ";font-weight:700;white-space:nowrap;color:" + statusColor[t.Status(k)]
			}
			cell("td", [5]string{"left", "right", "right", "right", "center"}[i], more, s)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	for _, n := range t.allNotes() {
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

// Text is the table in plain text, columns aligned.
func (t *ClaimsTable) Text() string {
	rows := [][5]string{claimHead}
	for i := range t.rows {
		rows = append(rows, t.cells(i))
	}
	var width [5]int
	for _, r := range rows {
		for i, s := range r {
			width[i] = max(width[i], letters(s))
		}
	}
	var b strings.Builder
	if t.title != "" {
		b.WriteString(t.title + "\n")
	}
	for _, r := range rows {
		line := ""
		for i, s := range r {
			space := strings.Repeat(" ", width[i]-letters(s))
			if i == 0 || i == 4 {
				line += s + space + "  "
			} else {
				line += space + s + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, n := range t.allNotes() {
		b.WriteString(n + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// Markdown is the table for front ends and documents that read Markdown.
func (t *ClaimsTable) Markdown() string {
	var b strings.Builder
	if t.title != "" {
		b.WriteString("**" + t.title + "**\n\n")
	}
	b.WriteString("| claim | predicted | measured | difference | |\n|---|---:|---:|---:|:---:|\n")
	for i := range t.rows {
		b.WriteString("|")
		for _, s := range t.cells(i) {
			b.WriteString(" " + strings.ReplaceAll(s, "|", `\|`) + " |")
		}
		b.WriteString("\n")
	}
	for _, n := range t.allNotes() {
		b.WriteString("\n" + n + "\n")
	}
	return b.String()
}

// Show displays the table below the notebook's cell; outside a notebook it
// only checks.
func (t *ClaimsTable) Show() error {
	flushBars()
	err := t.Err()
	if !inNotebook() {
		return err
	}
	if err != nil {
		send(errorMessage(err), "")
		return err
	}
	send(map[protocol.MIMEType]any{
		protocol.MIMETextHTML: t.HTML(), protocol.MIMETextMarkdown: t.Markdown(), protocol.MIMETextPlain: t.Text(),
	}, "")
	return nil
}
