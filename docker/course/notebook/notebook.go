// Package notebook reads, checks and writes notebooks of nbformat 4 with the cell
// metadata of nbgrader, schema version 3.
package notebook

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Largest file that is read, in bytes. A submission is text; one beyond this
// holds something else.
const Largest = 20 << 20

// Notebook is a file of nbformat 4. What this package does not know is kept.
type Notebook struct {
	Cells []*Cell
	rest  map[string]any
}

// Cell of a notebook.
type Cell struct {
	Type   string // "code", "markdown" or "raw"
	Source string
	Grade  *Metadata // nbgrader's; nil: none
	rest   map[string]any
}

// Metadata of nbgrader, schema version 3.
type Metadata struct {
	ID       string
	Grade    bool // has points
	Solution bool // holds an answer
	Locked   bool // not the student's to edit
	Task     bool
	Points   float64
	Checksum string
	CellType string
	schema   int
}

// Open reads a notebook of at most Largest bytes.
func Open(path string) (nb *Notebook, raw []byte, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("notebook: %s is no regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	raw, err = io.ReadAll(io.LimitReader(file, Largest+1))
	if err != nil {
		return nil, nil, fmt.Errorf("notebook: %s: %w", path, err)
	}
	if len(raw) > Largest {
		return nil, nil, fmt.Errorf("notebook: %s has %d bytes: more than %d are not read", path, info.Size(), Largest)
	}
	nb, err = Parse(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("notebook: %s: %w", path, err)
	}
	return nb, raw, nil
}

// Parse reads a notebook's text.
func Parse(raw []byte) (*Notebook, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var top map[string]any
	if err := decoder.Decode(&top); err != nil {
		return nil, fmt.Errorf("no JSON: %w", err)
	}
	if fmt.Sprint(top["nbformat"]) != "4" {
		return nil, fmt.Errorf("nbformat is %v, not 4", top["nbformat"])
	}
	list, ok := top["cells"].([]any)
	if !ok {
		return nil, fmt.Errorf("it has no list of cells")
	}
	nb := &Notebook{rest: top}
	for i, entry := range list {
		fields, ok := entry.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("cell %d is no object", i+1)
		}
		cell, err := parseCell(fields)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, cell)
	}
	delete(top, "cells")
	return nb, nil
}

func parseCell(fields map[string]any) (*Cell, error) {
	cell := &Cell{rest: fields}
	cell.Type, _ = fields["cell_type"].(string)
	switch source := fields["source"].(type) {
	case string:
		cell.Source = source
	case []any:
		var text strings.Builder
		for _, line := range source {
			s, ok := line.(string)
			if !ok {
				return nil, fmt.Errorf("its source holds something else than text")
			}
			text.WriteString(s)
		}
		cell.Source = text.String()
	default:
		return nil, fmt.Errorf("it has no source")
	}
	metadata, _ := fields["metadata"].(map[string]any)
	if grader, ok := metadata["nbgrader"].(map[string]any); ok {
		cell.Grade = parseMetadata(grader)
	}
	return cell, nil
}

func parseMetadata(fields map[string]any) *Metadata {
	truth := func(name string) bool { b, _ := fields[name].(bool); return b }
	text := func(name string) string { s, _ := fields[name].(string); return s }
	number := func(name string) float64 {
		n, _ := fields[name].(json.Number)
		f, _ := n.Float64()
		return f
	}
	return &Metadata{ID: text("grade_id"), Grade: truth("grade"), Solution: truth("solution"),
		Locked: truth("locked"), Task: truth("task"), Points: number("points"),
		Checksum: text("checksum"), CellType: text("cell_type"), schema: int(number("schema_version"))}
}

// ClearOutputs takes away what running the cell left.
func (c *Cell) ClearOutputs() {
	if c.Type == "code" {
		c.rest["outputs"] = []any{}
		c.rest["execution_count"] = nil
	}
}

// Fail gives the cell an error as its only output, as a failed run would.
func (c *Cell) Fail(name, text string) {
	c.ClearOutputs()
	c.rest["outputs"] = []any{map[string]any{"output_type": "error", "ename": name, "evalue": text, "traceback": []any{text}}}
}

// Sum is nbgrader's checksum of a cell: what the student may not change.
func (c *Cell) Sum() string {
	title := func(b bool) string { return map[bool]string{true: "True", false: "False"}[b] }
	text := c.Source + c.Type + title(c.Grade.Grade) + title(c.Grade.Solution) + title(c.Grade.Locked) + c.Grade.ID
	if c.Grade.Grade {
		text += pythonFloat(c.Grade.Points)
	}
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// pythonFloat writes points as Python's str(float) does.
func pythonFloat(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// Bytes writes the notebook as Jupyter does: keys in order, one space a level.
func (nb *Notebook) Bytes() ([]byte, error) {
	cells := []any{}
	for _, c := range nb.Cells {
		fields := c.rest
		fields["cell_type"] = c.Type
		fields["source"] = lines(c.Source)
		metadata, _ := fields["metadata"].(map[string]any)
		if metadata == nil {
			metadata = map[string]any{}
			fields["metadata"] = metadata
		}
		if c.Grade != nil {
			metadata["nbgrader"] = c.Grade.fields()
		}
		cells = append(cells, fields)
	}
	top := map[string]any{"cells": cells}
	for name, value := range nb.rest {
		top[name] = value
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(top); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (m *Metadata) fields() map[string]any {
	f := map[string]any{"grade_id": m.ID, "grade": m.Grade, "solution": m.Solution, "locked": m.Locked,
		"task": m.Task, "schema_version": 3, "cell_type": m.CellType}
	if m.Grade || m.Task {
		f["points"] = m.Points
	}
	if m.Checksum != "" {
		f["checksum"] = m.Checksum
	}
	return f
}

func lines(source string) []any {
	list := []any{}
	for _, line := range strings.SplitAfter(source, "\n") {
		if line != "" {
			list = append(list, line)
		}
	}
	return list
}
