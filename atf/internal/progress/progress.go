// Package progress is the form in which long work reports how far it is. The
// mathematics knows no screen: whoever shows something passes a Func.
package progress

// Report is one state of a long piece of work.
type Report struct {
	// Task names the work: "train", "solve", "kernel", …
	Task string
	// Done of Total steps are finished; Total is 0 when it is not known.
	Done, Total int
	// Measure names Value ("loss", "stationarity"); empty when there is none.
	Measure string
	// Value is the present state of what the work drives down.
	Value float64
	// Ended marks the last report of a work that may stop before its total, or
	// has none: it converged, stopped early, failed or was cancelled.
	Ended bool
}

// Func receives reports, one after the other, from the goroutine that works.
// It should return quickly.
type Func func(Report)

// Send calls f when there is one.
func (f Func) Send(r Report) {
	if f != nil {
		f(r)
	}
}
