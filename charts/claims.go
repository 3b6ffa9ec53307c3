package charts

import (
	"errors"
	"fmt"
	"math"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// ClaimsTable compares what the theory says with what came out. Made by Claims.
type ClaimsTable struct {
	title string
	rows  []claim
	notes []string
	errs  []error

	data  []reproduction.Data // of the rows that follow
	seeds int
	idle  bool // they were named, and no row has followed
}

type claim struct {
	text                string
	predicted, measured float64
	tolerance           float64
	relation            string // "=", "≤", "≥"
	words               [2]string
	verdict             bool
	known, undecided    string   // why, where it is a known miss or not decided
	of                  []string // items of the paper
	data                []reproduction.Data
	seeds               int
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
	t.add(claim{text: text, predicted: predicted, measured: measured, tolerance: tolerance, relation: "=",
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
	t.add(claim{text: text, predicted: bound, measured: measured, relation: "≤", verdict: measured <= bound})
	return t
}

// AtLeast adds a claim that measured reaches a bound.
func (t *ClaimsTable) AtLeast(text string, bound, measured float64) *ClaimsTable {
	t.add(claim{text: text, predicted: bound, measured: measured, relation: "≥", verdict: measured >= bound})
	return t
}

// Holds adds a claim in words.
func (t *ClaimsTable) Holds(text, predicted, measured string, holds bool) *ClaimsTable {
	t.add(claim{text: text, words: [2]string{predicted, measured}, verdict: holds})
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
	if t.idle {
		errs = append(errs, fmt.Errorf("charts: On or Seeds after the last claim: they speak of the rows that follow, so put them before those rows"))
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

// grid is the table as it is set.
func (t *ClaimsTable) grid() *grid {
	g := &grid{class: "gonb-atf-claims", attributes: fmt.Sprintf(` data-unexpected="%d"`, t.Unexpected()), title: t.title, notes: t.allNotes(),
		columns: []column{{"claim", leftColumn}, {"predicted", numberColumn}, {"measured", numberColumn}, {"difference", numberColumn}, {"", statusColumn}}}
	for i := range t.rows {
		cells := t.cells(i)
		g.add(statusColor[t.Status(i)], words(cells[:]...)...)
	}
	return g
}

// HTML is the table as markup that needs no script.
func (t *ClaimsTable) HTML() string { return t.grid().html() }

// Text is the table in plain text, columns aligned.
func (t *ClaimsTable) Text() string { return t.grid().text() }

// Markdown is the table for front ends and documents that read Markdown.
func (t *ClaimsTable) Markdown() string { return t.grid().markdown() }

// Show displays the table below the notebook's cell, and leaves its rows there
// in the form that the reproduction page reads (package atf/reproduction);
// outside a notebook it only checks.
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
	record, err := t.record().Encode()
	if err != nil {
		send(errorMessage(err), "")
		return err
	}
	send(map[protocol.MIMEType]any{
		protocol.MIMETextHTML: t.HTML(), protocol.MIMETextMarkdown: t.Markdown(), protocol.MIMETextPlain: t.Text(),
		reproduction.MIME: string(record),
	}, "")
	return nil
}
