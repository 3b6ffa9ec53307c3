package answer

import (
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
)

// generated begins the names that are the grader's.
const generated = "atf__"

// Names of the files of a program.
const (
	AnswerFile    = "answer.go"    // the student's cell; line n+1 is line n of the cell
	OtherFile     = "other.go"     // what the student's other answers lend to it
	ReferenceFile = "reference.go" // the teacher's
	MainFile      = "main.go"
)

// Program is the source of one part's process.
type Program struct {
	Files    map[string]string
	Imports  []string // packages that the files import
	Warnings []string
}

// Missing is the error of a submission without an answer for a part.
type Missing struct{ Reason string }

func (m Missing) Error() string { return m.Reason }

// ErrNotAttempted is the error of an answer that is still the stub.
var ErrNotAttempted = fmt.Errorf("the answer is as it was handed out")

// Teacher is the reference: the code of a teacher's notebook by name.
type Teacher struct {
	cells map[string]*cell // of answers, by grade_id
	stubs map[string]string
	given []*cell
	// withheld are the packages that answers to this assignment may not use.
	withheld []string
}

// NewTeacher reads a teacher's notebook for an assignment, and refuses one that
// does not fit its parts.
func NewTeacher(nb *notebook.Notebook, released *notebook.Notebook, a exam.Assignment) (*Teacher, error) {
	if problems := nb.Problems(); len(problems) > 0 {
		return nil, fmt.Errorf("answer: the teacher's notebook %s: %s", a.Name, strings.Join(problems, "; "))
	}
	t := &Teacher{cells: map[string]*cell{}, stubs: map[string]string{}, withheld: a.Withheld}
	points := map[string]float64{}
	for i, c := range nb.Cells {
		if c.Type != "code" || c.Grade != nil && c.Grade.Grade {
			if c.Grade != nil && c.Grade.Grade && !c.Grade.Solution {
				points[c.Grade.ID] = c.Grade.Points
			}
			continue
		}
		taken, _, _, err := parse(declarations(c.Source))
		if err != nil {
			return nil, fmt.Errorf("answer: the teacher's notebook %s, cell %d: %w", a.Name, i+1, err)
		}
		if c.Grade != nil && c.Grade.Solution {
			t.cells[c.Grade.ID] = taken
			t.stubs[c.Grade.ID] = released.Cells[i].Source
		} else {
			t.given = append(t.given, taken)
		}
	}
	for _, p := range a.Parts {
		answer := t.cells[p.ID]
		switch test, ok := points[p.ID+"-test"]; {
		case answer == nil:
			return nil, fmt.Errorf("answer: %s has no answer cell with grade_id %s", a.Name, p.ID)
		case !ok:
			return nil, fmt.Errorf("answer: %s has no test cell with grade_id %s-test", a.Name, p.ID)
		case test != p.Points:
			return nil, fmt.Errorf("answer: %s: %s-test has %v points in the notebook and %v in package assignments", a.Name, p.ID, test, p.Points)
		case !slices.ContainsFunc(answer.units, func(u unit) bool { return !u.method && slices.Contains(u.names, p.Function) }):
			return nil, fmt.Errorf("answer: %s: the cell %s does not declare %s", a.Name, p.ID, p.Function)
		}
		delete(points, p.ID+"-test")
	}
	for id := range points {
		return nil, fmt.Errorf("answer: %s: nothing in package assignments grades the test cell %s", a.Name, id)
	}
	return t, nil
}

// declarations is a teacher's cell without the kernel's commands and without what
// stands after %%, which is the body of a main function.
func declarations(source string) string {
	var kept []string
	for line := range strings.SplitSeq(source, "\n") {
		if strings.HasPrefix(line, "%%") || strings.HasPrefix(line, "%main") {
			break
		}
		if strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!") {
			line = ""
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// Solution is the teacher's own answer, for the grader to try itself.
func (t *Teacher) Solution(id string) string { return t.cells[id].source }

// Program puts a student's answers together with the reference for one part.
// answers are the sources of all the student's answer cells by grade_id.
func (t *Teacher) Program(p exam.Part, answers map[string]string) (*Program, error) {
	source, ok := answers[p.ID]
	if !ok {
		return nil, Missing{"the submission has no cell for this part"}
	}
	if strings.TrimSpace(source) == "" {
		return nil, Missing{"the cell is empty"}
	}
	if sameCode(source, t.stubs[p.ID]) {
		return nil, ErrNotAttempted
	}
	if err := t.inspect(source); err != nil {
		return nil, err
	}
	own, _, _, err := parse(source)
	if err != nil {
		return nil, err
	}
	pool := t.pool(p.ID)
	program := &Program{Files: map[string]string{}}
	var dropped [][2]int
	needed := map[string]bool{p.Function: true} // by the grader's side
	mentions := map[string]bool{}               // by the student's
	defines := map[string]bool{}
	for _, u := range own.units {
		if taken := slices.IndexFunc(u.names, func(n string) bool { return pool[n] != nil }); taken >= 0 {
			dropped = append(dropped, [2]int{u.from, u.to})
			program.Warnings = append(program.Warnings, fmt.Sprintf("%s is given by the notebook or belongs to another part: the one in this cell was left out", u.names[taken]))
			continue
		}
		for _, n := range u.names {
			defines[n] = defines[n] || !u.method
		}
		maps.Copy(mentions, u.mention)
	}
	if !defines[p.Function] {
		return nil, Missing{"the cell does not declare the function " + p.Function}
	}
	call := p.Function
	if p.Adapter != "" {
		call = p.Adapter
		adapter, _, _, err := parse("var _ = " + p.Adapter)
		if err != nil {
			return nil, fmt.Errorf("answer: the adapter of part %s: %w", p.ID, err)
		}
		maps.Copy(needed, adapter.units[0].mention)
	}
	lent := t.lend(p.ID, answers, pool, defines)
	reference, other := reach(pool, lent, needed, mentions)
	program.Files[AnswerFile] = withImports(own.without(dropped), own.imports)
	program.Files[ReferenceFile] = join(reference)
	if len(other) > 0 {
		program.Files[OtherFile] = join(other)
	}
	program.Files[MainFile] = withImports(fmt.Sprintf(mainBody, p.Signature, call), map[string]string{
		generated + "wire": ours + "docker/course/wire", generated + "os": "os", generated + "debug": "runtime/debug"})
	for _, text := range program.Files {
		file, _, _, err := parse(strings.TrimPrefix(strings.TrimPrefix(text, "package main"), ";"))
		if err != nil {
			return nil, fmt.Errorf("answer: part %s: what was put together is no Go: %w", p.ID, err)
		}
		for _, path := range file.imports {
			program.Imports = append(program.Imports, path)
		}
	}
	return program, nil
}

// mainBody serves the function under test on the descriptors 3 and 4; standard
// output and error are the student's own.
const mainBody = `var atf__call %s = %s

func main() {
	atf__debug.SetMaxStack(64 << 20)
	if err := atf__wire.Serve(atf__os.NewFile(3, "calls"), atf__os.NewFile(4, "answers"), atf__call); err != nil {
		panic(err)
	}
}
`

// pool holds every declaration of the teacher's but those of one answer.
func (t *Teacher) pool(without string) map[string][]*unit {
	pool := map[string][]*unit{}
	add := func(c *cell) {
		for i := range c.units {
			for _, n := range c.units[i].names {
				if n != "_" {
					pool[n] = append(pool[n], &c.units[i])
				}
			}
		}
	}
	for _, c := range t.given {
		add(c)
	}
	for _, id := range slices.Sorted(maps.Keys(t.cells)) {
		if id != without {
			add(t.cells[id])
		}
	}
	return pool
}

// lend collects the helpers that the student's other answers declare: what neither
// the teacher nor this answer has, from cells with nothing forbidden in them.
func (t *Teacher) lend(id string, answers map[string]string, pool map[string][]*unit, defines map[string]bool) map[string][]*unit {
	lent := map[string][]*unit{}
	reserved := map[string]bool{}
	for _, u := range t.cells[id].units {
		for _, n := range u.names {
			reserved[n] = true
		}
	}
	for _, other := range slices.Sorted(maps.Keys(answers)) {
		if other == id || t.cells[other] == nil || t.inspect(answers[other]) != nil {
			continue
		}
		c, _, _, err := parse(answers[other])
		if err != nil {
			continue
		}
		from := map[string][]*unit{}
		for i, u := range c.units {
			for _, n := range u.names {
				if pool[n] == nil && !defines[n] && !reserved[n] && lent[n] == nil {
					from[n] = append(from[n], &c.units[i])
				}
			}
		}
		maps.Copy(lent, from)
	}
	return lent
}

// reach takes what is needed and what that needs, in order. The student's answer
// and what is lent to it may use both pools, the teacher's code only its own: no
// helper of a student gets into a part that does not name it.
func reach(pool, lent map[string][]*unit, needed, own map[string]bool) (reference, other []*unit) {
	type wish struct {
		name    string
		student bool // from the student's code
	}
	var queue []wish
	add := func(names map[string]bool, student bool) {
		for _, n := range slices.Sorted(maps.Keys(names)) {
			queue = append(queue, wish{n, student})
		}
	}
	add(needed, false)
	add(own, true)
	done := map[wish]bool{}
	seen := map[*unit]bool{}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		if done[w] {
			continue
		}
		done[w] = true
		for _, u := range pool[w.name] {
			if !seen[u] {
				seen[u] = true
				reference = append(reference, u)
				add(u.mention, false)
			}
		}
		if !w.student {
			continue
		}
		for _, u := range lent[w.name] {
			if !seen[u] {
				seen[u] = true
				other = append(other, u)
				add(u.mention, true)
			}
		}
	}
	return reference, other
}

func join(units []*unit) string {
	var body strings.Builder
	imports := map[string]string{}
	for _, u := range units {
		body.WriteString(u.text + "\n\n")
		maps.Copy(imports, u.imports)
	}
	return withImports(body.String(), imports)
}

// sameCode compares token by token: space and comments make no difference.
func sameCode(a, b string) bool { return slices.Equal(tokens(a), tokens(b)) }

func tokens(source string) []string {
	var s scanner.Scanner
	set := token.NewFileSet()
	s.Init(set.AddFile("", set.Base(), len(source)), []byte(source), func(token.Position, string) {}, 0)
	var list []string
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			return list
		}
		list = append(list, kind.String()+" "+text)
	}
}

// Imports lists what the teacher's declarations import by their own word.
func (t *Teacher) Imports() []string {
	var paths []string
	for _, c := range slices.Concat(t.given, slices.Collect(maps.Values(t.cells))) {
		paths = slices.AppendSeq(paths, maps.Values(c.imports))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
