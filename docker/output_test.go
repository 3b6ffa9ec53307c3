package docker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// exportedPage is what execute.py makes of a notebook with one printed text.
func exportedPage(t *testing.T, printed string) string {
	t.Helper()
	script := `import sys, execute, nbformat.v4 as v4
cell = v4.new_code_cell("%%", outputs=[v4.new_output("stream", name="stdout", text=sys.argv[1])])
print(execute.to_html(v4.new_notebook(cells=[cell]), "page"))`
	name := os.Getenv("ATF_PYTHON")
	if name == "" {
		name = "python3"
	}
	if exec.Command(name, "-c", "import nbconvert, nbclient").Run() != nil {
		t.Skip("no Python with nbconvert on this machine: how exported text breaks was not tested")
	}
	out, err := exec.Command(name, "-c", script, printed).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr)
	}
	return string(out)
}

// Long lines of printed text scroll on a page that is narrower; they do not
// break, and do not widen the page.
func TestBrowserLongLines(t *testing.T) {
	if testing.Short() {
		t.Skip("browser tests are left out of -short")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no Chromium on this machine (Debian: apt-get install chromium)")
	}
	long := strings.Repeat("twenty letters or so ", 12)
	page := exportedPage(t, long+"\nshort\n")
	// The tools of the page itself come from the network, which is not there.
	page = regexp.MustCompile(`(?s)<script[^>]*>.*?</script>`).ReplaceAllString(page, "")
	for _, frame := range []int{390, 768, 1280} {
		dir := t.TempDir()
		save := func(name, text string) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			return path
		}
		save("inner.html", page)
		outer := save("outer.html", fmt.Sprintf(`<body style="margin:0"><iframe src="inner.html" style="border:0;width:%dpx;height:600px"></iframe><script>
window.onload = function () {
  var d = document.querySelector('iframe').contentDocument, p = d.querySelector('.jp-RenderedText pre'), e = d.scrollingElement;
  document.body.setAttribute('data-seen', [p.scrollWidth, p.clientWidth, p.clientHeight / parseFloat(d.defaultView.getComputedStyle(p).lineHeight), e.scrollWidth - e.clientWidth].join(' '));
};</script>`, frame))
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		dom, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir="+filepath.Join(dir, "profile"),
			"--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files", "--window-size=1400,900", "--virtual-time-budget=4000", "--dump-dom", "file://"+outer).Output()
		if err != nil {
			t.Fatal(err)
		}
		var whole, seen, rows, beyond float64
		m := regexp.MustCompile(`data-seen="([^"]*)"`).FindSubmatch(dom)
		if m == nil {
			t.Fatalf("%d: the page tells nothing", frame)
		}
		if _, err := fmt.Sscan(string(m[1]), &whole, &seen, &rows, &beyond); err != nil {
			t.Fatalf("%d: %v: %s", frame, err, m[1])
		}
		if !(whole > seen) || seen < float64(frame)/2 || rows < 1.5 || rows > 4.5 || beyond > 0 {
			t.Errorf("%d pixels: text %g wide in %g, %.1f lines for two, the page %g too wide", frame, whole, seen, rows, beyond)
		}
	}
}
