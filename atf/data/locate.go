package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// EnvDir and EnvOffline are the environment variables that name the folder of
// MNIST's files and that forbid downloads (1 or true).
const (
	EnvDir     = "ATF_DATA"
	EnvOffline = "ATF_OFFLINE"
)

// ErrAbsent is wrapped by the error for MNIST being nowhere to be had: no
// files, and no network or no leave to use it.
var ErrAbsent = errors.New("MNIST is not there")

// An absentError is ErrAbsent with a reason that names no path, fit to stand
// in a saved notebook.
type absentError struct {
	reason string
	err    error // the details; nil where the reason says all
}

func (e *absentError) Error() string {
	if e.err != nil {
		return fmt.Sprintf("%v: %s\n%v", ErrAbsent, e.reason, e.err)
	}
	return fmt.Sprintf("%v: %s; name a folder with its files through Dir or $%s, or let it be downloaded", ErrAbsent, e.reason, EnvDir)
}

func (e *absentError) Is(target error) bool { return target == ErrAbsent }
func (e *absentError) Unwrap() error        { return e.err }

func cacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, "gonb-atf", "mnist"), nil
}

// stem gives the beginning of the file names of a part.
func stem(test bool) string {
	if test {
		return "t10k"
	}
	return "train"
}

// A pair holds the paths of a part's two files; an empty path is a file that
// is not there.
type pair struct{ images, labels string }

// find looks for the files of a part in dir.
func find(dir string, test bool) (p pair, err error) {
	look := func(what, idx string) (string, error) {
		for _, sep := range []string{"-", "."} {
			for _, ext := range []string{"", ".gz"} {
				path := filepath.Join(dir, stem(test)+"-"+what+sep+idx+"-ubyte"+ext)
				info, err := os.Stat(path)
				switch {
				case err == nil && info.Mode().IsRegular():
					return path, nil
				case err == nil:
					return "", fmt.Errorf("%s is not a file", path)
				case !errors.Is(err, os.ErrNotExist):
					return "", err
				}
			}
		}
		return "", nil
	}
	if p.images, err = look("images", "idx3"); err != nil {
		return p, err
	}
	p.labels, err = look("labels", "idx1")
	return p, err
}

// inFolder finds the files of the chosen parts in a folder that the user keeps.
// It gives nil when none of them is there, and an error when only some are.
func (m *Images) inFolder(dir, called string) ([]pair, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("%s for MNIST's files: %w", called, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s for MNIST's files: %s is not a folder", called, dir)
	}
	var pairs []pair
	var missing []string
	found := false
	for _, test := range m.part.tests() {
		p, err := find(dir, test)
		if err != nil {
			return nil, err
		}
		if p.images == "" {
			missing = append(missing, stem(test)+"-images-idx3-ubyte")
		}
		if p.labels == "" {
			missing = append(missing, stem(test)+"-labels-idx1-ubyte")
		}
		found = found || p.images != "" || p.labels != ""
		pairs = append(pairs, p)
	}
	switch {
	case !found:
		return nil, nil
	case len(missing) > 0:
		return nil, fmt.Errorf("%s for MNIST's files, %s, lacks %s (plain or .gz)", called, dir, strings.Join(missing, " and "))
	}
	return pairs, nil
}

// readMNIST reads the chosen parts from the first place that has them and says
// in words which it was.
func (m *Images) readMNIST() ([]*part, string, error) {
	pairs, place, err := m.locate()
	if err != nil {
		return nil, "", err
	}
	parts := make([]*part, len(pairs))
	counts := make([]string, len(pairs))
	for k, p := range pairs {
		if err := m.ctx.Err(); err != nil {
			return nil, "", fmt.Errorf("reading MNIST stopped: %w", err)
		}
		if parts[k], err = openPart(p.images, p.labels); err != nil {
			if place == fromCache {
				err = fmt.Errorf("%w; delete the cached files to have them downloaded again", err)
			}
			return nil, "", err
		}
		counts[k] = thousands(len(parts[k].labels)) + " " + stem(m.part.tests()[k])
	}
	return parts, fmt.Sprintf("MNIST from %s (%s)", place, strings.Join(counts, ", ")), nil
}

const (
	fromDir   = "the folder given"
	fromEnv   = "$" + EnvDir
	fromCache = "the download cache"
)

// locate finds the files, downloading them where that is needed and allowed.
func (m *Images) locate() (pairs []pair, place string, err error) {
	if m.dir != nil {
		pairs, err := m.inFolder(*m.dir, "the folder given")
		if err == nil && pairs == nil {
			err = &absentError{reason: "the folder given holds none of its files"}
		}
		return pairs, fromDir, err
	}
	reason := "$" + EnvDir + " is not set"
	if dir := os.Getenv(EnvDir); dir != "" {
		pairs, err := m.inFolder(dir, "the folder in $"+EnvDir)
		if err != nil || pairs != nil {
			return pairs, fromEnv, err
		}
		reason = "the folder in $" + EnvDir + " holds none of its files"
	}

	dir, err := m.cache()
	if err != nil {
		return nil, "", &absentError{reason: reason + ", there is no folder for a cache",
			err: fmt.Errorf("%w: name a folder with its files through Dir or $%s", err, EnvDir)}
	}
	var missing []remote
	for _, test := range m.part.tests() {
		p, err := find(dir, test)
		if err != nil {
			return nil, "", err
		}
		for _, r := range m.fetch.files {
			isImages := strings.Contains(r.name, "images")
			if strings.HasPrefix(r.name, stem(test)) && (isImages && p.images == "" || !isImages && p.labels == "") {
				missing = append(missing, r)
			}
		}
	}
	if len(missing) > 0 {
		reason += ", the cache lacks them"
		off, err := offline()
		if err != nil {
			return nil, "", err
		}
		if off || m.offline {
			return nil, "", &absentError{reason: reason + ", downloads are switched off"}
		}
		if err := m.fetch.fetch(m.ctx, dir, missing, m.report); errors.Is(err, ErrAbsent) {
			return nil, "", &absentError{reason: reason + ", the mirrors cannot be reached", err: err}
		} else if err != nil {
			return nil, "", err
		}
	}
	for _, test := range m.part.tests() {
		p, err := find(dir, test)
		if err == nil && (p.images == "" || p.labels == "") {
			err = fmt.Errorf("the cache %s lost a file of the %s part: try again", dir, stem(test))
		}
		if err != nil {
			return nil, "", err
		}
		pairs = append(pairs, p)
	}
	return pairs, fromCache, nil
}

func offline() (bool, error) {
	s := os.Getenv(EnvOffline)
	if s == "" {
		return false, nil
	}
	v, err := strconv.ParseBool(s)
	if err != nil {
		return false, fmt.Errorf("$%s is %q: write 1 or 0", EnvOffline, s)
	}
	return v, nil
}
