package reproduction

import (
	"strings"
	"testing"
)

// Every name is there once, and a wrong one is an error that names them all.
func TestItems(t *testing.T) {
	seen := map[string]bool{}
	for _, item := range Items() {
		if seen[item.Name] || item.Name == "" || item.Says == "" {
			t.Errorf("item %+v: named twice, or without words", item)
		}
		seen[item.Name] = true
		if found, err := Find(item.Name); err != nil || found != item {
			t.Errorf("Find(%q) = %+v, %v", item.Name, found, err)
		}
	}
	Items()[0].Name = "changed"
	if Items()[0].Name == "changed" {
		t.Error("a caller can change the list")
	}
	_, err := Find("theorem 1")
	for name := range seen {
		if err == nil || !strings.Contains(err.Error(), `"`+name+`"`) {
			t.Fatalf("the error of a wrong name lacks %q: %v", name, err)
		}
	}
}
