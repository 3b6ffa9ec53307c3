package reproduction

import (
	"encoding/json"
	"fmt"
	"math"
)

// MIME is the type under which a table of claims stands in a notebook's
// output. It does not begin with application/vnd., because some front ends try
// types of that kind before they try HTML.
const MIME = "application/x-gonb-atf-claims+json"

// tableVersion changes with the meaning of a field.
const tableVersion = 1

// Table is a table of claims as a notebook keeps it.
type Table struct {
	Title   string  `json:"title,omitempty"`
	Setting string  `json:"setting"` // "quick" or "paper"
	Claims  []Claim `json:"claims"`
	Version int     `json:"version"`
}

// Data is a data set on which claims were measured.
type Data struct {
	Name     string `json:"name"`
	Source   string `json:"source"`
	Examples int    `json:"examples"`
}

// Claim is a row of the table: in the words that the notebook shows, and as
// numbers.
type Claim struct {
	Text       string   `json:"text"`
	Of         []string `json:"of,omitempty"` // names of Items; none for what goes beyond the paper
	Predicted  string   `json:"predicted"`
	Measured   string   `json:"measured"`
	Difference string   `json:"difference"`
	Status     Status   `json:"status"`
	Why        string   `json:"why,omitempty"` // of a known miss, and of what is not decided
	Number     *Number  `json:"number,omitempty"`
	Data       []Data   `json:"data,omitempty"`  // the data sets, where there are any
	Seeds      int      `json:"seeds,omitempty"` // how many, where it was said
}

// Number is a claim about a number, measured = predicted ± tolerance, or a bound.
type Number struct {
	Relation  string  `json:"relation"` // "=", "≤" or "≥"
	Predicted float64 `json:"predicted"`
	Measured  float64 `json:"measured"`
	Tolerance float64 `json:"tolerance"`
}

// NewNumber gives the numbers of a claim; nil where one of them is NaN or
// infinite, which JSON cannot hold: then the words say so.
func NewNumber(relation string, predicted, measured, tolerance float64) *Number {
	for _, v := range []float64{predicted, measured, tolerance} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	}
	return &Number{relation, predicted, measured, tolerance}
}

// Status says how a claim came out, in the words of charts.ClaimStatus.
type Status string

// The statuses.
const (
	AsPredicted Status = "as predicted"
	KnownMiss   Status = "known miss"
	NotDecided  Status = "not decided"
	Unexpected  Status = "unexpected"
)

// Statuses lists them in the order of a report.
var Statuses = []Status{AsPredicted, KnownMiss, NotDecided, Unexpected}

// Encode is the table as JSON. It fails where ParseTable would refuse the table.
func (t Table) Encode() ([]byte, error) {
	t.Version = tableVersion
	if err := t.check(); err != nil {
		return nil, err
	}
	return json.Marshal(t)
}

// ParseTable reads what Encode wrote. It fails where the text is not such a
// table, is of another version, has no rows or names what the paper has not.
func ParseTable(text []byte) (Table, error) {
	var t Table
	if err := json.Unmarshal(text, &t); err != nil {
		return Table{}, fmt.Errorf("reproduction: not a table of claims: %w", err)
	}
	return t, t.check()
}

func (t *Table) check() error {
	switch {
	case t.Version != tableVersion:
		return fmt.Errorf("reproduction: a table of claims of version %d, this code reads version %d: run the notebook again", t.Version, tableVersion)
	case t.Setting != "quick" && t.Setting != "paper":
		return fmt.Errorf("reproduction: a table of claims with the setting %q, want quick or paper", t.Setting)
	case len(t.Claims) == 0:
		return fmt.Errorf("reproduction: a table of claims without claims")
	}
	for _, c := range t.Claims {
		for _, name := range c.Of {
			if _, err := Find(name); err != nil {
				return fmt.Errorf("claim %q: %w", c.Text, err)
			}
		}
		switch c.Status {
		case AsPredicted, KnownMiss, NotDecided, Unexpected:
		default:
			return fmt.Errorf("reproduction: claim %q has the status %q, want one of %q", c.Text, c.Status, Statuses)
		}
	}
	return nil
}
