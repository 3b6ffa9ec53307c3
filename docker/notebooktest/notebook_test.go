package notebooktest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder holds the notebooks; its subfolder own is each user's, which git
// ignores.
const folder, own = "../../notebooks", "mine"

// notebook is what the tests read of a .ipynb file.
type notebook struct {
	Format      int    `json:"nbformat"`
	FormatMinor int    `json:"nbformat_minor"`
	Cells       []cell `json:"cells"`
	Metadata    struct {
		Kernelspec struct {
			Name     string `json:"name"`
			Language string `json:"language"`
		} `json:"kernelspec"`
	} `json:"metadata"`
}

type cell struct {
	Kind           string          `json:"cell_type"`
	Source         json.RawMessage `json:"source"`
	ExecutionCount *int            `json:"execution_count"`
	Outputs        []output        `json:"outputs"`
	Metadata       struct {
		Tags []string `json:"tags"`
	} `json:"metadata"`
}

type output struct {
	Kind  string                     `json:"output_type"`
	Name  string                     `json:"name"`
	Error string                     `json:"evalue"`
	Text  json.RawMessage            `json:"text"`
	Data  map[string]json.RawMessage `json:"data"`
}

func parse(raw []byte) (notebook, error) {
	var nb notebook
	if err := json.Unmarshal(raw, &nb); err != nil {
		return nb, fmt.Errorf("not a notebook: %w", err)
	}
	if nb.Format != 4 {
		return nb, fmt.Errorf("nbformat is %d, want 4", nb.Format)
	}
	return nb, nil
}

// text joins what the format stores as a string or as a list of lines. What is
// neither, as a JSON display, is returned as it stands.
func text(raw json.RawMessage) string {
	var lines []string
	if json.Unmarshal(raw, &lines) == nil {
		return strings.Join(lines, "")
	}
	var whole string
	if json.Unmarshal(raw, &whole) == nil {
		return whole
	}
	return string(raw)
}

// expectsError tells whether a cell is meant to fail.
func (c cell) expectsError() bool {
	for _, tag := range c.Metadata.Tags {
		if tag == "raises-exception" {
			return true
		}
	}
	return false
}

// files lists the notebooks by their paths within the folder, with slashes.
func files(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path == filepath.Join(folder, own), entry.IsDir() && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".ipynb"):
			name, err := filepath.Rel(folder, path)
			if err != nil {
				return err
			}
			found = append(found, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skip("there is no notebook yet")
	}
	return found
}

// assignment tells whether a notebook is one that students fill in, which is
// committed without outputs.
func assignment(name string) bool {
	return strings.HasPrefix(name, "assignments/")
}

// read returns a notebook and the bytes it was read from.
func read(t *testing.T, path string) (notebook, []byte) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	nb, err := parse(raw)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return nb, raw
}
