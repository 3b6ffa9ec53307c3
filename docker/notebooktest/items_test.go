package notebooktest

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/reproduction"
)

var (
	ofCall = regexp.MustCompile(`\bOf\(((?:"[^"]*"(?:, )?)+)\)`)
	quoted = regexp.MustCompile(`"([^"]*)"`)
)

// named lists the items of the paper that the claims of a source are on.
func named(source string) []string {
	var names []string
	for _, call := range ofCall.FindAllStringSubmatch(source, -1) {
		for _, name := range quoted.FindAllStringSubmatch(call[1], -1) {
			names = append(names, name[1])
		}
	}
	return names
}

// Claims name items that the paper has. A name that it has not would show only
// when the notebook runs.
func TestItemsOfThePaper(t *testing.T) {
	if got := strings.Join(named("\tRow(\"a\", 1, 1, 0).Of(\"eq. (1)\", \"Theorem 1\").\n\tOf(\"figure 1\")"), "|"); got != "eq. (1)|Theorem 1|figure 1" {
		t.Fatalf("the test reads %s", got)
	}
	found := 0
	for _, name := range files(t) {
		nb, _ := read(t, filepath.Join(folder, name))
		for i, c := range nb.Cells {
			if c.Kind != "code" || !strings.Contains(text(c.Source), "charts.Claims()") {
				continue
			}
			for _, item := range named(text(c.Source)) {
				found++
				if _, err := reproduction.Find(item); err != nil {
					t.Errorf("%s, cell %d: %v", name, i+1, err)
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("%d items are named in all notebooks: the test no longer finds them", found)
	}
}

var (
	figureCall = regexp.MustCompile(`\.?Figure\("([^"]+)", "([^"]+)"\)`)
	literal    = regexp.MustCompile(`"((?:[^"\\\n]|\\.)*)"`)
)

// titled tells whether code has a text that is, or that formats to, something
// that begins with the title.
func titled(code, title string) bool {
	for _, m := range literal.FindAllStringSubmatch(code, -1) {
		head, _, formatted := strings.Cut(m[1], "%")
		if strings.HasPrefix(m[1], title) || formatted && len(head) >= 8 && strings.HasPrefix(title, head) {
			return true
		}
	}
	return false
}

// The page of all results names figures by their titles: who changes a title
// learns it here.
func TestFiguresOfThePage(t *testing.T) {
	for title, want := range map[string]bool{"Kernels, se": true, "Targets y, seed 1": true, "Target": true, "arget": false, "Kernels of": false} {
		if got := titled("f().Title(\"Kernels, seed 1\")\nTitle(fmt.Sprintf(\"Targets %s, seed 1\", y))", title); got != want {
			t.Errorf("title %q: %v, want %v", title, got, want)
		}
	}
	page, _ := read(t, filepath.Join(folder, reproduction.Page+".ipynb"))
	found := 0
	for i, c := range page.Cells {
		for _, call := range figureCall.FindAllStringSubmatch(text(c.Source), -1) {
			found++
			nb, _ := read(t, filepath.Join(folder, call[1]+".ipynb"))
			var code strings.Builder
			for _, other := range nb.Cells {
				if other.Kind == "code" {
					code.WriteString(text(other.Source) + "\n")
				}
			}
			if !titled(code.String(), call[2]) {
				t.Errorf("cell %d of the page: notebook %s makes no figure with the title %q", i+1, call[1], call[2])
			}
		}
	}
	if found < 10 {
		t.Errorf("the test finds %d figures only", found)
	}
}
