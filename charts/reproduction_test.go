package charts

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
)

// report of two notebooks: one with the paper's setting, a figure and rows of
// every kind, and one that was not run.
func report() *reproduction.Report {
	n := &reproduction.Notebook{Name: "06_figure1", File: "as committed", State: reproduction.Ready,
		Tables: []reproduction.Table{{Setting: "paper", Claims: []reproduction.Claim{
			{Text: "sim of y", Of: []string{"figure 1"}, Predicted: "0.17 ± 0.03", Measured: "0.172", Difference: "+0.002", Status: reproduction.AsPredicted,
				Data: []reproduction.Data{{Name: "MNIST 2, 3", Examples: 5000}}, Seeds: 3},
			{Text: "sim of sign(y)", Of: []string{"figure 1", "figure 3"}, Predicted: "0.4 ± 0.03", Measured: "0.36", Difference: "−0.04", Status: reproduction.KnownMiss, Why: "blocks differ"},
			{Text: "of our own", Predicted: "1", Measured: "1", Status: reproduction.Unexpected},
		}}, {Setting: "quick", Claims: []reproduction.Claim{
			{Text: "quick one", Of: []string{"figure 1"}, Predicted: "1", Measured: "3", Status: reproduction.NotDecided, Why: "too <small>"},
		}}}}
	n.Figures = []reproduction.Figure{{Title: "Maps, seed 1", SVG: "<svg>picture</svg>", Notebook: n}, {Title: "Only PNG", PNG: []byte("png"), Notebook: n}}
	return &reproduction.Report{Notebooks: []*reproduction.Notebook{n,
		{Name: "07_prediction", File: "as committed", State: reproduction.OlderVersion, Note: "in out/: not run"}}}
}

func contains(t *testing.T, form, s string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(s, p) {
			t.Errorf("%s lacks %q:\n%s", form, p, s)
		}
	}
}

// Every row has its setting and a link; reasons stand once below; figures are
// in the markup itself.
func TestReproduced(t *testing.T) {
	table := Reproduced(report(), "figure 1", "figure 3").Figure("06_figure1", "Maps").Figure("06_figure1", "Only PNG").Figure("07_prediction", "Any")
	last := caught(t)
	if err := table.Show(); err != nil {
		t.Fatal(err)
	}
	text := (*last)[protocol.MIMETextPlain].(string)
	contains(t, "text", text, "figure 1, figure 3", "✓", "△ 1", "○ 2", "paper: 5000 × MNIST 2, 3, 3 seeds", "1: blocks differ", "2: too <small>",
		"figure: Maps, seed 1 (paper and quick), notebook 06_figure1", "no figure “Any”: notebook 07_prediction: not yet run with this version")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "sim of sign(y)") && !strings.HasSuffix(line, "06        figure 1, figure 3") {
			t.Errorf("a row among those of two items does not say on which it is: %q", line)
		}
	}
	if strings.Contains(text, "of our own") {
		t.Error("a row of no item stands among those of the figures")
	}
	if n := strings.Count(text, "sim of sign(y)"); n != 1 {
		t.Errorf("a row on two items stands %d times", n)
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "quick one") && !strings.Contains(line, "○ 2  quick") {
			t.Errorf("a quick row does not say so: %s", line)
		}
	}
	markup := (*last)[protocol.MIMETextHTML].(string)
	contains(t, "HTML", markup, `<a href="06_figure1.ipynb">06</a>`, "too &lt;small&gt;", "data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString([]byte("<svg>picture</svg>")),
		"data:image/png;base64,"+base64.StdEncoding.EncodeToString([]byte("png")))
	if strings.Contains(markup, "http") {
		t.Error("the page needs a network")
	}
	contains(t, "Markdown", (*last)[protocol.MIMETextMarkdown].(string), "[06](06_figure1.ipynb)", "figure: [Maps, seed 1](06_figure1.ipynb) (paper and quick)")
}

func TestReproductionSummary(t *testing.T) {
	table := Reproduction(report())
	for _, item := range reproduction.Items() {
		contains(t, "summary", table.Text(), item.Name)
	}
	for _, line := range strings.Split(table.Text(), "\n") {
		fields := strings.Join(strings.Fields(line), " ")
		for start, end := range map[string]string{
			"figure 1 ":       "1 1 1 paper, quick 06",
			"figure 3 ":       "1 paper 06",
			"figure 4 ":       "no claim yet",
			"eq. (1) ":        "a definition: nothing to measure",
			"beyond the pape": "1 paper 06",
		} {
			if strings.HasPrefix(fields, start) && !strings.HasSuffix(fields, end) {
				t.Errorf("%q does not end in %q", fields, end)
			}
		}
	}
	books := ReproductionNotebooks(report())
	contains(t, "notebooks", books.Text(), "not yet run with this version", "paper and quick", "as committed", "07_prediction: in out/: not run")
	contains(t, "notebooks", books.HTML(), `<a href="06_figure1.ipynb">06_figure1</a>`)
	if err := books.Show(); err != nil {
		t.Error(err)
	}
	contains(t, "empty", Reproduced(report(), "eq. (2)").Text(), "no notebook that was run with this version has a claim on it")
}

func TestReproducedRefuses(t *testing.T) {
	fails(t, Reproduced(report()).Show, "without an item")
	fails(t, Reproduced(report(), "figure 99").Show, `no item "figure 99"`)
	fails(t, Reproduced(report(), "figure 1").Figure("06_figure1", "None").Show, `"Maps, seed 1"`)
	fails(t, Reproduced(report(), "figure 1").Figure("99", "None").Show, `no notebook "99"`)
	last := caught(t)
	if err := Reproduced(report(), "figure 99").Show(); err == nil || !strings.Contains((*last)[protocol.MIMETextHTML].(string), "gonb-atf-error") {
		t.Errorf("an error in the notebook: %v, %v", err, *last)
	}
}
