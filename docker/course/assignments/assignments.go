// Package assignments holds what decides on the answers of each assignment: one
// file each, with an entry in All. See package exam for how a part is written.
package assignments

import (
	"fmt"
	"strings"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
)

// All assignments, in the order of the course.
func All() []exam.Assignment {
	return []exam.Assignment{tangentFeatures(), effectivePenalties(), noStructure(), networkStructure()}
}

// Find gives the assignment with a name.
func Find(name string) (exam.Assignment, error) {
	var names []string
	for _, a := range All() {
		if a.Name == name {
			return a, a.Validate()
		}
		names = append(names, a.Name)
	}
	return exam.Assignment{}, fmt.Errorf("assignments: there is no %q: it is one of %s", name, strings.Join(names, ", "))
}
