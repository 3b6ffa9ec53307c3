package charts

import (
	"strings"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/tangent"
)

type drawn struct {
	id, text string
	final    bool
}

// testBar draws into a list, on a clock of the test's own.
func testBar() (b *Bar, clock *time.Time, list *[]drawn) {
	now := time.Unix(1000, 0)
	var out []drawn
	b = &Bar{every: time.Hour, ends: time.Hour, clean: true, now: func() time.Time { return now },
		draw: func(id, _, text string, final bool) { out = append(out, drawn{id, text, final}) }}
	return b, &now, &out
}

func TestBarRateAndTimeLeft(t *testing.T) {
	b, now, list := testBar()
	b.every = 0
	for i := 1; i <= 4; i++ {
		b.Report(tangent.Report{Task: "train", Done: i, Total: 10, Measure: "loss", Value: 1 / float64(i)})
		*now = now.Add(2 * time.Second)
	}
	last := (*list)[len(*list)-1].text
	for _, want := range []string{"train: 40 %", "4 of 10", "30/min", "12 s left", "loss 0.25"} {
		if !strings.Contains(last, want) {
			t.Errorf("%q lacks %q", last, want)
		}
	}
}

func TestBarThrottlesAndKeepsTheEnd(t *testing.T) {
	b, _, list := testBar()
	for i := 1; i <= 1000; i++ {
		b.Report(tangent.Report{Task: "solve", Done: i, Total: 1000})
	}
	if n := len(*list); n != 2 {
		t.Fatalf("%d drawings, want the first and the last", n)
	}
	if end := (*list)[1]; !end.final || !strings.HasPrefix(end.text, "solve: 1000 of 1000 in") {
		t.Errorf("the end is %+v", end)
	}
}

func TestBarTasksAndRuns(t *testing.T) {
	b, _, list := testBar()
	b.Report(tangent.Report{Task: "kernel", Done: 1, Total: 3})
	b.Report(tangent.Report{Task: "kernel", Done: 2, Total: 3})
	b.Report(tangent.Report{Task: "train", Done: 1}) // ends the line of kernel
	b.Report(tangent.Report{Task: "train", Done: 2})
	b.Report(tangent.Report{Task: "train", Done: 1}) // a second run
	b.Close()
	got := *list
	if len(got) != 4 || got[0].id != got[1].id || got[2].id == got[1].id || got[3].id != got[2].id {
		t.Fatalf("drawings %+v", got)
	}
	if !got[1].final || !strings.Contains(got[1].text, "2 of 3") {
		t.Errorf("the first task's end is %+v", got[1])
	}
	if !got[3].final || !strings.Contains(got[3].text, "run 2") {
		t.Errorf("the second run's end is %+v", got[3])
	}
}

// A work without a total ends as its last report says, in the line that stays,
// also when the end comes right after another drawing.
func TestBarEnded(t *testing.T) {
	b, now, list := testBar()
	b.Report(tangent.Report{Task: "solve", Done: 1, Measure: "stationarity", Value: 1})
	*now = now.Add(3 * time.Second)
	b.Report(tangent.Report{Task: "solve", Done: 16, Measure: "stationarity", Value: 1e-7, Ended: true})
	end := (*list)[len(*list)-1]
	if !end.final || !strings.HasPrefix(end.text, "solve: 16 in 3.0 s") || !strings.HasSuffix(end.text, "stationarity 10⁻⁷") {
		t.Errorf("the end is %+v", end)
	}
	// The next solve is a run of its own, though it took more steps at once; it
	// waits its turn, and a figure shown after it does not.
	b.Report(tangent.Report{Task: "solve", Done: 20, Ended: true})
	if n := len(*list); n != 2 {
		t.Fatalf("%d drawings", n)
	}
	b.flush()
	if end := (*list)[len(*list)-1]; !end.final || !strings.HasPrefix(end.text, "solve (run 2): 20 in") {
		t.Errorf("the second end is %+v", end)
	}
}

// In tests nothing is drawn.
func TestBarIsSilentInTests(t *testing.T) {
	if NewBar().draw != nil {
		t.Error("a bar draws in a test")
	}
	Progress()(tangent.Report{Task: "x", Done: 1, Total: 1})
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{1500 * time.Millisecond: "1.5 s", 42 * time.Second: "42 s", 125 * time.Second: "2:05 min",
		3*time.Hour + 4*time.Minute: "3:04 h"} {
		if got := clock(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
