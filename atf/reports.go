package atf

import (
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// quiet is how long a solve may work without a report: whoever waits longer is
// told what is being done.
const quiet = 2 * time.Second

// reports are what Progress hears of one solve: every step, and the share that is
// done of whatever lasts between steps.
type reports struct {
	send progress.Func
	now  func() time.Time
	last progress.Report
	at   time.Time
}

func newReports(send progress.Func) *reports {
	r := &reports{send: send, now: time.Now, last: progress.Report{Task: "solve", Measure: "stationarity"}}
	r.at = r.now()
	return r
}

// step reports a step.
func (r *reports) step(done int, stationarity float64) {
	r.last.Done, r.last.Value, r.at = done, stationarity, r.now()
	r.send.Send(r.last)
}

// phase reports the share of a piece of work between steps, where nothing was
// reported for some time.
func (r *reports) phase(what string, done, total int) {
	now := r.now()
	if now.Sub(r.at) < quiet {
		return
	}
	r.at = now
	r.send.Send(progress.Report{Task: r.last.Task, Done: r.last.Done, Measure: what + ", share done", Value: float64(done) / float64(max(total, 1))})
}

// end repeats the last step as the end.
func (r *reports) end() {
	r.last.Ended = true
	r.send.Send(r.last)
}
