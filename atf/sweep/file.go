package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tangentfeatures/gonb-atf/atf/internal/wholefile"
)

// record is the form of a result on disk.
type record[R any] struct {
	Sweep    string
	Settings json.RawMessage
	Seconds  float64
	Result   R
}

func path(folder, key string) string { return filepath.Join(folder, key+".json") }

// read looks for a result in the folders, in their order.
func (s Sweep[S, R]) read(key string, of S) Result[S, R] {
	result := Result[S, R]{Settings: of, File: path(s.folder, key)}
	for _, folder := range append([]string{s.folder}, s.also...) {
		file := path(folder, key)
		raw, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		result.File = file
		if err == nil {
			result.Value, result.Seconds, err = s.decode(raw, of)
		}
		if err != nil {
			result.Err = fmt.Errorf("sweep: the result in %s cannot be read: %w; remove the file to have it computed again", file, err)
			return result
		}
		result.Done = true
		return result
	}
	return result
}

func (s Sweep[S, R]) decode(raw []byte, of S) (value R, seconds float64, err error) {
	var r record[R]
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return value, 0, err
	}
	want, err := s.text(of)
	if err != nil {
		return value, 0, err
	}
	var there bytes.Buffer
	if err := json.Compact(&there, r.Settings); err != nil {
		return value, 0, err
	}
	if r.Sweep != s.name || !bytes.Equal(there.Bytes(), want) {
		return value, 0, fmt.Errorf("it is of sweep %q with the settings %s, not of %q with %s", r.Sweep, there.Bytes(), s.name, want)
	}
	return r.Result, r.Seconds, nil
}

// write puts a result in place so that, after a crash at any moment, the file is
// whole or not there: a file beside it is written, forced to disk and renamed,
// and the folder is forced to disk too.
func (s Sweep[S, R]) write(key string, of S, value R, seconds float64) error {
	text, err := s.text(of)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(record[R]{s.name, text, seconds, value}, "", " ")
	if err != nil {
		return fmt.Errorf("sweep: the result cannot be written as JSON: %w", err)
	}
	unfinished := "." + key + "-*.unfinished"
	wholefile.Clear(s.folder, unfinished)
	if err := wholefile.Write(path(s.folder, key), unfinished, 0o644, func(w io.Writer) error {
		_, err := w.Write(append(raw, '\n'))
		return err
	}); err != nil {
		return fmt.Errorf("sweep: writing a result: %w", err)
	}
	folder, err := os.Open(s.folder)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
