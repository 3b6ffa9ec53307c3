package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// stem gives the beginning of the file names of a part.
func stem(test bool) string {
	if test {
		return "t10k"
	}
	return "train"
}

// kinds are the two files of a part: what they hold and the IDX kind in their
// names.
var kinds = [2][2]string{{"images", "idx3"}, {"labels", "idx1"}}

// usualName is the name of the file of that kind, without .gz.
func usualName(test bool, kind int) string {
	return stem(test) + "-" + kinds[kind][0] + "-" + kinds[kind][1] + "-ubyte"
}

// A pair holds the paths of a part's two files; an empty path is a file that
// is not there.
type pair struct{ images, labels string }

// find looks for the files of a part in dir.
func find(dir string, test bool) (p pair, err error) {
	if p.images, err = look(dir, test, 0); err != nil {
		return p, err
	}
	p.labels, err = look(dir, test, 1)
	return p, err
}

// look gives the path of one file, "" where it is not there. Archives are often
// unpacked into a folder of the file's own name with the file in it, sometimes
// beside the file under its other name.
func look(dir string, test bool, kind int) (string, error) {
	usual := usualName(test, kind)
	var names []string
	for _, ext := range []string{"", ".gz"} {
		for _, sep := range []string{"-", "."} {
			names = append(names, strings.Replace(usual, "-idx", sep+"idx", 1)+ext)
		}
	}
	var folders []string
	for _, name := range names {
		path := filepath.Join(dir, name)
		switch is, err := kindOf(path); {
		case err != nil:
			return "", err
		case is == regularFile:
			return path, nil
		case is == folder:
			folders = append(folders, path)
		}
	}
	for _, outer := range folders {
		for _, name := range names {
			path := filepath.Join(outer, name)
			switch is, err := kindOf(path); {
			case err != nil:
				return "", err
			case is == regularFile:
				return path, nil
			case is == folder:
				return "", fmt.Errorf("%s is not a file, and a folder in a folder of that name is not looked into", path)
			}
		}
	}
	if len(folders) > 0 {
		return "", fmt.Errorf("%s is not a file but a folder without %s in it: put the file there or beside it, plain or as .gz", folders[0], usual)
	}
	return "", nil
}

type pathKind int

const (
	nothing pathKind = iota
	regularFile
	folder
)

// kindOf says what a path leads to. A device or a pipe is an error.
func kindOf(path string) (pathKind, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nothing, nil
	case err != nil:
		return nothing, err
	case info.IsDir():
		return folder, nil
	case !info.Mode().IsRegular():
		return nothing, fmt.Errorf("%s is not a file", path)
	}
	return regularFile, nil
}

// inFolder finds the files of the chosen parts in a folder that the user keeps.
// Where none of them is there it gives no pair but says for each what is
// missing; that only some are there is an error.
func (m *Images) inFolder(dir, called string) (pairs []pair, absent []string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("%s for MNIST's files: %w", called, err)
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("%s for MNIST's files: %s is not a folder", called, dir)
	}
	var missing []string
	found := false
	for _, test := range m.part.tests() {
		p, err := find(dir, test)
		if err != nil {
			return nil, nil, err
		}
		for kind, path := range []string{p.images, p.labels} {
			if path == "" {
				missing = append(missing, usualName(test, kind))
			} else {
				found = true
			}
		}
		pairs = append(pairs, p)
	}
	switch {
	case !found:
		for _, name := range missing {
			why, err := whyAbsent(dir, name)
			if err != nil {
				return nil, nil, err
			}
			absent = append(absent, why)
		}
		return nil, absent, nil
	case len(missing) > 0:
		return nil, nil, fmt.Errorf("%s for MNIST's files, %s, lacks %s (plain or .gz)", called, dir, strings.Join(missing, " and "))
	}
	return pairs, nil, nil
}

// whyAbsent says of a file that is not in dir what is there in its place: files
// that begin with its part and kind, else archives. It names no path.
func whyAbsent(dir, usual string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	if len(entries) == 0 {
		return usual + ": the folder is empty", nil
	}
	near, _, _ := strings.Cut(usual, "-idx")
	var named, packed []string
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		ext := filepath.Ext(name)
		switch {
		case strings.HasPrefix(name, near):
			named = append(named, e.Name())
		case ext == ".zip" || ext == ".tar" || ext == ".tgz" || ext == ".7z" || strings.HasSuffix(name, ".tar.gz"):
			packed = append(packed, e.Name())
		}
	}
	const most = 3
	switch {
	case len(named) > 0:
		return fmt.Sprintf("%s: not there, but %s: give it the usual name, unpacked or as .gz", usual, strings.Join(named[:min(most, len(named))], ", ")), nil
	case len(packed) > 0:
		return fmt.Sprintf("%s: not there, unless in %s: unpack it", usual, strings.Join(packed[:min(most, len(packed))], ", ")), nil
	}
	return usual + ": not there", nil
}
