package kept

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/notebook"
)

// Source is the fingerprint of the code behind a call in a notebook: the call as
// it is written, every declaration of the notebook that it uses, those that they
// use and so on, and the setting, quick or paper. skip counts the callers between
// it and the call, which begins with one of the names. It is empty where the call
// does not stand in a notebook, or its text cannot be read: then only the values
// that the caller names tell one result from another.
//
// The names in the call are looked up without regard to scopes, so a declaration
// may count that only shares the name of a variable. That makes a value anew
// once too often, and never once too rarely.
func Source(skip int, names ...string) string {
	_, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return ""
	}
	text, err := os.ReadFile(notebook.Source(file))
	if err != nil {
		return ""
	}
	return sourceOf(text, line, names)
}

func sourceOf(text []byte, line int, names []string) string {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "main.go", text, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	call := callAt(files, tree, line, names)
	if call == nil {
		return ""
	}
	w := fingerprint.New("source/1").String(os.Getenv("ATF_SETTING"))
	printed := func(n ast.Node) string {
		var b strings.Builder
		// Printed without positions: where a declaration stands does not matter.
		if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
			return err.Error()
		}
		return b.String()
	}
	w.String(printed(call))
	var used []string
	for _, n := range reachable(call, declarations(tree)) {
		used = append(used, printed(n))
	}
	slices.Sort(used)
	for _, s := range used {
		w.String(s)
	}
	return w.Sum()
}

// callAt is the innermost call of one of the names that a line belongs to.
func callAt(files *token.FileSet, tree *ast.File, line int, names []string) (found *ast.CallExpr) {
	ast.Inspect(tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || files.Position(call.Pos()).Line > line || files.Position(call.End()).Line < line {
			return true
		}
		called := call.Fun
		if instance, ok := called.(*ast.IndexExpr); ok {
			called = instance.X
		}
		if of, ok := called.(*ast.SelectorExpr); ok {
			called = of.Sel
		}
		if name, ok := called.(*ast.Ident); ok && slices.Contains(names, name.Name) {
			found = call
		}
		return true
	})
	return found
}

// declarations are those of a program by name, methods by theirs. A group of
// constants belongs together, since iota counts in it.
func declarations(tree *ast.File) map[string][]ast.Node {
	by := map[string][]ast.Node{}
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name != "main" {
				by[d.Name.Name] = append(by[d.Name.Name], d)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					by[s.Name.Name] = append(by[s.Name.Name], s)
				case *ast.ValueSpec:
					for _, name := range s.Names {
						if d.Tok == token.CONST {
							by[name.Name] = append(by[name.Name], d)
						} else {
							by[name.Name] = append(by[name.Name], s)
						}
					}
				}
			}
		}
	}
	return by
}

// reachable are the declarations that a piece of code uses, directly or through
// others.
func reachable(from ast.Node, by map[string][]ast.Node) []ast.Node {
	var found []ast.Node
	seen := map[ast.Node]bool{}
	for todo := []ast.Node{from}; len(todo) > 0; {
		n := todo[0]
		todo = todo[1:]
		ast.Inspect(n, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok {
				for _, d := range by[name.Name] {
					if !seen[d] {
						seen[d] = true
						found, todo = append(found, d), append(todo, d)
					}
				}
			}
			return true
		})
	}
	return found
}
