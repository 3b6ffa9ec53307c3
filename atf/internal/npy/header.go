package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// header is what a .npy file says about its array.
type header struct {
	descr   string // the element's type, such as <f8; for records their fields
	records bool
	fortran bool // the first index runs fastest
	shape   []int
	size    int64 // bytes before the first number
}

const (
	magic = "\x93NUMPY"
	// longest is more than the header of any array of numbers takes.
	longest = 1 << 16
)

// readHeader reads the beginning of a .npy file that has size bytes in all. It
// takes the text of the header as Python's ast.literal_eval would, in any order
// of the keys, and with the long integers (5L) of Python 2.
func readHeader(r io.Reader, size int64) (*header, error) {
	h, err := parseHeader(r, size)
	if err != nil {
		return nil, fmt.Errorf("no valid .npy header: %w", err)
	}
	return h, nil
}

func parseHeader(r io.Reader, size int64) (*header, error) {
	var head [12]byte
	got, err := io.ReadFull(r, head[:10])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	if err := checkMagic(head[:got]); err != nil {
		return nil, err
	}
	if got < 10 {
		return nil, fmt.Errorf("the file ends after %d bytes", got)
	}
	n, start := int64(binary.LittleEndian.Uint16(head[8:])), int64(10)
	switch version := head[6]; version {
	case 1:
	case 2, 3: // counts in 32 bits; 3 differs by the alphabet of field names
		start = 12
		if _, err := io.ReadFull(r, head[10:]); err != nil {
			return nil, fmt.Errorf("the file ends after %d bytes", size)
		}
		n = int64(binary.LittleEndian.Uint32(head[8:]))
	default:
		return nil, fmt.Errorf("version %d.%d of the format: versions 1 to 3 are read", version, head[7])
	}
	if n > longest {
		return nil, fmt.Errorf("it claims %d bytes, more than that of any array of numbers", n)
	}
	if n > size-start {
		return nil, fmt.Errorf("it claims %d bytes, and the file has %d after it", n, size-start)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("the file ends within it")
	} else if err != nil {
		return nil, err
	}
	h := &header{size: start + n}
	if err := h.fill(string(text)); err != nil {
		return nil, err
	}
	return h, nil
}

// checkMagic compares the first bytes with those of a .npy file and says what
// else the file may be.
func checkMagic(b []byte) error {
	s := string(b)
	switch {
	case s == "":
		return fmt.Errorf("the file is empty")
	case strings.HasPrefix(s, magic[:min(len(s), len(magic))]):
		return nil
	case strings.HasPrefix(s, "PK\x03\x04"):
		return fmt.Errorf("the file is a zip archive: read it as .npz")
	}
	return fmt.Errorf("the file begins with %q, and NumPy's with %q", s, magic)
}

// fill takes the keys out of the header's text.
func (h *header) fill(text string) error {
	v, err := parseLiteral(text)
	if err != nil {
		return err
	}
	d, ok := v.(dict)
	if !ok {
		return fmt.Errorf("it is no dictionary: %.40q", text)
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if _, ok := d[key]; !ok {
			return fmt.Errorf("it has no %q", key)
		}
	}
	if len(d) != 3 {
		return fmt.Errorf("it has %d keys, not the three of the format", len(d))
	}
	switch t := d["descr"].(type) {
	case string:
		h.descr = t
	case list: // fields, or one field's type and shape
		h.descr, h.records = fmt.Sprintf("%d fields", len(t)), true
	case tuple:
		h.descr, h.records = "sub-arrays", true
	default:
		return fmt.Errorf("its descr is no type of elements")
	}
	if h.fortran, ok = d["fortran_order"].(bool); !ok {
		return fmt.Errorf("its fortran_order is neither True nor False")
	}
	shape, ok := d["shape"].(tuple)
	if !ok {
		return fmt.Errorf("its shape is no tuple")
	}
	h.shape = make([]int, len(shape))
	for i, v := range shape {
		n, ok := v.(int64)
		if !ok || n != int64(int(n)) {
			return fmt.Errorf("its shape holds what is no size of an array")
		}
		h.shape[i] = int(n)
	}
	return nil
}

// count is the number of elements. A negative size, and more elements than
// memory can ever hold, are errors.
func (h *header) count() (int, error) {
	const most = math.MaxInt >> 8
	count, zero := 1, false
	for _, n := range h.shape {
		if n < 0 {
			return 0, fmt.Errorf("an array of shape %v: no size can be negative", h.shape)
		}
		if n == 0 {
			zero = true
			continue
		}
		if count > most/n {
			return 0, fmt.Errorf("an array of shape %v: no memory holds so many numbers", h.shape)
		}
		count *= n
	}
	if zero {
		return 0, nil
	}
	return count, nil
}
