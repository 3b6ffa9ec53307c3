package charts

import (
	"path/filepath"
	"strings"
	"testing"
)

// interacting shows a figure in a page, runs a script once its chart stands
// and gives the page's DOM after it. The script has the root of the figure, its
// chart, the canvas and note(name, value), which sets an attribute of the body.
func interacting(t *testing.T, p Part, script string) string {
	t.Helper()
	needECharts(t)
	dir := t.TempDir()
	copyECharts(t, filepath.Join(dir, "echarts-"+EChartsVersion+".min.js"))
	page := filepath.Join(dir, "page.html")
	writeFile(t, page, `<!DOCTYPE html><html><head><meta charset=utf-8></head><body style="background:#fff">`+htmlOf(t, p)+`<script>
function note(name, value) { document.body.setAttribute('data-' + name, value); }
(function wait(tries) {
  var root = document.querySelector('[data-gonb-atf]'), chart = root.gonbAtfChart;
  if (!chart) { if (tries) setTimeout(function () { wait(tries - 1); }, 50); return; }
  setTimeout(function () { var canvas = root.querySelector('canvas'); `+script+` }, 100);
})(80);
</script></body></html>`)
	dom, problems := browse(t, "file://"+page, "--virtual-time-budget=8000")
	if len(problems) > 0 {
		t.Error(problems)
	}
	return dom
}

func wantNotes(t *testing.T, dom string, notes ...string) {
	t.Helper()
	body := dom[strings.Index(dom, "<body"):]
	body = body[:strings.Index(body, ">")]
	for _, n := range notes {
		if !strings.Contains(body, "data-"+n) {
			t.Errorf("the page does not say %s: %s", n, body)
		}
	}
}

// The plain wheel belongs to the page, Ctrl and the wheel zoom the plot, and a
// double click takes the zoom back.
func TestBrowserWheel(t *testing.T) {
	t.Parallel()
	dom := interacting(t, Lines().Add("a", ramp(20), ramp(20)), `
    var box = canvas.getBoundingClientRect();
    function send(kind, type, ctrl) {
      return canvas.dispatchEvent(new kind(type, { bubbles: true, cancelable: true, deltaY: -120, wheelDeltaY: 120, ctrlKey: ctrl,
        clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));
    }
    function zoomed() { return chart.getOption().dataZoom.some(function (z) { return z.start > 0 || z.end < 100; }); }
    note('plain', send(WheelEvent, 'wheel', false));
    note('legacy', send(WheelEvent, 'mousewheel', false));
    setTimeout(function () {
      note('still', !zoomed());
      note('ctrl', send(WheelEvent, 'mousewheel', true));
      setTimeout(function () {
        note('zoomed', zoomed());
        send(MouseEvent, 'mousedown'); send(MouseEvent, 'mouseup'); send(MouseEvent, 'dblclick');
        setTimeout(function () { note('back', !zoomed()); }, 300);
      }, 300);
    }, 300);`)
	wantNotes(t, dom, `plain="true"`, `legacy="true"`, `still="true"`, `ctrl="false"`, `zoomed="true"`, `back="true"`)
}

// The chart follows a page that turns dark after it was drawn, however it does.
func TestBrowserDarkLater(t *testing.T) {
	t.Parallel()
	for name, turn := range map[string]string{
		"a style of the body": `document.body.style.background = '#111';`,
		"a style sheet":       `var s = document.createElement('style'); s.textContent = 'body { background: #111 !important }'; document.head.appendChild(s);`,
		"a class of the page": `var s = document.createElement('style'); s.textContent = '.night body { background: #111 !important }'; document.head.appendChild(s); setTimeout(function () { document.documentElement.className = 'night'; }, 1500);`,
		"a slow fade to it": `document.body.style.transition = 'background 100s'; document.body.style.background = '#111';
      setTimeout(function () { note('fading', document.body.getAnimations().length); document.body.getAnimations().forEach(function (a) { a.finish(); }); }, 500);`,
		"and to light once more": `document.body.style.background = '#111'; setTimeout(function () { document.body.style.background = '#fff'; note('end', 'light'); }, 1500);`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dom := interacting(t, Lines().Add("a", ramp(4), ramp(4)).Title("Words in the colour of ink"), turn+`
    setTimeout(function () {
      var d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height / 10).data, light = 0;
      for (var i = 0; i < d.length; i += 4) if (d[i + 3] > 200 && d[i] > 200 && d[i + 1] > 200 && d[i + 2] > 200) light++;
      note('words', light > 0 ? 'light' : 'dark');
    }, 3500);`)
			want := `words="light"`
			if strings.Contains(turn, "'end', 'light'") {
				want = `words="dark"`
			}
			wantNotes(t, dom, want)
		})
	}
}
