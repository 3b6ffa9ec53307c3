package data

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRecordErrors(t *testing.T) {
	good := batchBytes(1, 3)
	sick := errors.New("the disk is sick")
	for name, c := range map[string]struct {
		r      io.Reader
		offset int64
		says   string
		cause  error
	}{
		"label":   {bytes.NewReader(edit(good, 2*recordSize, 10)), 2 * recordSize, "record 2 has label 10", nil},
		"inside":  {bytes.NewReader(good[:recordSize+17]), recordSize + 17, "inside record 1, after 17 of its 3073 bytes", io.ErrUnexpectedEOF},
		"between": {bytes.NewReader(good[:2*recordSize]), 2 * recordSize, "before record 2, but must have 3 records", io.ErrUnexpectedEOF},
		"empty":   {bytes.NewReader(nil), 0, "before record 0", io.ErrUnexpectedEOF},
		"more":    {bytes.NewReader(append(bytes.Clone(good), 1)), 3 * recordSize, "more bytes follow the last record, 2", nil},
		"page":    {strings.NewReader("\n<!DOCTYPE html><html>"), 0, "web page", nil},
		"lfs":     {strings.NewReader("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"), 0, "git lfs pull", nil},
		"read":    {io.MultiReader(bytes.NewReader(good[:recordSize+5]), iotest.ErrReader(sick)), recordSize + 5, "record 1 cannot be read", sick},
		"end":     {io.MultiReader(bytes.NewReader(good), iotest.ErrReader(sick)), 3 * recordSize, "the end of the file", sick},
	} {
		_, err := readRecords("B", c.r, 3, false)
		var fe *FileError
		if !errors.As(err, &fe) {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if fe.File != "B" || fe.Offset != c.offset || !strings.Contains(fe.Problem, c.says) || c.cause != nil && !errors.Is(err, c.cause) {
			t.Errorf("%s: got %v, want byte %d and %q", name, err, c.offset, c.says)
		}
	}
}

func TestArchiveErrors(t *testing.T) {
	const in = "cifar-10-batches-bin/"
	wanted := []string{testBatch}
	body := batchBytes(0, 2)
	file := tarEntry{in + testBatch, tar.TypeReg, body}
	whole := tarBytes(file)
	if got, err := readArchive(context.Background(), "A", bytes.NewReader(whole), wanted, 2); err != nil || !bytes.Equal(got[0], body) {
		t.Fatalf("the whole archive: %v", err)
	}
	for name, c := range map[string]struct {
		raw  []byte
		says string
	}{
		"no gzip":   {[]byte("nothing of the sort"), "no gzip archive"},
		"page":      {[]byte("<html>"), "web page"},
		"lfs":       {[]byte("version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"},
		"cut":       {whole[:len(whole)/2], "A: cifar-10-batches-bin/test_batch.bin, byte"},
		"cut head":  {whole[:40], "damaged or cut off"},
		"checksum":  {edit(whole, len(whole)-6, whole[len(whole)-6]^1), "damaged or cut off"},
		"no tar":    {pack(bytes.Repeat([]byte{7}, 2000)), "damaged or cut off"},
		"lacks":     {tarBytes(tarEntry{in + "data_batch_1.bin", tar.TypeReg, body}), "lacks test_batch.bin"},
		"elsewhere": {tarBytes(tarEntry{"other/" + testBatch, tar.TypeReg, body}), "lacks test_batch.bin"},
		"twice":     {tarBytes(file, file), "comes twice"},
		"link":      {tarBytes(tarEntry{in + testBatch, tar.TypeSymlink, nil}), "is not a file"},
		"upwards":   {tarBytes(tarEntry{"../" + in + testBatch, tar.TypeReg, body}), "leads out"},
		"backslash": {tarBytes(tarEntry{`..\x`, tar.TypeReg, nil}), "leads out"},
		"absolute":  {tarBytes(tarEntry{"/" + in + testBatch, tar.TypeReg, body}), "leads out"},
		"label":     {tarBytes(tarEntry{in + testBatch, tar.TypeReg, edit(body, recordSize, 77)}), "A: cifar-10-batches-bin/test_batch.bin, byte 3073 after unpacking: record 1 has label 77"},
		"short":     {tarBytes(tarEntry{in + testBatch, tar.TypeReg, body[:recordSize]}), "before record 1"},
		"long":      {tarBytes(tarEntry{in + testBatch, tar.TypeReg, append(bytes.Clone(body), 0)}), "more bytes follow"},
	} {
		_, err := readArchive(context.Background(), "A", bytes.NewReader(c.raw), wanted, 2)
		var fe *FileError
		if !errors.As(err, &fe) || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(fe.File, "A") {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := readArchive(ctx, "A", bytes.NewReader(whole), wanted, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	short := &counter{r: bytes.NewReader(make([]byte, 10)), limit: 4}
	if got, err := io.ReadAll(short); len(got) != 4 || !errors.Is(err, errTooLong) {
		t.Errorf("beyond the limit: %d bytes, %v", len(got), err)
	}
}

func FuzzRecords(f *testing.F) {
	good := batchBytes(1, 2)
	f.Add(good)
	f.Add(good[:recordSize])
	f.Add(good[:recordSize+1])
	f.Add(append(bytes.Clone(good), 9))
	f.Add(edit(good, recordSize, 10))
	f.Add([]byte("<html>"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		data, err := readRecords("f", bytes.NewReader(b), 2, false)
		if err == nil {
			if !bytes.Equal(data, b) || len(b) != 2*recordSize || b[0] > 9 || b[recordSize] > 9 {
				t.Error("a file that is none was read")
			}
			return
		}
		var fe *FileError
		if !errors.As(err, &fe) || fe.Offset < 0 || fe.Offset > int64(len(b)) || fe.Problem == "" {
			t.Errorf("the error %v names no place in a file of %d bytes", err, len(b))
		}
	})
}
