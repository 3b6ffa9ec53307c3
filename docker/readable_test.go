package docker

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pythonForNotebooks is an interpreter that can read, run and convert notebooks.
func pythonForNotebooks(t *testing.T) string {
	t.Helper()
	for _, candidate := range []string{os.Getenv("ATF_PYTHON"), "python3", "/usr/bin/python3"} {
		if candidate != "" && exec.Command(candidate, "-c", "import nbformat, nbclient, nbconvert").Run() == nil {
			return candidate
		}
	}
	t.Skip("no Python with nbformat, nbclient and nbconvert on this machine")
	return ""
}

// unreadable are files that are no notebooks of format 4, by name, with what
// lab must say about each. A name that ends in a slash is a folder.
var unreadable = map[string]struct{ content, says string }{
	"a_empty":    {"", "it is empty (0 bytes)"},
	"a_blank":    {"\n \n", "it is empty (3 bytes)"},
	"a_folder/":  {"", "it is a folder, not a notebook"},
	"a_binary":   {"{\"cells\": \"\xff\"}", "it is not UTF-8 text (byte 11)"},
	"a_mark":     {"\ufeff{}", "byte order mark"},
	"a_cut":      {`{"cells": [`, "it is not JSON: Expecting value: line 1 column 12"},
	"a_conflict": {"{\n<<<<<<< HEAD\n\"nbformat\": 4\n=======\n\"nbformat\": 3\n>>>>>>> b\n}", "line 2 is the mark of an unfinished merge (<<<<<<<)"},
	"a_pointer":  {"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull"},
	"a_list":     {"[1]", "it is JSON, but has no nbformat"},
	"a_deep":     {strings.Repeat("[", 100000), "nested too deeply"},
	"a_format5":  {`{"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}`, "its nbformat is 5"},
	"a_format":   {`{"nbformat": "4", "nbformat_minor": 5, "metadata": {}, "cells": []}`, `its nbformat is "4"`},
	"a_nometa":   {`{"nbformat": 4, "nbformat_minor": 5, "cells": []}`, "it has no metadata"},
	"a_nominor":  {`{"nbformat": 4, "metadata": {}, "cells": []}`, "it has no nbformat_minor"},
	"a_nocells":  {`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}`, "it has no list of cells"},
	"a_celltype": {`{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "song"}]}`, `cell 1: its type is "song"`},
	"a_id": {`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
		{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ""}, {"cell_type": "markdown", "id": "b c", "metadata": {}, "source": ""}]}`,
		`cell 2: its id "b c" is not 1 to 64 letters`},
	"a_longid": {`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
		{"cell_type": "markdown", "id": "` + strings.Repeat("x", 65) + `", "metadata": {}, "source": ""}]}`, "cell 1: its id"},
	"a_sameid": {`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
		{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ""}, {"cell_type": "raw", "id": "a", "metadata": {}, "source": ""}]}`,
		"cells 1 and 2 have the same id 'a'"},
	"a_source": {`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
		{"cell_type": "code", "id": "a", "metadata": {}, "source": 5, "outputs": [], "execution_count": null}]}`, "cell 1: its source is neither text nor a list"},
	"a_cellmeta": {`{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "raw", "source": ""}]}`, "cell 1 has no metadata"},
	"a_outputs":  {`{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": ""}]}`, "cell 1: it has no outputs"},
	"a_output": {`{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [
		{"cell_type": "code", "metadata": {}, "source": "", "execution_count": null, "outputs": [{"output_type": "smell"}]}]}`, "it is not a valid notebook"},
	"a_worksheets": {`{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": 5}`, "it is not a valid notebook"},
}

// writeUnreadable puts those files into folder/notebooks.
func writeUnreadable(t *testing.T, folder string) {
	t.Helper()
	for name, c := range unreadable {
		path := filepath.Join(folder, "notebooks", strings.TrimSuffix(name, "/")+".ipynb")
		made := path
		if !strings.HasSuffix(name, "/") {
			made = filepath.Dir(path)
		}
		if err := os.MkdirAll(made, 0o755); err != nil {
			t.Fatal(err)
		}
		if made == path {
			continue
		}
		if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/nowhere/at/all", filepath.Join(folder, "notebooks", "a_link.ipynb")); err != nil {
		t.Fatal(err)
	}
}

// checkUnreadable looks for each file's reason, on the line that names it.
func checkUnreadable(t *testing.T, out string) {
	t.Helper()
	says := map[string]string{"a_link": "it cannot be read: No such file"}
	for name, c := range unreadable {
		says[strings.TrimSuffix(name, "/")] = c.says
	}
	for name, want := range says {
		_, line, found := strings.Cut(out, "\n  "+name+".ipynb: ")
		line, _, _ = strings.Cut(line, "\n")
		if !found || !strings.Contains(line, want) || !strings.Contains(out, "FAIL "+name) {
			t.Errorf("%s: %q, want %q", name, line, want)
		}
	}
	if strings.Contains(out, "Traceback") {
		t.Errorf("it shows the inside of the program:\n%s", out)
	}
}

// A file that is no notebook is named with the reason, and its earlier results
// do not stay as if they were this run's.
func TestUnreadableNotebooks(t *testing.T) {
	python, folder := pythonForNotebooks(t), t.TempDir()
	writeUnreadable(t, folder)
	old := filepath.Join(folder, "out", "a_cut.html")
	if err := os.MkdirAll(filepath.Dir(old), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(old, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	raw, err := exec.Command(python, "execute.py", "--repo", folder, "--out", filepath.Dir(old), "--log", folder).CombinedOutput()
	out := string(raw)
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
		t.Errorf("%v, want exit status 1", err)
	}
	if want := fmt.Sprintf("notebooks: 0 passed, %d failed", len(unreadable)+1); !strings.Contains(out, want) {
		t.Errorf("it does not say %q:\n%s", want, out)
	}
	checkUnreadable(t, out)
	if exists(old) {
		t.Error("the page of an earlier run is still there")
	}
}

// The notebooks that can be read run.
func TestKernelRunsBesideUnreadable(t *testing.T) {
	folder := t.TempDir()
	writeUnreadable(t, folder)
	write(t, folder, "b_good", "%%\nfmt.Println(\"fine\")")
	out, ok := execute(t, folder)
	if ok || !strings.Contains(out, "ok   b_good") || !strings.Contains(out, fmt.Sprintf("notebooks: 1 passed, %d failed", len(unreadable)+1)) {
		t.Errorf("passed is %v:\n%s", ok, out)
	}
	checkUnreadable(t, out)
}

// Typeset digits in the place of a folder for MNIST are told of by the notebook
// and by lab, and such outputs are not committed.
func TestKernelTypesetInPlaceOfMNIST(t *testing.T) {
	folder := t.TempDir()
	// Neither the user's files nor the network; Go's own cache stays where it is.
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(gocache)))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("ATF_OFFLINE", "1")
	t.Setenv("ATF_DATA", t.TempDir())
	path := write(t, folder, "01_digits", "import \"github.com/tangentfeatures/gonb-atf/atf/data\"\n%%\nset, err := data.MNISTOrDigits().Take(5).Load()\nfmt.Println(set.N(), err)")
	const says = "NOT MNIST: typeset digits"
	out, ok := execute(t, folder)
	if !ok || !strings.Contains(out, "01_digits.ipynb: warning: "+says) || !strings.Contains(out, "train-labels-idx1-ubyte: the folder is empty") {
		t.Errorf("passed is %v:\n%s", ok, out)
	}
	if shown := contents(t, filepath.Join(folder, "out", "01_digits.ipynb")); !strings.Contains(shown, says) || !strings.Contains(shown, `"5 \u003cnil\u003e`) && !strings.Contains(shown, `5 <nil>`) {
		t.Errorf("the notebook does not show it:\n%s", shown)
	}
	before := contents(t, path)
	if out, ok := execute(t, folder, "--commit"); ok || !strings.Contains(out, says) || contents(t, path) != before {
		t.Errorf("it was committed, passed is %v:\n%s", ok, out)
	}
}
