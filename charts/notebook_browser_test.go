package charts

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
)

// output is a notebook's record of one displayed message.
type output struct {
	OutputType string         `json:"output_type"`
	Data       map[string]any `json:"data"`
	Metadata   struct{}       `json:"metadata"`
}

// outputsOf are the outputs of a cell that shows figures.
func outputsOf(t *testing.T, parts ...Part) []output {
	t.Helper()
	outputs := []output{}
	for _, p := range parts {
		m, err := message(p.sheet())
		if err != nil {
			t.Fatal(err)
		}
		o := output{OutputType: "display_data", Data: map[string]any{}}
		for mime, v := range m {
			o.Data[string(mime)] = v // bytes become base64, as in a notebook
		}
		outputs = append(outputs, o)
	}
	return outputs
}

// notebookWith writes a notebook whose cells hold figures as outputs.
func notebookWith(t *testing.T, path string, cells ...[]Part) {
	t.Helper()
	var out []any
	for i, parts := range cells {
		out = append(out, map[string]any{"cell_type": "code", "execution_count": i + 1, "metadata": map[string]any{}, "source": "x", "outputs": outputsOf(t, parts...)})
	}
	raw, err := json.Marshal(map[string]any{"cells": out, "nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{
		"kernelspec": map[string]any{"name": "python3", "display_name": "Python 3", "language": "python"}}})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, string(raw))
}

// interpreter is the Python a script begins with.
func interpreter(script string) string {
	raw, _ := os.ReadFile(script)
	first, _, _ := strings.Cut(string(raw), "\n")
	if fields := strings.Fields(strings.TrimPrefix(first, "#!")); strings.HasPrefix(first, "#!") && len(fields) > 0 && strings.Contains(fields[0], "python") {
		return fields[0]
	}
	return "python3"
}

// stopServer lets the server end its kernels, which are in process groups of
// their own and would go on writing into the folder; then it insists.
func stopServer(cmd *exec.Cmd) {
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
	}
}

// The classic Notebook has RequireJS, serves the library from nbextensions,
// and cleans the HTML of notebooks it does not trust.
func TestBrowserClassicNotebook(t *testing.T) {
	needECharts(t)
	chromium(t)
	server, err := exec.LookPath("jupyter-notebook")
	if err != nil {
		t.Skip("no jupyter-notebook on this machine: the classic Notebook was not tested (docker/lab installs it)")
	}
	version, err := exec.Command(server, "--version").Output()
	if err != nil || !strings.HasPrefix(string(version), "6.") {
		t.Skipf("jupyter-notebook is %q, not the classic Notebook 6", strings.TrimSpace(string(version)))
	}
	t.Parallel()
	dir := t.TempDir()
	env := append(os.Environ(), "JUPYTER_CONFIG_DIR="+dir+"/config", "JUPYTER_DATA_DIR="+dir+"/data", "JUPYTER_RUNTIME_DIR="+dir+"/runtime",
		"IPYTHONDIR="+dir+"/ipython", "HOME="+dir)
	copyECharts(t, filepath.Join(dir, "data", "nbextensions", render.EChartsFile))
	line := Lines().Add("a", ramp(4), ramp(4))
	for _, name := range []string{"trusted", "untrusted"} {
		// Two figures in one cell, and one of them in another.
		notebookWith(t, filepath.Join(dir, name+".ipynb"), []Part{sample(), line}, []Part{line})
	}
	trust := exec.Command(interpreter(server), "-c", "from nbformat.sign import TrustNotebookApp; TrustNotebookApp.launch_instance()",
		filepath.Join(dir, "trusted.ipynb"))
	trust.Env = env
	if out, err := trust.CombinedOutput(); err != nil {
		t.Skipf("no way to trust a notebook: %v: %s", err, tail(out, 300))
	}
	port := freePort(t)
	cmd := exec.Command(server, "--no-browser", "--allow-root", "--ip=127.0.0.1", fmt.Sprintf("--port=%d", port), "--NotebookApp.token=atf",
		"--NotebookApp.password=", "--NotebookApp.notebook_dir="+dir)
	cmd.Env, cmd.Dir = env, dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer stopServer(cmd)
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	for start := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		if resp, err := http.Get(base + "/api?token=atf"); err == nil {
			resp.Body.Close()
			break
		}
		if time.Since(start) > 60*time.Second {
			t.Fatal("the notebook server did not start")
		}
	}
	for name, want := range map[string]int{"trusted": 3, "untrusted": 0} {
		dom, problems := browse(t, base+"/notebooks/"+name+".ipynb?token=atf", "--virtual-time-budget=20000")
		if got := canvases(dom); got != want {
			t.Errorf("%s: %d canvases, want %d", name, got, want)
		}
		if pictures := strings.Count(dom, "data:image/svg+xml"); want == 0 && pictures != 3 {
			t.Errorf("%s: %d pictures, want 3", name, pictures)
		}
		for _, p := range problems {
			// Without a network the page's own extras may fail; ours must not.
			if strings.Contains(p, "gonb") || strings.Contains(strings.ToLower(p), "mismatched") || strings.Contains(p, "echarts") {
				t.Errorf("%s: %s", name, p)
			}
		}
	}
}

// A live panel hands new data to the chart that stands there.
func TestBrowserRedraw(t *testing.T) {
	needECharts(t)
	chromium(t)
	t.Parallel()
	markup := htmlOf(t, Lines().Add("a", ramp(3), ramp(3)))
	_, rest, _ := strings.Cut(markup, `data-gonb-atf="`)
	id, _, _ := strings.Cut(rest, `"`)
	js, err := redrawScript(id, Compose(Kernels().Add("K", testKernel(20)), Lines().Add("b", ramp(7), ramp(7))).sheet())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copyECharts(t, filepath.Join(dir, "echarts-"+EChartsVersion+".min.js"))
	page := filepath.Join(dir, "page.html")
	writeFile(t, page, "<!DOCTYPE html><html><head><meta charset=utf-8></head><body>"+markup+`<script>
(function wait() {
  var root = document.querySelector('[data-gonb-atf]');
  if (!root.gonbAtfUpdate) return setTimeout(wait, 50);
  `+js+`
  var s = root.gonbAtfChart.getOption().series;
  document.body.setAttribute('data-series', s.length + ' ' + s[s.length - 1].name + ' ' + s[s.length - 1].data.length);
})();</script></body></html>`)
	dom, problems := browse(t, "file://"+page, "--virtual-time-budget=4000")
	if len(problems) > 0 || !strings.Contains(dom, `data-series="2 b 7"`) || canvases(dom) != 1 {
		t.Errorf("the chart did not take the new data: %d canvases, %v", canvases(dom), problems)
	}
}
