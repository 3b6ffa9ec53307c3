package npy

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/tangentfeatures/gonb-atf/atf/internal/wholefile"
)

// Named is an array of an archive.
type Named struct {
	Name string
	*Array
}

// Write writes the array as float64, row-major, in version 1.0 of the format.
// It panics when the shape and the number of values differ.
func Write(w io.Writer, a *Array) error {
	count := 1
	shape := make([]string, len(a.Shape))
	for i, n := range a.Shape {
		count *= n
		shape[i] = fmt.Sprint(n)
	}
	if count != len(a.Data) {
		panic(fmt.Sprintf("npy: %d values for an array of shape %v", len(a.Data), a.Shape))
	}
	tuple := "(" + strings.Join(shape, ", ") + ")"
	if len(shape) == 1 {
		tuple = "(" + shape[0] + ",)"
	}
	text := "{'descr': '<f8', 'fortran_order': False, 'shape': " + tuple + ", }"
	// The numbers begin at a multiple of 64 bytes, after a line end.
	const before, align = len(magic) + 4, 64
	text += strings.Repeat(" ", align-1-(before+len(text))%align) + "\n"
	head := append([]byte(magic), 1, 0, byte(len(text)), byte(len(text)>>8))
	if _, err := w.Write(append(head, text...)); err != nil {
		return err
	}
	buf := make([]byte, 0, min(chunk, 8*count))
	for lo := 0; lo < count; lo += chunk / 8 {
		buf = buf[:0]
		for _, v := range a.Data[lo:min(lo+chunk/8, count)] {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes a .npy file, which appears whole or not at all and replaces
// one of that name. The error names the path.
func WriteFile(path string, a *Array) error {
	return replace(path, func(w io.Writer) error { return Write(w, a) })
}

// WriteArchive writes a .npz archive of the arrays in their order, as numpy.savez
// does (not compressed), under the terms of WriteFile. The same arrays give the
// same bytes.
func WriteArchive(path string, arrays []Named) error {
	return replace(path, func(w io.Writer) error {
		z := zip.NewWriter(w)
		for _, a := range arrays {
			f, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + suffix, Method: zip.Store})
			if err != nil {
				return err
			}
			if err := Write(f, a.Array); err != nil {
				return fmt.Errorf("array %q: %w", a.Name, err)
			}
		}
		return z.Close()
	})
}

// replace writes a file beside path and moves it there when it is whole.
func replace(path string, write func(io.Writer) error) error {
	if err := wholefile.Write(path, "."+filepath.Base(path)+".*", 0o644, write); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
