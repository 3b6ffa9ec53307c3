package answer

import (
	"go/ast"
	"go/doc"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// directive is a comment that the compiler, the linker or the go command obeys.
var directive = regexp.MustCompile(`^(//go:|//line |/\*line |//export |//extern|// ?\+build|// *#cgo)`)

var testFunction = regexp.MustCompile(`^(Test|Benchmark|Fuzz|Example)([^a-z]|$)`)

// inspect returns a Forbidden for the first thing in a cell that no answer needs.
// What it lets pass still runs in isolation: these rules give reasons early, they
// are not the wall.
func inspect(source string) error {
	if len(source) > Longest {
		return forbidden("the cell has %d bytes, more than %d", len(source), Longest)
	}
	for i, line := range strings.Split(source, "\n") {
		// The kernel obeys such lines wherever they stand, also in a comment.
		if strings.HasPrefix(line, "!") || strings.HasPrefix(line, "%") {
			return forbidden("line %d is a command (it begins with %q): an answer holds Go declarations only", i+1, line[:1])
		}
	}
	c, file, set, err := parse(source)
	if err != nil {
		return err
	}
	line := func(p token.Pos) int { return set.PositionFor(p, false).Line }
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if directive.MatchString(comment.Text) {
				return forbidden("line %d is a directive to the compiler", line(comment.Pos()))
			}
		}
	}
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, "\"`")
		if spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_") {
			return forbidden("line %d imports %s as %q: import it by a name", line(spec.Pos()), path, spec.Name.Name)
		}
		if !slices.Contains(Packages(), path) {
			return forbidden("line %d imports %s, which is not among the packages of an answer", line(spec.Pos()), path)
		}
		if spec.Name != nil && doc.IsPredeclared(spec.Name.Name) {
			return forbidden("line %d gives %s another meaning", line(spec.Pos()), spec.Name.Name)
		}
	}
	for _, name := range mentioned(source) {
		if _, own := c.imports[name]; !own && slices.Contains(elsewhere, name) {
			return forbidden("it uses the package %s, which is not among the packages of an answer", name)
		}
	}
	for _, decl := range file.Decls {
		if err := inspectDeclaration(decl, line); err != nil {
			return err
		}
	}
	return nil
}

// inspect returns a Forbidden also for the packages that the assignment withholds.
func (t *Teacher) inspect(source string) error {
	if err := inspect(source); err != nil {
		return err
	}
	c, _, _, err := parse(source)
	if err != nil {
		return err
	}
	for _, name := range mentioned(source) {
		path, ok := c.imports[name]
		if !ok {
			path = allowed[name]
		}
		if slices.Contains(t.withheld, path) {
			return forbidden("it uses the package %s, which holds what this assignment asks for", path)
		}
	}
	return nil
}

func inspectDeclaration(decl ast.Decl, line func(token.Pos) int) error {
	f, isFunction := decl.(*ast.FuncDecl)
	if isFunction {
		name := f.Name.Name
		switch {
		case f.Recv == nil && (name == "init" || name == "main" || testFunction.MatchString(name)):
			return forbidden("line %d declares the function %s, which would run by itself", line(f.Pos()), name)
		case f.Recv == nil && doc.IsPredeclared(name):
			return forbidden("line %d gives %s another meaning", line(f.Pos()), name)
		case f.Body == nil:
			return forbidden("line %d declares %s without a body", line(f.Pos()), name)
		}
		return nil
	}
	d, ok := decl.(*ast.GenDecl)
	if !ok || d.Tok == token.IMPORT {
		return nil
	}
	for _, name := range declared(d) {
		if doc.IsPredeclared(name) {
			return forbidden("line %d gives %s another meaning", line(d.Pos()), name)
		}
		if strings.HasPrefix(name, generated) || name == "main" || name == "init" {
			return forbidden("line %d declares %s, a name that is taken", line(d.Pos()), name)
		}
	}
	var err error
	if d.Tok == token.VAR {
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false // runs when called, not before
			case *ast.CallExpr:
				err = forbidden("line %d calls a function while the program starts: call it within a function", line(n.Pos()))
			}
			return err == nil
		})
	}
	return err
}
