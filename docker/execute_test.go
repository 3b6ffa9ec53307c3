package docker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// write makes a notebook with the given code cells in folder/notebooks.
func write(t *testing.T, folder, name string, cells ...string) string {
	t.Helper()
	type cell map[string]any
	list := []cell{{"cell_type": "markdown", "metadata": cell{}, "source": "# Title"}}
	for _, code := range cells {
		list = append(list, cell{"cell_type": "code", "metadata": cell{"execution": cell{"shell.execute_reply": "2020"}},
			"source": code, "outputs": []cell{}, "execution_count": 7})
	}
	raw, err := json.Marshal(cell{"nbformat": 4, "nbformat_minor": 4, "cells": list,
		"metadata": cell{"kernelspec": cell{"name": "other", "display_name": "x", "language": "go"}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "notebooks", name+".ipynb")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// python is the interpreter with Jupyter that lab chose.
func python(t *testing.T) string {
	t.Helper()
	path := os.Getenv("ATF_PYTHON")
	if os.Getenv("ATF_KERNEL") == "" || path == "" {
		t.Skip("ATF_KERNEL is not set; ./docker/lab test sets it and runs this in the kernel")
	}
	return path
}

// executing is execute.py on the folder's notebooks in the kernel that lab
// registered.
func executing(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	all := append([]string{"execute.py", "--repo", folder, "--out", filepath.Join(folder, "out"), "--log", folder}, args...)
	return exec.Command(python(t), all...)
}

// execute runs that, and returns what it printed and whether it passed.
func execute(t *testing.T, folder string, args ...string) (string, bool) {
	t.Helper()
	out, err := executing(t, folder, args...).CombinedOutput()
	return string(out), err == nil
}

func contents(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestKernelCommit(t *testing.T) {
	folder := t.TempDir()
	path := write(t, folder, "01_good", "import \"fmt\"\nvar n = 41", "%%\nfmt.Println(n + 1)\nfmt.Print(\"1 %\\r99 %\\n\")\nfmt.Println(\"end\")")
	before := contents(t, path)
	if out, ok := execute(t, folder, "--", "01"); !ok {
		t.Fatal(out)
	}
	if contents(t, path) != before {
		t.Error("without --commit the notebook was changed")
	}
	if out, ok := execute(t, folder, "--commit"); !ok {
		t.Fatal(out)
	}
	first := contents(t, path)
	for _, want := range []string{`"42\n"`, `"99 %\n"`, `"end\n"`, `"execution_count": 1`, `"execution_count": 2`, `"name": "gonb"`} {
		if !strings.Contains(first, want) {
			t.Errorf("the committed notebook lacks %s:\n%s", want, first)
		}
	}
	if strings.Contains(first, "shell.execute_reply") || strings.Contains(first, "1 %\\r") {
		t.Errorf("the committed notebook keeps when it ran, or a progress line's past:\n%s", first)
	}
	if out, ok := execute(t, folder, "--commit"); !ok {
		t.Fatal(out)
	}
	if second := contents(t, path); second != first {
		t.Errorf("the same run gives other bytes:\n%s\n%s", first, second)
	}
	if page := contents(t, filepath.Join(folder, "out", "01_good.html")); !strings.Contains(page, "42") {
		t.Error("the HTML lacks the output")
	}
}

func TestKernelFailures(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "02_compile", "import \"fmt\"", "%%\nfmt.Println(\"before\")", "%%\nvar x int = \"a\"\nfmt.Println(x)", "%%\nfmt.Println(\"after\")")
	write(t, folder, "03_panic", "%%\npanic(\"out of cheese\")")
	write(t, folder, "04_exit", "%%\nos.Exit(3)")
	leaking := write(t, folder, "05_path", "import (\n\"fmt\"\n\"os\"\n)\n%%\nfmt.Println(\"data in \" + os.Getenv(\"HOME\") + \"/mnist\")")
	write(t, folder, "06_good", "%%\nfmt.Println(\"fine\")")
	before := contents(t, leaking)
	out, ok := execute(t, folder, "--commit")
	if ok {
		t.Errorf("it passed:\n%s", out)
	}
	for _, want := range []string{
		"02_compile.ipynb: cell 4 (code cell 3) failed", "cannot use \"a\"",
		"03_panic.ipynb: cell 2 (code cell 1) failed", "out of cheese",
		"04_exit.ipynb: cell 2 (code cell 1) failed", "exit status 3",
		"05_path.ipynb: cell 2: its output holds the home folder",
		"ok   06_good", "1 passed, 4 failed",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	half := contents(t, filepath.Join(folder, "out", "02_compile.ipynb"))
	if !strings.Contains(half, `"before\n"`) || strings.Contains(half, `"after\n"`) {
		t.Errorf("what ran before the failure is not written, or what comes after was run:\n%s", half)
	}
	if contents(t, leaking) != before {
		t.Error("a notebook that tells a path of the machine was committed")
	}
	if out, ok := execute(t, folder, "--", "9"); ok || !strings.Contains(out, `no notebook begins with '9'`) {
		t.Errorf("a name that fits none is accepted:\n%s", out)
	}
}

// A run that is told to end takes its kernels and the running cells with it,
// also where several notebooks run at a time.
func TestKernelTerminated(t *testing.T) {
	for _, names := range [][]string{{"01_long"}, {"01_long", "02_long"}} {
		folder := t.TempDir()
		var beats []string
		for _, name := range names {
			beat := filepath.Join(folder, name)
			write(t, folder, name, fmt.Sprintf("import (\n\"os\"\n\"time\"\n)\n%%%%\nfor i := 0; i < 6000; i++ {\nos.WriteFile(%q, []byte{byte(i)}, 0o644)\ntime.Sleep(20 * time.Millisecond)\n}", beat))
			beats = append(beats, beat)
		}
		cmd := executing(t, folder, "--jobs", "2")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for _, beat := range beats {
			for start := time.Now(); !exists(beat); time.Sleep(50 * time.Millisecond) {
				if time.Since(start) > 2*time.Minute {
					t.Fatal("the cell did not begin")
				}
			}
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			if err == nil {
				t.Error("it ended as if all were well")
			}
		case <-time.After(30 * time.Second):
			_ = cmd.Process.Kill()
			t.Fatal("it did not end")
		}
		for _, beat := range beats {
			before, _ := os.Stat(beat)
			time.Sleep(200 * time.Millisecond)
			if after, err := os.Stat(beat); err != nil || after.ModTime() != before.ModTime() {
				t.Errorf("the cell of %s goes on", filepath.Base(beat))
			}
		}
	}
}

// PDF export keeps the figures: lab's settings convert them without Inkscape.
func TestKernelPDF(t *testing.T) {
	python := python(t)
	for _, tool := range []string{"rsvg-convert", "pandoc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s on this machine: PDF export was not tested", tool)
		}
	}
	dir := t.TempDir()
	out, err := exec.Command(python, "-m", "nbconvert", "--to", "latex", "--output-dir", dir, "../notebooks/03_theorem1_no_structure.ipynb").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	figures, err := filepath.Glob(filepath.Join(dir, "*_files", "*.pdf"))
	if text := contents(t, filepath.Join(dir, "03_theorem1_no_structure.tex")); err != nil || len(figures) < 5 || strings.Count(text, ".pdf}") != len(figures) {
		t.Errorf("%d figures, %d in the text, %v", len(figures), strings.Count(text, ".pdf}"), err)
	}
}

// The report on go test counts what ran and shows what failed.
func TestGoTestReport(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on PATH")
	}
	counts := filepath.Join(t.TempDir(), "counts")
	cmd := exec.Command(python, "gotest.py", counts)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Stdin = strings.NewReader(`{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"loud\n"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:1: no data\n"}
{"Action":"output","Package":"p","Test":"TestC","Output":"--- SKIP: TestC (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
`)
	if err := cmd.Run(); err == nil {
		t.Error("a failing test passes")
	}
	got := out.String()
	if strings.Contains(got, "quiet") || !strings.Contains(got, "loud") || !strings.Contains(got, "no data") ||
		!strings.Contains(got, "FAIL\tp\t0.1s") || !strings.HasSuffix(got, "\n1 passed, 1 failed, 1 skipped\n") {
		t.Error(got)
	}
	if raw, err := os.ReadFile(counts); err != nil || string(raw) != "1 1 1\n" {
		t.Errorf("%q, %v", raw, err)
	}
}
