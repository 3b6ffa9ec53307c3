package kernel

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codeberg.org/sbinet/npyio/npy"
	"codeberg.org/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/npyhead"
)

// SaveNPY writes a matrix as a NumPy .npy file of float64: two-dimensional and
// row-major, or one-dimensional for a mat.Vector such as the parameters of a
// network (mat.NewVecDense(len(theta), theta)). The file appears whole or not
// at all, and replaces one of that name. Errors are those of the file system,
// and an empty matrix.
func SaveNPY(path string, m mat.Matrix) error {
	return replaceFile(path, func(w io.Writer) error { return writeNPY(w, m) })
}

// SaveNPZ writes matrices as a NumPy .npz archive, each under its name, under
// the terms of SaveNPY. An empty name, one with a slash, and no matrix are
// errors.
func SaveNPZ(path string, arrays map[string]mat.Matrix) error {
	if len(arrays) == 0 {
		return fmt.Errorf("kernel: %s: no matrix to save", path)
	}
	names := make([]string, 0, len(arrays))
	for name := range arrays {
		if name == "" || strings.ContainsAny(name, "/\\") {
			return fmt.Errorf("kernel: %s: an array cannot be named %q: give a name without slashes", path, name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return replaceFile(path, func(w io.Writer) error {
		z := npz.NewWriter(w)
		for _, name := range names {
			value, err := npyValue(arrays[name])
			if err != nil {
				return fmt.Errorf("array %q: %w", name, err)
			}
			if err := z.Write(name+".npy", value); err != nil {
				return err
			}
		}
		return z.Close()
	})
}

// LoadNPY reads a one- or two-dimensional .npy file of float64, float32 or
// whole numbers of up to 32 bits, in either order; a one-dimensional array
// becomes a column. Values are taken as they are: the functions that use a
// matrix check it.
//
// Errors: a missing or damaged file, one that ends early or goes on after the
// array, other types or dimensions, an empty array, and one beyond the memory
// budget.
func LoadNPY(path string) (*mat.Dense, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("kernel: %w", err)
	}
	defer f.Close()
	m, err := readNPY(f)
	if err != nil {
		return nil, fmt.Errorf("kernel: %s: %w", path, err)
	}
	return m, nil
}

// LoadNPZ reads every array of a .npz archive, by name, under the terms of
// LoadNPY.
func LoadNPZ(path string) (map[string]*mat.Dense, error) {
	z, err := npz.Open(path)
	if err != nil {
		return nil, fmt.Errorf("kernel: %w", err)
	}
	defer z.Close()
	all := map[string]*mat.Dense{}
	for _, key := range z.Keys() {
		name := strings.TrimSuffix(key, ".npy")
		r, err := z.Open(key)
		if err != nil {
			return nil, fmt.Errorf("kernel: %s: %w", path, err)
		}
		m, err := readNPY(r)
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("kernel: %s: array %q: %w", path, name, err)
		}
		if all[name] != nil {
			return nil, fmt.Errorf("kernel: %s: two arrays are named %q", path, name)
		}
		all[name] = m
	}
	return all, nil
}

// LoadGram reads a Gram matrix of the given outputs from a .npy file. Beside
// the errors of LoadNPY it returns those of FromMatrix.
func LoadGram(path string, outputs int) (*Gram, error) {
	m, err := LoadNPY(path)
	if err != nil {
		return nil, err
	}
	g, err := FromMatrix(m, outputs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return g, nil
}

// replaceFile writes a file beside path and moves it there when it is whole.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("kernel: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("kernel: writing %s: %w", path, err)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	if err = write(w); err != nil {
		return err
	}
	if err = w.Flush(); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writeNPY(w io.Writer, m mat.Matrix) error {
	v, err := npyValue(m)
	if err != nil {
		return err
	}
	return npy.Write(w, v)
}

// npyValue is m in a form the npy package writes.
func npyValue(m mat.Matrix) (any, error) {
	if m == nil {
		return nil, errors.New("there is no matrix (nil)")
	}
	r, c := m.Dims()
	if r == 0 || c == 0 {
		return nil, fmt.Errorf("a matrix of %d × %d is empty", r, c)
	}
	if v, ok := m.(mat.Vector); ok {
		s := make([]float64, v.Len())
		for i := range s {
			s[i] = v.AtVec(i)
		}
		return s, nil
	}
	d := dense(m)
	var out mat.Dense
	out.SetRawMatrix(d)
	return &out, nil
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func readNPY(src io.Reader) (m *mat.Dense, err error) {
	// The parser of the header trusts its input.
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("no valid .npy header (%v)", p)
		}
	}()
	b := bufio.NewReaderSize(src, 1<<16)
	head, _ := b.Peek(npyhead.Size)
	if err := npyhead.Check(head); err != nil {
		return nil, err
	}
	c := &counter{r: b}
	r, err := npy.NewReader(c)
	if err != nil {
		return nil, fmt.Errorf("no valid .npy header: %w", err)
	}
	shape, start := r.Header.Descr.Shape, c.n
	rows, cols := 1, 1
	switch len(shape) {
	case 1:
		rows = shape[0]
	case 2:
		rows, cols = shape[0], shape[1]
	default:
		return nil, fmt.Errorf("an array of %d dimensions: it must have one or two", len(shape))
	}
	if rows <= 0 || cols <= 0 || rows > 1<<40/cols {
		return nil, fmt.Errorf("an array of shape %v", shape)
	}
	count := rows * cols
	if err := budget.Check("the array", 3*8*int64(count), 0, "load a smaller part"); err != nil {
		return nil, err
	}
	data, size, err := readValues(r, count)
	if err != nil {
		return nil, err
	}
	if got, want := c.n-start, int64(count)*int64(size); got != want {
		return nil, fmt.Errorf("the data end after %d bytes, an array of shape %v has %d: the file is cut short", got, shape, want)
	}
	var more [1]byte
	switch _, err := io.ReadFull(c, more[:]); {
	case err == nil:
		return nil, fmt.Errorf("there is more behind the array of shape %v", shape)
	case err != io.EOF:
		return nil, err
	}
	if r.Header.Descr.Fortran && len(shape) == 2 {
		return mat.DenseCopyOf(mat.NewDense(cols, rows, data).T()), nil
	}
	return mat.NewDense(rows, cols, data), nil
}

// readValues reads the array as float64 and says how many bytes an element
// takes in the file.
func readValues(r *npy.Reader, count int) ([]float64, int, error) {
	kind := strings.Trim(r.Header.Descr.Type, "'\"")
	code := strings.TrimLeft(kind, "<>|=")
	switch code {
	case "f8":
		var v []float64
		err := r.Read(&v)
		return v, 8, atEnd(err)
	case "f4":
		return readAs[float32](r, 4)
	case "i4":
		return readAs[int32](r, 4)
	case "i2":
		return readAs[int16](r, 2)
	case "i1":
		return readAs[int8](r, 1)
	case "u4":
		return readAs[uint32](r, 4)
	case "u2":
		return readAs[uint16](r, 2)
	case "u1":
		return readAs[uint8](r, 1)
	}
	return nil, 0, fmt.Errorf("elements of type %s: save them as float64", kind)
}

func readAs[T float32 | int32 | int16 | int8 | uint32 | uint16 | uint8](r *npy.Reader, size int) ([]float64, int, error) {
	var v []T
	if err := atEnd(r.Read(&v)); err != nil {
		return nil, size, err
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out, size, nil
}

// atEnd lets an early end pass, which readNPY reports with the counts.
func atEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
