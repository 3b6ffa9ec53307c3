// Command course makes the students' copies of assignments and grades what comes
// back. `./docker/lab assignment make` and `./docker/lab grade` call it; README tells
// a lecturer how.
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/assignments"
	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/internal/warmup"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
	"github.com/tangentfeatures/gonb-atf/docker/course/round"
)

const usage = `usage: course [-checkout DIR] make NAME [-o FILE]
       course [-checkout DIR] grade [options] NAME FOLDER

make   writes the students' copy of notebooks/assignments/NAME.ipynb
       (default: out/assignments/NAME.ipynb)
grade  grades FOLDER/ID.ipynb, FOLDER/ID/NAME.ipynb or FOLDER/ID/NAME/NAME.ipynb
  -o DIR          the reports (default: out/grades/NAME)
  -seed N         of the random inputs, to repeat a round (default: drawn)
  -due TIME       such as 2026-12-01T18:00:00+01:00: later ones are marked
  -jobs N         submissions at a time (default: one for each core)
  -nbgrader DIR   also notebooks that nbgrader autograde --no-execute takes
  -no-isolation   grade where programs cannot be isolated: only what you trust

NAME is an assignment, or warmup, a small one to try all this with`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "course:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	checkout := "."
	if len(arguments) > 1 && arguments[0] == "-checkout" {
		checkout, arguments = arguments[1], arguments[2:]
	}
	if len(arguments) == 0 {
		return errors.New(usage)
	}
	switch command := arguments[0]; command {
	case "make":
		return makeCopy(checkout, arguments[1:])
	case "grade":
		return grade(ctx, checkout, arguments[1:])
	default:
		return fmt.Errorf("there is no command %q\n%s", command, usage)
	}
}

// teacher finds an assignment and its teacher's notebook.
func teacher(checkout, name string) (exam.Assignment, []byte, error) {
	if name == "warmup" {
		return warmup.Assignment(), warmup.Notebook, nil
	}
	a, err := assignments.Find(name)
	if err != nil {
		return a, nil, err
	}
	raw, err := os.ReadFile(filepath.Join(checkout, "notebooks", "assignments", name+".ipynb"))
	return a, raw, err
}

// parse reads options that may stand before and between the other arguments.
func parse(flags *flag.FlagSet, arguments []string, count int, names string) ([]string, error) {
	var plain []string
	for len(arguments) > 0 {
		if err := flags.Parse(arguments); err != nil {
			return nil, err
		}
		if arguments = flags.Args(); len(arguments) > 0 {
			plain, arguments = append(plain, arguments[0]), arguments[1:]
		}
	}
	if len(plain) != count {
		return nil, fmt.Errorf("%s takes %s, got %q\n%s", flags.Name(), names, plain, usage)
	}
	return plain, nil
}

func makeCopy(checkout string, arguments []string) error {
	flags := flag.NewFlagSet("make", flag.ContinueOnError)
	out := flags.String("o", "", "")
	plain, err := parse(flags, arguments, 1, "one name")
	if err != nil {
		return err
	}
	name := plain[0]
	_, raw, err := teacher(checkout, name)
	if err != nil {
		return err
	}
	nb, err := notebook.Released(raw)
	if err != nil {
		return err
	}
	text, err := nb.Bytes()
	if err != nil {
		return err
	}
	path := *out
	if path == "" {
		path = filepath.Join(checkout, "out", "assignments", name+".ipynb")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	fmt.Println("the students' copy:", path)
	return nil
}

func grade(ctx context.Context, checkout string, arguments []string) error {
	flags := flag.NewFlagSet("grade", flag.ContinueOnError)
	out := flags.String("o", "", "")
	seed := flags.Uint64("seed", drawn(), "")
	due := flags.String("due", "", "")
	jobs := flags.Int("jobs", max(1, runtime.NumCPU()), "")
	export := flags.String("nbgrader", "", "")
	noIsolation := flags.Bool("no-isolation", false, "")
	plain, err := parse(flags, arguments, 2, "the assignment's name and the folder of submissions")
	if err != nil {
		return err
	}
	o := round.Options{Checkout: checkout, Folder: plain[1], Seed: *seed, Jobs: *jobs, NoIsolation: *noIsolation, Log: os.Stdout}
	if o.Assignment, o.Teacher, err = teacher(checkout, plain[0]); err != nil {
		return err
	}
	if *due != "" {
		if o.Due, err = time.Parse(time.RFC3339, *due); err != nil {
			return fmt.Errorf("-due: %w", err)
		}
	}
	if *jobs < 1 {
		return fmt.Errorf("-jobs %d: at least one submission at a time", *jobs)
	}
	r, err := round.Grade(ctx, o)
	if err != nil {
		return err
	}
	folder := *out
	if folder == "" {
		folder = filepath.Join(checkout, "out", "grades", plain[0])
	}
	if err := r.Write(folder); err != nil {
		return err
	}
	if *export != "" {
		if err := r.Export(*export, o.Teacher); err != nil {
			return err
		}
	}
	fmt.Printf("%d submissions, seed %d, isolation: %s; the reports are in %s\n", len(r.Students), r.Seed, r.Isolation, folder)
	var open []string
	for _, s := range r.Students {
		if len(s.HandOpen) > 0 && s.Problem == "" {
			open = append(open, s.ID)
		}
	}
	if len(open) > 0 {
		fmt.Printf("answers to read by hand: %s (give points in %s)\n", strings.Join(open, ", "), filepath.Join(o.Folder, "hand.csv"))
	}
	if reviews := round.Reviews(r); len(reviews) > 0 {
		slices.Sort(reviews)
		return fmt.Errorf("the grader itself failed at %s: record.json says why; no points were taken for that by a decision", strings.Join(reviews, ", "))
	}
	return nil
}

// drawn gives a seed that nobody knows before the round.
func drawn() uint64 {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err)
	}
	return binary.LittleEndian.Uint64(b[:]) >> 12 // short enough to type
}
