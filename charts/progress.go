package charts

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/atf/tangent"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// Progress makes a bar for long work: pass the result to whatever takes a
// progress function (training, solving, kernels, downloads, sweeps). In a
// notebook it is one line with a bar, the rate and the time left, which stays
// in the saved notebook as one line with the final state; on a terminal, plain
// lines; silent in tests and where nobody watches.
//
// A `var` is computed again in every later cell, and its bar is drawn again:
// keep the result of long work by atf.Keep.
func Progress() tangent.Progress { return NewBar().Report }

// Bar is a progress bar. It may be used by several works one after the other;
// each task gets a line of its own.
type Bar struct {
	mu    sync.Mutex
	every time.Duration // between two drawings, at least
	ends  time.Duration // between the last states of two runs, at least
	now   func() time.Time
	draw  func(id, html, text string, final bool)

	task    string
	id      string
	run     int
	first   tangent.Report
	start   time.Time
	last    tangent.Report
	at      time.Time // of the last report
	drawn   time.Time
	pending *time.Timer
	clean   bool // the last report is drawn
	ended   bool // as one line, the final state
}

// openBars are those that draw, so that a figure shown after the work finds their
// last state drawn: a cell's process may end before a waiting one is.
var openBars struct {
	sync.Mutex
	list []*Bar
}

func flushBars() {
	openBars.Lock()
	list := slices.Clone(openBars.list)
	openBars.Unlock()
	for _, b := range list {
		b.flush()
	}
}

// NewBar makes a bar whose Report is a progress function.
func NewBar() *Bar {
	b := &Bar{now: time.Now, clean: true}
	switch {
	case inNotebook():
		b.every, b.ends, b.draw = 200*time.Millisecond, 25*time.Millisecond, drawInNotebook
	case strings.HasSuffix(filepath.Base(os.Args[0]), ".test"):
	case isTerminal(os.Stderr):
		b.every, b.ends, b.draw = 2*time.Second, 2*time.Second, func(_, _, text string, _ bool) { fmt.Fprintln(os.Stderr, text) }
	}
	if b.draw != nil {
		openBars.Lock()
		openBars.list = append(openBars.list, b)
		openBars.Unlock()
	}
	return b
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func drawInNotebook(id, html, text string, final bool) {
	if !gonbui.IsNotebook {
		return
	}
	gonbui.SendData(&protocol.DisplayData{DisplayID: id,
		Data: map[protocol.MIMEType]any{protocol.MIMETextHTML: html, protocol.MIMETextPlain: text}})
	if final {
		gonbui.Sync()
	}
}

// Report takes the next state of the work.
func (b *Bar) Report(r tangent.Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.draw == nil {
		return
	}
	now := b.now()
	if r.Task != b.task || b.id == "" {
		b.finish()
		b.task, b.id, b.run = r.Task, "gonb-atf-bar-"+gonbui.UniqueId(), 1
		b.first, b.start, b.drawn = r, now, time.Time{}
	} else if r.Done < b.last.Done || b.last.Ended {
		b.run++
		b.first, b.start = r, now
	}
	b.last, b.at, b.clean = r, now, false
	final := b.over()
	every := b.every
	if final { // a sweep of short runs must not flood the notebook
		every = b.ends
	}
	wait := every - now.Sub(b.drawn)
	switch {
	case wait <= 0 || final && b.run == 1:
		b.paint(final)
	case b.pending == nil:
		b.pending = time.AfterFunc(wait, b.flush)
	case final:
		b.pending.Reset(wait)
	}
}

// over is true when the work has reported its end.
func (b *Bar) over() bool {
	return b.last.Ended || b.last.Total > 0 && b.last.Done >= b.last.Total
}

// flush draws a state that still waits.
func (b *Bar) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending = nil
	if !b.clean {
		b.paint(b.over())
	}
}

// Close draws the last state of a work that ended before its total, such as a
// training that reached its loss.
func (b *Bar) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.draw != nil {
		b.finish()
		b.id = ""
	}
}

// finish keeps the last state as one line.
func (b *Bar) finish() {
	if b.pending != nil {
		b.pending.Stop()
		b.pending = nil
	}
	if b.id != "" && !(b.clean && b.ended) {
		b.paint(true)
	}
}

func (b *Bar) paint(final bool) {
	b.drawn, b.clean, b.ended = b.now(), true, final
	text := b.line(final)
	markup := fmt.Sprintf(`<div style="font-size:13px;font-variant-numeric:tabular-nums">%s</div>`, html.EscapeString(text))
	if !final && b.last.Total > 0 {
		markup = fmt.Sprintf(`<div style="font-size:13px;font-variant-numeric:tabular-nums;display:flex;align-items:center;gap:0.7em">`+
			`<span style="flex:0 0 12em;max-width:35%%;height:8px;border-radius:4px;background:rgba(128,128,128,0.3)">`+
			`<span style="display:block;width:%.1f%%;height:100%%;border-radius:4px;background:#2f86c8"></span></span>%s</div>`,
			100*b.share(), html.EscapeString(text))
	}
	b.draw(b.id, markup, text, final)
}

func (b *Bar) share() float64 {
	return min(1, max(0, float64(b.last.Done)/float64(b.last.Total)))
}

// line says the state in words.
func (b *Bar) line(final bool) string {
	r := b.last
	name := r.Task
	if name == "" {
		name = "work"
	}
	if b.run > 1 {
		name = fmt.Sprintf("%s (run %d)", name, b.run)
	}
	elapsed := b.at.Sub(b.start)
	rate := 0.0
	if steps := r.Done - b.first.Done; steps > 0 && elapsed > 0 {
		rate = float64(steps) / elapsed.Seconds()
	}
	parts := []string{}
	switch {
	case final:
		parts = append(parts, fmt.Sprintf("%s: %s%s in %s", name, count(r.Done), of(r.Total), clock(elapsed)))
	case r.Total > 0:
		parts = append(parts, fmt.Sprintf("%s: %.0f %%", name, 100*b.share()), count(r.Done)+" of "+count(r.Total))
	default:
		parts = append(parts, fmt.Sprintf("%s: %s", name, count(r.Done)))
	}
	if rate > 0 {
		parts = append(parts, perSecond(rate))
		if !final && r.Total > r.Done {
			parts = append(parts, clock(time.Duration(float64(r.Total-r.Done)/rate*float64(time.Second)))+" left")
		}
	}
	if r.Measure != "" {
		parts = append(parts, r.Measure+" "+draw.FormatNumber(r.Value, 4))
	}
	return strings.Join(parts, " · ")
}

func of(total int) string {
	if total > 0 {
		return " of " + count(total)
	}
	return ""
}

// count shortens large numbers.
func count(n int) string {
	switch {
	case n >= 10_000_000:
		return fmt.Sprintf("%.1f M", float64(n)/1e6)
	case n >= 100_000:
		return fmt.Sprintf("%.0f k", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}

func perSecond(rate float64) string {
	switch {
	case rate >= 1e4:
		return count(int(rate)) + "/s"
	case rate >= 1:
		return draw.FormatNumber(rate, 3) + "/s"
	}
	return draw.FormatNumber(60*rate, 3) + "/min"
}

// clock writes a duration as people read it.
func clock(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		s := int(d.Seconds() + 0.5)
		return fmt.Sprintf("%d:%02d min", s/60, s%60)
	}
	m := int(d.Minutes() + 0.5)
	return fmt.Sprintf("%d:%02d h", m/60, m%60)
}
