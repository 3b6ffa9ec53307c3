package charts

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
)

// chromium gives the browser, or skips with a reason the reader sees.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("browser tests are left out of -short")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium on this machine: the browser tests did not run (Debian: apt-get install chromium)")
	return ""
}

// needECharts skips where the library is not in the cache.
func needECharts(t testing.TB) string {
	t.Helper()
	if _, err := render.LoadECharts(); err != nil {
		t.Skip(err)
	}
	path, err := EChartsPath()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// browse opens a page and returns its DOM and what scripts complained of.
func browse(t *testing.T, url string, flags ...string) (dom string, problems []string) {
	t.Helper()
	browser := chromium(t)
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir(), "--enable-logging=stderr", "--v=0",
		// No network: what a page needs must come from this machine.
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--window-size=1000,1400"}, flags...)
	cmd := exec.CommandContext(ctx, browser, append(args, "--dump-dom", url)...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, tail(log.Bytes(), 2000))
	}
	for _, line := range strings.Split(log.String(), "\n") {
		if strings.Contains(line, ":CONSOLE") && regexp.MustCompile(`(?i)error|mismatched|uncaught|exception`).MatchString(line) {
			problems = append(problems, line)
		}
	}
	return out.String(), problems
}

func canvases(dom string) int { return strings.Count(dom, "<canvas") }

// sample is a small figure with a map, lines and images inside.
func sample() *ComposedFigure {
	x := []float64{1, 2, 3, 4}
	return Compose(Kernels().Add("K_ŷ", testKernel(30)), Lines().Add("a < b & \"c\" 'd'", x, x).X("t").Y("f")).Title("Sample")
}

// htmlOf is the HTML of a figure as a notebook stores it.
func htmlOf(t *testing.T, p Part) string {
	t.Helper()
	sc, err := p.sheet().scene()
	if err != nil {
		t.Fatal(err)
	}
	still, err := sc.SVG()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sc.Fragment(still)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// copyECharts puts the library where docker/lab would, beside a page on disk.
func copyECharts(t *testing.T, path string) {
	t.Helper()
	src, err := render.LoadECharts()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, string(src))
}

func TestBrowserSavedPage(t *testing.T) {
	needECharts(t)
	chromium(t)
	t.Parallel()
	path := filepath.Join(t.TempDir(), "figure.html")
	if err := sample().Save(path); err != nil {
		t.Fatal(err)
	}
	dom, problems := browse(t, "file://"+path, "--virtual-time-budget=4000")
	if canvases(dom) != 1 || len(problems) > 0 {
		t.Errorf("%d canvases, want 1; problems: %v", canvases(dom), problems)
	}
}

// amd stands for RequireJS: it refuses anonymous modules it did not ask for.
const amd = `<script>window.define = function () { throw new Error('Mismatched anonymous define() module'); }; define.amd = {};</script>`

func TestBrowserExportedPage(t *testing.T) {
	needECharts(t)
	chromium(t)
	t.Parallel()
	figure := htmlOf(t, sample())
	twice := figure + htmlOf(t, sample()) // two displays in a cell
	requireJS := findRequireJS()
	for _, c := range []struct {
		name, head, body string
		library          bool
		canvases         int
	}{
		{"plain", "", figure, true, 1},
		{"two figures and one of them again", "", twice + figure, true, 3},
		{"AMD", amd, figure, true, 1},
		{"RequireJS", requireJS, twice, true, 2},
		{"no library, no network", "", figure, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.name == "RequireJS" && requireJS == "" {
				t.Skip("no RequireJS on this machine (it comes with Debian's jupyter-notebook)")
			}
			dir := t.TempDir()
			page := filepath.Join(dir, "notebook.html")
			writeFile(t, page, "<!DOCTYPE html><html><head><meta charset=utf-8>"+c.head+"</head><body>"+c.body+"</body></html>")
			if c.library {
				copyECharts(t, filepath.Join(dir, "echarts-"+EChartsVersion+".min.js"))
			}
			dom, problems := browse(t, "file://"+page, "--virtual-time-budget=4000")
			if !c.library {
				// The browser itself reports the files it could not load.
				problems = nil
				if !strings.Contains(dom, "<img") {
					t.Error("the static picture is gone")
				}
			}
			if canvases(dom) != c.canvases || len(problems) > 0 {
				t.Errorf("%d canvases, want %d; problems: %v", canvases(dom), c.canvases, problems)
			}
		})
	}
}

func findRequireJS() string {
	for _, path := range []string{"/usr/share/javascript/requirejs/require.min.js", "/usr/share/javascript/requirejs/require.js",
		"/usr/share/nodejs/requirejs/require.js", "/usr/lib/python3/dist-packages/notebook/static/components/requirejs/require.js"} {
		if src, err := os.ReadFile(path); err == nil {
			return "<script>" + string(src) + "</script>"
		}
	}
	return ""
}

// A page must not move when the chart takes the picture's place, and the
// chart must follow the page's background.
func TestBrowserLayoutAndTheme(t *testing.T) {
	needECharts(t)
	chromium(t)
	t.Parallel()
	probe := `<p id="after">after</p><script>
var before = document.getElementById('after').getBoundingClientRect().top, tries = 0;
(function wait() {
  var c = document.querySelector('canvas');
  if (!c && tries++ < 60) return setTimeout(wait, 50);
  setTimeout(function () {
    var d = c.getContext('2d').getImageData(0, 0, c.width, c.height / 10).data, light = 0, n = 0;
    for (var i = 0; i < d.length; i += 4) if (d[i + 3] > 200 && d[i] > 200 && d[i + 1] > 200 && d[i + 2] > 200) light++; else if (d[i + 3] > 200) n++;
    document.body.setAttribute('data-moved', document.getElementById('after').getBoundingClientRect().top - before);
    document.body.setAttribute('data-light', light > 0);
  }, 100);
})();
</script>`
	for _, c := range []struct {
		name, attrs string
		width       int
		light       bool
	}{
		{"light page", `style="background:#fff"`, 1000, false},
		{"dark page", `style="background:#111"`, 1000, true},
		{"JupyterLab dark", `data-jp-theme-light="false"`, 1000, true},
		{"VS Code dark", `class="vscode-dark"`, 1000, true},
		{"narrow page", ``, 500, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			copyECharts(t, filepath.Join(dir, "echarts-"+EChartsVersion+".min.js"))
			page := filepath.Join(dir, "page.html")
			line := Lines().Add("a", []float64{1, 2, 3}, []float64{3, 1, 2}).Title("Words in the colour of ink")
			writeFile(t, page, "<!DOCTYPE html><html><head><meta charset=utf-8></head><body "+c.attrs+">"+htmlOf(t, line)+probe+"</body></html>")
			dom, problems := browse(t, "file://"+page, "--virtual-time-budget=5000", fmt.Sprintf("--window-size=%d,900", c.width))
			if len(problems) > 0 {
				t.Error(problems)
			}
			if !strings.Contains(dom, `data-moved="0"`) {
				t.Errorf("the page moved: %s", regexp.MustCompile(`data-moved="[^"]*"`).FindString(dom))
			}
			if !strings.Contains(dom, fmt.Sprintf(`data-light="%v"`, c.light)) {
				t.Errorf("light words: want %v", c.light)
			}
		})
	}
}

// freePort asks the system for a port nobody uses.
func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
