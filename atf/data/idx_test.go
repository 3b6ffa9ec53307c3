package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPartPlainAndPacked(t *testing.T) {
	im, lb := tiny(7, 1)
	for _, packed := range []bool{false, true} {
		a, b := im, lb
		if packed {
			a, b = pack(im), pack(lb)
		}
		p, err := readPart("images", bytes.NewReader(a), "labels", bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p.pixels, im[16:]) || !bytes.Equal(p.labels, lb[8:]) {
			t.Errorf("packed %v: the content differs from what was written", packed)
		}
	}
}

func edit(b []byte, at int, v byte) []byte {
	b = bytes.Clone(b)
	b[at] = v
	return b
}

func TestBrokenFiles(t *testing.T) {
	im, lb := tiny(7, 1)
	zi := pack(im)
	size := int64(len(im))
	two := bytes.Clone(zi)
	two = append(two, "junk"...)
	for name, c := range map[string]struct {
		images, labels []byte
		file           string
		offset         int64
		says           string
		cause          error
	}{
		"empty":               {nil, lb, "I", 0, "ends inside its header of 16", io.EOF},
		"short header":        {im[:9], lb, "I", 9, "ends inside its header of 16", nil},
		"labels as images":    {lb, lb, "I", 0, "file of labels", nil},
		"images as labels":    {im, im, "L", 0, "file of images", nil},
		"wrong type":          {edit(im, 2, 0x0d), lb, "I", 0, "magic number is 0x00000d03", nil},
		"no magic":            {im, edit(lb, 0, 7), "L", 0, "want 0x00000801", nil},
		"no images":           {edit(im, 7, 0), lb, "I", 4, "dimension 1 is 0", nil},
		"29 rows":             {idxBytes(make([]byte, 7*29*28), 7, 29, 28), lb, "I", 8, "29 rows", nil},
		"27 columns":          {idxBytes(make([]byte, 7*28*27), 7, 28, 27), lb, "I", 12, "27 columns", nil},
		"huge":                {edit(edit(im, 8, 0xff), 12, 0xff), lb, "I", 12, "more than a file of digits can hold", nil},
		"truncated":           {im[:size-5], lb, "I", size - 5, "ends after 5483 of the 5488 bytes", nil},
		"trailing":            {append(bytes.Clone(im), 0), lb, "I", size, "more bytes follow the 5488", nil},
		"trailing packed":     {pack(append(bytes.Clone(im), 0)), lb, "I", size, "more bytes follow", nil},
		"after the gzip":      {two, lb, "I", size, "that is not gzip follows", nil},
		"much after the gzip": {append(bytes.Clone(two), make([]byte, 20)...), lb, "I", size, "not gzip", gzip.ErrHeader},
		"gzip cut inside":     {zi[:len(zi)/2], lb, "I", -1, "ends after", io.ErrUnexpectedEOF},
		"gzip checksum":       {edit(zi, len(zi)-8, zi[len(zi)-8]^1), lb, "I", size, "checksum does not match", gzip.ErrChecksum},
		"gzip cut":            {zi[:len(zi)-3], lb, "I", size, "cut off", io.ErrUnexpectedEOF},
		"gzip header cut":     {zi[:5], lb, "I", 0, "gzip header", nil},
		"gzip method":         {edit(zi, 2, 3), lb, "I", 0, "gzip header", gzip.ErrHeader},
		"web page":            {[]byte("\ufeff\n <!DOCTYPE HTML><html>Sorry"), lb, "I", 0, "web page (HTML)", nil},
		"web page, packed":    {pack([]byte("<html lang=en>" + strings.Repeat("x", 999))), lb, "I", 0, "web page (HTML)", nil},
		"answer in XML":       {im, []byte("<?xml version=\"1.0\"?><Error>AccessDenied</Error>"), "L", 0, "web page (HTML)", nil},
		"zip":                 {append([]byte("PK\x03\x04"), im...), lb, "I", 0, "zip archive: unpack", nil},
		"zip, packed":         {im, pack(append([]byte("PK\x03\x04"), lb...)), "L", 0, "zip archive: unpack", nil},
		"LFS pointer":         {[]byte("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 47040016\n"), lb, "I", 0, "git lfs pull", nil},
		"xz":                  {[]byte("\xfd7zXZ\x00\x00"), lb, "I", 0, "compressed by xz", nil},
		"parquet":             {[]byte("PAR1\x15\x04"), lb, "I", 0, "Parquet", nil},
		"label 10":            {im, edit(lb, 8+3, 10), "L", 11, "label 10 of image 3", nil},
		"fewer labels":        {im, idxBytes(make([]byte, 6), 6), "L", 4, "6 labels, but I holds 7", nil},
		"labels cut":          {im, lb[:10], "L", 10, "ends after 2 of the 7", nil},
		"promise much, empty": {idxBytes(nil, 60000, 28, 28), lb, "I", 16, "ends after 0", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readPart("I", bytes.NewReader(c.images), "L", bytes.NewReader(c.labels))
			var fe *FileError
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a *FileError", err)
			}
			if fe.File != c.file || fe.Offset != c.offset && c.offset >= 0 || !strings.Contains(fe.Error(), c.says) {
				t.Errorf("got %q at byte %d of %s, want %q at byte %d of %s", fe, fe.Offset, fe.File, c.says, c.offset, c.file)
			}
			if c.cause != nil && !errors.Is(err, c.cause) {
				t.Errorf("%v does not wrap %v", err, c.cause)
			}
		})
	}
}

// TestDamagedAnywhere changes every byte of a packed file in turn: no damage
// may go unseen, except in the gzip header's fields that carry no content.
func TestDamagedAnywhere(t *testing.T) {
	_, lb := tiny(30, 1)
	z := pack(lb)
	for i := range z {
		if 4 <= i && i < 10 {
			continue // time, flags and system of the gzip header
		}
		f, err := readIDX("L", bytes.NewReader(edit(z, i, z[i]^0x10)), magicLabels)
		if err == nil && !bytes.Equal(f.data, lb[8:]) {
			t.Errorf("damage at byte %d of %d is not seen", i, len(z))
		}
	}
}

func FuzzIDX(f *testing.F) {
	im, lb := tiny(2, 1)
	f.Add(im, true)
	f.Add(lb, false)
	f.Add(pack(lb), false)
	f.Add(pack(im)[:40], true)
	f.Add(idxBytes(nil, 1<<30, 1<<30, 1<<30), true)
	f.Add([]byte{0x1f, 0x8b}, false)
	f.Fuzz(func(t *testing.T, b []byte, images bool) {
		magic := uint32(magicLabels)
		if images {
			magic = magicImages
		}
		t.Setenv("ATF_MEMORY", "1MiB")
		x, err := readIDX("f", bytes.NewReader(b), magic)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error that says nothing")
			}
			return
		}
		size := 1
		for _, d := range x.dims {
			size *= d
		}
		if size != len(x.data) {
			t.Errorf("%d bytes for dimensions %v", len(x.data), x.dims)
		}
		if !x.packed && !bytes.Equal(b, idxBytes(x.data, x.dims...)) {
			t.Error("the content differs from the file")
		}
	})
}
