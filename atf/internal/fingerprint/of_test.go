package fingerprint

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

type named string

func (n named) Fingerprint() string { return string(n) }

type leaf struct {
	A int
	b float64
}

type circle struct{ Next *circle }

// Different values, and equal values of different types, have different
// fingerprints; the same value has the same one each time.
func TestOf(t *testing.T) {
	x := []float64{1, 2}
	cases := map[string]func() []any{
		"none":             func() []any { return nil },
		"nil":              func() []any { return []any{nil} },
		"nil pointer":      func() []any { return []any{(*leaf)(nil)} },
		"an int":           func() []any { return []any{1} },
		"another":          func() []any { return []any{2} },
		"a wide int":       func() []any { return []any{int64(1)} },
		"unsigned":         func() []any { return []any{uint8(1)} },
		"a float":          func() []any { return []any{1.0} },
		"NaN":              func() []any { return []any{math.NaN()} },
		"complex":          func() []any { return []any{1 + 2i} },
		"true":             func() []any { return []any{true} },
		"two":              func() []any { return []any{1, 2} },
		"a slice of two":   func() []any { return []any{[]int{1, 2}} },
		"an array of two":  func() []any { return []any{[2]int{1, 2}} },
		"texts":            func() []any { return []any{"a", "b"} },
		"one text":         func() []any { return []any{"ab"} },
		"a struct":         func() []any { return []any{leaf{1, 2}} },
		"a hidden field":   func() []any { return []any{leaf{1, 3}} },
		"a pointer":        func() []any { return []any{&leaf{1, 2}} },
		"a map":            func() []any { return []any{map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}} },
		"another map":      func() []any { return []any{map[string]int{"a": 2, "b": 1, "c": 3, "d": 4}} },
		"a matrix":         func() []any { return []any{mat.NewDense(1, 2, x)} },
		"its transpose":    func() []any { return []any{mat.NewDense(1, 2, x).T()} },
		"named":            func() []any { return []any{named("n")} },
		"named otherwise":  func() []any { return []any{named("m")} },
		"named in a slice": func() []any { return []any{[]any{named("n"), 1}} },
	}
	seen := map[string]string{}
	for name, c := range cases {
		a, err := Of(c()...)
		b, again := Of(c()...)
		if err != nil || again != nil || a != b {
			t.Errorf("%s: %q, then %q: %v, %v", name, a, b, err, again)
		}
		if other, twice := seen[a]; twice {
			t.Errorf("%s and %s share a fingerprint", name, other)
		}
		seen[a] = name
	}
}

func TestOfRefuses(t *testing.T) {
	round := &circle{}
	round.Next = round
	for name, c := range map[string]struct {
		value any
		says  string
	}{
		"a function":           {func() {}, "func has no value"},
		"a channel in a field": {struct{ C chan int }{}, "field C"},
		"a function in a map":  {map[string]func(){"a": nil}, "func has no value"},
		"a circle":             {round, "contains itself"},
	} {
		if _, err := Of(1, c.value); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "value 2 of 2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
