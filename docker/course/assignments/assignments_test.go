package assignments

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/wire"
)

// teacherCell is what the tests read of a cell of a teacher's notebook.
type teacherCell struct {
	Type     string   `json:"cell_type"`
	Source   []string `json:"source"`
	Metadata struct {
		Grader *struct {
			ID       string  `json:"grade_id"`
			Points   float64 `json:"points"`
			Grade    bool    `json:"grade"`
			Solution bool    `json:"solution"`
		} `json:"nbgrader"`
	} `json:"metadata"`
}

func (c teacherCell) text() string { return strings.Join(c.Source, "") }

func readTeacher(t *testing.T, name string) []teacherCell {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "notebooks", "assignments", name+".ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []teacherCell `json:"cells"`
	}
	if err := json.Unmarshal(raw, &nb); err != nil {
		t.Fatal(err)
	}
	return nb.Cells
}

func TestAssignmentsAreFit(t *testing.T) {
	for _, a := range All() {
		if _, err := Find(a.Name); err != nil {
			t.Error(err)
		}
		points := map[string]float64{}
		graded := 0
		for _, c := range readTeacher(t, a.Name) {
			if g := c.Metadata.Grader; g != nil && g.Grade {
				graded++
				if !g.Solution {
					points[g.ID] = g.Points
				}
			}
		}
		if graded < 6 || graded > 10 {
			t.Errorf("%s has %d graded parts, want 6 to 10", a.Name, graded)
		}
		for _, p := range a.Parts {
			if points[p.ID+"-test"] != p.Points {
				t.Errorf("%s: %s has %v points in the notebook and %v for the grader", a.Name, p.ID, points[p.ID+"-test"], p.Points)
			}
			delete(points, p.ID+"-test")
		}
		if len(points) > 0 {
			t.Errorf("%s: no part grades %v", a.Name, points)
		}
	}
	if _, err := Find("nothing"); err == nil {
		t.Error("an assignment was found that is not there")
	}
}

// The teacher's answers pass all checks; the stubs compile and pass none; the wrong
// answer kept for each part fails it, and by its values.
func TestSolutionsPassAndWrongOnesFail(t *testing.T) {
	for _, a := range All() {
		t.Run(a.Name, func(t *testing.T) {
			t.Parallel()
			binary := build(t, a)
			for _, p := range a.Parts {
				for _, c := range p.Checks {
					for seed := range uint64(3) {
						if err := run(t, binary, p, c, "", seed); err != nil {
							t.Errorf("%s, %q, seed %d: the teacher's answer fails: %v", p.ID, c.Name, seed, err)
						}
					}
					if err := run(t, binary, p, c, "stub", 1); !errors.Is(err, wire.ErrGone) {
						t.Errorf("%s, %q: the stub ends with %v, want a process that ended", p.ID, c.Name, err)
					}
				}
				for seed := range uint64(3) {
					if !slices.ContainsFunc(p.Checks, func(c exam.Check) bool { return exam.IsWrong(run(t, binary, p, c, "wrong", seed)) }) {
						t.Errorf("%s, seed %d: the wrong answer passes", p.ID, seed)
					}
				}
			}
		})
	}
}

// run makes one check against the teacher's answer, or the one with a prefix.
func run(t *testing.T, binary string, p exam.Part, c exam.Check, prefix string, seed uint64) error {
	t.Helper()
	command := exec.Command(binary, prefix+p.Function)
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	verdict := c.Run(exam.NewTrial(seed, p.ID, c.Name, wire.NewClient(in, out)))
	in.Close()
	command.Wait() // a stub ends with a panic: the check has said what came of it
	late.Stop()
	return verdict
}

var (
	region     = regexp.MustCompile(`(?s)[ \t]*// BEGIN SOLUTION.*?// END SOLUTION`)
	selector   = regexp.MustCompile(`\b([a-z][a-z0-9]*)\.[A-Z]`)
	importable = map[string]string{"errors": "errors", "fmt": "fmt", "math": "math", "os": "os", "rand": "math/rand/v2",
		"slices": "slices", "sort": "sort", "strings": "strings", "mat": "gonum.org/v1/gonum/mat",
		"data": "github.com/tangentfeatures/gonb-atf/atf/data", "nn": "github.com/tangentfeatures/gonb-atf/atf/nn",
		"atf": "github.com/tangentfeatures/gonb-atf/atf", "tangent": "github.com/tangentfeatures/gonb-atf/atf/tangent"}
)

// build compiles one program with the teacher's answers, the stubs and the wrong
// answers, which serves the function that its argument names.
func build(t *testing.T, a exam.Assignment) string {
	t.Helper()
	var body, table strings.Builder
	for _, c := range readTeacher(t, a.Name) {
		if g := c.Metadata.Grader; c.Type != "code" || g != nil && g.Grade {
			continue
		}
		declarations, _, _ := strings.Cut(c.text(), "%%")
		body.WriteString(declarations + "\n")
	}
	for _, p := range a.Parts {
		serve := func(prefix string) {
			call := prefix + p.Function
			if p.Adapter != "" {
				call = strings.ReplaceAll(p.Adapter, p.Function+"(", call+"(")
			}
			fmt.Fprintf(&table, "case %q:\n\tvar call %s = %s\n\tf = call\n", prefix+p.Function, p.Signature, call)
		}
		serve("")
		for prefix, source := range map[string]string{"stub": stub(t, a, p), "wrong": wrong(t, a, p)} {
			renamed := strings.Replace(source, "func "+p.Function+"(", "func "+prefix+p.Function+"(", 1)
			if renamed == source {
				t.Fatalf("%s: the %s answer of %s does not declare %s", a.Name, prefix, p.ID, p.Function)
			}
			body.WriteString(renamed + "\n")
			serve(prefix)
		}
	}
	var text strings.Builder
	text.WriteString("package main\n\nimport \"github.com/tangentfeatures/gonb-atf/docker/course/wire\"\n")
	named := map[string]bool{"os": true}
	for _, match := range selector.FindAllStringSubmatch(body.String(), -1) {
		named[match[1]] = true
	}
	for name, path := range importable {
		if named[name] {
			fmt.Fprintf(&text, "import %s %q\n", name, path)
		}
	}
	fmt.Fprintf(&text, "%s\nfunc main() {\n\tvar f any\n\tswitch os.Args[1] {\n%s\t}\n\tif err := wire.Serve(os.Stdin, os.Stdout, f); err != nil {\n\t\tpanic(err)\n\t}\n}\n", body.String(), table.String())
	folder := t.TempDir()
	source, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "answers")
	if err := os.WriteFile(source, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// stub is a part's cell as students get it.
func stub(t *testing.T, a exam.Assignment, p exam.Part) string {
	for _, c := range readTeacher(t, a.Name) {
		if g := c.Metadata.Grader; g != nil && g.ID == p.ID {
			return region.ReplaceAllString(c.text(), "\t// YOUR CODE HERE\n\tpanic(\"not written yet\")")
		}
	}
	t.Fatalf("%s has no cell %s", a.Name, p.ID)
	return ""
}

func wrong(t *testing.T, a exam.Assignment, p exam.Part) string {
	raw, err := os.ReadFile(filepath.Join("testdata", "wrong", a.Name, p.ID+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
