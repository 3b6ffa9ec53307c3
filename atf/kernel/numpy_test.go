package kernel

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// npyBytes is a file as NumPy's format page describes it.
func npyBytes(descr, order, shape string, values any) []byte {
	head := fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	for (10+len(head)+1)%64 != 0 {
		head += " "
	}
	head += "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(head)), byte(len(head)>>8))
	b = append(b, head...)
	if values == nil {
		return b
	}
	var data bytes.Buffer
	var bo binary.ByteOrder = binary.LittleEndian
	if len(descr) > 1 && descr[1] == '>' {
		bo = binary.BigEndian
	}
	if err := binary.Write(&data, bo, values); err != nil {
		panic(err)
	}
	return append(b, data.Bytes()...)
}

func TestNumPyRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.npy")
	g := features(1, 6, 2, 5)
	if err := SaveNPY(path, g); err != nil {
		t.Fatal(err)
	}
	back := must(LoadGram(path, 2))
	nearMatrix(t, "Gram", back, g, 0)
	if back.Fingerprint() != g.Fingerprint() {
		t.Error("the fingerprint changed")
	}
	odd := mat.NewDense(2, 3, []float64{math.Inf(1), math.Copysign(0, -1), 5e-324, math.MaxFloat64, 1.0 / 3, -7})
	for what, m := range map[string]mat.Matrix{"values": odd, "a view": normal(1, 5, 5).Slice(1, 4, 2, 4), "transposed": odd.T(), "symmetric": mat.NewSymDense(2, []float64{1, 2, 0, 3})} {
		if err := SaveNPY(path, m); err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(must(LoadNPY(path)), m) {
			t.Errorf("%s: other values came back", what)
		}
	}
	theta := []float64{1, 2, 3}
	if err := SaveNPY(path, mat.NewVecDense(3, theta)); err != nil {
		t.Fatal(err)
	}
	raw, _ := os.ReadFile(path)
	if !bytes.Contains(raw, []byte("(3,)")) {
		t.Errorf("a vector is not one-dimensional: %q", raw)
	}
	if m := must(LoadNPY(path)); !mat.Equal(m, mat.NewDense(3, 1, theta)) {
		t.Error("the vector changed")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNumPyArchive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.npz")
	in := map[string]mat.Matrix{"K0": features(1, 4, 1, 3), "theta": mat.NewVecDense(2, []float64{1, -1}), "y": normal(1, 4, 2)}
	if err := SaveNPZ(path, in); err != nil {
		t.Fatal(err)
	}
	out := must(LoadNPZ(path))
	if len(out) != len(in) {
		t.Fatalf("%d arrays of %d", len(out), len(in))
	}
	for name, m := range in {
		if out[name] == nil || !mat.Equal(out[name], m) {
			t.Errorf("array %q changed", name)
		}
	}
	first, _ := os.ReadFile(path)
	if err := SaveNPZ(path, in); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(path); !bytes.Equal(first, again) {
		t.Error("the same arrays give another file")
	}
	wantError(t, "no array", SaveNPZ(path, nil), "no matrix")
	wantError(t, "a slash", SaveNPZ(path, map[string]mat.Matrix{"a/b": in["y"]}), `"a/b"`)
	wantError(t, "nil", SaveNPZ(path, map[string]mat.Matrix{"a": nil}), `"a"`, "nil")
	if now, _ := os.ReadFile(path); !bytes.Equal(first, now) {
		t.Error("a failed save changed the file")
	}
	if err := os.WriteFile(path, first[:len(first)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := LoadNPZ(path)
	wantError(t, "half an archive", err, path)
	first[len(first)/4] ^= 0xff
	if err := os.WriteFile(path, first, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = LoadNPZ(path)
	wantError(t, "a flipped byte", err, path)
}

func TestNumPyForms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	want := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	for what, b := range map[string][]byte{
		"float64":       npyBytes("'<f8'", "False", "(2, 3)", []float64{1, 2, 3, 4, 5, 6}),
		"big-endian":    npyBytes("'>f8'", "False", "(2, 3)", []float64{1, 2, 3, 4, 5, 6}),
		"Fortran order": npyBytes("'<f8'", "True", "(2, 3)", []float64{1, 4, 2, 5, 3, 6}),
		"float32":       npyBytes("'<f4'", "False", "(2, 3)", []float32{1, 2, 3, 4, 5, 6}),
		"int32":         npyBytes("'<i4'", "False", "(2, 3)", []int32{1, 2, 3, 4, 5, 6}),
		"int16":         npyBytes("'<i2'", "False", "(2, 3)", []int16{1, 2, 3, 4, 5, 6}),
		"uint32":        npyBytes("'<u4'", "False", "(2, 3)", []uint32{1, 2, 3, 4, 5, 6}),
		"uint16":        npyBytes("'<u2'", "False", "(2, 3)", []uint16{1, 2, 3, 4, 5, 6}),
		"uint8":         npyBytes("'|u1'", "False", "(2, 3)", []uint8{1, 2, 3, 4, 5, 6}),
		"int8":          npyBytes("'|i1'", "False", "(2, 3)", []int8{1, 2, 3, 4, 5, 6}),
	} {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		m, err := LoadNPY(path)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if !mat.Equal(m, want) {
			t.Errorf("%s: %v", what, m.RawMatrix().Data)
		}
	}
}

func TestNumPyRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.npy")
	six := []float64{1, 2, 3, 4, 5, 6}
	good := npyBytes("'<f8'", "False", "(2, 3)", six)
	for what, c := range map[string]struct {
		b    []byte
		says string
	}{
		"empty":           {nil, "header"},
		"no magic":        {[]byte("hello, this is no array of numbers"), "header"},
		"header cut":      {good[:30], "header"},
		"endless header":  {append([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), good[10:]...), "it claims 4294967295 bytes"},
		"data cut":        {good[:len(good)-5], "43 bytes"},
		"data missing":    {npyBytes("'<f8'", "False", "(2, 3)", nil), "cut short"},
		"more data":       {append(append([]byte(nil), good...), 0), "more behind"},
		"three axes":      {npyBytes("'<f8'", "False", "(1, 2, 3)", six), "3 dimensions"},
		"a scalar":        {npyBytes("'<f8'", "False", "()", six[:1]), "0 dimensions"},
		"nothing inside":  {npyBytes("'<f8'", "False", "(0, 3)", nil), "[0 3]"},
		"negative":        {npyBytes("'<f8'", "False", "(-2, 3)", nil), "[-2 3]"},
		"complex":         {npyBytes("'<c16'", "False", "(3,)", six), "c16"},
		"int64":           {npyBytes("'<i8'", "False", "(6,)", []int64{1, 2, 3, 4, 5, 6}), "float64"},
		"strange order":   {npyBytes("'<f8'", "Maybe", "(2, 3)", six), "header"},
		"strange shape":   {npyBytes("'<f8'", "False", "(two, 3)", six), "header"},
		"beyond memory":   {npyBytes("'<f8'", "False", "(900000, 900000)", nil), "memory"},
		"beyond integers": {npyBytes("'<f8'", "False", "(4611686018427387904, 4)", nil), "shape"},
	} {
		if err := os.WriteFile(path, c.b, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := LoadNPY(path)
		wantError(t, what, err, path, c.says)
	}
	_, err := LoadNPY(filepath.Join(dir, "none.npy"))
	wantError(t, "missing", err, "none.npy")
	_, err = LoadNPZ(filepath.Join(dir, "none.npz"))
	wantError(t, "missing", err, "none.npz")
	wantError(t, "no folder", SaveNPY(filepath.Join(dir, "no", "x.npy"), normal(1, 1, 1)), "no")
	wantError(t, "empty matrix", SaveNPY(path, &mat.Dense{}), "empty", path)
	if err := os.WriteFile(path, good, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = LoadGram(path, 1)
	wantError(t, "no Gram matrix", err, path, "square")
}

func FuzzLoadNPY(f *testing.F) {
	good := npyBytes("'<f8'", "False", "(2, 1)", []float64{1, 2})
	f.Add(good)
	f.Add(good[:20])
	f.Add(npyBytes("'<f4'", "True", "(2,)", []float32{1, 2}))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := readNPY(bytes.NewReader(b))
		if err == nil && m == nil {
			t.Error("neither a matrix nor an error")
		}
	})
}
