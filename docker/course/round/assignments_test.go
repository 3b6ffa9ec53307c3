package round

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/tangentfeatures/gonb-atf/docker/course/answer"
	"github.com/tangentfeatures/gonb-atf/docker/course/assignments"
	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/judge"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
)

// Every assignment of the course by the grader as it is: the teacher's answers have
// all points, the untouched copy none, and for each part a wrong but plausible answer
// loses its points and leaves the other parts' programs byte for byte as they were.
func TestAssignmentsOfTheCourse(t *testing.T) {
	if len(assignments.All()) == 0 {
		t.Fatal("there are no assignments")
	}
	for _, a := range assignments.All() {
		t.Run(a.Name, func(t *testing.T) { tryAssignment(t, a) })
	}
}

func tryAssignment(t *testing.T, a exam.Assignment) {
	raw, err := os.ReadFile(filepath.Join("../../../notebooks/assignments", a.Name+".ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	nb, err := notebook.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	released, err := notebook.Released(raw)
	if err != nil {
		t.Fatal(err)
	}
	if problems := released.Problems(); len(problems) > 0 {
		t.Errorf("the students' copy: %v", problems)
	}
	teacher, err := answer.NewTeacher(nb, released, a)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	shop, err := judge.NewWorkshop(ctx, judge.Options{Checkout: "../../..", Packages: teacher.Imports(), NoIsolation: true})
	if err != nil {
		t.Fatal(err)
	}
	defer shop.Close()
	right, untouched := map[string]string{}, map[string]string{}
	for _, c := range released.Cells {
		if c.Grade != nil && c.Grade.Solution {
			untouched[c.Grade.ID] = c.Source
		}
	}
	programs := map[string]map[string]string{}
	for _, p := range a.Parts {
		right[p.ID] = teacher.Solution(p.ID)
	}
	for _, p := range a.Parts {
		program, err := teacher.Program(p, right)
		if err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		programs[p.ID] = program.Files
		if v := shop.Part(ctx, teacher, p, right, 21); v.Status != judge.Passed || v.Points != p.Points {
			t.Errorf("%s: the teacher's answer: %s %s %s", p.ID, v.Status, v.Reason, v.Private)
		}
		if v := shop.Part(ctx, teacher, p, untouched, 21); v.Status != judge.NotAttempted || v.Points != 0 {
			t.Errorf("%s: the untouched copy: %+v", p.ID, v)
		}
		source, err := os.ReadFile(filepath.Join("../assignments/testdata/wrong", a.Name, p.ID+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if v := shop.Part(ctx, teacher, p, replaced(right, p.ID, string(source)), 21); v.Status != judge.Wrong || v.Points != 0 {
			t.Errorf("%s: the wrong answer: %s with %v points: %s %s", p.ID, v.Status, v.Points, v.Reason, v.Private)
		}
	}
	for _, p := range a.Parts {
		source, err := os.ReadFile(filepath.Join("../assignments/testdata/wrong", a.Name, p.ID+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range a.Parts {
			if other.ID == p.ID {
				continue
			}
			program, err := teacher.Program(other, replaced(right, p.ID, string(source)))
			if err != nil || !maps.Equal(program.Files, programs[other.ID]) {
				t.Errorf("a wrong %s changes the program of %s: %v", p.ID, other.ID, err)
			}
		}
	}
}

func replaced(answers map[string]string, id, source string) map[string]string {
	all := maps.Clone(answers)
	all[id] = source
	return all
}
