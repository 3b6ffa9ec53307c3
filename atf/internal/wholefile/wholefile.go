// Package wholefile writes files that are there whole or not at all, whatever
// ends the process and whoever reads or writes the same file.
package wholefile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Write gives path what write writes, in place of what was there: a file beside
// it, named by the pattern temp as for os.CreateTemp, is written, forced to disk
// and renamed. Nothing is left of a failure.
func Write(path, temp string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temp)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// age is that of a file which no process writes any more.
const age = time.Hour

// Clear removes what processes left in the folder that were ended while they
// wrote, by the pattern temp; a younger file may belong to one that still does.
// The pattern must be nobody else's.
func Clear(folder, temp string) {
	left, _ := filepath.Glob(filepath.Join(folder, temp))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > age {
			_ = os.Remove(path)
		}
	}
}
