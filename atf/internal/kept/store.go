// Package kept keeps values in files, so that what took long is there in the
// next cell of a notebook, which is a new process, and in the next session.
package kept

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/wholefile"
)

// Env is the environment variable that names the folder of kept values.
const Env = "ATF_KEEP"

// Folder is where values are kept: $ATF_KEEP, else gonb-atf/kept in the user's
// cache (os.UserCacheDir).
func Folder() (string, error) {
	if folder := os.Getenv(Env); folder != "" {
		return folder, nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no folder to keep values in: set $%s to one: %w", Env, err)
	}
	return filepath.Join(base, "gonb-atf", "kept"), nil
}

// longestName in bytes; escaped, a name is that of a folder.
const longestName = 80

// place is the folder of a name and the file of one of its values.
func place(name, key string) (folder, file string, err error) {
	if name == "" || len(name) > longestName {
		return "", "", fmt.Errorf("the name %q has %d bytes: it must have 1 to %d", name, len(name), longestName)
	}
	base, err := Folder()
	if err != nil {
		return "", "", err
	}
	folder = filepath.Join(base, strings.ReplaceAll(url.PathEscape(name), ".", "%2E"))
	return folder, filepath.Join(folder, key), nil
}

// magic begins every file; the number is that of the form.
const magic = "gonb-atf kept 1\n"

// ErrDamaged is what reading a file ends with that is not as it was written.
var ErrDamaged = errors.New("the file is damaged")

// write puts data into a file as a whole or not at all: whoever ends the process
// at any time, and whoever reads or writes the same file, finds an old or a new
// file and never a part of one.
func write(file string, data []byte) error {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	wholefile.Clear(folder, partPrefix+"*")
	return wholefile.Write(file, partPrefix+"*", 0o600, func(w io.Writer) error {
		head := binary.LittleEndian.AppendUint64([]byte(magic), uint64(len(data)))
		head = binary.LittleEndian.AppendUint32(head, sum(data))
		_, err := w.Write(head)
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	})
}

const partPrefix = ".part-"

// sum is CRC-32C.
func sum(data []byte) uint32 { return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) }

// read gives what write was given. Errors: fs.ErrNotExist, ErrDamaged, or what
// the system says.
func read(file string) ([]byte, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	head := len(magic) + 12
	if len(raw) < head || !bytes.HasPrefix(raw, []byte(magic)) {
		return nil, ErrDamaged
	}
	data := raw[head:]
	if binary.LittleEndian.Uint64(raw[len(magic):]) != uint64(len(data)) ||
		binary.LittleEndian.Uint32(raw[len(magic)+8:]) != sum(data) {
		return nil, ErrDamaged
	}
	return data, nil
}

// An Entry is what is kept under one name.
type Entry struct {
	Name   string
	Values int       // kept under it, one for each setting
	Bytes  int64     // they take
	Last   time.Time // when the newest was made
}

// List gives what is kept, in the order of names.
func List() ([]Entry, error) {
	base, err := Folder()
	if err != nil {
		return nil, err
	}
	folders, err := os.ReadDir(base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, folder := range folders {
		name, err := url.PathUnescape(folder.Name())
		if err != nil || !folder.IsDir() {
			continue // not ours
		}
		files, err := os.ReadDir(filepath.Join(base, folder.Name()))
		if err != nil {
			return nil, err
		}
		e := Entry{Name: name}
		for _, file := range files {
			info, err := file.Info()
			if err != nil || strings.HasPrefix(file.Name(), partPrefix) {
				continue // gone since, or not yet there
			}
			e.Values++
			e.Bytes += info.Size()
			if info.ModTime().After(e.Last) {
				e.Last = info.ModTime()
			}
		}
		if e.Values > 0 {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Forget removes all that is kept under these names. A name under which nothing
// is kept is an error that lists those there are.
func Forget(names ...string) error {
	all, err := List()
	if err != nil {
		return err
	}
	var known []string
	for _, e := range all {
		known = append(known, fmt.Sprintf("%q", e.Name))
	}
	for _, name := range names {
		folder, _, err := place(name, "")
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(e Entry) bool { return e.Name == name }) {
			there := "nothing is"
			if len(known) > 0 {
				there = "these are: " + strings.Join(known, ", ")
			}
			return fmt.Errorf("nothing is kept under the name %q; %s", name, there)
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
}
