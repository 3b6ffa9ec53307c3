// Package round takes a folder of submissions through grading.
package round

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
	"github.com/tangentfeatures/gonb-atf/docker/course/report"
)

var studentID = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.@\-]*$`)

// Collect finds the submissions of an assignment in a folder: ID.ipynb,
// ID/NAME.ipynb or, as nbgrader has it, ID/NAME/NAME.ipynb. What is no submission is
// named in the error: nobody is left out in silence.
func Collect(folder, name string) ([]report.Student, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var students []report.Student
	for _, e := range entries {
		id := strings.TrimSuffix(e.Name(), ".ipynb")
		s := report.Student{ID: id}
		switch {
		case strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), ".csv"):
			continue
		case !studentID.MatchString(id):
			return nil, fmt.Errorf("round: %s: %q is no student's id (letters, digits, . _ @ -): rename it", folder, id)
		case e.IsDir():
			for _, path := range []string{filepath.Join(id, name+".ipynb"), filepath.Join(id, name, name+".ipynb")} {
				if _, err := os.Lstat(filepath.Join(folder, path)); err == nil {
					s.File = path
				}
			}
			if s.File == "" {
				s.Problem = fmt.Sprintf("there is no %s.ipynb", name)
			}
		case e.Name() != id:
			s.File = e.Name()
		default:
			return nil, fmt.Errorf("round: %s is neither a notebook nor a student's folder: take it away", filepath.Join(folder, e.Name()))
		}
		if slices.ContainsFunc(students, func(o report.Student) bool { return o.ID == id }) {
			return nil, fmt.Errorf("round: %s has two submissions in %s: keep one", id, folder)
		}
		students = append(students, s)
	}
	if len(students) == 0 {
		return nil, fmt.Errorf("round: there are no submissions in %s", folder)
	}
	return students, nil
}

// read takes the answers of a submission: the source of each cell whose grade_id
// belongs to an answer. Nothing else in the file counts.
func read(folder string, s *report.Student, answers []string) {
	if s.Problem != "" {
		return
	}
	path := filepath.Join(folder, s.File)
	info, err := os.Lstat(path)
	if err != nil {
		s.Problem = err.Error()
		return
	}
	s.Handed = info.ModTime()
	nb, raw, err := notebook.Open(path)
	if err != nil {
		s.Problem = strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), "")
		return
	}
	s.SHA256 = hash(raw)
	s.Answers = map[string]string{}
	for _, c := range nb.Cells {
		if c.Grade == nil || !slices.Contains(answers, c.Grade.ID) {
			continue
		}
		if _, twice := s.Answers[c.Grade.ID]; twice {
			s.Warnings = append(s.Warnings, fmt.Sprintf("two cells are called %s: the last one counts", c.Grade.ID))
		}
		s.Answers[c.Grade.ID] = c.Source
	}
}

// table reads a CSV file with a header into one map for each row.
func table(path string, columns ...string) ([]map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("round: %s: %w", path, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("round: %s is empty", path)
	}
	for _, c := range columns {
		if !slices.Contains(rows[0], c) {
			return nil, fmt.Errorf("round: %s has no column %s", path, c)
		}
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		entry := map[string]string{}
		for i, c := range rows[0] {
			entry[c] = row[i]
		}
		list = append(list, entry)
	}
	return list, nil
}

// names adds what students.csv in the folder says, if it is there: student_id,
// last_name, first_name, email. A student in it who handed in nothing is added.
func names(folder string, students []report.Student) ([]report.Student, error) {
	rows, err := table(filepath.Join(folder, "students.csv"), "student_id")
	if errors.Is(err, os.ErrNotExist) {
		return students, nil
	} else if err != nil {
		return nil, err
	}
	for _, row := range rows {
		i := slices.IndexFunc(students, func(s report.Student) bool { return s.ID == row["student_id"] })
		if i < 0 {
			if !studentID.MatchString(row["student_id"]) {
				return nil, fmt.Errorf("round: students.csv: %q is no student's id", row["student_id"])
			}
			students = append(students, report.Student{ID: row["student_id"], Problem: "nothing was handed in"})
			i = len(students) - 1
		}
		students[i].LastName, students[i].FirstName, students[i].Email = row["last_name"], row["first_name"], row["email"]
	}
	return students, nil
}

// byHand adds the points that a person gave, from hand.csv in the folder, if it is
// there: student_id, part, points. The parts still open are listed for each student.
func byHand(folder string, students []report.Student, most map[string]float64) error {
	given := map[[2]string]float64{}
	rows, err := table(filepath.Join(folder, "hand.csv"), "student_id", "part", "points")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, row := range rows {
		points, err := strconv.ParseFloat(row["points"], 64)
		limit, known := most[row["part"]]
		switch {
		case !known:
			return fmt.Errorf("round: hand.csv: %q is no part that is graded by hand", row["part"])
		case !slices.ContainsFunc(students, func(s report.Student) bool { return s.ID == row["student_id"] }):
			return fmt.Errorf("round: hand.csv: nobody is called %q", row["student_id"])
		case err != nil || !(points >= 0 && points <= limit):
			return fmt.Errorf("round: hand.csv: %s has %q points for %s: from 0 to %v", row["student_id"], row["points"], row["part"], limit)
		}
		given[[2]string{row["student_id"], row["part"]}] = points
	}
	for i := range students {
		for part := range most {
			if points, ok := given[[2]string{students[i].ID, part}]; ok {
				students[i].HandPoints += points
			} else {
				students[i].HandOpen = append(students[i].HandOpen, part)
			}
		}
		slices.Sort(students[i].HandOpen)
	}
	return nil
}
