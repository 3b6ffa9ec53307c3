package reproduction

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func sample() Table {
	return Table{Title: "T", Setting: "paper", Version: tableVersion,
		Claims: []Claim{
			{Text: "sim <y>", Of: []string{"figure 1"}, Predicted: "0.17 ± 0.03", Measured: "0.18", Difference: "+0.01", Status: AsPredicted, Number: NewNumber("=", 0.17, 0.18, 0.03),
				Data: []Data{{"MNIST 2, 3 (train)", "MNIST", 5000}, {"circle", "", 16}}, Seeds: 3},
			{Text: "b", Measured: "NaN", Status: KnownMiss, Why: "no number", Number: NewNumber("=", 1, math.NaN(), 0)},
		}}
}

func TestTableRoundTrip(t *testing.T) {
	text, err := sample().Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseTable(text)
	if err != nil || !reflect.DeepEqual(back, sample()) {
		t.Errorf("%v\n%+v\n%+v", err, back, sample())
	}
	if back.Claims[0].Number == nil || back.Claims[1].Number != nil {
		t.Error("a claim with NaN has numbers, or one without has none")
	}
	for i, want := range []string{"paper: 5000 × MNIST 2, 3 (train) (MNIST); 16 × circle, 3 seeds", "paper"} {
		if got := (Row{Claim: back.Claims[i], Table: &back}).Made(); got != want {
			t.Errorf("made %q, want %q", got, want)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	for want, change := range map[string]func(*Table){
		"without claims":       func(t *Table) { t.Claims = nil },
		`the setting ""`:       func(t *Table) { t.Setting = "" },
		`no item "theorem 1"`:  func(t *Table) { t.Claims[0].Of = []string{"theorem 1"} },
		`the status "perhaps"`: func(t *Table) { t.Claims[1].Status = "perhaps" },
	} {
		table := sample()
		table.Claims = append([]Claim(nil), table.Claims...)
		change(&table)
		if _, err := table.Encode(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Encode: %v, want %q", err, want)
		}
	}
	for text, want := range map[string]string{
		`{`:              "not a table of claims",
		`{"version":99}`: "version 99",
	} {
		if _, err := ParseTable([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseTable(%s): %v, want %q", text, err, want)
		}
	}
}
