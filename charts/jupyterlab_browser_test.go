package charts

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
)

// jupyterLab builds a page with JupyterLab's own output area, at the versions
// that testdata/jupyterlab pins, and gives its folder. What cannot be had
// without npm and a registry skips the test with the reason.
func jupyterLab(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("no npm on this machine: JupyterLab's output area was not tested (Debian: apt-get install npm)")
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "main.js"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "jupyterlab", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, name), string(raw))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("JupyterLab's output area was not tested: npm ci: %v: %s", err, tail(out, 300))
	}
	bundle := exec.CommandContext(ctx, filepath.Join(dir, "node_modules", ".bin", "esbuild"), "main.js", "--bundle", "--loader:.svg=text",
		"--outfile=bundle.js", "--log-level=error")
	bundle.Dir = dir
	if out, err := bundle.CombinedOutput(); err != nil {
		t.Fatalf("esbuild: %v: %s", err, tail(out, 3000))
	}
	return dir
}

// JupyterLab 4 draws trusted outputs as charts in its own theme, and cleans
// the HTML of outputs it does not trust: there the pictures stay.
func TestBrowserJupyterLab(t *testing.T) {
	needECharts(t)
	chromium(t)
	t.Parallel()
	dir := jupyterLab(t)
	line := Lines().Add("a", ramp(4), ramp(4))
	raw, err := json.Marshal([][]output{outputsOf(t, sample(), line), outputsOf(t, line)})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "outputs.json"), string(raw))
	writeFile(t, filepath.Join(dir, "index.html"), `<!DOCTYPE html><html><head><meta charset="utf-8">
<script id="jupyter-config-data" type="application/json">{"baseUrl": "/lab-at/"}</script></head><body><script src="bundle.js"></script></body></html>`)
	library := filepath.Join(dir, "echarts.js")
	copyECharts(t, library)
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Jupyter Server has no nbextensions; lab's configuration adds static/.
		if r.URL.Path == "/lab-at/static/"+render.EChartsFile {
			http.ServeFile(w, r, library)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	for _, c := range []struct {
		query     string
		canvases  int
		ink, kind string
	}{
		{"?trusted", 3, draw.LightColors["ink"], "trusted"},
		{"?trusted&dark", 3, draw.DarkColors["ink"], "trusted, dark"},
		{"?", 0, "", "untrusted"},
	} {
		dom, problems := browse(t, server.URL+"/index.html"+c.query, "--virtual-time-budget=15000")
		if got := canvases(dom); got != c.canvases {
			t.Errorf("%s: %d canvases, want %d", c.kind, got, c.canvases)
		}
		// The pictures of live charts are there for printing alone.
		if want := fmt.Sprintf(`data-pictures="%d"`, 3-c.canvases); !strings.Contains(dom, want) {
			t.Errorf("%s: the pictures to be seen are not %s", c.kind, want)
		}
		if !strings.Contains(dom, `data-problems="[]"`) || !strings.Contains(dom, `data-ink="`+c.ink+`"`) {
			at := strings.LastIndex(dom, "data-ink")
			t.Errorf("%s: errors of scripts, or the wrong theme: %.300s", c.kind, dom[max(at, 0):])
		}
		for _, p := range problems {
			if !strings.Contains(p, "nbextensions") { // looked for first, and not there
				t.Errorf("%s: %s", c.kind, p)
			}
		}
	}
}
