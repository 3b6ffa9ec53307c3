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
// MNIST's and CIFAR-10's files and that forbid downloads (1 or true).
const (
	EnvDir     = "ATF_DATA"
	EnvOffline = "ATF_OFFLINE"
)

// ErrAbsent is wrapped by the error for MNIST or CIFAR-10 being nowhere to be
// had: no files, and no network or no leave to use it.
var ErrAbsent = errors.New("the data set is not there")

// An absentError is ErrAbsent with a reason that names no path, fit to stand
// in a saved notebook.
type absentError struct {
	set    string // which data set
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
		return fmt.Sprintf("%s is not there: %s\n%v", e.set, reason, e.err)
	}
	return fmt.Sprintf("%s is not there: %s; name a folder with its files through Dir or $%s, or let it be downloaded", e.set, reason, EnvDir)
}

func (e *absentError) Is(target error) bool { return target == ErrAbsent }
func (e *absentError) Unwrap() error        { return e.err }

func (m *Images) absent(reason string, files []string, err error) error {
	return &absentError{set: m.kind.form().set, reason: reason, files: files, err: err}
}

func cacheDir(name string) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, "gonb-atf", name), nil
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
			err = m.absent("the folder given holds none of its files", absent, nil)
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

	dir, err := m.obtain(reason, absent)
	if err != nil {
		return nil, "", err
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

// obtain gives the cache's folder, after a download of what it lacks. The reason
// says why the files were in no place named by the user, and absent what was
// wrong there.
func (m *Images) obtain(reason string, absent []string) (dir string, err error) {
	dir, err = m.cache()
	if err != nil {
		return "", m.absent(reason+", there is no folder for a cache", absent,
			fmt.Errorf("%w: name a folder with its files through Dir or $%s", err, EnvDir))
	}
	missing, err := m.missing(dir)
	if err != nil || len(missing) == 0 {
		return dir, err
	}
	reason += ", the cache lacks them"
	off, err := offline()
	if err != nil {
		return "", err
	}
	if off || m.offline {
		return "", m.absent(reason+", downloads are switched off", absent, nil)
	}
	if err := m.fetch.fetch(m.ctx, dir, missing, m.report); errors.Is(err, ErrAbsent) {
		return "", m.absent(reason+", the mirrors cannot be reached", absent, err)
	} else if err != nil {
		return "", err
	}
	return dir, nil
}

// missing lists the official files of the chosen parts that dir does not hold.
func (m *Images) missing(dir string) (missing []remote, err error) {
	if m.kind == cifar || m.kind == cifarOrTextures {
		return m.missingCIFAR(dir)
	}
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
