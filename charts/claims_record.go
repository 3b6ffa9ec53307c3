package charts

import (
	"fmt"
	"strings"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
)

// Of says of the row added last on which items of the paper it is, by the names
// of reproduction.Items: "Theorem 1", "eq. (2)", "figure 4". Any other name is
// an error. A row without is one that goes beyond the paper.
func (t *ClaimsTable) Of(items ...string) *ClaimsTable {
	r := t.lastRow("Of", strings.Join(items, ""))
	if r == nil {
		return t
	}
	for _, name := range items {
		if _, err := reproduction.Find(name); err != nil {
			t.errs = append(t.errs, fmt.Errorf("charts: claim %q: %w", r.text, err))
		}
	}
	r.of = append(r.of, items...)
	return t
}

// On says on which data the claims of the rows that follow were measured, up to
// the next On; without sets, on none. The table itself shows nothing of it; the
// reproduction page names it in every row.
func (t *ClaimsTable) On(sets ...*data.Set) *ClaimsTable {
	t.data, t.seeds, t.idle = nil, 0, len(sets) > 0
	for _, s := range sets {
		if s == nil || s.N() == 0 {
			t.errs = append(t.errs, fmt.Errorf("charts: claims on a data set without examples"))
			continue
		}
		t.data = append(t.data, reproduction.Data{Name: s.Name, Source: s.Source, Examples: s.N()})
	}
	return t
}

// Seeds says with how many seeds, from 1, the rows that follow were measured, up
// to the next On.
func (t *ClaimsTable) Seeds(n int) *ClaimsTable {
	if n < 1 {
		t.errs = append(t.errs, fmt.Errorf("charts: claims with %d seeds: there must be one or more", n))
	}
	t.seeds, t.idle = n, true
	return t
}

// add appends a row with the data and seeds that were said last.
func (t *ClaimsTable) add(r claim) {
	r.data, r.seeds, t.idle = t.data, t.seeds, false
	t.rows = append(t.rows, r)
}

// record is the table as the notebook keeps it for the reproduction page.
func (t *ClaimsTable) record() reproduction.Table {
	record := reproduction.Table{Title: t.title, Setting: atf.Setting()}
	for i, r := range t.rows {
		cells := t.cells(i)
		c := reproduction.Claim{Text: r.text, Of: r.of, Predicted: cells[1], Measured: cells[2], Difference: cells[3],
			Status: reproduction.Statuses[t.Status(i)], Why: t.reason(i), Data: r.data, Seeds: r.seeds}
		if r.relation != "" {
			c.Number = reproduction.NewNumber(r.relation, r.predicted, r.measured, r.tolerance)
		}
		record.Claims = append(record.Claims, c)
	}
	return record
}
