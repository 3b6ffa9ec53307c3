package charts

import (
	"fmt"
	"os"
	"os/signal"
	"time"
)

// ending is how a live panel came to its end.
type ending int

const (
	pressed     ending = iota // Done
	untouched                 // nobody touched it in time
	interrupted               // by the kernel
)

// why is added to the words about the last setting.
func (e ending) why(x *Explorer) string {
	switch e {
	case untouched:
		return fmt.Sprintf(" (the default; nobody touched the controls for %.0f s: run the cell again to move them)", x.patience.Seconds())
	case interrupted:
		return " (interrupted)"
	}
	return ""
}

// redrawn is what drawing a setting came to.
type redrawn struct {
	sheet *sheet
	err   error
}

// run follows the controls until the panel ends, and gives the last figure that
// could be drawn. Drawing may take long, so it does not keep an interrupt waiting:
// GoNB kills a cell that does not end within some seconds.
func (b *controlBank) run(figure string, last *sheet, now *Setting) (*sheet, ending) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	wait := time.NewTimer(b.e.patience)
	defer wait.Stop()
	var drawing chan redrawn // nil while nothing is drawn
	stale := false           // the controls moved since drawing began
	at := now.clone()        // what the last figure shows
	var next Setting         // what is drawn
	start := func() {
		stale, next, drawing = false, now.clone(), make(chan redrawn, 1)
		go func(s Setting, to chan<- redrawn) {
			sheet, err := b.e.part(s)
			to <- redrawn{sheet, err}
		}(next, drawing)
	}
	done := false
	for {
		select {
		case what := <-b.heard:
			wait.Stop()
			pressedDone, moved := b.take(what, now)
			done, stale = done || pressedDone, stale || moved
		case d := <-drawing:
			drawing = nil
			if d.err == nil {
				d.err = b.redraw(figure, d.sheet)
			}
			if d.err != nil {
				b.say(d.err.Error())
			} else {
				last, at = d.sheet, next
			}
		case <-wait.C:
			return last, untouched
		case <-interrupts:
			*now = at
			return last, interrupted
		}
		switch {
		case drawing != nil: // only the latest setting is worth drawing next
		case done && !stale:
			*now = at
			return last, pressed
		case stale && len(b.heard) == 0:
			start()
		}
	}
}

// interruptSelf ends the process as the signal would have, so that the kernel
// reports an interrupted cell. Tests replace it.
var interruptSelf = func() {
	signal.Reset(os.Interrupt)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(os.Interrupt) == nil {
		time.Sleep(time.Second) // the signal is on its way
	}
	os.Exit(130)
}
