package notebook

import (
	"fmt"
	"regexp"
	"strings"
)

// The marks of regions, as nbgrader has them, behind Go's comment sign.
const (
	beginSolution = "// BEGIN SOLUTION"
	endSolution   = "// END SOLUTION"
	beginHidden   = "// BEGIN HIDDEN TESTS"
	endHidden     = "// END HIDDEN TESTS"
)

// CodeStub stands in the student's copy where a solution was. A function that
// ends with it compiles whatever its results. README gives nbgrader the same.
const CodeStub = "// YOUR CODE HERE\npanic(\"not written yet\")"

// TextStub stands where a written answer was.
const TextStub = "YOUR ANSWER HERE"

// Release turns a teacher's notebook into the student's copy: solutions and
// hidden tests out, stubs in, outputs cleared, cells locked, checksums set.
func (nb *Notebook) Release() error {
	if problems := nb.Problems(); len(problems) > 0 {
		return fmt.Errorf("notebook: %s", strings.Join(problems, "; "))
	}
	for i, c := range nb.Cells {
		stub := TextStub
		if c.Type == "code" {
			stub = CodeStub
		}
		source, found, err := cut(c.Source, beginSolution, endSolution, stub)
		if err == nil {
			source, _, err = cut(source, beginHidden, endHidden, "")
		}
		if err != nil {
			return fmt.Errorf("notebook: cell %d: %w", i+1, err)
		}
		c.Source = strings.TrimRight(source, "\n")
		c.ClearOutputs()
		if c.Grade == nil {
			continue
		}
		if c.Grade.Solution && !found {
			c.Source = stub
		}
		c.Grade.CellType = c.Type
		c.Grade.Locked = !c.Grade.Solution
		c.Grade.Checksum = c.Sum()
	}
	return nil
}

// cut replaces each region of whole lines from begin to end by the stub, which
// takes the indentation of the first line.
func cut(source, begin, end, stub string) (string, bool, error) {
	var kept []string
	inside, found := false, false
	for line := range strings.SplitSeq(source, "\n") {
		switch mark := strings.TrimSpace(line); {
		case mark == begin && inside:
			return "", false, fmt.Errorf("a second %q before %q", begin, end)
		case mark == begin:
			inside, found = true, true
			if stub != "" {
				indent := line[:strings.Index(line, begin)]
				for s := range strings.SplitSeq(stub, "\n") {
					kept = append(kept, indent+s)
				}
			}
		case mark == end && !inside:
			return "", false, fmt.Errorf("%q without %q", end, begin)
		case mark == end:
			inside = false
		case !inside:
			kept = append(kept, line)
		}
	}
	if inside {
		return "", false, fmt.Errorf("%q without %q", begin, end)
	}
	return strings.Join(kept, "\n"), found, nil
}

var id = regexp.MustCompile(`^[a-zA-Z0-9_\-]+$`)

// Problems lists what keeps a teacher's notebook or a student's copy from being
// an assignment that nbgrader takes: the rules of its schema version 3 and the
// places of the regions. An empty list means that there is nothing to mend.
func (nb *Notebook) Problems() []string {
	var problems []string
	seen := map[string]bool{}
	for i, c := range nb.Cells {
		problem := func(format string, values ...any) {
			problems = append(problems, fmt.Sprintf("cell %d: ", i+1)+fmt.Sprintf(format, values...))
		}
		hasSolution := strings.Contains(c.Source, beginSolution)
		hasHidden := strings.Contains(c.Source, beginHidden)
		m := c.Grade
		if m == nil {
			if hasSolution || hasHidden {
				problem("a region of solutions or hidden tests, but no nbgrader metadata")
			}
			continue
		}
		switch {
		case !id.MatchString(m.ID):
			problem("grade_id %q: letters, digits, _ and - only, and not empty", m.ID)
		case seen[m.ID]:
			problem("grade_id %s is there twice", m.ID)
		}
		seen[m.ID] = true
		if m.schema != 3 {
			problem("schema_version is %d, not 3", m.schema)
		}
		switch {
		case c.Type != "code" && c.Type != "markdown":
			problem("cells of type %q are not graded", c.Type)
		case m.CellType != "" && m.CellType != c.Type:
			problem("its metadata says %s, the cell is %s", m.CellType, c.Type)
		case m.Grade && !(m.Points > 0):
			problem("%s is graded and has %v points", m.ID, m.Points)
		case m.Task:
			problem("%s is a task: give it a text to answer instead", m.ID)
		case m.Grade && !m.Solution && c.Type != "code":
			problem("%s is graded and is neither a test nor an answer", m.ID)
		case hasSolution && !m.Solution:
			problem("%s has a solution and is not marked as one", m.ID)
		case hasHidden && !(m.Grade && !m.Solution):
			problem("%s has hidden tests and is no test cell", m.ID)
		case m.Solution && m.Locked:
			problem("%s is an answer and locked", m.ID)
		}
	}
	return problems
}

// Released gives a new student's copy of a teacher's notebook.
func Released(teacher []byte) (*Notebook, error) {
	nb, err := Parse(teacher)
	if err != nil {
		return nil, err
	}
	return nb, nb.Release()
}
