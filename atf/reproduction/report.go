package reproduction

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Page is the notebook that shows the report. It is not part of it.
const Page = "00_reproduction"

// ResultsEnv names the environment variable with the folder of the notebooks
// that a run has executed; docker/lab run sets it.
const ResultsEnv = "ATF_RESULTS"

// Report is what all notebooks found.
type Report struct {
	Notebooks []*Notebook // in the order of their names
}

// Row is a claim with the place from which it comes.
type Row struct {
	Claim
	Table    *Table
	Notebook *Notebook
}

// Made says with which setting, on which data and with how many seeds the claim
// was measured.
func (r Row) Made() string {
	text := r.Table.Setting
	for i, d := range r.Data {
		text += []string{": ", "; "}[min(i, 1)] + fmt.Sprintf("%d × %s", d.Examples, d.Name)
		if d.Source != "" && d.Source != d.Name {
			text += " (" + d.Source + ")"
		}
	}
	switch {
	case r.Seeds == 1:
		text += ", one seed"
	case r.Seeds > 1:
		text += fmt.Sprintf(", %d seeds", r.Seeds)
	}
	return text
}

// Read reads the notebooks of the working folder, which in a notebook is the
// notebooks' own, and the results of the present run in the folder $ATF_RESULTS,
// if it is set: ReadFrom says how.
func Read() (*Report, error) { return ReadFrom(".", os.Getenv(ResultsEnv)) }

// ReadFrom reads every notebook of the folder that makes claims. Where results,
// if not "", holds a notebook of the same name that ran to its end and has the
// same code, that one counts; otherwise the one in the folder does, and its Note
// says why. Other files in results are not read. It fails where there is no
// notebook with claims, and where one cannot be read.
func ReadFrom(folder, results string) (*Report, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.ipynb"))
	if err != nil {
		return nil, fmt.Errorf("reproduction: the folder %q: %w", folder, err)
	}
	slices.Sort(paths)
	r := &Report{}
	for _, path := range paths {
		if filepath.Base(path) == Page+".ipynb" {
			continue
		}
		n, err := ReadNotebook(path)
		if err != nil {
			return nil, err
		}
		if !n.claims() {
			continue
		}
		if n, err = n.newest(results); err != nil {
			return nil, err
		}
		r.Notebooks = append(r.Notebooks, n)
	}
	if len(r.Notebooks) == 0 {
		return nil, fmt.Errorf("reproduction: no notebook with a table of claims in %q: call it in the folder of the notebooks", folder)
	}
	return r, nil
}

// newest is the notebook as the present run left it, or itself.
func (n *Notebook) newest(results string) (*Notebook, error) {
	path := filepath.Join(results, n.Name+".ipynb")
	n.File = "as committed"
	if results == "" {
		return n, nil
	}
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return n, nil
	}
	made, err := ReadNotebook(path)
	if err != nil {
		return nil, err
	}
	switch {
	case made.code != n.code:
		n.Note = "the results in out/ are of a version with other code"
	case made.State != Ready:
		n.Note = "in out/: " + string(made.State)
	default:
		made.File = "out/"
		return made, nil
	}
	return n, nil
}

// all lists the claims of all notebooks that fit.
func (r *Report) all(fits func(Claim) bool) []Row {
	var rows []Row
	for _, n := range r.Notebooks {
		for i := range n.Tables {
			for _, c := range n.Tables[i].Claims {
				if fits(c) {
					rows = append(rows, Row{c, &n.Tables[i], n})
				}
			}
		}
	}
	return rows
}

// Rows lists the claims on an item of the paper, in the order of the notebooks.
// The error is that of Find.
func (r *Report) Rows(item string) ([]Row, error) {
	if _, err := Find(item); err != nil {
		return nil, err
	}
	return r.all(func(c Claim) bool { return slices.Contains(c.Of, item) }), nil
}

// Besides lists the claims that go beyond the paper: on no item of it.
func (r *Report) Besides() []Row {
	return r.all(func(c Claim) bool { return len(c.Of) == 0 })
}

// Uncovered lists the items, other than definitions, on which no notebook that
// was read has a claim.
func (r *Report) Uncovered() []Item {
	var none []Item
	for _, item := range items {
		rows := r.all(func(c Claim) bool { return slices.Contains(c.Of, item.Name) })
		if len(rows) == 0 && !item.Definition {
			none = append(none, item)
		}
	}
	return none
}

// Count counts the claims of all notebooks by their status.
func (r *Report) Count() map[Status]int { return Count(r.all(func(Claim) bool { return true })) }

// Count counts rows by their status.
func Count(rows []Row) map[Status]int {
	count := map[Status]int{}
	for _, row := range rows {
		count[row.Status]++
	}
	return count
}

// Complete is true where every notebook is Ready.
func (r *Report) Complete() bool {
	return !slices.ContainsFunc(r.Notebooks, func(n *Notebook) bool { return n.State != Ready })
}

// AtPaperSetting is true where, besides, all of them ran with the paper's.
func (r *Report) AtPaperSetting() bool {
	return r.Complete() && !slices.ContainsFunc(r.Notebooks, func(n *Notebook) bool { return n.Setting() != "paper" })
}

// Notebook gives the notebook of a name; an error that lists the names where
// there is none.
func (r *Report) Notebook(name string) (*Notebook, error) {
	var names []string
	for _, n := range r.Notebooks {
		if n.Name == name {
			return n, nil
		}
		names = append(names, n.Name)
	}
	return nil, fmt.Errorf("reproduction: no notebook %q with claims; there are %s", name, strings.Join(names, ", "))
}

// Figure gives the figure of a notebook whose title, the first line of its
// text, begins with these words; one with just these words comes before longer
// ones. It is nil, without an error, where the notebook is not Ready. An error
// says which titles there are where none fits, or more than one.
func (r *Report) Figure(notebook, title string) (*Figure, error) {
	n, err := r.Notebook(notebook)
	if err != nil || n.State != Ready {
		return nil, err
	}
	var found []*Figure
	var titles []string
	for i := range n.Figures {
		f := &n.Figures[i]
		titles = append(titles, fmt.Sprintf("%q", f.Title))
		if f.Title == title {
			return f, nil
		}
		if strings.HasPrefix(f.Title, title) {
			found = append(found, f)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return nil, fmt.Errorf("reproduction: %d figures of notebook %s have a title that begins with %q; the titles are %s",
		len(found), notebook, title, strings.Join(titles, ", "))
}
