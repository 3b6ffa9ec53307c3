package reproduction

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// object is a piece of a notebook's file.
type object = map[string]any

// A cell that makes a table of claims, and one that draws.
const claimsCode = "%%\ncharts.Claims().\n\tRow(\"c\", 1, 1, 0).\n\tShow()"

func code(source string, count any, outputs ...any) object {
	return object{"cell_type": "code", "source": source, "execution_count": count, "outputs": append([]any{}, outputs...), "metadata": object{}}
}

func display(data object) object {
	return object{"output_type": "display_data", "data": data, "metadata": object{}}
}

func claims(t *testing.T, table Table) object {
	t.Helper()
	text, err := table.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return display(object{"text/html": []string{"<table>\n", "</table>"}, MIME: string(text)})
}

func picture(title string) object {
	return display(object{"text/plain": []string{title + "\n", "  facts"}, "image/svg+xml": []string{"<svg>", "</svg>"}, "image/png": "aGFs\nbG8=\n"})
}

// write makes a notebook of cells below a title.
func write(t *testing.T, folder, name string, cells ...object) {
	t.Helper()
	all := append([]object{{"cell_type": "markdown", "source": []string{"# 3. The title\n", "words"}, "metadata": object{}}}, cells...)
	text, err := json.Marshal(object{"nbformat": 4, "nbformat_minor": 5, "metadata": object{}, "cells": all})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".ipynb"), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// with is the table of a setting with one claim for each status given.
func with(setting, of string, statuses ...Status) Table {
	table := Table{Setting: setting}
	for _, s := range statuses {
		c := Claim{Text: string(s), Predicted: "1", Measured: "1", Status: s}
		if of != "" {
			c.Of = []string{of}
		}
		table.Claims = append(table.Claims, c)
	}
	return table
}

func TestStates(t *testing.T) {
	folder := t.TempDir()
	table := claims(t, with("quick", "Theorem 1", AsPredicted))
	failure := object{"output_type": "error", "ename": "x", "evalue": "y", "traceback": []string{}}
	wrong := display(object{"text/html": `<div class="gonb-atf-error">no</div>`})
	old := display(object{"text/html": "<table>", "text/plain": "claim"})
	for name, c := range map[string]struct {
		cells []object
		want  State
	}{
		"01_ready":     {[]object{code("f()", 1, picture("a")), code(claimsCode, 2, table)}, Ready},
		"02_not_run":   {[]object{code("f()", nil), code(claimsCode, nil)}, NotRun},
		"03_older":     {[]object{code(claimsCode, 1, old)}, OlderVersion},
		"04_failed":    {[]object{code(claimsCode, 1, table), code("g()", 2, failure)}, Broken},
		"05_half":      {[]object{code(claimsCode, 1, table), code("g()", nil)}, Broken},
		"06_one_table": {[]object{code(claimsCode, 1, table), code(claimsCode, 2, old)}, Broken},
		"07_wrong":     {[]object{code("f()", 1, wrong), code(claimsCode, 2, table)}, Broken},
	} {
		write(t, folder, name, c.cells...)
		n, err := ReadNotebook(filepath.Join(folder, name+".ipynb"))
		if err != nil {
			t.Fatal(err)
		}
		if n.State != c.want || n.Title != "The title" || n.Name != name {
			t.Errorf("%s: %q, title %q, name %q", name, n.State, n.Title, n.Name)
		}
		if ready := c.want == Ready; ready != (len(n.Tables) == 1) || ready != (len(n.Figures) == 1) {
			t.Errorf("%s: %d tables, %d figures", name, len(n.Tables), len(n.Figures))
		}
	}
}

// A table counts as text, as the kernel sends it, and as an object.
func TestTableAsObject(t *testing.T) {
	folder := t.TempDir()
	text, err := with("paper", "", AsPredicted).Encode()
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "01_object", code(claimsCode, 1, display(object{MIME: json.RawMessage(text)})))
	n, err := ReadNotebook(filepath.Join(folder, "01_object.ipynb"))
	if err != nil || n.State != Ready || n.Setting() != "paper" {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestReport(t *testing.T) {
	folder, results := t.TempDir(), t.TempDir()
	write(t, folder, "00_start", code("f()", 1))
	write(t, folder, Page, code(claimsCode, 1, claims(t, with("quick", "figure 1", Unexpected))))
	write(t, folder, "01_a", code(claimsCode, 1, picture("Old"), claims(t, with("paper", "Theorem 1", AsPredicted))))
	write(t, folder, "02_b", code("f()", 1, picture("Map, seed 1"), picture("Map, seed 1: the parts")),
		code(claimsCode, 2, claims(t, with("paper", "Theorem 1", AsPredicted, KnownMiss)), claims(t, with("paper", "", NotDecided))))
	write(t, folder, "03_c", code(claimsCode, nil))
	// The run: 01 anew, 02 from other code, 03 that failed, and one that is not in the folder.
	write(t, results, "01_a", code(claimsCode, 1, picture("New"), claims(t, with("quick", "eq. (2)", AsPredicted))))
	write(t, results, "02_b", code("g()", 1), code(claimsCode, 2, claims(t, with("quick", "eq. (3)", AsPredicted))))
	write(t, results, "03_c", code(claimsCode, nil))
	write(t, results, "04_gone", code(claimsCode, 1, claims(t, with("quick", "eq. (4)", AsPredicted))))

	r, err := ReadFrom(folder, results)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range r.Notebooks {
		got = append(got, strings.Join([]string{n.Name, n.Setting(), n.File, string(n.State), n.Note}, "|"))
	}
	want := []string{
		"01_a|quick|out/|ready|",
		"02_b|paper|as committed|ready|the results in out/ are of a version with other code",
		"03_c||as committed|not run|in out/: not run",
	}
	if !slices.Equal(got, want) {
		t.Errorf("notebooks are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	rows, err := r.Rows("Theorem 1")
	if err != nil || len(rows) != 2 || rows[1].Notebook.Name != "02_b" || rows[1].Table.Setting != "paper" || rows[1].Status != KnownMiss {
		t.Errorf("rows are %+v, %v", rows, err)
	}
	if n := len(r.Besides()); n != 1 {
		t.Errorf("%d claims beyond the paper", n)
	}
	if c := r.Count(); c[AsPredicted] != 2 || c[KnownMiss] != 1 || c[NotDecided] != 1 || c[Unexpected] != 0 {
		t.Errorf("counts are %v", c)
	}
	var open []string
	for _, item := range r.Uncovered() {
		open = append(open, item.Name)
	}
	if slices.Contains(open, "Theorem 1") || slices.Contains(open, "eq. (2)") || slices.Contains(open, "eq. (1)") || !slices.Contains(open, "eq. (3)") || !slices.Contains(open, "figure 1") {
		t.Errorf("open items are %q", open)
	}
	if r.Complete() || r.AtPaperSetting() {
		t.Error("a notebook that was not run is not missed")
	}
	for title, want := range map[string]string{"Map, seed 1": "Map, seed 1", "Map, seed 1:": "Map, seed 1: the parts"} {
		if f, err := r.Figure("02_b", title); err != nil || f.Title != want || f.SVG != "<svg></svg>" || string(f.PNG) != "hallo" || f.Notebook.Setting() != "paper" {
			t.Errorf("figure %q is %+v, %v", title, f, err)
		}
	}
	if f, err := r.Figure("03_c", "any"); f != nil || err != nil {
		t.Errorf("a notebook that was not run: %v, %v", f, err)
	}
	for _, c := range []struct{ notebook, title, want string }{
		{"02_b", "Map", "2 figures"}, {"02_b", "None", `the titles are "Map, seed 1", "Map, seed 1: the parts"`},
		{"01_a", "Old", `the titles are "New"`}, {"05_x", "Map", "there are 01_a, 02_b, 03_c"},
	} {
		if _, err := r.Figure(c.notebook, c.title); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("figure %s of %s: %v, want %q", c.title, c.notebook, err, c.want)
		}
	}
	if _, err := r.Rows("Theorem 9"); err == nil {
		t.Error("rows of an unknown item")
	}
	// Without the failed notebook all is there, though not with one setting.
	r.Notebooks = r.Notebooks[:2]
	if !r.Complete() || r.AtPaperSetting() {
		t.Error("complete, but with quick settings")
	}
}

func TestReadRefuses(t *testing.T) {
	if _, err := ReadFrom(t.TempDir(), ""); err == nil || !strings.Contains(err.Error(), "no notebook with a table of claims") {
		t.Errorf("an empty folder: %v", err)
	}
	for text, want := range map[string]string{
		"":               "is not a notebook",
		`{"nbformat":3}`: "format 3",
		`{"nbformat":4,"cells":[{"cell_type":"code","execution_count":1,"source":"charts.Claims().Show()","outputs":[{"output_type":"display_data","data":{"` + MIME + `":"{}"}}]}]}`: "cell 1: reproduction: a table of claims of version 0",
		`{"nbformat":4,"cells":[{"cell_type":"code","execution_count":1,"source":"f()","outputs":[{"output_type":"display_data","data":{"image/png":"%%"}}]}]}`:                       "base64",
		`{"nbformat":4,"cells":[{"cell_type":"code","execution_count":1,"source":"f()","outputs":[{"output_type":"display_data","data":{"image/svg+xml":{"a":1}}}]}]}`:                "no text",
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "01_a.ipynb")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFrom(folder, ""); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v, want %q and the path", text, err, want)
		}
	}
	if _, err := ReadNotebook(filepath.Join(t.TempDir(), "none.ipynb")); err == nil {
		t.Error("a missing file is read")
	}
}

// The notebooks of this repository can be read, whatever their state.
func TestReadOwnNotebooks(t *testing.T) {
	r, err := ReadFrom("../../notebooks", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notebooks) < 8 || r.Notebooks[0].Name != "01_tangent_features" || r.Notebooks[0].Title != "Tangent features" {
		t.Errorf("%d notebooks, the first %+v", len(r.Notebooks), r.Notebooks[0])
	}
}
