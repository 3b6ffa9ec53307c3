package docker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What an earlier call chose is reported, and each Go once however many ways
// lead to it.
func TestDoctor(t *testing.T) {
	lab := t.TempDir()
	folder := filepath.Join(lab, "go", "bin")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "go")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho go1.99.0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := folder + string(filepath.ListSeparator) + os.Getenv("PATH")

	out, err := shell(t, lab, "doctor", "PATH="+path)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(out, "linear algebra  not chosen yet") {
		t.Errorf("before set-up:\n%s", out)
	}
	if n := strings.Count(out, program+" (go1.99.0)"); n != 1 {
		t.Errorf("the Go on PATH that lab fetched is listed %d times:\n%s", n, out)
	}

	for _, blas := range []string{"openblas", "go"} {
		out, err := shell(t, lab, "record blas "+blas+"; doctor", "PATH="+path)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !strings.Contains(out, "linear algebra  "+blas+"\n") {
			t.Errorf("after a set-up with %s:\n%s", blas, out)
		}
	}
}
