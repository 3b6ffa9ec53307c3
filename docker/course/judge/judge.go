package judge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/answer"
	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/sandbox"
	"github.com/tangentfeatures/gonb-atf/docker/course/wire"
)

// Status is what came of a part.
type Status string

// All that can come of a part. A part has its points when it Passed, none
// otherwise; Review means that the grader itself failed and a person must look.
const (
	Passed       Status = "passed"
	Wrong        Status = "wrong"
	NotAttempted Status = "not attempted"
	Absent       Status = "missing"
	Refused      Status = "forbidden"
	NoCompile    Status = "does not compile"
	Crashed      Status = "crashed"
	TimedOut     Status = "timed out"
	NoMemory     Status = "out of memory"
	Review       Status = "grader's own error"
)

// Verdict on one part.
type Verdict struct {
	Part     string         `json:"part"`
	Points   float64        `json:"points"`
	Most     float64        `json:"max_points"`
	Status   Status         `json:"status"`
	Reason   string         `json:"reason"`  // for the student
	Private  string         `json:"private"` // for the lecturer: may hold values
	Warnings []string       `json:"warnings,omitempty"`
	Checks   []CheckVerdict `json:"checks"`
}

// CheckVerdict on one check of a part.
type CheckVerdict struct {
	Name   string `json:"name"`
	Result string `json:"result"` // "holds", "fails" or "not run"
	Hint   string `json:"hint,omitempty"`
}

// Part judges the student's answers for one part.
func (w *Workshop) Part(ctx context.Context, t *answer.Teacher, p exam.Part, answers map[string]string, seed uint64) Verdict {
	v := Verdict{Part: p.ID, Most: p.Points}
	for _, c := range p.Checks {
		v.Checks = append(v.Checks, CheckVerdict{Name: c.Name, Result: "not run"})
	}
	program, err := t.Program(p, answers)
	switch {
	case errors.Is(err, answer.ErrNotAttempted):
		return v.end(NotAttempted, err.Error())
	case errors.As(err, new(answer.Missing)):
		return v.end(Absent, err.Error())
	case errors.As(err, new(answer.Forbidden)):
		return v.end(Refused, err.Error())
	case errors.As(err, new(answer.NoGo)):
		return v.end(NoCompile, err.Error())
	case err != nil:
		return v.review(err)
	}
	v.Warnings = program.Warnings
	folder, binary, end, err := w.build(ctx, program)
	if folder != "" {
		defer os.RemoveAll(folder)
	}
	switch {
	case err != nil:
		return v.review(err)
	case end.TimedOut:
		return v.end(TimedOut, "the compiler did not come to an end")
	case end.NoMemory:
		return v.end(NoMemory, "the compiler ran out of memory")
	case !end.OK && strings.HasPrefix(end.Text, "launch:"):
		return v.review(fmt.Errorf("judge: %s", end.Text))
	case !end.OK:
		v.Private = end.Text
		return v.end(NoCompile, compilerSays(end.Text, folder))
	}
	return w.run(ctx, p, v, binary, seed)
}

// run starts the program and has the checks decide on its values.
func (w *Workshop) run(ctx context.Context, p exam.Part, v Verdict, binary string, seed uint64) Verdict {
	seconds := p.Seconds
	if seconds == 0 {
		seconds = exam.DefaultSeconds
	}
	limits := runLimits
	limits.Wall = time.Duration(seconds) * time.Second
	limits.CPU = uint64(seconds) + 1
	callsOut, callsIn, err := os.Pipe()
	if err != nil {
		return v.review(err)
	}
	answersOut, answersIn, err := os.Pipe()
	if err != nil {
		return v.review(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ended struct {
		end sandbox.Ending
		err error
	}
	done := make(chan ended, 1)
	go func() {
		end, err := w.Box.Run(ctx, sandbox.Job{Program: binary, Limits: limits, Input: callsOut, Answer: answersIn})
		// What waits for the program on this side learns that it has gone.
		answersIn.Close()
		callsOut.Close()
		answersOut.SetReadDeadline(time.Now().Add(time.Second))
		callsIn.SetWriteDeadline(time.Now())
		done <- ended{end, err}
	}()
	client := wire.NewClient(callsIn, answersOut)
	var failure error
	wrong := 0
	for i, c := range p.Checks {
		err := try(c, exam.NewTrial(seed, p.ID, c.Name, client))
		if err == nil {
			v.Checks[i].Result = "holds"
			continue
		}
		v.Private += fmt.Sprintf("%s: %v\n", c.Name, err)
		if !exam.IsWrong(err) {
			failure = err
			break
		}
		wrong++
		v.Checks[i].Result, v.Checks[i].Hint = "fails", c.Hint
	}
	gone := errors.Is(failure, wire.ErrGone)
	callsIn.Close()
	if !gone {
		cancel() // it has answered: how it ends decides nothing
	}
	e := <-done
	answersOut.Close()
	switch {
	case e.err != nil:
		return v.review(e.err)
	case gone && strings.HasPrefix(e.end.Text, "launch:"):
		return v.review(fmt.Errorf("judge: %s", e.end.Text))
	case gone && e.end.Flooded:
		return v.end(Crashed, "it printed too much and was ended")
	case gone && e.end.TimedOut:
		return v.end(TimedOut, fmt.Sprintf("it did not answer within %d seconds", seconds))
	case gone && e.end.NoMemory:
		return v.end(NoMemory, "it asked for more memory than an answer may have")
	case gone:
		v.Private += e.end.How + "\n" + e.end.Text
		return v.end(Crashed, panicSays(e.end.Text))
	case failure != nil:
		return v.review(failure)
	case wrong > 0:
		return v.end(Wrong, fmt.Sprintf("%d of %d checks do not hold", wrong, len(p.Checks)))
	}
	v.Points = p.Points
	return v.end(Passed, "all checks hold")
}

// try runs a check; a panic of the check is the check's own fault.
func try(c exam.Check, t *exam.Trial) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("judge: the check panicked: %v", r)
		}
	}()
	return c.Run(t)
}

func (v Verdict) end(s Status, reason string) Verdict {
	v.Status, v.Reason = s, reason
	return v
}

func (v Verdict) review(err error) Verdict {
	v.Private += err.Error()
	return v.end(Review, "the grader itself failed here: your lecturer will look at it")
}

var place = regexp.MustCompile(`^(?:.*/)?answer\.go:(\d+)(?::\d+)?: (.*)$`)

// compilerSays keeps what the compiler says of the student's cell, by its lines.
func compilerSays(text, folder string) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if m := place.FindStringSubmatch(line); m != nil && len(kept) < 5 {
			number, err := strconv.Atoi(m[1])
			if err != nil || number < 2 {
				continue
			}
			kept = append(kept, fmt.Sprintf("line %d: %s", number-1, strings.ReplaceAll(m[2], folder+"/", "")))
		}
	}
	if len(kept) == 0 {
		return "the function does not fit the signature of the assignment, or clashes with a name of the notebook"
	}
	return strings.Join(kept, "\n")
}

// panicSays gives the reason of a crash in one line.
func panicSays(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "runtime: goroutine stack exceeds") {
			if len(line) > 200 {
				line = strings.ToValidUTF8(line[:200], "") + "…"
			}
			return line
		}
	}
	return "the program ended before it had answered"
}
