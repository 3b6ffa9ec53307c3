package reproduction

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// State says what a notebook's file has to tell.
type State string

const (
	// Ready: it was run to its end and its tables of claims can be read.
	Ready State = "ready"
	// NotRun: it has no outputs.
	NotRun State = "not run"
	// OlderVersion: it was run by a version of this package that did not yet
	// leave its claims in the notebook.
	OlderVersion State = "not yet run with this version"
	// Broken: a cell failed, or the run ended before the last table.
	Broken State = "its run did not come to the end"
)

// Notebook is what was read of an executed notebook.
type Notebook struct {
	Name   string // "03_theorem1_no_structure"
	Title  string // its first heading, without the number
	File   string // where it was read, by a path relative to the notebooks' folder where there is one
	State  State
	Note   string // why another file was not taken; "" where there was none
	Tables []Table
	// Figures in the order of the notebook. Those of one that is not Ready are
	// not here: nobody could say their setting.
	Figures []Figure

	code string
}

// Figure is a figure of a notebook as a still picture.
type Figure struct {
	Title    string
	SVG      string // "" where there is none
	PNG      []byte // nil where there is none
	Notebook *Notebook
}

// Number is what stands before the first underscore of the name: "03".
func (n *Notebook) Number() string {
	number, _, _ := strings.Cut(n.Name, "_")
	return number
}

// Setting of the notebook's tables, "quick and paper" where they differ, which
// no single run gives; "" where there are none.
func (n *Notebook) Setting() string {
	var seen []string
	for _, t := range n.Tables {
		if !strings.Contains(strings.Join(seen, " "), t.Setting) {
			seen = append(seen, t.Setting)
		}
	}
	return strings.Join(seen, " and ")
}

// The parts of a notebook's file that are read.
type file struct {
	Format int `json:"nbformat"`
	Cells  []struct {
		Kind    string `json:"cell_type"`
		Source  lines  `json:"source"`
		Count   *int   `json:"execution_count"`
		Outputs []struct {
			Kind string                     `json:"output_type"`
			Data map[string]json.RawMessage `json:"data"`
		} `json:"outputs"`
	} `json:"cells"`
}

// lines is a text that the format keeps as one or as a list of lines.
type lines string

// UnmarshalJSON takes both forms.
func (l *lines) UnmarshalJSON(text []byte) error {
	var list []string
	if err := json.Unmarshal(text, &list); err == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	return json.Unmarshal(text, (*string)(l))
}

// ReadNotebook reads one notebook. It fails where the file is not a notebook, or
// holds a table of claims that cannot be read; a notebook that was not run has
// its State instead.
func ReadNotebook(path string) (*Notebook, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reproduction: %w", err)
	}
	var f file
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("reproduction: %s is not a notebook: %w", path, err)
	}
	if f.Format != 4 {
		return nil, fmt.Errorf("reproduction: %s is a notebook of format %d, want 4", path, f.Format)
	}
	n := &Notebook{Name: strings.TrimSuffix(filepath.Base(path), ".ipynb"), File: path}
	return n, n.take(f)
}

// take reads the cells.
func (n *Notebook) take(f file) error {
	var code strings.Builder
	cells, run, failed, waiting := 0, 0, false, 0 // waiting: cells with claims that left no table
	for i, c := range f.Cells {
		if n.Title == "" && strings.HasPrefix(string(c.Source), "# ") {
			n.Title = strings.TrimLeft(strings.SplitN(string(c.Source), "\n", 2)[0], "# 0123456789.")
		}
		if c.Kind != "code" || strings.TrimSpace(string(c.Source)) == "" {
			continue
		}
		cells++
		code.WriteString(string(c.Source) + "\x00")
		if c.Count != nil {
			run++
		}
		tables := len(n.Tables)
		for _, o := range c.Outputs {
			// Charts show what is wrong with a figure in its place.
			failed = failed || o.Kind == "error" || strings.Contains(string(o.Data["text/html"]), "gonb-atf-error")
			if err := n.output(o.Data); err != nil {
				return fmt.Errorf("%s, cell %d: %w", n.File, i+1, err)
			}
		}
		if shows(string(c.Source)) && len(n.Tables) == tables {
			waiting++
		}
	}
	n.code = code.String()
	switch {
	case run == 0:
		n.State = NotRun
	case failed || run < cells || waiting > 0 && len(n.Tables) > 0:
		n.State = Broken
	case waiting > 0:
		n.State = OlderVersion
	default:
		n.State = Ready
	}
	if n.State != Ready {
		n.Tables, n.Figures = nil, nil
	}
	return nil
}

// shows tells whether a cell makes a table of claims and shows it. A function
// that only makes one may stand in a cell of its own.
func shows(code string) bool {
	return strings.Contains(code, "charts.Claims()") && strings.Contains(code, "Show()")
}

func (n *Notebook) claims() bool {
	return strings.Contains(n.code, "charts.Claims()")
}

// output takes what one display holds: a table of claims or a figure.
func (n *Notebook) output(data map[string]json.RawMessage) error {
	if raw, ok := data[MIME]; ok {
		var whole lines // the kernel sends text; another writer may have put an object
		if json.Unmarshal(raw, &whole) == nil {
			raw = json.RawMessage(whole)
		}
		t, err := ParseTable(raw)
		if err != nil {
			return err
		}
		n.Tables = append(n.Tables, t)
		return nil
	}
	text := func(kind string) (lines, error) {
		var l lines
		raw, ok := data[kind]
		if !ok {
			return "", nil
		}
		err := json.Unmarshal(raw, &l)
		return l, err
	}
	plain, err1 := text("text/plain")
	svg, err2 := text("image/svg+xml")
	encoded, err3 := text("image/png")
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("reproduction: a figure's data are no text: %w", err)
	}
	png, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(encoded)), ""))
	if err != nil {
		return fmt.Errorf("reproduction: a picture is not in base64: %w", err)
	}
	if svg == "" && len(png) == 0 {
		return nil
	}
	title, _, _ := strings.Cut(string(plain), "\n")
	n.Figures = append(n.Figures, Figure{Title: title, SVG: string(svg), PNG: png, Notebook: n})
	return nil
}
