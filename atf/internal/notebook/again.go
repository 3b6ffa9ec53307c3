package notebook

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Every cell computes the variables of the cells before again, and Go says
// nothing about where that time goes. So the stack of the main goroutine is
// looked at from time to time until the cell's own statements begin: the line at
// which main.init stands tells which variable is being computed.
const (
	glance = 100 * time.Millisecond
	long   = 2 * time.Second        // is worth a line
	listed = 300 * time.Millisecond // a variable named in it takes so long at least
)

func init() {
	if Watched() {
		go watch()
	}
}

// again is what is known of the variables of a cell.
type again struct {
	spent map[string]time.Duration // in this cell, by declaration
	known map[string]time.Duration // the last time, in earlier cells of the session
}

// watch says in a line, once a session, which variables of earlier cells take
// long.
func watch() {
	a := again{map[string]time.Duration{}, map[string]time.Duration{}}
	file := filepath.Join(Folder(), ".gonb-atf-variables")
	if raw, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(raw, &a.known) // else nothing is known
	}
	var variables []variable
	buf := make([]byte, 1<<16)
	for last := time.Now(); ; {
		time.Sleep(glance)
		path, line, running := initialising(string(buf[:runtime.Stack(buf, true)]))
		if !running {
			return
		}
		now := time.Now()
		if line > 0 {
			if variables == nil {
				text, _ := os.ReadFile(Source(path))
				variables = variablesOf(text)
			}
			v, ok := at(variables, line)
			if ok {
				a.spent[v.key()] += now.Sub(last)
				a.save(file)
			}
			if words, mark := a.words(variables, v); words != "" && !Met("again "+mark) {
				Say(words)
				return
			}
		}
		last = now
	}
}

// Compiled by the notebook's watch alone: every program that imports atf begins
// without them.
var (
	mainStack = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)(?:^|\n)goroutine 1 .*?(?:\n\n|$)`) })
	atInit    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\nmain\.init\(.*\)\n\t(.*):(\d+)`) })
)

// initialising finds the line of main.init in the stacks of all goroutines, 0
// while packages before it are initialised. running is false once main begins.
func initialising(stacks string) (file string, line int, running bool) {
	stack := mainStack().FindString(stacks)
	if stack == "" || strings.Contains(stack, "\nmain.main(") {
		return "", 0, false
	}
	found := atInit().FindStringSubmatch(stack)
	if found == nil {
		return "", 0, true
	}
	line, err := strconv.Atoi(found[2])
	return found[1], line, err == nil
}

// A variable of the notebook and where it is declared.
type variable struct {
	name, text  string
	first, last int
}

// key tells a variable from one that was declared otherwise before.
func (v variable) key() string { return v.name + "\n" + v.text }

// kept is true of what is read from a file where it was made before.
func (v variable) kept() bool { return strings.Contains(v.text, "Keep(") }

// variablesOf are the variables that a program computes before it begins.
func variablesOf(text []byte) []variable {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "main.go", text, parser.SkipObjectResolution)
	if err != nil {
		return []variable{}
	}
	all := []variable{}
	for _, d := range tree.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec) // of a var group all are
			from, to := files.Position(spec.Pos()), files.Position(spec.End())
			all = append(all, variable{spec.Names[0].Name, string(text[from.Offset:to.Offset]), from.Line, to.Line})
		}
	}
	return all
}

func at(all []variable, line int) (variable, bool) {
	for _, v := range all {
		if v.first <= line && line <= v.last {
			return v, true
		}
	}
	return variable{}, false
}

// save leaves what is known to the next cell; nothing is lost but a line when it
// fails.
func (a again) save(file string) {
	all := map[string]time.Duration{}
	for key, d := range a.known {
		all[key] = d
	}
	for key, d := range a.spent {
		all[key] = max(all[key], d)
	}
	if raw, err := json.Marshal(all); err == nil {
		_ = os.WriteFile(file, raw, 0o600)
	}
}

// words are the line, once the variables that earlier cells have computed already
// took long in this one, and what it is about. present is in work.
func (a again) words(variables []variable, present variable) (line, mark string) {
	total := time.Duration(0)
	var slow []variable
	for _, v := range variables {
		if d := a.spent[v.key()]; a.known[v.key()] > 0 {
			total += d
			if d >= listed {
				slow = append(slow, v)
			}
		}
	}
	if total < long || len(slow) == 0 {
		return "", ""
	}
	takes := func(v variable) time.Duration {
		if v.key() == present.key() && !v.kept() { // it will take as long as before
			return max(a.spent[v.key()], a.known[v.key()])
		}
		return a.spent[v.key()]
	}
	slices.SortStableFunc(slow, func(a, b variable) int { return int(takes(b) - takes(a)) })
	var names []string
	for _, v := range slow {
		names = append(names, fmt.Sprintf("%s (%.1f s)", v.name, takes(v).Seconds()))
	}
	line = "computed again, as in every cell: " + strings.Join(names, ", ")
	if slow[0].kept() {
		return line + ". What is kept is read again: a function that returns atf.Keep(…) reads it only where it is called", "kept"
	}
	return line + fmt.Sprintf(`. var %[1]s = atf.Keep("%[1]s", …) computes it once: go doc atf.Keep`, slow[0].name), slow[0].key()
}
