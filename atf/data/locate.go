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
	files  []string // of a folder that the user named: what is wrong with each file
	err    error    // the details; nil where the reason says all
}

func (e *absentError) Error() string {
	reason := e.reason
	if len(e.files) > 0 {
		reason += " (" + strings.Join(e.files, "; ") + ")"
	}
	if e.err != nil {
		return fmt.Sprintf("%v: %s\n%v", ErrAbsent, reason, e.err)
	}
	return fmt.Sprintf("%v: %s; name a folder with its files through Dir or $%s, or let it be downloaded", ErrAbsent, reason, EnvDir)
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
		pairs, absent, err := m.inFolder(*m.dir, "the folder given")
		if err == nil && pairs == nil {
			err = &absentError{reason: "the folder given holds none of its files", files: absent}
		}
		return pairs, fromDir, err
	}
	reason := "$" + EnvDir + " is not set"
	var absent []string
	if dir := os.Getenv(EnvDir); dir != "" {
		pairs, absent, err = m.inFolder(dir, "the folder in $"+EnvDir)
		if err != nil || pairs != nil {
			return pairs, fromEnv, err
		}
		reason = "the folder in $" + EnvDir + " holds none of its files"
	}

	dir, err := m.cache()
	if err != nil {
		return nil, "", &absentError{reason: reason + ", there is no folder for a cache", files: absent,
			err: fmt.Errorf("%w: name a folder with its files through Dir or $%s", err, EnvDir)}
	}
	missing, err := m.missing(dir)
	if err != nil {
		return nil, "", err
	}
	if len(missing) > 0 {
		reason += ", the cache lacks them"
		off, err := offline()
		if err != nil {
			return nil, "", err
		}
		if off || m.offline {
			return nil, "", &absentError{reason: reason + ", downloads are switched off", files: absent}
		}
		if err := m.fetch.fetch(m.ctx, dir, missing, m.report); errors.Is(err, ErrAbsent) {
			return nil, "", &absentError{reason: reason + ", the mirrors cannot be reached", files: absent, err: err}
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

// missing lists the official files of the chosen parts that dir does not hold.
func (m *Images) missing(dir string) (missing []remote, err error) {
	for _, test := range m.part.tests() {
		for kind := range kinds {
			path, err := look(dir, test, kind)
			if err != nil {
				return nil, err
			}
			for _, r := range m.fetch.files {
				if path == "" && r.name == usualName(test, kind)+".gz" {
					missing = append(missing, r)
				}
			}
		}
	}
	return missing, nil
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
