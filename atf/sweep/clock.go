package sweep

import (
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// clock reports how far a sweep is and estimates the time left.
type clock struct {
	progress    progress.Func
	start       time.Time
	cost        []float64
	left, spent float64 // cost of the runs not done, and of those done since start
	done, total int
}

func (s Sweep[S, R]) newClock(results []Result[S, R]) *clock {
	c := &clock{progress: s.progress, start: time.Now(), total: len(results), cost: make([]float64, len(results))}
	for i, r := range results {
		c.cost[i] = 1
		if s.cost != nil {
			c.cost[i] = s.cost(r.Settings)
		}
		switch {
		case r.Done:
			c.done++
		case r.Err == nil:
			c.left += c.cost[i]
		}
	}
	if c.left > 0 {
		c.send(false)
	}
	return c
}

// ended notes that a run has ended, whether its result is there or not.
func (c *clock) ended(i int, done bool) {
	c.left -= c.cost[i]
	c.spent += c.cost[i]
	if done {
		c.done++
	}
	c.send(false)
}

// close sends the last report of a sweep that did not do everything.
func (c *clock) close() {
	if c.done < c.total {
		c.send(true)
	}
}

func (c *clock) send(ended bool) {
	r := progress.Report{Task: "sweep", Done: c.done, Total: c.total, Ended: ended}
	if c.spent > 0 {
		r.Measure, r.Value = "seconds left", time.Since(c.start).Seconds()*max(c.left, 0)/c.spent
	}
	c.progress.Send(r)
}
