package charts

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exported is a page as nbconvert makes it: an output is a cell of a table that
// grows with what stands in it.
const exported = `<!DOCTYPE html><html><head><meta charset=utf-8><meta name=viewport content="width=device-width"><style>
body { margin: 0; padding: 15px } .area { overflow: auto } .child { display: table; width: 100%%; box-sizing: border-box }
.prompt { display: table-cell; width: 64px; min-width: 64px } .output { display: table-cell; overflow: auto; padding: 0 10px }
</style></head><body><div class=area><div class=child><div class=prompt></div><div class=output>%s</div></div></div>%s</body></html>`

// Figures are no wider than the page, be it a telephone's, and as wide as they
// are made where there is room; the height follows. Live, the parts of a figure
// stand below one another where the page is narrow.
func TestBrowserFiguresFitThePage(t *testing.T) {
	needECharts(t)
	chromium(t)
	t.Parallel()
	const probe = `<script>
(function wait(tries) {
  var root = document.querySelector('[data-gonb-atf]');
  if (!root.gonbAtfChart && tries) return setTimeout(function () { wait(tries - 1); }, 50);
  setTimeout(function () {
    var box = root.getBoundingClientRect(), inner = (root.querySelector('canvas') || root.querySelector('img')).getBoundingClientRect(), area = document.querySelector('.area');
    document.body.setAttribute('data-size', [box.width, inner.width, inner.height, area.scrollWidth - area.clientWidth].map(Math.round).join(' '));
  }, 200);
})(300);
</script>`
	wide := Compose(Kernels().Add("A", testKernel(30)).Add("B", testKernel(30)), Lines().Add("a", ramp(4), ramp(4)))
	sc, err := wide.sheet().scene()
	if err != nil {
		t.Fatal(err)
	}
	narrow, _ := placedOn(t, wide)
	for _, live := range []bool{true, false} {
		for _, frame := range []int{390, 768, 1280} {
			t.Run(fmt.Sprintf("live %v at %d", live, frame), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				if live {
					copyECharts(t, filepath.Join(dir, "echarts-"+EChartsVersion+".min.js"))
				}
				// A window has a least width; a frame has none.
				writeFile(t, filepath.Join(dir, "inner.html"), fmt.Sprintf(exported, htmlOf(t, wide), probe))
				writeFile(t, filepath.Join(dir, "page.html"), fmt.Sprintf(`<body style="margin:0"><iframe src="inner.html" style="border:0;width:%dpx;height:800px"></iframe><script>
(function wait(tries) {
  var inner = document.querySelector('iframe').contentDocument.body, size = inner && inner.getAttribute('data-size');
  if (size) document.body.setAttribute('data-size', size); else if (tries) setTimeout(function () { wait(tries - 1); }, 100);
})(250);</script>`, frame))
				dom, _ := browse(t, "file://"+filepath.Join(dir, "page.html"), "--virtual-time-budget=26000", "--allow-file-access-from-files", "--window-size=1400,900")
				var outer, inner, height, beyond float64
				m := regexp.MustCompile(`data-size="([^"]*)"`).FindStringSubmatch(dom)
				if m == nil {
					t.Fatal("the page tells no size")
				}
				if _, err := fmt.Sscan(m[1], &outer, &inner, &height, &beyond); err != nil {
					t.Fatalf("%v: %q", err, m[1])
				}
				room := float64(frame) - 30 - 64 - 20
				want, w, h := min(room, sc.W), sc.W, sc.H
				if live && room < 600 {
					w, h = narrow.W, narrow.H
				}
				if outer < want-2 || outer > want+2 || inner < want-2 || inner > want+2 || beyond > 0 {
					t.Errorf("figure %g and picture %g wide, %g beyond the page; want %g", outer, inner, beyond, want)
				}
				if shape := height / inner; shape < h/w*0.98 || shape > h/w*1.02 {
					t.Errorf("height over width %g, want %g", shape, h/w)
				}
			})
		}
	}
}

// On paper the still picture stands, whose words are words.
func TestBrowserPrint(t *testing.T) {
	needECharts(t)
	browser := chromium(t)
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext on this machine: printing was not tested (Debian: apt-get install poppler-utils)")
	}
	t.Parallel()
	dir := t.TempDir()
	copyECharts(t, filepath.Join(dir, "echarts-"+EChartsVersion+".min.js"))
	page, paper := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	wide := Compose(Lines().Add("a", ramp(4), ramp(4)).X("leftmost"), Lines().Add("b", ramp(4), ramp(4)).X("rightmost"))
	writeFile(t, page, fmt.Sprintf(exported, htmlOf(t, wide), ""))
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--user-data-dir="+t.TempDir(), "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=5000", "--print-to-pdf="+paper, "file://"+page)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, tail(out, 2000))
	}
	if _, err := os.Stat(paper); err != nil {
		t.Fatal(err)
	}
	words, err := exec.Command(reader, paper, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"leftmost", "rightmost"} {
		if n := strings.Count(string(words), w); n != 1 {
			t.Errorf("%q stands %d times on the paper: %s", w, n, words)
		}
	}
}
