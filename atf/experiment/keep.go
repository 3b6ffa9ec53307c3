package experiment

import "github.com/tangentfeatures/gonb-atf/atf/internal/kept"

// keep gives what make gives, computed once where it is to be kept. from are all
// values that it depends on.
func keep[T any](it bool, name string, make func() (T, error), from ...any) (T, error) {
	if !it {
		return make()
	}
	return kept.ValueOrSay("Figure 1, "+name, "", make, from...)
}
