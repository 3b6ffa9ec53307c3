package data

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
)

// readBatches gives the records of the chosen parts' files, in their order.
func (m *Images) readBatches(src cifarSource) ([][]byte, error) {
	names := m.part.batches()
	need := int64(len(names)) * int64(m.records) * recordSize
	if err := budget.Check("reading CIFAR-10", need, 0, "choose Train or Test in place of All"); err != nil {
		return nil, err
	}
	if src.archive != "" {
		f, err := os.Open(src.archive)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readArchive(m.ctx, src.archive, f, names, m.records)
	}
	batches := make([][]byte, len(names))
	for k, name := range names {
		if err := m.ctx.Err(); err != nil {
			return nil, fmt.Errorf("reading CIFAR-10 stopped: %w", context.Cause(m.ctx))
		}
		file := filepath.Join(src.folder, name)
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		batches[k], err = readRecords(file, f, m.records, false)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return batches, nil
}

// readRecords reads a file of so many records and makes sure that it ends
// there. Records and bytes count from 0 in its errors.
func readRecords(name string, r io.Reader, records int, packed bool) ([]byte, error) {
	fail := func(offset int, err error, format string, args ...any) error {
		return &FileError{File: name, Offset: int64(offset), Unpacked: packed, Problem: fmt.Sprintf(format, args...), Err: err}
	}
	src := bufio.NewReaderSize(r, 1<<16)
	// A short file ends before that, which is no error here.
	begin, _ := src.Peek(sniffed)
	if kind := foreignKind(begin); kind != "" {
		return nil, fail(0, nil, "%s", kind)
	}
	data := make([]byte, records*recordSize)
	n, err := io.ReadFull(src, data)
	for k := 0; k*recordSize < n; k++ {
		if v := data[k*recordSize]; v > 9 {
			return nil, fail(k*recordSize, nil, "record %d has label %d, which is no class 0 … 9: the file is damaged, or no binary file of CIFAR-10", k, v)
		}
	}
	whole, rest := n/recordSize, n%recordSize
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fail(n, err, "record %d cannot be read (%v)", whole, err)
	case n < len(data) && rest > 0:
		return nil, fail(n, io.ErrUnexpectedEOF, "the file ends inside record %d, after %d of its %d bytes: it is cut off, get it again", whole, rest, recordSize)
	case n < len(data):
		return nil, fail(n, io.ErrUnexpectedEOF, "the file ends before record %d, but must have %s records: it is cut off, get it again", whole, thousands(records))
	}
	switch _, err := src.ReadByte(); {
	case err == nil:
		return nil, fail(n, nil, "more bytes follow the last record, %d: a file has %s records of %d bytes and nothing else", records-1, thousands(records), recordSize)
	case err != io.EOF:
		return nil, fail(n, err, "the end of the file cannot be read (%v)", err)
	}
	return data, nil
}

// maxUnpacked bounds what is unpacked of an archive: five times CIFAR-10.
const maxUnpacked = 1 << 30

// A counter counts the bytes that were read, and stops at a limit.
type counter struct {
	r     io.Reader
	n     int64
	limit int64
}

var errTooLong = errors.New("it unpacks to more than CIFAR-10 can hold")

func (c *counter) Read(p []byte) (int, error) {
	if c.n >= c.limit {
		return 0, errTooLong
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.limit-c.n)])
	c.n += int64(n)
	return n, err
}

// readArchive reads the named files out of CIFAR-10's archive, and the archive
// to its end, where gzip's checksum is. Nothing is written anywhere; an entry
// whose name leads out of the folder is an error all the same, as no archive of
// CIFAR-10 has one.
func readArchive(ctx context.Context, name string, r io.Reader, wanted []string, records int) ([][]byte, error) {
	at := &counter{limit: maxUnpacked}
	fail := func(err error, format string, args ...any) error {
		problem := fmt.Sprintf(format, args...)
		if err != nil {
			problem += " (" + err.Error() + ")"
		}
		return &FileError{File: name, Offset: at.n, Unpacked: at.n > 0, Problem: problem, Err: err}
	}
	src := bufio.NewReaderSize(r, 1<<16)
	begin, _ := src.Peek(sniffed)
	if kind := foreignKind(begin); kind != "" {
		return nil, fail(nil, "%s", kind)
	}
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, fail(err, "this is no gzip archive: get %s again", archiveName)
	}
	defer z.Close()
	at.r = z
	const damaged = "the archive is damaged or cut off: get it again"
	batches := make([][]byte, len(wanted))
	t := tar.NewReader(at)
	for {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("reading CIFAR-10 stopped: %w", context.Cause(ctx))
		}
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return nil, fail(err, damaged)
		}
		entry := path.Clean(strings.ReplaceAll(h.Name, `\`, "/"))
		if path.IsAbs(entry) || !filepath.IsLocal(entry) {
			return nil, fail(nil, "the entry %q leads out of the archive's folder: this is not the archive of CIFAR-10", h.Name)
		}
		k := slices.Index(wanted, path.Base(entry))
		if k < 0 || path.Dir(entry) != batchFolder && path.Dir(entry) != "." {
			continue
		}
		if h.Typeflag != tar.TypeReg {
			return nil, fail(nil, "the entry %q is not a file", h.Name)
		}
		if batches[k] != nil {
			return nil, fail(nil, "the entry %q comes twice", h.Name)
		}
		if batches[k], err = readRecords(name+": "+entry, t, records, true); err != nil {
			return nil, err
		}
	}
	// The reader of the archive stops at its mark of the end, gzip's checksum
	// comes later.
	if _, err := io.Copy(io.Discard, at); err != nil {
		return nil, fail(err, damaged)
	}
	var lacks []string
	for k, b := range batches {
		if b == nil {
			lacks = append(lacks, wanted[k])
		}
	}
	if len(lacks) > 0 {
		return nil, fail(nil, "the archive lacks %s: the binary version of CIFAR-10 (%s) has them in %s", strings.Join(lacks, ", "), archiveName, batchFolder)
	}
	return batches, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
