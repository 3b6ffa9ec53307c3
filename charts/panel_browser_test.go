package charts

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// panelPage shows a panel of two sliders, a choice and a button in a page that
// stands for a notebook: what the controls send is noted in the body. script runs
// after the panel's own.
func panelPage(t *testing.T, width int, patience time.Duration, script string) string {
	t.Helper()
	chromium(t)
	e := panel().Slider("radius", 0, 5, 2).Patience(patience)
	b := &controlBank{e: e, id: "row"}
	page := filepath.Join(t.TempDir(), "page.html")
	writeFile(t, page, `<!DOCTYPE html><html><head><meta charset=utf-8></head><body style="margin:0"><div data-gonb-atf="fig">figure</div>`+b.markup()+`<script>
var body = document.body, sent = [];
function note(name, value) { body.setAttribute('data-' + name, value); }
globalThis.gonb_comm = { send: function (address, what) { sent.push(address + ' ' + what); note('sent', sent.join('; ')); } };
function of(at) { return document.querySelector('[data-control="' + at + '"]'); }
`+b.script("/at", "fig")+`
`+script+`</script></body></html>`)
	dom, problems := browse(t, "file://"+page, "--virtual-time-budget=6000", fmt.Sprintf("--window-size=%d,800", width))
	if len(problems) > 0 {
		t.Error(problems)
	}
	return dom
}

// The countdown runs, and says when it is over; nothing is sent but that the
// panel is ready.
func TestBrowserPanelCountsDown(t *testing.T) {
	t.Parallel()
	dom := panelPage(t, 1000, 3*time.Second, `
var said = document.getElementById('row-note');
note('first', said.textContent);
setTimeout(function () { note('later', said.textContent); }, 1500);
setTimeout(function () { note('end', said.textContent); of(0).dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })); }, 3500);`)
	wantNotes(t, dom, `first="goes on with these settings in 3 s, unless touched"`, `later="goes on with these settings in 2 s, unless touched"`, `end=""`, `sent="/at ready"`)
}

// The first touch, of the controls or of the figure, stops the countdown; a
// pointer that rests while the page moves below it does not.
func TestBrowserPanelTouched(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event   string
		touched bool
	}{
		"a slider is pressed": {`of(0).dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));`, true},
		"a key":               {`of(0).dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'ArrowRight' }));`, true},
		"the pointer moves":   {`of(0).dispatchEvent(new PointerEvent('pointermove', { bubbles: true, movementX: 3, movementY: 1 }));`, true},
		"the figure":          {`document.querySelector('[data-gonb-atf]').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));`, true},
		"a resting pointer":   {`of(0).dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));`, false},
		"the page elsewhere":  {`body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dom := panelPage(t, 1000, 5*time.Second, c.event+c.event+`
setTimeout(function () { note('says', document.getElementById('row-note').textContent); }, 2500);`)
			if c.touched {
				wantNotes(t, dom, `says="the cell runs until Done is pressed"`, `sent="/at ready; /at touch"`)
			} else {
				wantNotes(t, dom, `says="goes on with these settings in 3 s, unless touched"`, `sent="/at ready"`)
			}
		})
	}
}

// Every control tells its new state, once, and a slider shows its value.
func TestBrowserPanelControls(t *testing.T) {
	t.Parallel()
	dom := panelPage(t, 1000, 5*time.Second, `
function set(at, value) { of(at).value = value; ['input', 'change'].forEach(function (kind) { of(at).dispatchEvent(new Event(kind, { bubbles: true })); }); }
set(0, 75); set(1, 1); of(2).click(); of('done').click();
note('value', document.getElementById('row-value-0').textContent);
note('spoken', of(0).getAttribute('aria-valuetext'));`)
	wantNotes(t, dom, `value="1.78"`, `spoken="1.78"`, `sent="/at ready; /at 0 75; /at 1 1; /at 2 1; /at done"`)
}

// Sliders are as wide as the panel allows.
func TestBrowserPanelWidth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ window, least, most int }{{1280, 300, 800}, {768, 300, 760}, {320, 300, 320}} {
		t.Run(fmt.Sprint(c.window), func(t *testing.T) {
			t.Parallel()
			// A headless window is 500 px wide at least: the page is made narrower.
			dom := panelPage(t, max(c.window, 500), 5*time.Second, fmt.Sprintf(`body.style.width = '%dpx';
[0, 3].forEach(function (at) { note('wide' + at, Math.round(of(at).getBoundingClientRect().width)); });
note('over', document.getElementById('row').scrollWidth - document.getElementById('row').clientWidth);`, c.window))
			for _, at := range []string{"0", "3"} {
				found := regexp.MustCompile(`data-wide` + at + `="(\d+)"`).FindStringSubmatch(dom)
				var wide int
				if found == nil {
					t.Fatal("no slider")
				}
				if _, err := fmt.Sscan(found[1], &wide); err != nil || wide < c.least || wide > c.most {
					t.Errorf("slider %s is %d px wide, want %d to %d", at, wide, c.least, c.most)
				}
			}
			if !strings.Contains(dom, `data-over="0"`) {
				t.Error("the panel is wider than the page")
			}
		})
	}
}
