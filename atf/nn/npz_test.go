package nn

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSaveLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "net.npz")
	for name, n := range zoo() {
		if err := n.Save(path); err != nil {
			t.Fatal(err)
		}
		m, err := n.At(make([]float64, n.NumParams())).Load(path)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if m.Fingerprint() != n.Fingerprint() {
			t.Errorf("%s: other parameters come back", name)
		}
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("saving left %d files", len(files))
	}
}

// array is a .npy file written by hand, version 1.0.
func array(descr, order, shape string, v ...float64) []byte {
	h := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	h += strings.Repeat(" ", 63-(10+len(h))%64) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(h)), byte(len(h)>>8))
	b = append(b, h...)
	for _, x := range v {
		if descr == ">f8" {
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
		} else {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	return b
}

func archive(t *testing.T, files map[string][]byte) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, b := range files {
		f := must(w.Create(name))
		must(f.Write(b))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.npz")
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLoadForeign reads both orders of rows and bytes.
func TestLoadForeign(t *testing.T) {
	n := must(MLP(3, 2).Build())
	for i, w := range [][]byte{
		array("<f8", "False", "(2, 3)", 1, 2, 3, 4, 5, 6),
		array("<f8", "True", "(2, 3)", 1, 4, 2, 5, 3, 6),
		array(">f8", "False", "(2, 3)", 1, 2, 3, 4, 5, 6),
	} {
		m, err := n.Load(archive(t, map[string][]byte{"W0.npy": w, "b0.npy": array("<f8", "False", "(2,)", 7, 8)}))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(m.Params()); got != "[1 2 3 4 5 6 7 8]" {
			t.Errorf("file %d gives %v", i, got)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	n := must(MLP(3, 2).Build())
	w, b := array("<f8", "False", "(2, 3)", 1, 2, 3, 4, 5, 6), array("<f8", "False", "(2,)", 7, 8)
	for want, files := range map[string]map[string][]byte{
		"there is no array W0":                  {"b0.npy": b},
		"there is no array b0":                  {"W0.npy": w},
		"W1.npy belongs to no layer":            {"W0.npy": w, "b0.npy": b, "W1.npy": b},
		"array W0: it has the shape [3 2]":      {"W0.npy": array("<f8", "False", "(3, 2)", 1, 2, 3, 4, 5, 6), "b0.npy": b},
		"array b0: it has the shape [1 2]":      {"W0.npy": w, "b0.npy": array("<f8", "False", "(1, 2)", 7, 8)},
		"array W0: it holds '<f4'":              {"W0.npy": array("<f4", "False", "(2, 3)"), "b0.npy": b},
		"it has 40 bytes of values, not the 48": {"W0.npy": w[:len(w)-8], "b0.npy": b},
		"it has 24 bytes of values, not the 16": {"W0.npy": w, "b0.npy": array("<f8", "False", "(2,)", 7, 8, 9)},
		"array W0: EOF":                         {"W0.npy": nil, "b0.npy": b},
		"array W0: npy:":                        {"W0.npy": []byte("not a NumPy file"), "b0.npy": b},
		"array W0: its header is damaged":       {"W0.npy": bytes.ReplaceAll(w, []byte("\n"), []byte(" ")), "b0.npy": b},
		"array W0: it has 131072 bytes":         {"W0.npy": make([]byte, 1<<17), "b0.npy": b},
	} {
		if m, err := n.Load(archive(t, files)); !contains(err, want) || m != nil {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	path := filepath.Join(t.TempDir(), "net.npz")
	if _, err := n.Load(path); !os.IsNotExist(unwrapAll(err)) || !contains(err, path) {
		t.Errorf("a missing file: %v", err)
	}
	if err := n.Save(path); err != nil {
		t.Fatal(err)
	}
	whole := must(os.ReadFile(path))
	if err := os.WriteFile(path, whole[:len(whole)-30], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Load(path); !contains(err, "zip:") {
		t.Errorf("a truncated file: %v", err)
	}
	if err := n.Save(filepath.Join(t.TempDir(), "no", "net.npz")); !contains(err, "saving parameters") {
		t.Errorf("saving into no folder: %v", err)
	}
}

func unwrapAll(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		next := u.Unwrap()
		if _, ok := err.(*os.PathError); ok {
			return err
		}
		err = next
	}
}
