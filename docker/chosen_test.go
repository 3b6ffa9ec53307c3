package docker

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// writeEmpty makes empty files in place of notebooks.
func writeEmpty(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(folder, "notebooks", name+".ipynb")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// What is in notebooks/mine runs only when it is named.
func TestOwnNotebooksRunWhenNamed(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on PATH")
	}
	folder := t.TempDir()
	writeEmpty(t, folder, "00_reproduction", "00_start", "01_a", "02_b", "assignments/03_c", "mine/01_a", "mine/sub/05_e", "mine/.ipynb_checkpoints/01_a-checkpoint", "minerals")
	const script = `
import pathlib, sys
sys.dont_write_bytecode = True
import chosen
folder = pathlib.Path(sys.argv[1])
for line in sys.stdin.read().splitlines():
    try:
        print(*(chosen.label(path, folder) for path in chosen.notebooks(folder, line.split())))
    except SystemExit as error:
        print(error)
`
	const all = "there are: 00_start, 01_a, 02_b, 03_c, minerals, 00_reproduction, mine/01_a, mine/05_e"
	cases := []struct{ args, want string }{
		{"", "00_start 01_a 02_b 03_c minerals 00_reproduction"}, // the page of all results comes last
		{"00", "00_start 00_reproduction"},
		{"00_r 02", "02_b 00_reproduction"},
		{"01", "01_a"},
		{"mine/01", "mine/01_a"},
		{"notebooks/mine/01_a.ipynb", "mine/01_a"},
		{"./notebooks/02_b.ipynb", "02_b"},
		{"mine", "mine/01_a mine/05_e"},
		{"mine/ 02 mine/01", "mine/01_a mine/05_e 02_b"},
		{"miner", "minerals"},
		{"05", "lab: no notebook begins with '05'; " + all},
		{"mine/02", "lab: no notebook begins with 'mine/02'; " + all},
	}
	var input strings.Builder
	for _, c := range cases {
		input.WriteString(c.args + "\n")
	}
	cmd := exec.Command(python, "-c", script, filepath.Join(folder, "notebooks"))
	cmd.Stdin = strings.NewReader(input.String())
	raw, err := cmd.CombinedOutput()
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	if err != nil || len(lines) != len(cases) {
		t.Fatalf("%v\n%s", err, raw)
	}
	for i, c := range cases {
		if lines[i] != c.want {
			t.Errorf("run %s: %s, want %s", c.args, lines[i], c.want)
		}
	}
}

// Several at a time print what one at a time prints, in the same order. Files
// that are no notebooks need no kernel.
func TestJobsPrintInOrder(t *testing.T) {
	python, folder := pythonForNotebooks(t), t.TempDir()
	writeEmpty(t, folder, "01_a", "02_b", "mine/01_a")
	printed := func(jobs string) string {
		raw, err := exec.Command(python, "execute.py", "--repo", folder, "--out", filepath.Join(folder, "out"), "--log", folder,
			"--jobs", jobs, "--", "02", "mine", "01").CombinedOutput()
		if err == nil {
			t.Errorf("with %s jobs it passed", jobs)
		}
		return regexp.MustCompile(`\d+\.\d s`).ReplaceAllString(string(raw), "")
	}
	one, two := printed("1"), printed("2")
	if one != two || !strings.HasPrefix(one, "FAIL 02_b  \n  02_b.ipynb: it is empty (0 bytes)") ||
		!strings.Contains(one, "\nFAIL mine/01_a  \n") || !strings.Contains(one, "notebooks: 0 passed, 3 failed; see ") {
		t.Errorf("one at a time:\n%s\ntwo:\n%s", one, two)
	}
}

// The page of all results begins when the others have ended, however many run
// at a time.
func TestPageRunsLast(t *testing.T) {
	python, folder := pythonForNotebooks(t), t.TempDir()
	writeEmpty(t, folder, "00_reproduction", "00_start", "01_a")
	raw, _ := exec.Command(python, "execute.py", "--repo", folder, "--out", filepath.Join(folder, "out"), "--log", folder, "--jobs", "3").CombinedOutput()
	var order []string
	for _, m := range regexp.MustCompile(`(?m)^FAIL (\S+)`).FindAllStringSubmatch(string(raw), -1) {
		order = append(order, m[1])
	}
	if got := strings.Join(order, " "); got != "00_start 01_a 00_reproduction" {
		t.Errorf("the order is %s\n%s", got, raw)
	}
}

// The memory of a process counts with that of what it started.
func TestResidentMemory(t *testing.T) {
	const script = `
import subprocess, sys, time
sys.dont_write_bytecode = True
import watch
started = watch.resident(__import__("os").getpid())
child = subprocess.Popen([sys.executable, "-c", "x = bytearray(200_000_000); print(len(x), flush=True); input()"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
memory = watch.Memory()
memory.start(__import__("os").getpid())
time.sleep(3 * watch.INTERVAL)
memory.stop()
child.communicate(b"\n")
print(190e6 < memory.peak - started < 260e6, memory.peak - started)
print(watch.shown(0) == "", watch.shown(400), watch.shown(289e6), watch.shown(1.14e9))
`
	python, err := exec.LookPath("python3")
	if err != nil || !exists("/proc/self/stat") {
		t.Skip("python3 or /proc is not on this machine")
	}
	raw, err := exec.Command(python, "-c", script).CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if err != nil || len(lines) != 2 || !strings.HasPrefix(lines[0], "True") || lines[1] != "True 1 MB 289 MB 1.1 GB" {
		t.Errorf("%v: %s", err, raw)
	}
}

// The folder for own notebooks is made once, and what is in it stays.
func TestOwnFolder(t *testing.T) {
	lab, repo := t.TempDir(), t.TempDir()
	mine := filepath.Join(repo, "notebooks", "mine")
	made := func() string {
		t.Helper()
		out, err := shell(t, lab, "make_own_folder", "REPO="+repo)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
	made()
	ready := filepath.Join(mine, "my_notebook.ipynb")
	if contents(t, ready) != contents(t, "my_notebook.ipynb") {
		t.Error("the ready notebook is another one")
	}
	if err := os.WriteFile(ready, []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	made()
	if contents(t, ready) != "changed" {
		t.Error("it was overwritten")
	}
	if err := os.Rename(ready, filepath.Join(mine, "renamed.ipynb")); err != nil {
		t.Fatal(err)
	}
	made()
	if exists(ready) {
		t.Error("it came back beside another notebook")
	}
	// Where it cannot be made, the work goes on and the reason is told.
	if err := os.RemoveAll(mine); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mine, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if out := made(); !strings.Contains(out, "cannot make a notebook in "+mine) || !strings.Contains(out, "File exists") {
		t.Errorf("it does not say why:\n%s", out)
	}
}

// The notebook to begin with works in the kernel, and its results lie apart from
// those of a notebook with the same name.
func TestKernelOwnNotebook(t *testing.T) {
	folder := t.TempDir()
	if out, err := shell(t, t.TempDir(), "make_own_folder", "REPO="+folder); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, ok := execute(t, folder, "--", "mine/my")
	if !ok || !regexp.MustCompile(`(?m)^ok   mine/my_notebook  \d+\.\d s  [\d.]+ [MG]B$`).MatchString(out) {
		t.Fatalf("passed is %v:\n%s", ok, out)
	}
	if page := contents(t, filepath.Join(folder, "out", "mine", "my_notebook.html")); !strings.Contains(page, "gonb-atf-figure") {
		t.Error("the HTML has no figure")
	}
}
