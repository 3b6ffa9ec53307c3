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
