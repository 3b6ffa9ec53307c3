package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// idxBytes writes an IDX file of unsigned bytes.
func idxBytes(data []byte, dims ...int) []byte {
	b := binary.BigEndian.AppendUint32(nil, 0x0800|uint32(len(dims)))
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, data...)
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

// tiny gives n random images with labels 0 … 9 in turn.
func tiny(n int, seed uint64) (images, labels []byte) {
	r := rand.New(rand.NewPCG(seed, 0))
	px, lb := make([]byte, n*pixels), make([]byte, n)
	for i := range px {
		px[i] = byte(r.IntN(256))
	}
	for i := range lb {
		lb[i] = byte(i % 10)
	}
	return idxBytes(px, n, side, side), idxBytes(lb, n)
}

// TinyMNIST writes files in MNIST's form, 40 images for train (packed) and 20
// for test (plain), and names their folder.
func TinyMNIST(dir string) error {
	for _, f := range []struct {
		part   string
		n      int
		packed bool
	}{{"train", 40, true}, {"t10k", 20, false}} {
		im, lb := tiny(f.n, uint64(f.n))
		ext := ""
		if f.packed {
			im, lb, ext = pack(im), pack(lb), ".gz"
		}
		for name, b := range map[string][]byte{"-images-idx3-ubyte": im, "-labels-idx1-ubyte": lb} {
			if err := os.WriteFile(filepath.Join(dir, f.part+name+ext), b, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// home gives a choice that can see neither the user's files nor the network.
func home(t *testing.T, k Images) (Images, string) {
	t.Helper()
	t.Setenv(EnvDir, "")
	t.Setenv(EnvOffline, "")
	dir := filepath.Join(t.TempDir(), "cache")
	k.cache = func() (string, error) { return dir, nil }
	k.fetch = &fetcher{files: official}
	return k, dir
}

func tinyDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := TinyMNIST(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func load(t *testing.T, m interface{ Load() (*Set, error) }) *Set {
	t.Helper()
	s, err := m.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
