package charts

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
)

// ReproductionTable shows a part of a report on the paper, with figures beside
// it. Made by Reproduction, Reproduced and ReproductionNotebooks.
type ReproductionTable struct {
	report  *reproduction.Report
	grid    grid
	figures []*reproduction.Figure
	empty   string // what stands in the place of a table without rows
	err     error
}

// Reproduction is the summary: each item of the paper with the claims on it,
// counted by their status, and the notebooks and settings that they are from.
func Reproduction(r *reproduction.Report) *ReproductionTable {
	t := &ReproductionTable{report: r}
	t.grid = grid{class: "gonb-atf-reproduction", title: "The paper, item by item", columns: []column{
		{"item", leftColumn}, {"what it says", leftColumn}, {statusMark[AsPredicted], numberColumn}, {statusMark[KnownMiss], numberColumn},
		{statusMark[NotDecided], numberColumn}, {statusMark[Unexpected], numberColumn}, {"settings", leftColumn}, {"notebooks", leftColumn}}}
	line := func(name, says string, rows []reproduction.Row, none string) {
		var books, settings []string
		for _, row := range rows {
			books, settings = appendNew(books, row.Notebook.Number()), appendNew(settings, row.Table.Setting)
		}
		cells := append([]string{name, says}, byStatus(rows)...)
		if len(rows) == 0 {
			settings = []string{none}
		}
		t.grid.add("", words(append(cells, strings.Join(settings, ", "), strings.Join(books, ", "))...)...)
	}
	for _, item := range reproduction.Items() {
		rows, err := r.Rows(item.Name)
		t.err = errors.Join(t.err, err)
		none := "no claim yet"
		if item.Definition {
			none = "a definition: nothing to measure"
		}
		line(item.Name, item.Says, rows, none)
	}
	line("beyond the paper", "limits, checks and experiments of this package's own", r.Besides(), "no claim yet")
	t.grid.notes = append(t.grid.notes, legend)
	return t
}

var legend = fmt.Sprintf("%s as predicted   %s known miss, the reason stands below its table   %s not decided at this setting   %s unexpected",
	statusMark[AsPredicted], statusMark[KnownMiss], statusMark[NotDecided], statusMark[Unexpected])

// ReproductionNotebooks says of each notebook whether it was run, with which
// setting, where its results were read and how its claims came out.
func ReproductionNotebooks(r *reproduction.Report) *ReproductionTable {
	t := &ReproductionTable{report: r}
	t.grid = grid{class: "gonb-atf-reproduction", title: "Where the numbers come from", columns: []column{
		{"notebook", leftColumn}, {"state", leftColumn}, {"setting", leftColumn}, {"read", leftColumn}, {statusMark[AsPredicted], numberColumn},
		{statusMark[KnownMiss], numberColumn}, {statusMark[NotDecided], numberColumn}, {statusMark[Unexpected], numberColumn}}}
	for _, n := range r.Notebooks {
		var rows []reproduction.Row
		for i := range n.Tables {
			for _, c := range n.Tables[i].Claims {
				rows = append(rows, reproduction.Row{Claim: c, Table: &n.Tables[i], Notebook: n})
			}
		}
		cells := append(words(n.Name, string(n.State), n.Setting(), n.File), words(byStatus(rows)...)...)
		cells[0].link = n.Name + ".ipynb"
		t.grid.add("", cells...)
		if n.Note != "" {
			t.grid.notes = append(t.grid.notes, n.Name+": "+n.Note)
		}
	}
	t.grid.notes = append(t.grid.notes, legend)
	return t
}

// Reproduced lists the claims on items of the paper, by the names of
// reproduction.Items: predicted, measured, difference, verdict, the setting and
// data of each, and a link to its notebook. Reasons of misses stand below.
func Reproduced(r *reproduction.Report, items ...string) *ReproductionTable {
	t := &ReproductionTable{report: r}
	t.grid = grid{class: "gonb-atf-reproduction", title: strings.Join(items, ", "), columns: []column{
		{"claim", leftColumn}, {"predicted", numberColumn}, {"measured", numberColumn}, {"difference", numberColumn}, {"", statusColumn},
		{"setting and data", leftColumn}, {"notebook", leftColumn}}}
	if len(items) > 1 {
		t.grid.columns = append(t.grid.columns, column{"of", leftColumn})
	}
	if len(items) == 0 {
		t.err = errors.New("charts: Reproduced without an item of the paper: name one of reproduction.Items")
	}
	var rows []reproduction.Row
	for _, name := range items {
		found, err := r.Rows(name)
		t.err = errors.Join(t.err, err)
		for _, row := range found { // one on two of the items stands once
			if !slices.ContainsFunc(rows, func(other reproduction.Row) bool { return other.Table == row.Table && other.Text == row.Text }) {
				rows = append(rows, row)
			}
		}
	}
	var reasons []string
	for _, row := range rows {
		k := slices.Index(reproduction.Statuses, row.Status)
		mark := statusMark[k]
		if row.Why != "" {
			reasons = appendNew(reasons, row.Why)
			mark += fmt.Sprintf(" %d", slices.Index(reasons, row.Why)+1)
		}
		cells := words(row.Text, row.Predicted, row.Measured, row.Difference, mark, row.Made(), row.Notebook.Number())
		cells[6].link = row.Notebook.Name + ".ipynb"
		if len(items) > 1 {
			cells = append(cells, word{text: strings.Join(row.Of, ", ")})
		}
		t.grid.add(statusColor[k], cells...)
	}
	for i, why := range reasons {
		t.grid.notes = append(t.grid.notes, fmt.Sprintf("%d: %s", i+1, why))
	}
	t.empty = "no notebook that was run with this version has a claim on it"
	return t
}

// Figure puts a figure of a notebook beside the table, with its setting and a
// link below; the title may be cut short (reproduction.Report.Figure). Where the
// notebook was not run a line says so.
func (t *ReproductionTable) Figure(notebook, title string) *ReproductionTable {
	f, err := t.report.Figure(notebook, title)
	t.err = errors.Join(t.err, err)
	switch {
	case f != nil:
		t.figures = append(t.figures, f)
	case err == nil:
		n, err := t.report.Notebook(notebook)
		t.err = errors.Join(t.err, err)
		if n != nil {
			t.grid.notes = append(t.grid.notes, fmt.Sprintf("no figure “%s”: notebook %s: %s", title, notebook, n.State))
		}
	}
	return t
}

// byStatus are the numbers of the four statuses in words, "" for none.
func byStatus(rows []reproduction.Row) []string {
	count := reproduction.Count(rows)
	cells := make([]string, len(reproduction.Statuses))
	for i, s := range reproduction.Statuses {
		if count[s] > 0 {
			cells[i] = fmt.Sprint(count[s])
		}
	}
	return cells
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// shown is the table, or the line in its place.
func (t *ReproductionTable) shown() grid {
	g := t.grid
	if len(g.rows) == 0 {
		g.columns = []column{{t.empty, leftColumn}}
	}
	return g
}

// HTML is table and figures as markup that needs no script and no network.
func (t *ReproductionTable) HTML() string {
	g := t.shown()
	if len(t.figures) == 0 {
		return g.html()
	}
	var b strings.Builder
	b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start"><div style="flex:2 1 560px;overflow-x:auto">` + g.html() + `</div><div style="flex:1 1 320px">`)
	for _, f := range t.figures {
		kind, picture := "svg+xml", []byte(f.SVG)
		if f.SVG == "" {
			kind, picture = "png", f.PNG
		}
		caption := fmt.Sprintf("%s (%s)", f.Title, f.Notebook.Setting())
		fmt.Fprintf(&b, `<figure style="margin:0.4em 0 1em 0"><img alt="%s" style="max-width:100%%;background:#fff" src="data:image/%s;base64,%s"><figcaption style="font-size:12px;opacity:0.75"><a href="%s.ipynb">%s</a></figcaption></figure>`,
			html.EscapeString(caption), kind, base64.StdEncoding.EncodeToString(picture), f.Notebook.Name, markupWords(caption))
	}
	b.WriteString("</div></div>")
	return b.String()
}

// Text is the table in plain text, with the titles of the figures.
func (t *ReproductionTable) Text() string {
	g := t.shown()
	return strings.Join(append([]string{g.text()}, t.captions(func(f *reproduction.Figure) string {
		return fmt.Sprintf("figure: %s (%s), notebook %s", f.Title, f.Notebook.Setting(), f.Notebook.Name)
	})...), "\n")
}

// Markdown is the table for documents that read Markdown, with links to the
// notebooks of the figures.
func (t *ReproductionTable) Markdown() string {
	g := t.shown()
	return strings.Join(append([]string{g.markdown()}, t.captions(func(f *reproduction.Figure) string {
		return fmt.Sprintf("\nfigure: [%s](%s.ipynb) (%s)\n", f.Title, f.Notebook.Name, f.Notebook.Setting())
	})...), "")
}

func (t *ReproductionTable) captions(of func(*reproduction.Figure) string) []string {
	var lines []string
	for _, f := range t.figures {
		lines = append(lines, of(f))
	}
	return lines
}

// Show displays table and figures below the notebook's cell; outside a notebook
// it only checks. It returns what is wrong, such as a title that no figure has,
// and prints that in its place too.
func (t *ReproductionTable) Show() error {
	flushBars()
	if !inNotebook() {
		return t.err
	}
	if t.err != nil {
		send(errorMessage(t.err), "")
		return t.err
	}
	send(map[protocol.MIMEType]any{
		protocol.MIMETextHTML: t.HTML(), protocol.MIMETextMarkdown: t.Markdown(), protocol.MIMETextPlain: t.Text(),
	}, "")
	return nil
}
