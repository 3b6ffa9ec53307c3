package docker

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// shell runs a script with lab's parts read in and an empty .lab, and returns
// what it printed.
func shell(t *testing.T, lab, script string, env ...string) (string, error) {
	t.Helper()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"bin", "stamps", "log", "tmp"} {
		if err := os.MkdirAll(filepath.Join(lab, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const begin = `set -euo pipefail
for part in common go jupyter extras check; do . "$HERE/lib/$part.sh"; done
`
	cmd := exec.Command("bash", "-c", begin+script)
	cmd.Env = append(os.Environ(), "HERE="+here, "LAB="+lab, "REPO="+filepath.Dir(here), "OUT="+filepath.Join(lab, "out"), "ATF_NO_APT=1")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// needFetcher skips where lab itself would have to install curl.
func needFetcher(t *testing.T) {
	t.Helper()
	for _, name := range []string{"curl", "wget"} {
		if _, err := exec.LookPath(name); err == nil {
			return
		}
	}
	t.Skip("neither curl nor wget is on PATH")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// toolchain is a .tar.gz with a program go/bin/go in it.
func toolchain(t *testing.T) []byte {
	t.Helper()
	var raw bytes.Buffer
	zip := gzip.NewWriter(&raw)
	archive := tar.NewWriter(zip)
	program := []byte("#!/bin/sh\necho go1.26.8\n")
	if err := archive.WriteHeader(&tar.Header{Name: "go/bin/go", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write(program); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return raw.Bytes()
}

func TestFetchGo(t *testing.T) {
	needFetcher(t)
	if runtime.GOOS != "linux" || (runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64") {
		t.Skip("lab fetches Go for Linux on amd64 and arm64 only")
	}
	good := toolchain(t)
	name := fmt.Sprintf("go1.26.8.linux-%s.tar.gz", runtime.GOARCH)
	sum := fmt.Sprintf("%x", sha256.Sum256(good))
	// The file before it has another checksum, as in the real list.
	list := `[{"version":"go1.26.8","files":[
		{"filename": "go1.26.8.src.tar.gz", "os": "", "sha256": "` + strings.Repeat("0", 64) + `", "kind": "source"},
		{"filename": "%s", "os": "linux", "sha256": "%s", "size": 1, "kind": "archive"}]}]`

	for what, c := range map[string]struct {
		list  string
		file  []byte
		short bool
		want  string // "" when it must work
	}{
		"complete":     {fmt.Sprintf(list, name, sum), good, false, ""},
		"other bytes":  {fmt.Sprintf(list, name, sum), append([]byte("x"), good...), false, "has SHA-256"},
		"cut short":    {fmt.Sprintf(list, name, sum), good, true, "cannot download"},
		"no checksum":  {fmt.Sprintf(list, "go1.26.9.tar.gz", sum), good, false, "has no checksum for " + name},
		"no list":      {"", good, false, "cannot read the list of releases"},
		"no such file": {fmt.Sprintf(list, name, sum), nil, false, "cannot download"},
	} {
		t.Run(what, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/" && c.list != "" && r.URL.Query().Get("mode") == "json":
					fmt.Fprint(w, c.list)
				case r.URL.Path == "/"+name && c.file != nil:
					if c.short {
						w.Header().Set("Content-Length", fmt.Sprint(len(c.file)))
						_, _ = w.Write(c.file[:len(c.file)/2])
						return
					}
					_, _ = w.Write(c.file)
				default:
					http.NotFound(w, r)
				}
			}))
			defer server.Close()
			lab := t.TempDir()
			out, err := shell(t, lab, `fetch_go; "$LAB/go/bin/go"`, "ATF_GO_URL="+server.URL)
			if c.want == "" {
				if err != nil || !strings.HasSuffix(out, "go1.26.8\n") {
					t.Fatalf("%v\n%s", err, out)
				}
			} else {
				if err == nil || exists(filepath.Join(lab, "go")) {
					t.Fatalf("it was installed\n%s", out)
				}
				for _, want := range []string{`step "Go toolchain" failed`, c.want, "what to do: "} {
					if !strings.Contains(out, want) {
						t.Errorf("it does not say %q:\n%s", want, out)
					}
				}
			}
			if left, _ := filepath.Glob(filepath.Join(lab, "tmp", "*.tar.gz*")); len(left) > 0 {
				t.Errorf("it left %q", left)
			}
		})
	}
}

func TestGoNewEnough(t *testing.T) {
	for version, want := range map[string]bool{
		"go1.26": true, "go1.26.8": true, "go1.27rc1": true, "go1.30.0": true, "go2.0": true,
		"go1.25.9": false, "go1.9": false, "go1": false, "devel +abc": false, "": false,
	} {
		program := filepath.Join(t.TempDir(), "go")
		if err := os.WriteFile(program, []byte("#!/bin/sh\necho '"+version+"'\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := shell(t, t.TempDir(), `if go_new_enough "$PROGRAM"; then echo yes; else echo no; fi`, "PROGRAM="+program)
		if err != nil || (strings.TrimSpace(out) == "yes") != want {
			t.Errorf("%q: %q, %v, want %v", version, out, err, want)
		}
	}
}

func TestFetchECharts(t *testing.T) {
	needFetcher(t)
	const script = "/* the drawing library */"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, script)
	}))
	defer server.Close()
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(script)))

	for what, c := range map[string]struct {
		sum, url string
		there    bool
		want     string
	}{
		"right":       {sum, server.URL, true, "fetching ECharts"},
		"other bytes": {strings.Repeat("0", 64), server.URL, false, "was thrown away"},
		"no network":  {sum, "http://127.0.0.1:1/", false, "could not be had"},
	} {
		t.Run(what, func(t *testing.T) {
			lab, cache := t.TempDir(), t.TempDir()
			out, err := shell(t, lab, `ECHARTS=9.9.9 ECHARTS_SHA256=$SUM; echarts_by_npm() { false; }; fetch_echarts; fetch_echarts`,
				"SUM="+c.sum, "ATF_ECHARTS_URL="+c.url, "XDG_CACHE_HOME="+cache, "ATF_ECHARTS=")
			if err != nil {
				t.Fatalf("it must not stop the work: %v\n%s", err, out)
			}
			if !strings.Contains(out, c.want) || strings.Count(out, "fetching ECharts") != 1 {
				t.Errorf("it does not say %q, or fetches twice:\n%s", c.want, out)
			}
			for _, path := range []string{
				filepath.Join(cache, "gonb-atf/echarts/9.9.9/echarts.min.js"),
				filepath.Join(lab, "jupyter/nbextensions/gonb-atf/echarts-9.9.9.min.js"),
				filepath.Join(lab, "jupyter/static/gonb-atf/echarts-9.9.9.min.js"),
				filepath.Join(lab, "out/echarts-9.9.9.min.js"),
			} {
				if exists(path) != c.there {
					t.Errorf("%s: exists is %v, want %v", path, exists(path), c.there)
				}
			}
		})
	}

	out, err := shell(t, t.TempDir(), "fetch_echarts", "ATF_ECHARTS=/nowhere/echarts.min.js")
	if err == nil || !strings.Contains(out, "ATF_ECHARTS names") {
		t.Errorf("a wrong ATF_ECHARTS is accepted: %v\n%s", err, out)
	}
}

// An optional package that cannot be installed is told of every time and tried
// again only when asked to.
func TestExtrasAreTriedOnce(t *testing.T) {
	out, err := shell(t, t.TempDir(), `
apt_install() { echo "tried $*"; return 1; }
install_extra x "no x here" x1 x2 || true
install_extra x "no x here" x1 x2 || true
retry_extras
install_extra x "no x here" x1 x2 || true`)
	if err != nil || strings.Count(out, "tried x1 x2") != 2 || strings.Count(out, "no x here") != 3 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestJupyterIsNowhere(t *testing.T) {
	out, err := shell(t, t.TempDir(), `
has_jupyter() { false; }
python3() { :; }
unset -f python3
PATH=$LAB/bin
make_venv`)
	if err == nil || !strings.Contains(out, `step "Jupyter" failed`) || !strings.Contains(out, "what to do: ") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestPythonOf(t *testing.T) {
	lab := t.TempDir()
	for line, want := range map[string]string{
		"#!/usr/bin/python3":         "/usr/bin/python3",
		"#! /opt/conda/bin/python":   "/opt/conda/bin/python",
		"#!/usr/bin/env bash":        "",
		"#!/usr/bin/env python3":     "",
		"\x7fELF binary, no script.": "",
	} {
		if err := os.MkdirAll(filepath.Join(lab, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(lab, "bin", "jupyter"), []byte(line+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := shell(t, lab, `PATH=$LAB/bin:$PATH; python_of jupyter`)
		if err != nil || strings.TrimSpace(out) != want {
			t.Errorf("%q: %q, %v, want %q", line, out, err, want)
		}
	}
}

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"help", 0, "usage: ./docker/lab"},
		{"fly", 2, "no command fly"},
		{"run --fast", 2, "no option --fast"},
		{"run --jobs 0", 2, `--jobs is "0"`},
		{"run --jobs=two 03", 2, `--jobs is "two"`},
		{"run --jobs", 2, `--jobs is "nothing"`},
		{"test 01", 2, "takes no arguments, got: 01"},
	} {
		out, err := exec.Command("./lab", strings.Fields(c.args)...).CombinedOutput()
		status := 0
		if exit, ok := err.(*exec.ExitError); ok {
			status = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if status != c.status || !strings.Contains(string(out), c.want) {
			t.Errorf("lab %s: status %d\n%s", c.args, status, out)
		}
	}
}

func TestShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not on PATH")
	}
	parts, err := filepath.Glob("lib/*.sh")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("shellcheck", append(parts, "lab", "../.ci/run")...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Notebooks as they were committed are trusted, one changed since is not.
func TestTrustNotebooks(t *testing.T) {
	lab, repo := t.TempDir(), t.TempDir()
	write(t, repo, "01_kept", "1")
	write(t, repo, "02_changed", "2")
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"}} {
		if out, err := exec.Command("git", append([]string{"-C", repo}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", args, err, out)
		}
	}
	write(t, repo, "02_changed", "2 + 2")
	out, err := shell(t, lab, `find_python() { local p; for p in "${ATF_PYTHON:-}" python3 /usr/bin/python3; do
  if [[ -n $p ]] && "$p" -c 'import nbformat' 2>/dev/null; then PYTHON=$p; return; fi; done; echo none; exit; }
find_python
trust_notebooks
"$PYTHON" -c '
import nbformat, sys
from nbformat.sign import NotebookNotary
for path in sys.argv[1:]:
    print(NotebookNotary().check_signature(nbformat.read(path, as_version=4)))
' "$REPO"/notebooks/*.ipynb`, "REPO="+repo, "JUPYTER_DATA_DIR="+filepath.Join(lab, "jupyter"), "JUPYTER_CONFIG_DIR="+filepath.Join(lab, "config"))
	if strings.TrimSpace(out) == "none" {
		t.Skip("no Python with nbformat on this machine")
	}
	if err != nil || !strings.HasSuffix(out, "True\nFalse\n") {
		t.Errorf("%v: %s", err, out)
	}
}
