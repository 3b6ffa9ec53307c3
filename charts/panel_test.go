package charts

import (
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// browser stands for a front end: what a panel hears and what it is sent.
type browser struct {
	mu      sync.Mutex
	says    chan string
	sent    []map[protocol.MIMEType]any
	markups []string
	scripts []string
	killed  int
}

// inBrowser stands for a notebook whose front end has widgets.
func inBrowser(t *testing.T) *browser {
	t.Helper()
	t.Setenv("ATF_SETTING", "")
	b := &browser{says: make(chan string, 16)}
	oldSend, oldIn, oldFront, oldSelf := send, inNotebook, frontEnd, interruptSelf
	t.Cleanup(func() { send, inNotebook, frontEnd, interruptSelf = oldSend, oldIn, oldFront, oldSelf })
	inNotebook = func() bool { return true }
	locked := func(f func()) { b.mu.Lock(); defer b.mu.Unlock(); f() }
	send = func(data map[protocol.MIMEType]any, _ string) { locked(func() { b.sent = append(b.sent, data) }) }
	frontEnd.listen = func(string) <-chan string { return b.says }
	frontEnd.markup = func(_, html string) { locked(func() { b.markups = append(b.markups, html) }) }
	frontEnd.script = func(js string) { locked(func() { b.scripts = append(b.scripts, js) }) }
	interruptSelf = func() { b.killed++ }
	return b
}

// last is the text of the figure that the panel left.
func (b *browser) last() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sent[len(b.sent)-1][protocol.MIMETextPlain].(string)
}

// waits until something has come, at most ten seconds.
func (b *browser) waits(t *testing.T, there func() bool) {
	t.Helper()
	for range 1000 {
		b.mu.Lock()
		is := there()
		b.mu.Unlock()
		if is {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the panel did not answer")
}

// showing runs a panel and gives what it ended with.
func showing(t *testing.T, e *Explorer) <-chan error {
	t.Helper()
	end := make(chan error, 1)
	go func() { end <- e.Show() }()
	return end
}

func ends(t *testing.T, end <-chan error) {
	t.Helper()
	select {
	case err := <-end:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the panel did not end")
	}
}

func panel() *Explorer {
	return Explore(drawSetting).LogSlider("λ", 0.01, 10, 0.1).Select("penalty", "squared", "absolute").Button("again")
}

// A panel that nobody touches ends by itself, and says so.
func TestPanelGoesOnByItself(t *testing.T) {
	b := inBrowser(t)
	b.says <- "ready"
	begun := time.Now()
	ends(t, showing(t, panel().Patience(time.Second)))
	if d := time.Since(begun); d < time.Second {
		t.Errorf("it waited %v", d)
	}
	for _, want := range []string{"λ = 0.1, penalty: squared", "nobody touched the controls for 1 s"} {
		if !strings.Contains(b.last(), want) {
			t.Errorf("%q does not say %q", b.last(), want)
		}
	}
}

// A panel that was touched stays until Done, and ends with what was set.
func TestPanelStaysForWhoTouchesIt(t *testing.T) {
	b := inBrowser(t)
	for _, what := range []string{"ready", "touch"} {
		b.says <- what
	}
	end := showing(t, panel().Patience(time.Second))
	select {
	case <-end:
		t.Fatal("it ended although it was touched")
	case <-time.After(1500 * time.Millisecond):
	}
	for _, what := range []string{"0 75", "1 1", "2 1", "nonsense", "0 101", "1 7", "9 1", "0 x"} {
		b.says <- what
	}
	b.waits(t, func() bool {
		return slices.ContainsFunc(b.scripts, func(js string) bool { return strings.Contains(js, "gonbAtfUpdate") })
	})
	b.says <- "done"
	ends(t, end)
	if want := "λ = 1.78, penalty: absolute, again pressed 1×"; !strings.Contains(b.last(), want) || strings.Contains(b.last(), "nobody") {
		t.Errorf("%q does not say %q", b.last(), want)
	}
	if b.killed > 0 {
		t.Error("it was interrupted")
	}
}

// The kernel's stop button ends the panel with the setting it shows and the
// cell as interrupted, also while it draws.
func TestPanelInterrupted(t *testing.T) {
	for name, slow := range map[string]bool{"at rest": false, "while it draws": true} {
		t.Run(name, func(t *testing.T) {
			b := inBrowser(t)
			release := make(chan struct{})
			defer close(release)
			drawing := make(chan struct{}, 1)
			e := Explore(func(s Setting) (Part, error) {
				if slow && s.Number("λ") != 0.1 {
					drawing <- struct{}{}
					<-release
				}
				return drawSetting(s)
			}).LogSlider("λ", 0.01, 10, 0.1).Select("penalty", "squared")
			b.says <- "ready"
			b.says <- "0 75"
			end := showing(t, e)
			if slow {
				<-drawing
			} else {
				b.waits(t, func() bool {
					return slices.ContainsFunc(b.scripts, func(js string) bool { return strings.Contains(js, "gonbAtfUpdate") })
				})
				time.Sleep(100 * time.Millisecond)
			}
			if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			ends(t, end)
			want := "λ = 1.78, penalty: squared (interrupted)."
			if slow {
				want = "λ = 0.1, penalty: squared (interrupted)."
			}
			if !strings.Contains(b.last(), want) || b.killed != 1 {
				t.Errorf("%q does not say %q, or the cell was not interrupted (%d)", b.last(), want, b.killed)
			}
			if n := strings.Count(strings.Join(b.markups, "")+b.last(), "(interrupted)"); n != 1 {
				t.Errorf("the cell says so %d times", n)
			}
		})
	}
}

// What cannot be drawn is said beside the controls, and the panel lives on.
func TestPanelSaysErrors(t *testing.T) {
	b := inBrowser(t)
	b.says <- "ready"
	end := showing(t, Explore(func(s Setting) (Part, error) {
		if s.Number("n") > 5 {
			return nil, os.ErrInvalid
		}
		return Lines().Add("y", ramp(5), ramp(5)), nil
	}).Slider("n", 0, 10, 1))
	b.says <- "0 90"
	b.waits(t, func() bool {
		return slices.ContainsFunc(b.scripts, func(js string) bool { return strings.Contains(js, "invalid argument") })
	})
	b.says <- "done"
	ends(t, end)
	if !strings.Contains(b.last(), "n = 1.") {
		t.Errorf("the figure that was left says %q", b.last())
	}
}

func TestPatience(t *testing.T) {
	fails(t, panel().Patience(0).Show, "1 s at least")
}
