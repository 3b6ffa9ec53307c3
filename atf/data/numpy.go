package data

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/npy"
)

// LoadNPY reads a NumPy .npy file as a matrix: n numbers in one dimension
// become n × 1, a scalar 1 × 1. Floating-point numbers of 16, 32 and 64 bits,
// whole numbers of 8 to 64 bits and booleans (0 and 1) are read, in either byte
// order and either order of the indices. Every value is exact, NaN and
// infinities included: what uses a matrix checks it.
//
// Errors: a missing or damaged file, one that ends early or goes on after the
// array, other types (complex numbers, text, Python objects), a whole number
// that no float64 equals, more than two dimensions, an empty array, and one
// beyond the memory budget.
func LoadNPY(path string) (*mat.Dense, error) {
	m, err := loadMatrix(path)
	if err != nil {
		return nil, fmt.Errorf("data: reading %s: %w", path, err)
	}
	return m, nil
}

func loadMatrix(path string) (*mat.Dense, error) {
	a, err := npy.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return a.Matrix()
}

// SaveNPY writes a matrix as a NumPy .npy file of float64: two-dimensional and
// row-major, or one-dimensional for a mat.Vector such as the parameters of a
// network (mat.NewVecDense(len(theta), theta)). A Gram matrix is one too. The
// file appears whole or not at all, and replaces one of that name. Errors are
// those of the file system, and an empty matrix.
func SaveNPY(path string, m mat.Matrix) error {
	a, err := npy.Of(m)
	if err != nil {
		return fmt.Errorf("data: writing %s: %w", path, err)
	}
	if err := npy.WriteFile(path, a); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	return nil
}

// Arrays are the arrays of a NumPy .npz archive: those that could be read, and
// why the others could not. It round-trips through encoding/gob.
type Arrays struct {
	// Matrices holds what could be read, by name.
	Matrices map[string]*mat.Dense
	// Left says of every other member of the archive why it was left.
	Left map[string]string
}

// LoadNPZ reads the arrays of a .npz archive, as numpy.savez and
// numpy.savez_compressed write it, each under the terms of LoadNPY. A member
// that LoadNPY would refuse (text, three dimensions) is left, with the reason,
// and does not keep the others from being read.
//
// Errors: a missing file, one that is no archive, an archive whose checksums or
// sizes show damage, two arrays of one name, and an archive in which nothing
// can be read.
func LoadNPZ(path string) (*Arrays, error) {
	a, err := loadArrays(path)
	if err != nil {
		return nil, fmt.Errorf("data: reading %s: %w", path, err)
	}
	return a, nil
}

func loadArrays(path string) (*Arrays, error) {
	z, err := npy.Open(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	out := &Arrays{Matrices: map[string]*mat.Dense{}, Left: map[string]string{}}
	for _, name := range z.Names() {
		m, err := matrixOf(z, name)
		var damaged *npy.DamagedError
		switch {
		case err == nil:
			out.Matrices[name] = m
		case errors.As(err, &damaged):
			return nil, err
		default:
			out.Left[name] = err.Error()
		}
	}
	if len(out.Matrices) == 0 {
		return nil, fmt.Errorf("the archive holds no array that can be read%s", out.reasons())
	}
	return out, nil
}

func matrixOf(z *npy.Archive, name string) (*mat.Dense, error) {
	a, err := z.Read(name)
	if err != nil {
		return nil, err
	}
	return a.Matrix()
}

// Names are the names of the arrays that were read, sorted.
func (a *Arrays) Names() []string { return slices.Sorted(maps.Keys(a.Matrices)) }

// Matrix is the array of that name. One that was left is an error with the
// reason, one that is not there an error with the names that are.
func (a *Arrays) Matrix(name string) (*mat.Dense, error) {
	if m := a.Matrices[name]; m != nil {
		return m, nil
	}
	if why, ok := a.Left[name]; ok {
		return nil, fmt.Errorf("data: the array %q was not read: %s", name, why)
	}
	return nil, fmt.Errorf("data: there is no array %q, only %s", name, strings.Join(a.Names(), ", "))
}

// Scalar is the number of that name, such as a learning rate. An array of more
// than one number is an error, beside those of Matrix.
func (a *Arrays) Scalar(name string) (float64, error) {
	m, err := a.Matrix(name)
	if err != nil {
		return 0, err
	}
	if r, c := m.Dims(); r != 1 || c != 1 {
		return 0, fmt.Errorf("data: the array %q is %d × %d, no single number", name, r, c)
	}
	return m.At(0, 0), nil
}

// String lists the arrays with their shapes, and what was left with the reason.
func (a *Arrays) String() string {
	parts := make([]string, 0, len(a.Matrices))
	for _, name := range a.Names() {
		r, c := a.Matrices[name].Dims()
		parts = append(parts, fmt.Sprintf("%s %d × %d", name, r, c))
	}
	return strings.Join(parts, ", ") + a.reasons()
}

func (a *Arrays) reasons() string {
	s := ""
	for _, name := range slices.Sorted(maps.Keys(a.Left)) {
		s += fmt.Sprintf("; left %s (%s)", name, a.Left[name])
	}
	return s
}

// SaveNPZ writes matrices as a NumPy .npz archive, each under its name, under
// the terms of SaveNPY. An empty name, one with a slash, and no matrix are
// errors.
func SaveNPZ(path string, arrays map[string]mat.Matrix) error {
	if len(arrays) == 0 {
		return fmt.Errorf("data: writing %s: no matrix to save", path)
	}
	named := make([]npy.Named, 0, len(arrays))
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if name == "" || strings.ContainsAny(name, "/\\") {
			return fmt.Errorf("data: writing %s: an array cannot be named %q: give a name without slashes", path, name)
		}
		a, err := npy.Of(arrays[name])
		if err != nil {
			return fmt.Errorf("data: writing %s: array %q: %w", path, name, err)
		}
		named = append(named, npy.Named{Name: name, Array: a})
	}
	if err := npy.WriteArchive(path, named); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	return nil
}
