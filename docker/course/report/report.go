// Package report writes what a round of grading found: tables for the gradebook, a
// record for the lecturer, a page for each student, and notebooks that nbgrader
// imports.
package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/judge"
)

// Round is one run of the grader over a folder of submissions.
type Round struct {
	Assignment string    `json:"assignment"`
	Due        string    `json:"due,omitempty"`
	Graded     time.Time `json:"graded"`
	Seed       uint64    `json:"seed"`
	Isolation  string    `json:"isolation"`
	Go         string    `json:"go"`
	Grader     string    `json:"grader_sha256"`   // of the grader's program
	Teacher    string    `json:"notebook_sha256"` // of the teacher's notebook
	ByHand     float64   `json:"points_by_hand"`  // of cells that a person grades
	Students   []Student `json:"students"`
}

// Student is one submission.
type Student struct {
	ID         string            `json:"student_id"`
	LastName   string            `json:"last_name"`
	FirstName  string            `json:"first_name"`
	Email      string            `json:"email"`
	File       string            `json:"file"`
	SHA256     string            `json:"sha256"`
	Handed     time.Time         `json:"timestamp"`
	Late       bool              `json:"late"`
	Problem    string            `json:"problem,omitempty"` // why the file could not be read
	Warnings   []string          `json:"warnings,omitempty"`
	Parts      []judge.Verdict   `json:"parts"`
	Answers    map[string]string `json:"-"` // by grade_id
	HandPoints float64           `json:"points_given_by_hand"`
	HandOpen   []string          `json:"still_to_grade_by_hand,omitempty"`
}

// Score of a student: what the checks and a person gave.
func (s Student) Score() float64 {
	sum := s.HandPoints
	for _, v := range s.Parts {
		sum += v.Points
	}
	return sum
}

// MaxScore of the assignment, with the parts graded by hand.
func (r Round) MaxScore() float64 {
	most := r.ByHand
	if len(r.Students) > 0 {
		for _, v := range r.Students[0].Parts {
			most += v.Most
		}
	}
	return most
}

// Write leaves all reports in a folder.
func (r Round) Write(folder string) error {
	if err := os.MkdirAll(filepath.Join(folder, "feedback"), 0o755); err != nil {
		return err
	}
	record, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	errs := []error{
		os.WriteFile(filepath.Join(folder, "record.json"), append(record, '\n'), 0o600),
		writeCSV(filepath.Join(folder, "grades.csv"), r.grades()),
		writeCSV(filepath.Join(folder, "parts.csv"), r.parts()),
	}
	for _, s := range r.Students {
		page, err := r.feedback(s)
		errs = append(errs, err, os.WriteFile(filepath.Join(folder, "feedback", s.ID+".html"), page, 0o644))
	}
	return errors.Join(errs...)
}

// grades is the table that nbgrader's export has too.
func (r Round) grades() [][]string {
	rows := [][]string{{"assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
		"raw_score", "late_submission_penalty", "score", "max_score"}}
	for _, s := range r.Students {
		score := number(s.Score())
		rows = append(rows, []string{r.Assignment, r.Due, s.Handed.UTC().Format("2006-01-02 15:04:05"), s.ID,
			s.LastName, s.FirstName, s.Email, score, "0", score, number(r.MaxScore())})
	}
	return rows
}

func (r Round) parts() [][]string {
	rows := [][]string{{"student_id", "part", "points", "max_points", "status", "reason", "isolation"}}
	for _, s := range r.Students {
		for _, v := range s.Parts {
			rows = append(rows, []string{s.ID, v.Part, number(v.Points), number(v.Most), string(v.Status), v.Reason, r.Isolation})
		}
	}
	return rows
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// writeCSV quotes as RFC 4180 says. A cell that a spreadsheet would take for a
// formula gets an apostrophe before it.
func writeCSV(path string, rows [][]string) error {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			if cell != "" && (cell[0] == '=' || cell[0] == '+' || cell[0] == '@' || cell[0] == '-' || cell[0] == '\t' || cell[0] == '\r') {
				cell = "'" + cell
			}
			safe[i] = cell
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("report: %s: %w", path, err)
	}
	return os.WriteFile(path, out.Bytes(), 0o600)
}
