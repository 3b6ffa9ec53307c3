package charts

import (
	"math"
	"strings"
	"testing"
)

func TestClaimVerdicts(t *testing.T) {
	for _, c := range []struct {
		name  string
		table *ClaimsTable
		holds bool
	}{
		{"inside", Claims().Row("c", 1, 1.1, 0.2), true},
		{"outside", Claims().Row("c", 1, 1.3, 0.2), false},
		{"exact", Claims().Row("c", 1, 1, 0), true},
		{"NaN", Claims().Row("c", 1, math.NaN(), 10), false},
		{"Inf", Claims().Row("c", math.Inf(1), math.Inf(1), 1), false},
		{"relative", Claims().Relative("c", -200, -190, 0.1), true},
		{"at most", Claims().AtMost("c", 1e-6, 1e-7), true},
		{"at most NaN", Claims().AtMost("c", 1e-6, math.NaN()), false},
		{"at least", Claims().AtLeast("c", 0.9, 0.8), false},
		{"words", Claims().Holds("c", "yes", "no", false), false},
		{"one fails", Claims().Row("c", 1, 1, 0).Row("d", 1, 2, 0), false},
	} {
		if got := c.table.AllHold(); got != c.holds {
			t.Errorf("%s: %v, want %v", c.name, got, c.holds)
		}
		mark := "✗"
		if c.holds {
			mark = "✓"
		}
		for _, s := range []string{c.table.Text(), c.table.HTML(), c.table.Markdown()} {
			if !strings.Contains(s, mark) {
				t.Errorf("%s: no %s in %q", c.name, mark, s)
			}
		}
	}
	if s := Claims().Row("<b>|", 1, 1, 0).HTML(); strings.Contains(s, "<b>") {
		t.Error("a claim's text reaches the markup")
	}
}
