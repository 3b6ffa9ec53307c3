package nn

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
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
	for _, name := range slices.Sorted(maps.Keys(files)) { // layers stand in their order
		f := must(w.Create(name))
		must(f.Write(files[name]))
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

// TestLoadTorch reads float32 weights under PyTorch's names, and other types
// under ours.
func TestLoadTorch(t *testing.T) {
	single := func(shape string, v ...float32) []byte {
		b := array("<f4", "False", shape)
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		return b
	}
	n := must(MLP(3, 2, 1).ReLU().Build())
	w0, b0 := single("(2, 3)", 1, 2, 3, 4, 5, 0.1), single("(2,)", 7, 8)
	w1, b1 := single("(1, 2)", 9, 10), single("(1,)", -11)
	want := []float64{1, 2, 3, 4, 5, float64(float32(0.1)), 7, 8, 9, 10, -11}
	for what, files := range map[string][]member{
		"ours":       {{"W0", w0}, {"b0", b0}, {"W1", w1}, {"b1", b1}},
		"Sequential": {{"0.weight", w0}, {"0.bias", b0}, {"2.weight", w1}, {"2.bias", b1}},
		"past nine":  {{"net.8.weight", w0}, {"net.8.bias", b0}, {"net.10.weight", w1}, {"net.10.bias", b1}},
		"names":      {{"hidden.weight", w0}, {"hidden.bias", b0}, {"final.bias", b1}, {"final.weight", w1}},
	} {
		m, err := n.Load(ordered(t, files))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for l := range 2 {
			w, _ := m.Offsets(l)
			g := m.Weight(l)
			lo := 8 * l
			if !slices.Equal(m.Params()[w:w+len(g.Data)], want[lo:lo+len(g.Data)]) || !slices.Equal(m.Bias(l), want[lo+len(g.Data):lo+len(g.Data)+g.Rows]) {
				t.Errorf("%s, layer %d: %v", what, l, m.Params())
			}
		}
	}
	for want, files := range map[string][]member{
		"has 1 layers (0): this network has 2":                        {{"0.weight", w0}, {"0.bias", b0}},
		"stand in the order 2, 0":                                     {{"2.weight", w1}, {"2.bias", b1}, {"0.weight", w0}, {"0.bias", b0}},
		"array 0.weight: it has the shape [1 2]":                      {{"0.weight", w1}, {"0.bias", b1}, {"2.weight", w0}, {"2.bias", b0}},
		"there is no array 2.bias":                                    {{"0.weight", w0}, {"0.bias", b0}, {"2.weight", w1}},
		"the array 1.running_mean belongs to no layer of the network": {{"0.weight", w0}, {"0.bias", b0}, {"1.running_mean", b0}, {"2.weight", w1}, {"2.bias", b1}},
	} {
		if m, err := n.Load(ordered(t, files)); !contains(err, want) || m != nil {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// member is an array of an archive with the bytes of its file.
type member struct {
	name string
	b    []byte
}

// ordered is an archive of the arrays in their order.
func ordered(t *testing.T, members []member) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, m := range members {
		f := must(w.Create(m.name + ".npy"))
		must(f.Write(m.b))
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

func TestLoadErrors(t *testing.T) {
	n := must(MLP(3, 2).Build())
	w, b := array("<f8", "False", "(2, 3)", 1, 2, 3, 4, 5, 6), array("<f8", "False", "(2,)", 7, 8)
	for want, files := range map[string]map[string][]byte{
		"there is no array W0":                              {"b0.npy": b},
		"there is no array b0":                              {"W0.npy": w},
		"W1 belongs to no layer":                            {"W0.npy": w, "b0.npy": b, "W1.npy": b},
		"array W0: it has the shape [3 2]":                  {"W0.npy": array("<f8", "False", "(3, 2)", 1, 2, 3, 4, 5, 6), "b0.npy": b},
		"array b0: it has the shape [1 2]":                  {"W0.npy": w, "b0.npy": array("<f8", "False", "(1, 2)", 7, 8)},
		"array W0: elements of type <c16":                   {"W0.npy": array("<c16", "False", "(2, 3)"), "b0.npy": b},
		"it has 40 bytes of values, not the 48":             {"W0.npy": w[:len(w)-8], "b0.npy": b},
		"it has 24 bytes of values, not the 16":             {"W0.npy": w, "b0.npy": array("<f8", "False", "(2,)", 7, 8, 9)},
		"array W0: no valid .npy header: the file is empty": {"W0.npy": nil, "b0.npy": b},
		"array W0: no valid .npy header: the file begins":   {"W0.npy": []byte("not a NumPy file"), "b0.npy": b},
		"array W0: no valid .npy header: at byte":           {"W0.npy": bytes.ReplaceAll(w, []byte("\n"), []byte("!")), "b0.npy": b},
		"and NumPy's with":                                  {"W0.npy": make([]byte, 1<<17), "b0.npy": b},
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
