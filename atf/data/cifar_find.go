package data

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A cifarSource is where the files of CIFAR-10 are: unpacked in a folder, or in
// the archive. The zero value is nowhere.
type cifarSource struct{ folder, archive string }

// locateCIFAR finds the files, downloading the archive where that is needed and
// allowed.
func (m *Images) locateCIFAR() (src cifarSource, place string, err error) {
	if m.dir != nil {
		src, absent, err := m.cifarIn(*m.dir, fromDir)
		if err == nil && src == (cifarSource{}) {
			err = m.absent("the folder given holds none of its files", []string{absent}, nil)
		}
		return src, fromDir, err
	}
	reason := "$" + EnvDir + " is not set"
	var absent []string
	if dir := os.Getenv(EnvDir); dir != "" {
		src, why, err := m.cifarIn(dir, "the folder in $"+EnvDir)
		if err != nil || src != (cifarSource{}) {
			return src, fromEnv, err
		}
		reason, absent = "the folder in $"+EnvDir+" holds none of its files", []string{why}
	}
	dir, err := m.obtain(reason, absent)
	if err != nil {
		return src, "", err
	}
	src, _, err = m.cifarIn(dir, "the cache")
	if err == nil && src == (cifarSource{}) {
		err = fmt.Errorf("the cache %s lost %s: try again", dir, archiveName)
	}
	return src, fromCache, err
}

// cifarIn looks for the files of the chosen parts at a place that is called so.
// Where none of them is there it says why.
func (m *Images) cifarIn(dir, called string) (src cifarSource, absent string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return src, "", fmt.Errorf("%s for CIFAR-10's files: %w", called, err)
	}
	if info.Mode().IsRegular() {
		return cifarSource{archive: dir}, "", nil
	}
	if !info.IsDir() {
		return src, "", fmt.Errorf("%s for CIFAR-10's files: %s is neither a folder nor an archive", called, dir)
	}
	for _, in := range []string{dir, filepath.Join(dir, batchFolder)} {
		var missing []string
		names := m.part.batches()
		for _, name := range names {
			switch is, err := kindOf(filepath.Join(in, name)); {
			case err != nil:
				return src, "", err
			case is == folder:
				return src, "", fmt.Errorf("%s is not a file but a folder", filepath.Join(in, name))
			case is == nothing:
				missing = append(missing, name)
			}
		}
		if len(missing) == 0 {
			return cifarSource{folder: in}, "", nil
		}
		if len(missing) < len(names) {
			return src, "", fmt.Errorf("%s for CIFAR-10's files, %s, lacks %s", called, in, strings.Join(missing, ", "))
		}
	}
	archive := filepath.Join(dir, archiveName)
	switch is, err := kindOf(archive); {
	case err != nil:
		return src, "", err
	case is == folder:
		return src, "", fmt.Errorf("%s is not a file but a folder: put %s into %s", archive, batchFolder, dir)
	case is == regularFile:
		return cifarSource{archive: archive}, "", nil
	}
	absent = fmt.Sprintf("neither %s nor %s is there", batchFolder, archiveName)
	for _, other := range []string{"cifar-10-batches-py", "cifar-10-python.tar.gz", "cifar-10-batches-mat", "cifar-10-matlab.tar.gz", "data_batch_1", "data_batch_1.mat"} {
		if is, err := kindOf(filepath.Join(dir, other)); err == nil && is != nothing {
			absent += ", but " + other + ", another version: get the binary version"
			break
		}
	}
	return src, absent, nil
}

// missingCIFAR lists the archive unless dir holds the files in some form.
func (m *Images) missingCIFAR(dir string) ([]remote, error) {
	if is, err := kindOf(dir); err != nil {
		return nil, err
	} else if is != nothing {
		src, _, err := m.cifarIn(dir, "the folder")
		if err != nil || src != (cifarSource{}) {
			return nil, err
		}
	}
	return m.fetch.files, nil
}
