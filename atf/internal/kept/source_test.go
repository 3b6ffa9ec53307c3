package kept

import (
	"strings"
	"testing"
)

// program is what GoNB makes of some cells; line 24 is in the call of Keep.
const program = `package main

import "fmt"

type path struct{ A int }

const (
	zero = iota
	one
)

var (
	n    = one
	free = 7
)

func (p path) score() int { return helper() + n }

// a comment
func helper() int { return 3 }

func unused() int { return free }

var kept = Keep("kept",
	func() (int, error) { return path{}.score(), nil },
	n)

func main() {
	fmt.Println(kept)
}
`

func lineOf(text, part string) int {
	before, _, _ := strings.Cut(text, part)
	return 1 + strings.Count(before, "\n")
}

// The source changes with every declaration that the call reaches, directly or
// through others, and with nothing else.
func TestSource(t *testing.T) {
	of := func(text string) string { return sourceOf([]byte(text), lineOf(text, "func() (int"), []string{"Keep"}) }
	base := of(program)
	if base == "" {
		t.Fatal("the call was not found")
	}
	for name, c := range map[string]struct {
		old, new string
		same     bool
	}{
		"the call":              {"path{}.score()", "1 + path{}.score()", false},
		"a method":              {"helper() + n", "helper() - n", false},
		"what a method calls":   {"return 3", "return 4", false},
		"a variable":            {"n    = one", "n    = zero", false},
		"the constant behind":   {"zero = iota", "zero = 1 + iota", false},
		"a type":                {"A int", "A, B int", false},
		"an unused function":    {"return free", "return free + 1", true},
		"an unused variable":    {"free = 7", "free = 8", true},
		"a comment":             {"// a comment\n", "", true},
		"where it stands":       {"func unused", "\n\n\nfunc unused", true},
		"what main does":        {"fmt.Println(kept)", "fmt.Println(kept, n)", true},
		"a declaration besides": {"func main", "func more() int { return 1 }\n\nfunc main", true},
	} {
		text := strings.Replace(program, c.old, c.new, 1)
		if text == program {
			t.Fatalf("%s: nothing was replaced", name)
		}
		if got := of(text); got == "" || (got == base) != c.same {
			t.Errorf("%s: the source is the same: %v", name, got == base)
		}
	}
	t.Setenv("ATF_SETTING", "paper")
	if of(program) == base {
		t.Error("the paper's setting meets the quick one")
	}
}

// Of what cannot be read there is no source.
func TestSourceUnknown(t *testing.T) {
	for name, text := range map[string]string{"no Go": "package main\nvar x = Keep(", "no call": "package main\nvar x = 1\n"} {
		if got := sourceOf([]byte(text), 2, []string{"Keep"}); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := Source(0, "Source"); got != "" {
		t.Errorf("outside a notebook: %q", got)
	}
}
