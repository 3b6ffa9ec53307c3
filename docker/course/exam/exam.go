// Package exam is how an assignment says what is right: its graded parts, the
// function that each asks for, and checks that decide by values.
//
// A check runs in the grader. It draws inputs from a seeded generator, has the
// student's function called in another process (Trial.Call), and compares what
// came back with values that it computes itself. No code of a student is ever
// linked with it. Each assignment is a file of package assignments that
// returns an [Assignment].
package exam

import (
	"errors"
	"fmt"
	"math"
	"regexp"
)

// Assignment is what the grader knows of a teacher's notebook,
// notebooks/assignments/NAME.ipynb.
type Assignment struct {
	Name  string // of the notebook, without its ending
	Parts []Part // in the order of the notebook
	// Withheld are import paths that answers to this assignment may not use, for
	// they hold what it asks for.
	Withheld []string
}

// Part is one graded function. The notebook has its answer in a cell with
// grade_id ID (solution, not graded) and its points in a test cell with grade_id
// ID + "-test" (graded, locked), which holds the visible checks. Cells graded
// by hand are no parts: the grader finds them in the notebook.
type Part struct {
	ID       string  // the answer's grade_id
	Points   float64 // the same as the test cell's
	Function string  // that the student writes
	// Signature of what the checks call, as Go source, such as
	// "func(x []float64, w *mat.Dense) *mat.Dense". Parameters and results are of
	// the types that package wire lists; the last result may be an error.
	Signature string
	// Adapter, if not empty, is Go source of a function literal with that Signature
	// which calls the student's function. It is for functions whose parameters
	// cannot be sent: it may name everything that the notebook declares. Without
	// it the checks call Function itself.
	Adapter string
	// Seconds of wall-clock time for all checks of the part; 0: DefaultSeconds.
	Seconds int
	Checks  []Check
}

// DefaultSeconds a part's checks may take when the Part does not say.
const DefaultSeconds = 20

// Check is one thing that must hold. A part has its points when all hold.
type Check struct {
	Name string // what is checked, as the student reads it: "the Gram matrix is symmetric"
	Hint string // where to look when it fails; never the answer
	// Run returns nil when the check holds, an error made by Wrong when it does
	// not, an error of Trial.Call as it came, and any other error when the check
	// itself could not decide: then nobody loses a point before a person has
	// looked. What Wrong says is for the lecturer alone and may hold values.
	Run func(t *Trial) error
}

type wrong struct{ text string }

func (w wrong) Error() string { return w.text }

// Wrong is the error of an answer that is not right.
func Wrong(format string, values ...any) error { return wrong{fmt.Sprintf(format, values...)} }

// IsWrong tells an answer that is not right from a check that failed itself.
func IsWrong(err error) bool { return errors.As(err, new(wrong)) }

var gradeID = regexp.MustCompile(`^[a-zA-Z0-9_\-]+$`)

// Validate reports the first thing that makes an assignment unfit.
func (a Assignment) Validate() error {
	if !gradeID.MatchString(a.Name) {
		return fmt.Errorf("exam: an assignment's name has letters, digits, _ and - only, not %q", a.Name)
	}
	if len(a.Parts) == 0 {
		return fmt.Errorf("exam: assignment %s has no parts", a.Name)
	}
	seen := map[string]bool{}
	for _, p := range a.Parts {
		switch {
		case !gradeID.MatchString(p.ID):
			return fmt.Errorf("exam: %s: a part's id has letters, digits, _ and - only, not %q", a.Name, p.ID)
		case seen[p.ID]:
			return fmt.Errorf("exam: %s: two parts have the id %s", a.Name, p.ID)
		case !(p.Points > 0) || math.IsInf(p.Points, 0):
			return fmt.Errorf("exam: %s: part %s has %v points: give it more than none", a.Name, p.ID, p.Points)
		case p.Function == "" || p.Signature == "":
			return fmt.Errorf("exam: %s: part %s lacks its Function or its Signature", a.Name, p.ID)
		case p.Seconds < 0:
			return fmt.Errorf("exam: %s: part %s has %d seconds", a.Name, p.ID, p.Seconds)
		case len(p.Checks) == 0:
			return fmt.Errorf("exam: %s: part %s has no checks", a.Name, p.ID)
		}
		seen[p.ID] = true
		for _, c := range p.Checks {
			if c.Name == "" || c.Hint == "" || c.Run == nil {
				return fmt.Errorf("exam: %s: check %q of part %s lacks its Name, Hint or Run", a.Name, c.Name, p.ID)
			}
		}
	}
	return nil
}

// Points of all parts.
func (a Assignment) Points() float64 {
	sum := 0.0
	for _, p := range a.Parts {
		sum += p.Points
	}
	return sum
}
