package docker

import (
	"path/filepath"
	"strings"
	"testing"
)

// A claim that came out unexpectedly fails the run and is named; its table is
// in the output all the same, and nothing is committed.
func TestKernelUnexpectedClaims(t *testing.T) {
	folder := t.TempDir()
	// A table as charts.Claims displays it, by the kernel's own means.
	const table = "import \"github.com/janpfeifer/gonb/gonbui\"\nimport \"github.com/janpfeifer/gonb/gonbui/protocol\"\n%%%%\n" +
		"gonbui.SendData(&protocol.DisplayData{Data: map[protocol.MIMEType]any{\n" +
		"\tprotocol.MIMETextHTML: `<table class=\"gonb-atf-claims\" data-unexpected=\"COUNT\"></table>`,\n" +
		"\tprotocol.MIMETextPlain: \"claim  predicted  measured  difference\\nthe sky is green  1  0  −1  MARK\\nwater is wet  1  1  0  ✓\",\n}})\ngonbui.Sync()"
	code := func(count, mark string) string {
		return strings.NewReplacer("%%%%", "%%", "COUNT", count, "MARK", mark).Replace(table)
	}
	path := write(t, folder, "01_odd", code("1", "✗"))
	before := contents(t, path)
	out, ok := execute(t, folder, "--commit", "--", "01")
	if ok || !strings.Contains(out, "FAIL 01_odd") || !strings.Contains(out, "cell 2: unexpected: the sky is green") || strings.Contains(out, "water") {
		t.Errorf("an unexpected claim: passed %v: %s", ok, out)
	}
	if contents(t, path) != before {
		t.Error("a notebook with an unexpected claim was committed")
	}
	write(t, folder, "02_known", code("0", "△ 1"))
	if out, ok := execute(t, folder, "--", "02"); !ok {
		t.Errorf("a known miss fails the run: %s", out)
	}
}

// An error in the place of a figure fails the run: nothing else would tell.
func TestKernelFigureErrors(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "01_wrong", "import \"github.com/janpfeifer/gonb/gonbui\"\nimport \"github.com/janpfeifer/gonb/gonbui/protocol\"\n%%\n"+
		"gonbui.SendData(&protocol.DisplayData{Data: map[protocol.MIMEType]any{\n"+
		"\tprotocol.MIMETextHTML: `<div class=\"gonb-atf-error\">no such item</div>`, protocol.MIMETextPlain: \"no such item\",\n}})\ngonbui.Sync()")
	if out, ok := execute(t, folder, "--", "01"); ok || !strings.Contains(out, "cell 2: no such item") {
		t.Errorf("an error in a figure's place: passed %v: %s", ok, out)
	}
}

// Notebooks learn where the results of the run lie, but not while it commits:
// then what counts lies with the notebooks.
func TestKernelTellsResults(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "01_where", "import (\n\"fmt\"\n\"os\"\n)\n%%\nfmt.Println(os.Getenv(\"ATF_RESULTS\") == \"\")")
	for _, c := range []struct{ option, want string }{{"--jobs=1", "false"}, {"--commit", "true"}} {
		if out, ok := execute(t, folder, c.option, "--", "01"); !ok {
			t.Fatal(out)
		}
		if got := contents(t, filepath.Join(folder, "out", "01_where.ipynb")); !strings.Contains(got, c.want+`\n`) {
			t.Errorf("%s: %s", c.option, got)
		}
	}
}
