package notebooktest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sizeLimit in bytes: beyond it web viewers stop rendering notebooks.
const sizeLimit = 5 << 20

var (
	// A home folder or a work folder of the kernel. Learning where a notebook
	// was made helps nobody and makes every run's diff larger.
	machinePath = regexp.MustCompile(`(^|[^\w.:/-])(/home/[\w.-]+|/root|/Users/[\w.-]+|/tmp|/var/folders)/|/gonb_[0-9a-f]{8}\b`)
	// Encoded pictures, in which any letters may stand.
	encoded = regexp.MustCompile(`base64,[A-Za-z0-9+/=\s]+`)
)

// TestCommitted checks the notebooks as they lie in their folder.
func TestCommitted(t *testing.T) {
	for _, name := range files(t) {
		t.Run(name, func(t *testing.T) {
			nb, raw := read(t, filepath.Join(folder, name))
			for _, problem := range check(nb, raw, assignment(name)) {
				t.Error(problem)
			}
		})
	}
}

// Whoever reads the README finds every notebook.
func TestListedInREADME(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t) {
		if link := "](notebooks/" + name + ")"; !assignment(name) && !strings.Contains(string(readme), link) {
			t.Errorf("the README's table of notebooks lacks a row with %q; a notebook of your own belongs into notebooks/mine", link)
		}
	}
}

// Whoever begins with the start page finds every other notebook.
func TestListedOnStartPage(t *testing.T) {
	const start = "00_start.ipynb"
	nb, _ := read(t, filepath.Join(folder, start))
	var page strings.Builder
	for _, c := range nb.Cells {
		if c.Kind == "markdown" {
			page.WriteString(text(c.Source))
		}
	}
	for _, name := range files(t) {
		if link := "](" + name + ")"; name != start && !assignment(name) && !strings.Contains(page.String(), link) {
			t.Errorf("the map of notebooks in notebooks/%s lacks a row with %q", start, link)
		}
	}
}

// check lists what is wrong with a notebook, and where.
func check(nb notebook, raw []byte, assignment bool) []string {
	var problems []string
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }

	if len(raw) > sizeLimit {
		complain("it has %d bytes, more than %d; pool or compress its figures", len(raw), sizeLimit)
	}
	if k := nb.Metadata.Kernelspec; k.Name != "gonb" || k.Language != "go" {
		complain("its kernel is %q for %q, want gonb for go", k.Name, k.Language)
	}
	if len(nb.Cells) == 0 || nb.Cells[0].Kind != "markdown" || !strings.HasPrefix(strings.TrimSpace(text(nb.Cells[0].Source)), "# ") {
		complain("its first cell is not markdown with a title")
	}
	outputs := 0
	for i, c := range nb.Cells {
		where := fmt.Sprintf("cell %d", i+1)
		switch c.Kind {
		case "markdown", "raw":
			continue
		case "code":
		default:
			complain("%s: its kind is %q", where, c.Kind)
			continue
		}
		if !assignment && c.ExecutionCount == nil && strings.TrimSpace(text(c.Source)) != "" {
			complain("%s: it was not executed; run ./docker/lab run --paper --commit", where)
		}
		outputs += len(c.Outputs)
		for _, o := range c.Outputs {
			problems = append(problems, checkOutput(where, c, o)...)
		}
	}
	if !assignment && outputs == 0 {
		complain("it has no outputs; run ./docker/lab run --paper --commit")
	}
	return problems
}

func checkOutput(where string, c cell, o output) []string {
	var problems []string
	if o.Kind == "error" && !c.expectsError() {
		problems = append(problems, fmt.Sprintf("%s: its output is an error: %s", where, o.Error))
	}
	if o.Kind == "stream" && strings.Contains(text(o.Text), "go: downloading") {
		problems = append(problems, where+": its output tells of downloads")
	}
	shown := map[string]json.RawMessage{"text": o.Text, "error": json.RawMessage(o.Error)}
	for kind, data := range o.Data {
		if !strings.HasPrefix(kind, "image/") || kind == "image/svg+xml" {
			shown[kind] = data
		}
	}
	for kind, data := range shown {
		if path := machinePath.FindString(encoded.ReplaceAllString(text(data), "")); path != "" {
			problems = append(problems, fmt.Sprintf("%s: its output (%s) holds a path of a machine: %q", where, kind, path))
		}
	}
	return problems
}

// A test that never fails shows nothing: each fault must be found.
func TestCheckFindsFaults(t *testing.T) {
	const good = `{"nbformat":4,"nbformat_minor":5,
		"metadata":{"kernelspec":{"name":"gonb","language":"go"}},
		"cells":[{"cell_type":"markdown","source":["# Title\n"],"metadata":{}},
		{"cell_type":"code","execution_count":1,"metadata":{},"source":"%%\nf()",
		"outputs":[{"output_type":"stream","name":"stdout","text":["see https://a.org/home/x/ 3 /2\n"]},
		{"output_type":"display_data","data":{"image/png":"aa/root/aa","text/html":"<img src='data:image/png;base64,A/root/A=='>"}}]}]}`
	nb, err := parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if problems := check(nb, []byte(good), false); len(problems) != 0 {
		t.Fatalf("a good notebook is blamed: %q", problems)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"kernel":    {`"gonb"`, `"python3"`, "kernel"},
		"title":     {`# Title`, `Title`, "title"},
		"kind":      {`"cell_type":"code"`, `"cell_type":"heading"`, "kind"},
		"executed":  {`"execution_count":1`, `"execution_count":null`, "not executed"},
		"error":     {`"output_type":"stream"`, `"output_type":"error","evalue":"exit status 2"`, "exit status 2"},
		"downloads": {`see `, `go: downloading x v1\n`, "downloads"},
		"home":      {`see `, `open /home/ann/mnist: `, "path of a machine"},
		"root":      {`see `, `/root/go/pkg `, "path of a machine"},
		"work":      {`see `, `x/gonb_0123abcd/main.go `, "path of a machine"},
		"html":      {`<img src='`, `<img src='/tmp/a.png' title='`, "path of a machine"},
	} {
		raw := strings.Replace(good, c.old, c.new, 1)
		nb, err := parse([]byte(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if problems := strings.Join(check(nb, []byte(raw), false), "; "); !strings.Contains(problems, c.want) {
			t.Errorf("%s: problems are %q, want one about %q", name, problems, c.want)
		}
	}
	if problems := check(nb, make([]byte, sizeLimit+1), false); len(problems) != 1 {
		t.Errorf("size: problems are %q, want one", problems)
	}
	for _, raw := range []string{`{`, `{"nbformat":3}`} {
		if _, err := parse([]byte(raw)); err == nil {
			t.Errorf("parse(%s) found nothing", raw)
		}
	}
}
