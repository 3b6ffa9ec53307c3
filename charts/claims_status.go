package charts

import (
	"fmt"
	"slices"

	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
)

// ClaimStatus says how a claim came out.
type ClaimStatus int

const (
	// AsPredicted: the measured value is what was predicted.
	AsPredicted ClaimStatus = iota
	// KnownMiss: it is not, and the row says why (KnownMiss).
	KnownMiss
	// NotDecided: the setting or the data are not those that the claim and its
	// tolerance are about (DecidedIf).
	NotDecided
	// Unexpected: it is not, and nobody has said why.
	Unexpected
)

// String is the status in words.
func (s ClaimStatus) String() string {
	return string(reproduction.Statuses[s])
}

var (
	statusMark  = [...]string{"✓", "△", "○", "✗"}
	statusColor = [...]string{"#1a9873", "#b7791f", "#808080", "#d5512f"}
)

// KnownMiss says of the row added last why it is known to miss, as a sentence:
// a limit of the theory or of the reproduction. It shows only where the row
// does miss.
func (t *ClaimsTable) KnownMiss(why string) *ClaimsTable {
	if r := t.lastRow("KnownMiss", why); r != nil {
		r.known = why
	}
	return t
}

// DecidedIf says of the row added last that it counts only where decided is
// true: a tolerance belongs to the setting and data for which it was set. Where
// it is false the row stands without a verdict, whether it holds or not, and
// why, a sentence, says what the claim would need.
func (t *ClaimsTable) DecidedIf(decided bool, why string) *ClaimsTable {
	if r := t.lastRow("DecidedIf", why); r != nil && !decided {
		r.undecided = why
	}
	return t
}

func (t *ClaimsTable) lastRow(method, why string) *claim {
	switch {
	case len(t.rows) == 0:
		t.errs = append(t.errs, fmt.Errorf("charts: %s before the first claim: it speaks of the row added last", method))
		return nil
	case why == "":
		t.errs = append(t.errs, fmt.Errorf("charts: %s of claim %q without %s", method, t.rows[len(t.rows)-1].text,
			map[bool]string{false: "a reason: say why in a sentence", true: "an item of the paper: leave the call out where there is none"}[method == "Of"]))
		return nil
	}
	return &t.rows[len(t.rows)-1]
}

// Status is that of row i, counted from 0. It panics where there is none.
func (t *ClaimsTable) Status(i int) ClaimStatus {
	switch r := t.rows[i]; {
	case r.undecided != "":
		return NotDecided
	case r.verdict:
		return AsPredicted
	case r.known != "":
		return KnownMiss
	}
	return Unexpected
}

// Unexpected counts the claims that miss without a reason.
func (t *ClaimsTable) Unexpected() int {
	n := 0
	for i := range t.rows {
		if t.Status(i) == Unexpected {
			n++
		}
	}
	return n
}

// reason of row i, "" where its status needs none.
func (t *ClaimsTable) reason(i int) string {
	switch t.Status(i) {
	case KnownMiss:
		return t.rows[i].known
	case NotDecided:
		return t.rows[i].undecided
	}
	return ""
}

// reasons are the different ones in the order of the rows: footnotes.
func (t *ClaimsTable) reasons() []string {
	var all []string
	for i := range t.rows {
		if why := t.reason(i); why != "" && !slices.Contains(all, why) {
			all = append(all, why)
		}
	}
	return all
}

// mark of row i, with the number of its footnote.
func (t *ClaimsTable) mark(i int) string {
	mark := statusMark[t.Status(i)]
	if why := t.reason(i); why != "" {
		mark += fmt.Sprintf(" %d", slices.Index(t.reasons(), why)+1)
	}
	return mark
}

// allNotes are the footnotes and then the notes of the table.
func (t *ClaimsTable) allNotes() []string {
	var notes []string
	for k, why := range t.reasons() {
		for i := range t.rows {
			if t.reason(i) == why {
				notes = append(notes, fmt.Sprintf("%s %d %v: %s", statusMark[t.Status(i)], k+1, t.Status(i), why))
				break
			}
		}
	}
	if n := t.Unexpected(); n > 0 {
		notes = append(notes, fmt.Sprintf("✗ unexpected: %d of %d claims, with nothing known that explains it", n, len(t.rows)))
	}
	return append(notes, t.notes...)
}
