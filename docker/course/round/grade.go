package round

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/answer"
	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/judge"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
	"github.com/tangentfeatures/gonb-atf/docker/course/report"
)

// Options of a round.
type Options struct {
	Checkout    string
	Assignment  exam.Assignment
	Teacher     []byte // the teacher's notebook
	Folder      string // of submissions
	Seed        uint64
	Due         time.Time // zero: none
	Jobs        int       // submissions at a time
	NoIsolation bool
	Log         io.Writer // a line for each submission
}

// Grade judges every submission in the folder. Before, the teacher's own answers
// must have all points: a part where they have not is for review in every
// submission.
func Grade(ctx context.Context, o Options) (*report.Round, error) {
	if err := o.Assignment.Validate(); err != nil {
		return nil, err
	}
	students, err := Collect(o.Folder, o.Assignment.Name)
	if err != nil {
		return nil, err
	}
	if students, err = names(o.Folder, students); err != nil {
		return nil, err
	}
	nb, err := notebook.Parse(o.Teacher)
	if err != nil {
		return nil, err
	}
	released, err := notebook.Released(o.Teacher)
	if err != nil {
		return nil, err
	}
	teacher, err := answer.NewTeacher(nb, released, o.Assignment)
	if err != nil {
		return nil, err
	}
	hand := map[string]float64{}
	ids := []string{}
	for _, c := range nb.Cells {
		if c.Grade != nil && c.Grade.Solution {
			ids = append(ids, c.Grade.ID)
			if c.Grade.Grade {
				hand[c.Grade.ID] = c.Grade.Points
			}
		}
	}
	if err := byHand(o.Folder, students, hand); err != nil {
		return nil, err
	}
	shop, err := judge.NewWorkshop(ctx, judge.Options{Checkout: o.Checkout, Packages: teacher.Imports(), NoIsolation: o.NoIsolation})
	if err != nil {
		return nil, err
	}
	defer shop.Close()
	r := &report.Round{Assignment: o.Assignment.Name, Graded: time.Now().UTC(), Seed: o.Seed, Isolation: string(shop.Box.Isolation),
		Go: shop.GoBuild, Grader: own(), Teacher: hash(o.Teacher)}
	if !o.Due.IsZero() {
		r.Due = o.Due.UTC().Format("2006-01-02 15:04:05")
	}
	for _, points := range hand {
		r.ByHand += points
	}
	own := map[string]string{}
	for _, p := range o.Assignment.Parts {
		own[p.ID] = teacher.Solution(p.ID)
	}
	broken := map[string]string{}
	for _, p := range o.Assignment.Parts {
		if v := shop.Part(ctx, teacher, p, own, o.Seed); v.Status != judge.Passed {
			broken[p.ID] = fmt.Sprintf("the teacher's own answer: %s: %s %s", v.Status, v.Reason, v.Private)
			fmt.Fprintf(o.Log, "NOT GRADED: part %s: %s\n", p.ID, broken[p.ID])
		}
	}
	queue := make(chan int)
	var wait sync.WaitGroup
	var log sync.Mutex
	for range max(1, o.Jobs) {
		wait.Go(func() {
			for i := range queue {
				s := &students[i]
				submission(ctx, shop, teacher, o, ids, broken, s)
				s.Late = !o.Due.IsZero() && s.Handed.After(o.Due)
				log.Lock()
				fmt.Fprintf(o.Log, "%s: %v points %s\n", s.ID, s.Score(), s.Problem)
				log.Unlock()
			}
		})
	}
	for i := range students {
		queue <- i
	}
	close(queue)
	wait.Wait()
	r.Students = students
	return r, ctx.Err()
}

// submission judges every part of one.
func submission(ctx context.Context, shop *judge.Workshop, teacher *answer.Teacher, o Options, ids []string, broken map[string]string, s *report.Student) {
	read(o.Folder, s, ids)
	for _, p := range o.Assignment.Parts {
		v := judge.Verdict{Part: p.ID, Most: p.Points, Status: judge.Absent, Reason: s.Problem}
		if why, ok := broken[p.ID]; ok {
			v.Status, v.Reason, v.Private = judge.Review, "the grader itself failed here: your lecturer will look at it", why
		} else if s.Problem == "" {
			v = shop.Part(ctx, teacher, p, maps.Clone(s.Answers), o.Seed)
		}
		s.Parts = append(s.Parts, v)
	}
}

// Reviews lists what a person must look at.
func Reviews(r *report.Round) []string {
	var list []string
	for _, s := range r.Students {
		for _, v := range s.Parts {
			if v.Status == judge.Review {
				list = append(list, s.ID+": "+v.Part)
			}
		}
	}
	slices.Sort(list)
	return list
}

func hash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// own is the hash of the program that grades.
func own() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown: " + err.Error()
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "unknown: " + err.Error()
	}
	return hash(raw)
}
