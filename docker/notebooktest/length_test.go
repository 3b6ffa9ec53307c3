package notebooktest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// What a reader does not need stands in the library.
const (
	cellLimit     = 40  // lines of a cell, blank ones not counted
	notebookLimit = 300 // the same for all code cells of a notebook
)

// TestLengths holds for every notebook that it can be read: short cells, not too
// much code, and a sentence after every figure that says what one sees.
func TestLengths(t *testing.T) {
	for _, name := range files(t) {
		t.Run(name, func(t *testing.T) {
			nb, _ := read(t, filepath.Join(folder, name))
			for _, problem := range lengths(nb) {
				t.Error(problem)
			}
		})
	}
}

// lengths lists what is too long to read in a notebook, and which figures
// nobody speaks of.
func lengths(nb notebook) []string {
	var problems []string
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	total := 0
	for i, c := range nb.Cells {
		if c.Kind != "code" {
			continue
		}
		lines := codeLines(text(c.Source))
		total += lines
		if lines > cellLimit {
			complain("cell %d has %d lines, more than %d: split it, or move into the library what a reader does not need", i+1, lines, cellLimit)
		}
		if c.showsFigure() && !explained(nb.Cells[i+1:]) {
			complain("cell %d shows a figure, and no sentence follows: say in a markdown cell after it what one sees", i+1)
		}
	}
	if total > notebookLimit {
		complain("it has %d lines of code, more than %d: move into the library what a reader does not need", total, notebookLimit)
	}
	return problems
}

// codeLines counts the lines of a source that are not blank.
func codeLines(source string) (n int) {
	for line := range strings.Lines(source) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

// showsFigure tells whether a picture is among the outputs of a cell.
func (c cell) showsFigure() bool {
	for _, o := range c.Outputs {
		for kind := range o.Data {
			if strings.HasPrefix(kind, "image/") {
				return true
			}
		}
	}
	return false
}

// explained tells whether the first of the cells is markdown that begins with a
// sentence. A heading is none.
func explained(cells []cell) bool {
	if len(cells) == 0 || cells[0].Kind != "markdown" {
		return false
	}
	words := strings.TrimSpace(text(cells[0].Source))
	return words != "" && !strings.HasPrefix(words, "#")
}

func TestLengthsFindsFaults(t *testing.T) {
	figure := `"outputs":[{"output_type":"display_data","data":{"image/svg+xml":"<svg/>"}}]`
	code := func(lines int, outputs string) string {
		return fmt.Sprintf(`{"cell_type":"code","source":%q,%s}`, strings.Repeat("f()\n\n", lines), outputs)
	}
	words := func(s string) string { return fmt.Sprintf(`{"cell_type":"markdown","source":[%q]}`, s) }
	const table = `"outputs":[{"output_type":"display_data","data":{"text/html":"<table/>"}}]`
	for name, c := range map[string]struct {
		cells []string
		want  string // in the one problem; "" for none
	}{
		"as it should be":    {[]string{code(40, figure), words("One sees a line."), code(40, table)}, ""},
		"a long cell":        {[]string{code(41, table)}, "cell 1 has 41 lines"},
		"much code":          {[]string{code(40, table), code(40, table), code(40, table), code(40, table), code(40, table), code(40, table), code(40, table), code(21, table)}, "301 lines"},
		"as much as may":     {[]string{code(40, table), code(40, table), code(40, table), code(40, table), code(40, table), code(40, table), code(40, table), code(20, table)}, ""},
		"figure at end":      {[]string{words("Words."), code(1, figure)}, "cell 2 shows a figure"},
		"code after it":      {[]string{code(1, figure), code(1, table), words("Words.")}, "cell 1 shows a figure"},
		"a heading":          {[]string{code(1, figure), words("## Next\n\nWords.")}, "cell 1 shows a figure"},
		"an empty cell":      {[]string{code(1, figure), words(" \n")}, "cell 1 shows a figure"},
		"words do not count": {[]string{words(strings.Repeat("line\n", 500)), code(1, table)}, ""},
	} {
		nb, err := parse([]byte(`{"nbformat":4,"nbformat_minor":5,"cells":[` + strings.Join(c.cells, ",") + `]}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		problems := strings.Join(lengths(nb), "; ")
		if (c.want == "") != (problems == "") || !strings.Contains(problems, c.want) {
			t.Errorf("%s: problems are %q, want one about %q", name, problems, c.want)
		}
	}
}
