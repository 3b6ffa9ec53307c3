package progress

import "time"

// Patience is how long work may go on without a report: whoever waits longer is
// told what is being done.
const Patience = 2 * time.Second

// Silence measures how long work has gone on without a report.
type Silence struct {
	Now   func() time.Time // the clock
	since time.Time
}

// NewSilence begins to measure now.
func NewSilence() *Silence {
	s := &Silence{Now: time.Now}
	s.Break()
	return s
}

// Break notes that something was reported.
func (s *Silence) Break() { s.since = s.Now() }

// Long says whether nothing was reported for as long as Patience; then something
// is to be reported now, which it notes.
func (s *Silence) Long() bool {
	now := s.Now()
	if now.Sub(s.since) < Patience {
		return false
	}
	s.since = now
	return true
}
