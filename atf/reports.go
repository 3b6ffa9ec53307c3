package atf

import "github.com/tangentfeatures/gonb-atf/atf/internal/progress"

// reports are what Progress hears of one solve: every step, and the share that is
// done of whatever lasts between steps.
type reports struct {
	send    progress.Func
	silence *progress.Silence
	last    progress.Report
}

func newReports(send progress.Func) *reports {
	return &reports{send: send, silence: progress.NewSilence(), last: progress.Report{Task: "solve", Measure: "stationarity"}}
}

// step reports a step.
func (r *reports) step(done int, stationarity float64) {
	r.silence.Break()
	r.last.Done, r.last.Value = done, stationarity
	r.send.Send(r.last)
}

// phase reports the share of a piece of work between steps, where nothing was
// reported for some time.
func (r *reports) phase(what string, done, total int) {
	if r.silence.Long() {
		r.send.Send(progress.Report{Task: r.last.Task, Done: r.last.Done, Measure: what + ", share done", Value: float64(done) / float64(max(total, 1))})
	}
}

// end repeats the last step as the end.
func (r *reports) end() {
	r.last.Ended = true
	r.send.Send(r.last)
}
