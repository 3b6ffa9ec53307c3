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

// Every status is told apart in every form, reasons stand once below the
// table, and only what nobody explained is unexpected.
func TestClaimStatus(t *testing.T) {
	table := Claims().
		Row("holds", 1, 1, 0).
		Row("holds though a miss is known", 1, 1, 0).KnownMiss("never shown").
		Row("missed", 1, 2, 0).KnownMiss("the theory stops at order one").
		AtMost("missed too", 1, 2).KnownMiss("the theory stops at order one").
		Row("other data", 1, 1, 0).DecidedIf(false, "needs 5,000 images").
		Row("right data", 1, 1, 0).DecidedIf(true, "needs 5,000 images").
		Row("missed on other data", 1, 2, 0).KnownMiss("whatever").DecidedIf(false, "needs 5,000 images").
		Holds("surprise", "yes", "no", false).
		Note("a note")
	want := []ClaimStatus{AsPredicted, AsPredicted, KnownMiss, KnownMiss, NotDecided, AsPredicted, NotDecided, Unexpected}
	for i, s := range want {
		if got := table.Status(i); got != s {
			t.Errorf("row %d is %v, want %v", i, got, s)
		}
	}
	if n := table.Unexpected(); n != 1 {
		t.Errorf("%d unexpected", n)
	}
	if table.AllHold() {
		t.Error("all hold")
	}
	if err := table.Err(); err != nil {
		t.Error(err)
	}
	for form, s := range map[string]string{"text": table.Text(), "HTML": table.HTML(), "Markdown": table.Markdown()} {
		for _, part := range []string{"✓", "△ 1", "○ 2", "✗",
			"△ 1 known miss: the theory stops at order one", "○ 2 not decided: needs 5,000 images",
			"✗ unexpected: 1 of 8 claims", "a note"} {
			if !strings.Contains(s, part) {
				t.Errorf("%s lacks %q:\n%s", form, part, s)
			}
		}
		for _, reason := range []string{"order one", "5,000"} {
			if n := strings.Count(s, reason); n != 1 {
				t.Errorf("%s says %q %d times", form, reason, n)
			}
		}
		if strings.Contains(s, "never shown") || strings.Contains(s, "whatever") {
			t.Errorf("%s gives a reason for nothing", form)
		}
	}
	if !strings.Contains(table.HTML(), `data-unexpected="1"`) || !strings.Contains(Claims().Row("c", 1, 1, 0).HTML(), `data-unexpected="0"`) {
		t.Error("the markup does not count what is unexpected")
	}
	fails(t, Claims().KnownMiss("why").Row("c", 1, 1, 0).Show, "KnownMiss before the first claim")
	fails(t, Claims().Row("c", 1, 1, 0).DecidedIf(true, "").Show, `"c" without a reason`)
}
