package docker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tangentfeatures/gonb-atf/"

// rooms is the plan of the house: which rooms a room may import, besides
// itself. A package belongs to the room with the longest name that its path
// begins with, so that charts/internal/axis is in charts/internal. What is not
// listed is not allowed, and no list leads back up: the mathematics knows no
// screen, a penalty no matrix, the solver no network and no problem.
//
// Tests may import what they please. A room may be listed before it is built.
var rooms = map[string][]string{
	"atf/internal":         {},
	"atf/internal/feature": {"atf/internal"},
	"atf/internal/solver":  {"atf/internal", "atf/internal/feature", "atf/penalty", "atf/kernel"},
	"atf/penalty":          {"atf/internal"},
	"atf/kernel":           {"atf/internal"},
	"atf/data":             {"atf/internal"},
	"atf/nn":               {"atf/internal"},
	"atf/tangent":          {"atf/internal", "atf/internal/feature", "atf/kernel", "atf/nn"},
	"atf/brute":            {},
	"atf/sweep":            {"atf/internal"},
	"atf/reproduction":     {},
	"atf/experiment":       {"atf", "atf/penalty", "atf/sweep", "atf/internal", "atf/kernel", "atf/data", "atf/nn", "atf/tangent"},
	"atf": {"atf/internal", "atf/internal/feature", "atf/internal/solver",
		"atf/penalty", "atf/kernel", "atf/data", "atf/nn", "atf/tangent"},
	"charts/internal": {"atf", "atf/penalty", "atf/kernel", "atf/data", "atf/nn", "atf/tangent"},
	"charts":          {"charts/internal", "atf", "atf/penalty", "atf/kernel", "atf/data", "atf/nn", "atf/tangent", "atf/reproduction"},
	"docker":          {},
	"docker/course":   {"atf", "atf/penalty", "atf/kernel", "atf/data", "atf/nn", "atf/tangent"},
}

// screens are the libraries that show something. Only charts knows them.
var screens = []string{"github.com/janpfeifer/gonb", "github.com/go-echarts/", "github.com/dop251/goja"}

// longestFile in lines: a longer one holds more than one concept.
const longestFile = 400

// imports is what the go command tells of a package.
type imports struct {
	ImportPath string
	Imports    []string
}

// roomOf gives the room of a package by its path within the module.
func roomOf(path string) (string, bool) {
	for room := path; room != "."; room = filepath.Dir(room) {
		if _, ok := rooms[room]; ok {
			return room, true
		}
	}
	return "", false
}

// upward lists the imports that the plan does not allow.
func upward(packages []imports) []string {
	var problems []string
	for _, p := range packages {
		path := strings.TrimPrefix(p.ImportPath, module)
		room, ok := roomOf(path)
		if !ok {
			problems = append(problems, path+" belongs to no room: add it to the table with what it may import")
			continue
		}
		for _, other := range p.Imports {
			if !strings.HasPrefix(other, module) {
				shows := slices.ContainsFunc(screens, func(s string) bool { return strings.HasPrefix(other, s) })
				if shows && room != "charts" && room != "charts/internal" {
					problems = append(problems, fmt.Sprintf("%s imports %s: only charts may show something", path, other))
				}
				continue
			}
			other = strings.TrimPrefix(other, module)
			if theirs, _ := roomOf(other); theirs != room && !slices.Contains(rooms[room], theirs) {
				problems = append(problems, fmt.Sprintf("%s imports %s: %s may import %s",
					path, other, room, strings.Join(append([]string{"itself"}, rooms[room]...), ", ")))
			}
		}
	}
	return problems
}

// No import runs against the plan, in either build.
func TestRooms(t *testing.T) {
	for _, tags := range []string{"", "openblas"} {
		cmd := exec.Command("go", "list", "-tags="+tags, "-json=ImportPath,Imports", "./...")
		cmd.Dir = ".."
		var failure bytes.Buffer
		cmd.Stderr = &failure
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list: %v\n%s", err, failure.String())
		}
		var packages []imports
		for stream := json.NewDecoder(bytes.NewReader(out)); ; {
			var p imports
			if err := stream.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			packages = append(packages, p)
		}
		if len(packages) < 8 {
			t.Errorf("go list names %d packages only", len(packages))
		}
		for _, problem := range upward(packages) {
			t.Error(problem)
		}
	}
}

// The plan has no cycle, and an import against it is found.
func TestRoomsFindsUpwardImports(t *testing.T) {
	var above func(room string, seen []string)
	above = func(room string, seen []string) {
		if slices.Contains(seen, room) {
			t.Fatalf("the plan has a cycle: %v, %s", seen, room)
		}
		for _, next := range rooms[room] {
			if _, ok := rooms[next]; !ok {
				t.Errorf("%s may import %s, which is no room", room, next)
			}
			above(next, append(seen, room))
		}
	}
	for room := range rooms {
		above(room, nil)
	}
	for _, c := range []struct{ from, to, want string }{
		{"atf/internal/solver/step", module + "atf/nn", "solver"},
		{"atf/internal/solver", module + "atf", "solver"},
		{"atf/internal/budget", module + "atf/penalty", "budget"},
		{"atf/kernel", module + "atf/internal/feature", "kernel"},
		{"atf/brute", module + "atf/penalty", "brute"},
		{"atf/penalty", module + "atf/kernel", "penalty"},
		{"atf", module + "charts", "atf"},
		{"charts/internal/axis", module + "charts", "axis"},
		{"atf/tangent", "github.com/janpfeifer/gonb/gonbui", "only charts"},
		{"extras", module + "atf", "no room"},
		{"atf/internal/solver", module + "atf/internal/feature", ""},
		{"atf/kernel", module + "atf/internal/par", ""},
		{"charts/internal/page", "github.com/dop251/goja", ""},
		{"charts", module + "charts/internal/axis", ""},
	} {
		got := strings.Join(upward([]imports{{module + c.from, []string{"fmt", c.to}}}), "; ")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s importing %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// Whoever reads the README learns what each room is for. The small rooms of
// atf/internal are for those who work there.
func TestRoomsInREADME(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for room := range rooms {
		sources, err := filepath.Glob(filepath.Join("..", room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if len(sources) > 0 && !bytes.Contains(readme, []byte("]("+room+")")) {
			t.Errorf("the README's table of rooms lacks a row for %s", room)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..", entry.IsDir() && (path == "../out" || path == "../notebooks/mine"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if lines := bytes.Count(raw, []byte("\n")); lines > longestFile {
			t.Errorf("%s has %d lines, more than %d: give each concept a file of its own", strings.TrimPrefix(path, "../"), lines, longestFile)
		}
		files++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("found %d files of Go only", files)
	}
}
