package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const suffix = ".npy"

// Archive is an open .npz file, to be closed by Close. Names within it are keys
// and never paths.
type Archive struct {
	io.Closer
	members []*zip.File
	byName  map[string]*zip.File
}

// DamagedError reports a member of an archive whose bytes are not those that
// were written.
type DamagedError struct {
	Name  string
	Cause error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("array %q is damaged: %v", e.Name, e.Cause)
}

// Unwrap is what the archive's reader found.
func (e *DamagedError) Unwrap() error { return e.Cause }

// Open opens a .npz file. A file that is no zip archive, one of PyTorch's, which
// hold pickled objects, and one in which two arrays have the same name are
// errors; they do not name the path.
func Open(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	a, err := openReader(f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	a.Closer = f
	return a, nil
}

func openReader(r io.ReaderAt, bytes int64) (*Archive, error) {
	a := &Archive{byName: map[string]*zip.File{}}
	z, err := zip.NewReader(r, bytes)
	if err != nil {
		head := make([]byte, len(magic))
		if n, _ := r.ReadAt(head, 0); string(head[:n]) == magic {
			return nil, errors.New("the file is a single array: read it as .npy")
		}
		return nil, fmt.Errorf("no valid .npz archive: %w", err)
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue // a folder
		}
		if strings.HasSuffix(f.Name, "data.pkl") {
			return nil, errors.New("the file was written by torch.save: save the state dict by numpy.savez(path, **{k: v.numpy() for k, v in model.state_dict().items()})")
		}
		name := strings.TrimSuffix(f.Name, suffix)
		if a.byName[name] != nil {
			return nil, fmt.Errorf("two arrays are named %q", name)
		}
		// The sizes of the directory are claims too.
		const deflate = 1032 // the most that deflate makes of a byte
		packed, size := f.CompressedSize64, f.UncompressedSize64
		if packed > uint64(bytes) || size > (packed+1)*deflate {
			return nil, &DamagedError{Name: name, Cause: fmt.Errorf("its %d bytes cannot come from %d in an archive of %d", size, packed, bytes)}
		}
		a.byName[name] = f
		a.members = append(a.members, f)
	}
	return a, nil
}

// Names are the arrays' names in the order of the archive, which is that of the
// arguments of numpy.savez.
func (a *Archive) Names() []string {
	names := make([]string, len(a.members))
	for i, f := range a.members {
		names[i] = strings.TrimSuffix(f.Name, suffix)
	}
	return names
}

// Has says whether there is an array of that name.
func (a *Archive) Has(name string) bool { return a.byName[name] != nil }

// Read reads an array. A *DamagedError says that the archive itself is damaged;
// the other errors are those of the function Read, a name that is not there, and
// a file within the archive that is no array.
func (a *Archive) Read(name string) (*Array, error) {
	f := a.byName[name]
	if f == nil {
		return nil, fmt.Errorf("there is no array %q", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, &DamagedError{Name: name, Cause: err}
	}
	defer r.Close()
	watched := &watch{r: r}
	if !strings.HasSuffix(f.Name, suffix) {
		err = fmt.Errorf("it is no %s file", suffix)
	} else {
		var out *Array
		if out, err = Read(watched, int64(f.UncompressedSize64)); err == nil {
			return out, nil
		}
	}
	// What looks wrong may be damage: the checksum at the end tells.
	io.Copy(io.Discard, watched)
	if watched.err != nil {
		return nil, &DamagedError{Name: name, Cause: watched.err}
	}
	return nil, err
}

// watch keeps the error of the reader below, which others may rename.
type watch struct {
	r   io.Reader
	err error
}

func (w *watch) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}
