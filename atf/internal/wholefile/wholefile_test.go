package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// A failure leaves the old file, and nothing beside it.
func TestWrite(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	text := func(s string, end error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, s)
			return errors.Join(err, end)
		}
	}
	stop := errors.New("stop")
	for _, c := range []struct {
		write func(io.Writer) error
		err   error
		want  string
	}{{text("old", nil), nil, "old"}, {text("half", stop), stop, "old"}, {text("new", nil), nil, "new"}} {
		if err := Write(path, ".a-*", 0o644, c.write); !errors.Is(err, c.err) {
			t.Errorf("%v, want %v", err, c.err)
		}
		if raw, err := os.ReadFile(path); err != nil || string(raw) != c.want {
			t.Errorf("%q, %v, want %q", raw, err, c.want)
		}
		if all := names(t, folder); len(all) != 1 {
			t.Errorf("left: %v", all)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := Write(filepath.Join(folder, "none", "a"), ".a-*", 0o644, text("", nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// What was left an hour ago goes, what is young or another's stays.
func TestClear(t *testing.T) {
	folder := t.TempDir()
	for name, old := range map[string]time.Duration{".part-1": 2 * time.Hour, ".part-2": time.Minute, "value": 2 * time.Hour} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-old)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	Clear(folder, ".part-*")
	if all := names(t, folder); len(all) != 2 || all[0] != ".part-2" || all[1] != "value" {
		t.Errorf("left: %v", all)
	}
}
