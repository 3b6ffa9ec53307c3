// Package answer takes a student's code for one part out of a submission, refuses
// what no answer needs, and puts it together with the teacher's code for
// everything else: one mistake costs one part.
package answer

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// Longest cell of a submission that is read, in bytes.
const Longest = 64 << 10

// Forbidden is the error of a cell with something that no answer needs.
type Forbidden struct{ Reason string }

func (f Forbidden) Error() string { return f.Reason }

func forbidden(format string, values ...any) error { return Forbidden{fmt.Sprintf(format, values...)} }

// NoGo is the error of a cell that is no Go: the text is the parser's, by the
// lines of the cell.
type NoGo struct{ Text string }

func (n NoGo) Error() string { return n.Text }

// unit is a declaration at the level of the package: all names of a group, or a
// method with its type's name.
type unit struct {
	names   []string
	method  bool   // belongs to names[0] and does not declare it
	text    string // with its comment
	from    int    // byte offsets in the cell
	to      int
	mention map[string]bool // the names in it that it does not declare
	imports map[string]string
}

// cell is one cell's code, taken apart.
type cell struct {
	source  string
	units   []unit
	imports map[string]string // package name → path, as the cell says
	removed [][2]int          // byte ranges of its import declarations
}

// head makes a file of Go out of a cell and keeps the numbers of its lines.
const head = "package main;"

// parse takes a cell apart. Imports are kept by the name they go by.
func parse(source string) (*cell, *ast.File, *token.FileSet, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "answer", head+source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, nil, NoGo{strings.ReplaceAll(err.Error(), "answer:", "line ")}
	}
	offset := func(p token.Pos) int { return set.PositionFor(p, false).Offset - len(head) }
	c := &cell{source: source, imports: map[string]string{}}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, nil, nil, NoGo{"an import's path is no string"}
		}
		name := packageName(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		c.imports[name] = path
	}
	for _, decl := range file.Decls {
		u := unit{from: offset(decl.Pos()), to: offset(decl.End()), imports: c.imports}
		var doc *ast.CommentGroup
		switch d := decl.(type) {
		case *ast.FuncDecl:
			doc = d.Doc
			u.names = []string{d.Name.Name}
			if d.Recv != nil {
				u.method, u.names = true, []string{receiver(d.Recv)}
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				c.removed = append(c.removed, [2]int{u.from, u.to})
				continue
			}
			doc = d.Doc
			u.names = declared(d)
		}
		if doc != nil {
			u.from = offset(doc.Pos())
		}
		u.text = source[u.from:u.to]
		u.mention = unresolved(u.text)
		c.units = append(c.units, u)
	}
	return c, file, set, nil
}

// unresolved lists the names in a declaration that neither it nor the language
// declares.
func unresolved(text string) map[string]bool {
	names := map[string]bool{}
	file, err := parser.ParseFile(token.NewFileSet(), "", head+text, 0)
	if err != nil {
		return names
	}
	for _, name := range file.Unresolved {
		names[name.Name] = true
	}
	return names
}

func receiver(list *ast.FieldList) string {
	name := ""
	ast.Inspect(list.List[0].Type, func(n ast.Node) bool {
		if i, ok := n.(*ast.Ident); ok && name == "" {
			name = i.Name
		}
		return name == ""
	})
	return name
}

func declared(d *ast.GenDecl) []string {
	var names []string
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.ValueSpec:
			for _, n := range s.Names {
				names = append(names, n.Name)
			}
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		}
	}
	return names
}

// without is the cell with byte ranges blanked, so that lines keep their numbers.
func (c *cell) without(ranges [][2]int) string {
	text := []byte(c.source)
	for _, r := range append(slices.Clone(ranges), c.removed...) {
		for i := r[0]; i < r[1]; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return string(text)
}

// withImports puts a head before a body that imports the packages it mentions.
// The imports share the line of the package clause.
func withImports(body string, own map[string]string) string {
	var text strings.Builder
	text.WriteString("package main")
	for _, name := range mentioned(body) {
		path, ok := own[name]
		if !ok {
			path, ok = allowed[name]
		}
		if ok {
			fmt.Fprintf(&text, "; import %s %q", name, path)
		}
	}
	return text.String() + "\n" + body
}

// mentioned lists, in order, the names before a dot that the code does not
// declare itself: packages, most of them.
func mentioned(body string) []string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", head+body, 0)
	if err != nil {
		return nil
	}
	free := unresolved(body)
	found := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && free[x.Name] && x.Obj == nil {
				found[x.Name] = true
			}
		}
		return true
	})
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
