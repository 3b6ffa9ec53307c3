// Package notebook knows whether a program is a cell of a GoNB notebook, which
// session of the kernel it belongs to, and how to say a line there. It reads
// GoNB's environment and nothing else of it.
package notebook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Folder is the folder of this session of the kernel, in which GoNB compiles
// every cell; empty outside a notebook.
func Folder() string {
	if os.Getenv("GONB_PIPE") == "" {
		return ""
	}
	return os.Getenv("GONB_TMP_DIR")
}

// Source is where the program's text stands that a stack trace calls by this
// path: GoNB writes the declarations of all cells so far into one file, main.go
// or, for a cell of tests, main_test.go. It is empty for any other file.
func Source(file string) string {
	name := filepath.Base(file)
	if folder := Folder(); folder != "" && (name == "main.go" || name == "main_test.go") {
		return filepath.Join(folder, name)
	}
	return ""
}

// Watched is true in a notebook that somebody works in. Where docker/lab runs
// notebooks it sets ATF_SETTING, and what a notebook shows must not depend on
// what an earlier run left behind.
func Watched() bool { return Folder() != "" && os.Getenv("ATF_SETTING") == "" }

var said sync.Map // the lines of this cell

// Say prints a line in a notebook that somebody works in, once a cell. GoNB shows what a cell
// prints; stderr is for what has failed, and checks of assignments take it so.
func Say(line string) {
	if !Watched() {
		return
	}
	if _, before := said.LoadOrStore(line, true); !before {
		fmt.Println(line)
	}
}

// Met is false at the first call with this mark in a session of the kernel and
// true at every later one, in whichever cell. Outside a notebook it is false.
func Met(mark string) bool {
	folder := Folder()
	if folder == "" {
		return false
	}
	sum := sha256.Sum256([]byte(mark))
	// The go command ignores files whose names begin with a dot.
	f, err := os.OpenFile(filepath.Join(folder, ".gonb-atf-"+hex.EncodeToString(sum[:8])), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return os.IsExist(err)
	}
	return f.Close() != nil
}
