package round

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/docker/course/internal/warmup"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
)

// student writes a submission: the handed-out copy with some cells changed.
func student(t *testing.T, path string, change func(nb *notebook.Notebook)) {
	t.Helper()
	nb, err := notebook.Released(warmup.Notebook)
	if err != nil {
		t.Fatal(err)
	}
	change(nb)
	raw, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

func answers(nb *notebook.Notebook, sources map[string]string) {
	for _, c := range nb.Cells {
		if c.Grade != nil && c.Grade.Solution && sources[c.Grade.ID] != "" {
			c.Source = sources[c.Grade.ID]
		}
	}
}

// The whole round: make, hand out, collect, grade, feedback, and back to nbgrader.
func TestRound(t *testing.T) {
	teacher, err := notebook.Parse(warmup.Notebook)
	if err != nil {
		t.Fatal(err)
	}
	right := map[string]string{}
	for _, c := range teacher.Cells {
		if c.Grade != nil && c.Grade.Solution {
			right[c.Grade.ID] = c.Source
		}
	}
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	student(t, at("ada.ipynb"), func(nb *notebook.Notebook) { answers(nb, right) })
	student(t, at("bob/warmup.ipynb"), func(*notebook.Notebook) {})
	student(t, at("cy/warmup/warmup.ipynb"), func(nb *notebook.Notebook) {
		answers(nb, right)
		answers(nb, map[string]string{"root": "// <script>alert(1)</script>\nfunc Root(f func(float64) float64, low, high float64) float64 { return low }"})
		for _, c := range nb.Cells { // more points for everything, and a locked cell edited
			if c.Grade != nil {
				c.Grade.Points = 1000
				if c.Grade.Locked {
					c.Source = "func square(x float64) float64 { return 0 }"
				}
			}
		}
	})
	student(t, at("dee.ipynb"), func(nb *notebook.Notebook) { // ids swapped
		answers(nb, map[string]string{"gram": right["alignment"], "alignment": right["gram"], "root": right["root"]})
	})
	student(t, at("eve.ipynb"), func(nb *notebook.Notebook) { // one cell deleted, one twice
		answers(nb, right)
		var cells []*notebook.Cell
		for _, c := range nb.Cells {
			if c.Grade == nil || c.Grade.ID != "gram" {
				cells = append(cells, c)
			}
			if c.Grade != nil && c.Grade.ID == "root" {
				cells = append(cells, c)
			}
		}
		nb.Cells = cells
	})
	// Half a gigabyte of nothing, and a link to another's work.
	huge, err := os.Create(at("fay.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if err := huge.Truncate(500 << 20); err != nil {
		t.Fatal(err)
	}
	huge.Close()
	if err := os.Symlink(at("ada.ipynb"), at("gus.ipynb")); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("students.csv", "student_id,last_name,first_name,email\nada,\"Love, lace\",=1+1,a@b\nhal,Nine,Hal,h@b\n")
	write("hand.csv", "student_id,part,points\nada,why,3.5\n")
	r, err := Grade(context.Background(), Options{Checkout: "../../..", Assignment: warmup.Assignment(), Teacher: warmup.Notebook,
		Folder: folder, Seed: 11, Jobs: 2, NoIsolation: true, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	if err := r.Write(out); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"ada": "10.5", "bob": "0", "cy": "5", "dee": "2", "eve": "5", "fay": "0", "gus": "0", "hal": "0"}
	file, err := os.Open(filepath.Join(out, "grades.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != len(want)+1 || len(rows[0]) != 11 {
		t.Fatalf("grades.csv: %v, %v", rows, err)
	}
	for _, row := range rows[1:] {
		if row[9] != want[row[3]] || row[10] != "11" {
			t.Errorf("%s has %s of %s, want %s", row[3], row[9], row[10], want[row[3]])
		}
		if row[3] == "ada" && (row[4] != "Love, lace" || row[5] != "'=1+1") {
			t.Errorf("ada's names: %q", row)
		}
	}
	page, err := os.ReadFile(filepath.Join(out, "feedback", "cy.html"))
	if err != nil || strings.Contains(string(page), "<script") || !strings.Contains(string(page), "&lt;script") || strings.Contains(string(page), "1.414") {
		t.Errorf("cy's page has a script, or the answer: %v\n%s", err, page)
	}
	var record struct {
		Isolation string
		Students  []struct {
			ID       string `json:"student_id"`
			Problem  string
			Warnings []string
		}
	}
	raw, err := os.ReadFile(filepath.Join(out, "record.json"))
	if err != nil || json.Unmarshal(raw, &record) != nil || record.Isolation == "" {
		t.Fatalf("record.json: %v", err)
	}
	for _, s := range record.Students {
		says := map[string]string{"fay": "bytes", "gus": "regular", "hal": "nothing"}[s.ID]
		if says == "" != (s.Problem == "") || !strings.Contains(s.Problem, says) {
			t.Errorf("%s: problem %q, want %q", s.ID, s.Problem, says)
		}
		if (s.ID == "eve") != (len(s.Warnings) > 0) {
			t.Errorf("%s: warnings %q", s.ID, s.Warnings)
		}
	}
	submitted := t.TempDir()
	if err := r.Export(submitted, warmup.Notebook); err != nil {
		t.Fatal(err)
	}
	nb, _, err := notebook.Open(filepath.Join(submitted, "cy", "warmup", "warmup.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := nb.Bytes()
	if err != nil || strings.Count(string(text), `"output_type": "error"`) != 1 || strings.Contains(string(text), "1000") {
		t.Errorf("cy's notebook for nbgrader: %v\n%s", err, text)
	}
}

func TestCollectNamesWhatIsNoSubmission(t *testing.T) {
	for name, path := range map[string]string{"neither": "notes.txt", "no student's id": "a b.ipynb"} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, path), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Collect(folder, "warmup"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %q", path, err, name)
		}
	}
	if _, err := Collect(t.TempDir(), "warmup"); err == nil {
		t.Error("an empty folder was taken")
	}
}
