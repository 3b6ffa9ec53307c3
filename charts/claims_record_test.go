package charts

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
)

// caught makes Show display into the map that it returns.
func caught(t *testing.T) *map[protocol.MIMEType]any {
	t.Helper()
	var last map[protocol.MIMEType]any
	oldSend, oldIn := send, inNotebook
	send, inNotebook = func(d map[protocol.MIMEType]any, _ string) { last = d }, func() bool { return true }
	t.Cleanup(func() { send, inNotebook = oldSend, oldIn })
	return &last
}

// What the reproduction page reads is what the table shows.
func TestClaimsRecord(t *testing.T) {
	t.Setenv("ATF_SETTING", "paper")
	set := atf.Must(data.Sphere(20, 3).Load())
	last := caught(t)
	table := Claims().Title("T").On(set).Seeds(3).
		Row("holds", 0.17, 0.18, 0.03).Of("figure 1", "eq. (2)").
		Row("missed", 1, 2, 0).KnownMiss("why not").Of("Theorem 1").On().
		AtMost("no number", 1, math.NaN()).
		Holds("words", "yes", "no", true).DecidedIf(false, "too few")
	if err := table.Show(); err != nil {
		t.Fatal(err)
	}
	text, ok := (*last)[reproduction.MIME].(string)
	if !ok {
		t.Fatalf("the message holds %v", *last)
	}
	got, err := reproduction.ParseTable([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "T" || got.Setting != "paper" {
		t.Errorf("the table is %+v", got)
	}
	sphere := []reproduction.Data{{Name: set.Name, Source: set.Source, Examples: 20}}
	want := []reproduction.Claim{
		{Text: "holds", Of: []string{"figure 1", "eq. (2)"}, Predicted: "0.17 ± 0.03", Measured: "0.18", Difference: "+0.01",
			Status: reproduction.AsPredicted, Number: reproduction.NewNumber("=", 0.17, 0.18, 0.03), Data: sphere, Seeds: 3},
		{Text: "missed", Of: []string{"Theorem 1"}, Predicted: "1", Measured: "2", Difference: "+1",
			Status: reproduction.KnownMiss, Why: "why not", Number: reproduction.NewNumber("=", 1, 2, 0), Data: sphere, Seeds: 3},
		{Text: "no number", Predicted: "≤ 1", Measured: "NaN", Difference: "NaN", Status: reproduction.Unexpected},
		{Text: "words", Predicted: "yes", Measured: "no", Status: reproduction.NotDecided, Why: "too few"},
	}
	a, _ := json.Marshal(got.Claims)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("claims are\n%s\nwant\n%s", a, b)
	}
	for i := range want {
		if s := table.Status(i).String(); s != string(want[i].Status) {
			t.Errorf("row %d is %s for charts, %s for the page", i, s, want[i].Status)
		}
	}
	if s := table.Text() + table.HTML(); strings.Contains(s, "figure 1") {
		t.Error("the table itself speaks of the paper's items")
	}
}

func TestClaimsRecordRefuses(t *testing.T) {
	row := func() *ClaimsTable { return Claims().Row("c", 1, 1, 0) }
	fails(t, Claims().Of("Theorem 1").Row("c", 1, 1, 0).Show, "Of before the first claim")
	fails(t, row().Of("Theorem 7").Show, `no item "Theorem 7"`)
	fails(t, row().Of().Show, `"c" without an item of the paper`)
	fails(t, row().On(nil).Show, "without examples")
	fails(t, row().On(&data.Set{}).Show, "without examples")
	fails(t, row().Seeds(0).Show, "0 seeds")
	fails(t, row().Seeds(3).Show, "after the last claim")
	if err := row().On().Show(); err != nil {
		t.Errorf("to end what was said of the data is an error: %v", err)
	}
}
