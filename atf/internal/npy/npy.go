// Package npy reads and writes arrays of numbers in NumPy's files: .npy, one
// array, and .npz, a zip archive of them. It follows the format's description
// (NumPy Enhancement Proposal 1 and numpy.lib.format), versions 1.0 to 3.0.
//
// Every number becomes a float64, exactly or not at all. Before memory is taken
// the shape that a header claims is compared with the bytes that are there.
package npy

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
)

// Array is an array of any number of dimensions, in row-major order. A scalar
// has no dimension and one number.
type Array struct {
	Shape []int
	Data  []float64
}

// Of is the matrix as an array: of one dimension where m is a mat.Vector, else
// of two. The numbers are shared where m holds them in one piece. An empty
// matrix and nil are errors.
func Of(m mat.Matrix) (*Array, error) {
	if m == nil {
		return nil, errors.New("there is no matrix (nil)")
	}
	r, c := m.Dims()
	if r == 0 || c == 0 {
		return nil, fmt.Errorf("a matrix of %d × %d is empty", r, c)
	}
	a := &Array{Shape: []int{r, c}}
	if v, ok := m.(mat.Vector); ok {
		a.Shape = []int{v.Len()}
	}
	raw, ok := m.(mat.RawMatrixer)
	if !ok {
		raw = mat.DenseCopyOf(m)
	}
	g := raw.RawMatrix()
	if g.Stride == g.Cols {
		a.Data = g.Data[:r*c]
		return a, nil
	}
	for i := range r {
		a.Data = append(a.Data, g.Data[i*g.Stride:i*g.Stride+c]...)
	}
	return a, nil
}

// Matrix is the array as a matrix that shares its numbers: n × 1 for n numbers
// in one dimension, 1 × 1 for a scalar. More dimensions and an array without a
// number are errors.
func (a *Array) Matrix() (*mat.Dense, error) {
	if len(a.Data) == 0 {
		return nil, fmt.Errorf("an array of shape %v has no number", a.Shape)
	}
	switch len(a.Shape) {
	case 0:
		return mat.NewDense(1, 1, a.Data), nil
	case 1:
		return mat.NewDense(a.Shape[0], 1, a.Data), nil
	case 2:
		return mat.NewDense(a.Shape[0], a.Shape[1], a.Data), nil
	}
	return nil, fmt.Errorf("an array of %d dimensions, %v: reshape it to two in Python before saving", len(a.Shape), a.Shape)
}

// ReadFile reads a .npy file. See Read for the errors; they do not name the
// path.
func ReadFile(path string) (*Array, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("no regular file")
	}
	return Read(f, info.Size())
}

// chunk is how many bytes of numbers are decoded at a time, a multiple of every
// element's size.
const chunk = 1 << 16

// Read reads the array of a .npy file that has size bytes.
//
// Errors: a header that is damaged or claims more than there is; elements that
// are no real numbers, or of a type that float64 does not hold; a whole number
// that no float64 equals; more or fewer bytes than the shape takes; and an
// array beyond the memory budget.
func Read(src io.Reader, size int64) (*Array, error) {
	r := bufio.NewReaderSize(src, chunk)
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	e, order, err := h.element()
	if err != nil {
		return nil, err
	}
	count, err := h.count()
	if err != nil {
		return nil, err
	}
	if err := budget.Check("the array", 8*int64(count), 0, "load a smaller part"); err != nil {
		return nil, err
	}
	switch want, got := int64(count)*int64(e.size), size-h.size; {
	case got < want:
		return nil, fmt.Errorf("it has %d bytes of values, not the %d of its shape %v: the file is cut short", got, want, h.shape)
	case got > want:
		return nil, fmt.Errorf("it has %d bytes of values, not the %d of its shape %v: there is more behind the array", got, want, h.shape)
	}
	a := &Array{Shape: h.shape, Data: make([]float64, count)}
	at := func(i int) int { return i }
	if h.fortran {
		at = rowMajor(h.shape)
	}
	bytes, values := make([]byte, min(chunk, count*e.size)), make([]float64, chunk/e.size)
	for lo := 0; lo < count; {
		n := min(len(values), count-lo)
		b := bytes[:n*e.size]
		if got, err := io.ReadFull(r, b); err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, fmt.Errorf("the values end after %d of %d bytes", lo*e.size+got, count*e.size)
		} else if err != nil {
			return nil, err
		}
		dst := values[:n]
		if !h.fortran {
			dst = a.Data[lo : lo+n]
		}
		if bad, err := e.decode(dst, b, order); err != nil {
			return nil, fmt.Errorf("entry %v: %w", index(at(lo+bad), h.shape), err)
		}
		if h.fortran {
			for i, v := range dst {
				a.Data[at(lo+i)] = v
			}
		}
		lo += n
	}
	// To the end, where an archive compares its checksum.
	var more [1]byte
	switch _, err := io.ReadFull(r, more[:]); {
	case err == nil:
		return nil, fmt.Errorf("there is more behind the array of shape %v", h.shape)
	case err != io.EOF:
		return nil, err
	}
	return a, nil
}

// rowMajor gives the place in row-major order of the i-th number of an array
// that is stored with its first index fastest.
func rowMajor(shape []int) func(i int) int {
	strides, stride := make([]int, len(shape)), 1
	for k := len(shape) - 1; k >= 0; k-- {
		strides[k] = stride
		stride *= shape[k]
	}
	return func(i int) int {
		at := 0
		for k, n := range shape {
			at += i % n * strides[k]
			i /= n
		}
		return at
	}
}

// index is the i-th index of an array in row-major order.
func index(i int, shape []int) []int {
	out := make([]int, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		out[k] = i % shape[k]
		i /= shape[k]
	}
	return out
}
