package report

import (
	"os"
	"path/filepath"

	"github.com/tangentfeatures/gonb-atf/docker/course/judge"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
)

// Export writes one notebook per student below folder, as nbgrader lays out what
// was submitted: the student's copy with the student's answers, and an error as the
// output of each test cell whose part has no points. `nbgrader autograde
// --no-execute` takes these outputs as verdicts.
func (r Round) Export(folder string, teacher []byte) error {
	for _, s := range r.Students {
		nb, err := notebook.Released(teacher)
		if err != nil {
			return err
		}
		verdicts := map[string]judge.Verdict{}
		for _, v := range s.Parts {
			verdicts[v.Part+"-test"] = v
		}
		for _, c := range nb.Cells {
			if c.Grade == nil {
				continue
			}
			if source, ok := s.Answers[c.Grade.ID]; ok && c.Grade.Solution {
				c.Source = source
			}
			if v, ok := verdicts[c.Grade.ID]; ok && v.Points < v.Most {
				c.Fail(string(v.Status), v.Reason)
			}
		}
		raw, err := nb.Bytes()
		if err != nil {
			return err
		}
		place := filepath.Join(folder, s.ID, r.Assignment)
		if err := os.MkdirAll(place, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(place, r.Assignment+".ipynb"), raw, 0o644); err != nil {
			return err
		}
		stamp := s.Handed.UTC().Format("2006-01-02 15:04:05 UTC")
		if err := os.WriteFile(filepath.Join(place, "timestamp.txt"), []byte(stamp), 0o644); err != nil {
			return err
		}
	}
	return nil
}
