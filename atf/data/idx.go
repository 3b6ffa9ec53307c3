package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
)

// FileError says what is wrong with a data file and at which byte.
type FileError struct {
	File     string // the file as it was named
	Offset   int64  // the byte, counted after unpacking where Unpacked
	Unpacked bool   // the file is gzip-compressed
	Problem  string // what is wrong there, and what to do
	Err      error  // the cause, where there is one
}

func (e *FileError) Error() string {
	unpacked := ""
	if e.Unpacked {
		unpacked = " after unpacking"
	}
	return fmt.Sprintf("%s, byte %d%s: %s", e.File, e.Offset, unpacked, e.Problem)
}

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// An idx is the content of one IDX file of unsigned bytes.
type idx struct {
	name   string
	packed bool
	dims   []int
	header int
	data   []byte
}

const (
	magicLabels = 0x00000801 // unsigned bytes, one dimension
	magicImages = 0x00000803 // unsigned bytes, three dimensions
)

// maxBody bounds what a header may promise: no product of dimensions up to it
// overflows, and no collection of digits comes near it.
const maxBody = 1 << 40

// readIDX reads an IDX file of unsigned bytes, plain or gzip-compressed, with
// the number of dimensions that magic asks for. Memory grows with what the
// file really holds, not with what its header promises.
func readIDX(name string, r io.Reader, magic uint32) (*idx, error) {
	f := &idx{name: name}
	src := bufio.NewReaderSize(r, 1<<16)
	if head, _ := src.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		f.packed = true
		z, err := gzip.NewReader(src)
		if err != nil {
			return nil, f.cause(0, "the gzip header is broken", err)
		}
		defer z.Close()
		src = bufio.NewReaderSize(z, 1<<16)
	}
	// A short file ends before that, which is no error here.
	begin, _ := src.Peek(sniffed)
	if kind := foreignKind(begin); kind != "" {
		return nil, f.fail(0, "%s", kind)
	}

	dims := int(magic & 0xff)
	f.header = 4 + 4*dims
	head := make([]byte, f.header)
	inside := fmt.Sprintf("the file ends inside its header of %d bytes", f.header)
	if n, err := io.ReadFull(src, head[:4]); err != nil {
		return nil, f.broken(int64(n), err, inside)
	}
	// Before the rest: a short file of the wrong kind should be called that.
	if got := binary.BigEndian.Uint32(head); got != magic {
		return nil, f.fail(0, "the magic number is %#08x, %s", got, magicHint(got, magic))
	}
	if n, err := io.ReadFull(src, head[4:]); err != nil {
		return nil, f.broken(int64(4+n), err, inside)
	}
	size := int64(1)
	for k := range dims {
		at := 4 + 4*k
		d := int64(binary.BigEndian.Uint32(head[at:]))
		if d == 0 {
			return nil, f.fail(at, "dimension %d is 0: the file holds nothing", k+1)
		}
		if d > maxBody/size {
			return nil, f.fail(at, "dimension %d is %d: more than a file of digits can hold", k+1, d)
		}
		size *= d
		f.dims = append(f.dims, int(d))
	}
	if err := budget.Check("reading "+name, size, 0, "use a smaller file"); err != nil {
		return nil, err
	}
	if err := f.body(src, int(size)); err != nil {
		return nil, err
	}
	return f, nil
}

// body reads the size bytes after the header and makes sure that the file, and
// with it the gzip checksum, ends there.
func (f *idx) body(src io.Reader, size int) error {
	f.data = make([]byte, 0, min(size+1, 1<<20))
	for {
		if len(f.data) == cap(f.data) {
			f.data = slices.Grow(f.data, min(len(f.data), size+1-len(f.data)))
		}
		n, err := src.Read(f.data[len(f.data):min(cap(f.data), size+1)])
		f.data = f.data[:len(f.data)+n]
		at := int64(f.header + len(f.data))
		switch {
		case len(f.data) > size:
			return f.fail(f.header+size, "more bytes follow the %d that the header promises", size)
		case err == io.EOF && len(f.data) == size:
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF) && len(f.data) == size:
			return f.cause(at, "the gzip stream does not end as it should: it is cut off, or something that is not gzip follows it", err)
		case err != nil:
			return f.broken(at, err, fmt.Sprintf("the file ends after %d of the %d bytes that the header promises", len(f.data), size))
		}
	}
}

func magicHint(got, want uint32) string {
	const say = "want %#08x for %s"
	switch {
	case want == magicImages && got == magicLabels:
		return fmt.Sprintf(say+": this is a file of labels", want, "images")
	case want == magicLabels && got == magicImages:
		return fmt.Sprintf(say+": this is a file of images", want, "labels")
	case want == magicImages:
		return fmt.Sprintf(say, want, "images")
	default:
		return fmt.Sprintf(say, want, "labels")
	}
}

func (f *idx) fail(offset int, format string, args ...any) error {
	return f.cause(int64(offset), fmt.Sprintf(format, args...), nil)
}

func (f *idx) cause(offset int64, problem string, err error) error {
	if err != nil {
		problem += " (" + err.Error() + ")"
	}
	return &FileError{File: f.name, Offset: offset, Unpacked: f.packed, Problem: problem, Err: err}
}

// broken tells the ways in which reading can stop apart.
func (f *idx) broken(offset int64, err error, truncated string) error {
	switch {
	case errors.Is(err, gzip.ErrChecksum):
		return f.cause(offset, "the gzip checksum does not match: the file is damaged", err)
	case errors.Is(err, gzip.ErrHeader):
		return f.cause(offset, "something that is not gzip follows the compressed data", err)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return f.cause(offset, truncated, err)
	case f.packed:
		return f.cause(offset, "the compressed data cannot be unpacked", err)
	default:
		return f.cause(offset, "the file cannot be read", err)
	}
}

// A part is the content of a pair of files: images and their labels.
type part struct {
	rows, cols int
	pixels     []uint8 // count × rows·cols
	labels     []uint8 // count, each 0…9
}

// readPart reads a pair of open files and checks one against the other.
func readPart(imageName string, imageFile io.Reader, labelName string, labelFile io.Reader) (*part, error) {
	im, err := readIDX(imageName, imageFile, magicImages)
	if err != nil {
		return nil, err
	}
	for k, word := range []string{"rows", "columns"} {
		if im.dims[k+1] != side {
			return nil, im.fail(8+4*k, "the images have %d %s of pixels, MNIST's have %d", im.dims[k+1], word, side)
		}
	}
	lb, err := readIDX(labelName, labelFile, magicLabels)
	if err != nil {
		return nil, err
	}
	if lb.dims[0] != im.dims[0] {
		return nil, lb.fail(4, "%d labels, but %s holds %d images: the two files do not belong together",
			lb.dims[0], imageName, im.dims[0])
	}
	for i, v := range lb.data {
		if v > 9 {
			return nil, lb.fail(lb.header+i, "label %d of image %d is no digit", v, i)
		}
	}
	return &part{rows: im.dims[1], cols: im.dims[2], pixels: im.data, labels: lb.data}, nil
}

// openPart reads a pair of files by their paths.
func openPart(imagePath, labelPath string) (*part, error) {
	im, err := os.Open(imagePath)
	if err != nil {
		return nil, err
	}
	defer im.Close()
	lb, err := os.Open(labelPath)
	if err != nil {
		return nil, err
	}
	defer lb.Close()
	return readPart(imagePath, im, labelPath, lb)
}
