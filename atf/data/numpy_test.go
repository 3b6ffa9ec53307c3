package data_test

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf/internal/npy"
)

// someMatrix is r × c with entries that differ.
func someMatrix(r, c int) *mat.Dense {
	m := mat.NewDense(r, c, nil)
	for i := range r {
		for j := range c {
			m.Set(i, j, math.Sin(float64(1+i*c+j)))
		}
	}
	return m
}

func wantError(t *testing.T, what string, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%s: %q does not say %q", what, err, p)
		}
	}
}

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
	odd := mat.NewDense(2, 3, []float64{math.Inf(1), math.Copysign(0, -1), 5e-324, math.MaxFloat64, 1.0 / 3, -7})
	for what, m := range map[string]mat.Matrix{"values": odd, "a view": someMatrix(5, 5).Slice(1, 4, 2, 4), "transposed": odd.T(), "symmetric": mat.NewSymDense(2, []float64{1, 2, 0, 3})} {
		if err := data.SaveNPY(path, m); err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(must(data.LoadNPY(path)), m) {
			t.Errorf("%s: other values came back", what)
		}
	}
	theta := []float64{1, 2, 3}
	if err := data.SaveNPY(path, mat.NewVecDense(3, theta)); err != nil {
		t.Fatal(err)
	}
	raw, _ := os.ReadFile(path)
	if !bytes.Contains(raw, []byte("(3,)")) {
		t.Errorf("a vector is not one-dimensional: %q", raw)
	}
	if m := must(data.LoadNPY(path)); !mat.Equal(m, mat.NewDense(3, 1, theta)) {
		t.Error("the vector changed")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNumPyArchive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.npz")
	in := map[string]mat.Matrix{"K0": someMatrix(4, 4), "theta": mat.NewVecDense(2, []float64{1, -1}), "y": someMatrix(4, 2)}
	if err := data.SaveNPZ(path, in); err != nil {
		t.Fatal(err)
	}
	out := must(data.LoadNPZ(path))
	if len(out.Matrices) != len(in) || len(out.Left) != 0 {
		t.Fatalf("%d arrays of %d", len(out.Matrices), len(in))
	}
	for name, m := range in {
		if out.Matrices[name] == nil || !mat.Equal(out.Matrices[name], m) {
			t.Errorf("array %q changed", name)
		}
	}
	first, _ := os.ReadFile(path)
	if err := data.SaveNPZ(path, in); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(path); !bytes.Equal(first, again) {
		t.Error("the same arrays give another file")
	}
	wantError(t, "no array", data.SaveNPZ(path, nil), "no matrix")
	wantError(t, "a slash", data.SaveNPZ(path, map[string]mat.Matrix{"a/b": in["y"]}), `"a/b"`)
	wantError(t, "nil", data.SaveNPZ(path, map[string]mat.Matrix{"a": nil}), `"a"`, "nil")
	if now, _ := os.ReadFile(path); !bytes.Equal(first, now) {
		t.Error("a failed save changed the file")
	}
	if err := os.WriteFile(path, first[:len(first)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := data.LoadNPZ(path)
	wantError(t, "half an archive", err, path)
	first[len(first)/4] ^= 0xff
	if err := os.WriteFile(path, first, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = data.LoadNPZ(path)
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
		"int64":         npyBytes("'<i8'", "False", "(2, 3)", []int64{1, 2, 3, 4, 5, 6}),
		"uint64":        npyBytes("'<u8'", "False", "(2, 3)", []uint64{1, 2, 3, 4, 5, 6}),
		"Python 2":      npyBytes("'<f8'", "False", "(2L, 3L)", []float64{1, 2, 3, 4, 5, 6}),
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
		m, err := data.LoadNPY(path)
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
		"nothing inside":  {npyBytes("'<f8'", "False", "(0, 3)", nil), "[0 3]"},
		"negative":        {npyBytes("'<f8'", "False", "(-2, 3)", nil), "[-2 3]"},
		"complex":         {npyBytes("'<c16'", "False", "(3,)", six), "c16"},
		"int64":           {npyBytes("'<i8'", "False", "(6,)", []int64{1, 2, 3, 4, 5, 1<<60 + 1}), "1152921504606846977"},
		"strange order":   {npyBytes("'<f8'", "Maybe", "(2, 3)", six), "header"},
		"strange shape":   {npyBytes("'<f8'", "False", "(two, 3)", six), "header"},
		"beyond memory":   {npyBytes("'<f8'", "False", "(900000, 900000)", nil), "memory"},
		"beyond integers": {npyBytes("'<f8'", "False", "(4611686018427387904, 4)", nil), "shape"},
	} {
		if err := os.WriteFile(path, c.b, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := data.LoadNPY(path)
		wantError(t, what, err, path, c.says)
	}
	_, err := data.LoadNPY(filepath.Join(dir, "none.npy"))
	wantError(t, "missing", err, "none.npy")
	_, err = data.LoadNPZ(filepath.Join(dir, "none.npz"))
	wantError(t, "missing", err, "none.npz")
	wantError(t, "no folder", data.SaveNPY(filepath.Join(dir, "no", "x.npy"), someMatrix(1, 1)), "no")
	wantError(t, "empty matrix", data.SaveNPY(path, &mat.Dense{}), "empty", path)
}

// TestNumPyArchiveOfManyKinds: what is no matrix is left with its reason, and
// the rest is read.
func TestNumPyArchiveOfManyKinds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.npz")
	k := []float64{2, 1, 1, 3}
	members := []npy.Named{
		{Name: "lr", Array: &npy.Array{Shape: []int{}, Data: []float64{0.1}}},
		{Name: "K", Array: &npy.Array{Shape: []int{2, 2}, Data: k}},
		{Name: "cube", Array: &npy.Array{Shape: []int{1, 2, 2}, Data: k}},
		{Name: "../none", Array: &npy.Array{Shape: []int{0}, Data: nil}},
	}
	if err := npy.WriteArchive(path, members); err != nil {
		t.Fatal(err)
	}
	run := must(data.LoadNPZ(path))
	if lr := must(run.Scalar("lr")); lr != 0.1 {
		t.Errorf("lr = %v", lr)
	}
	if m := must(run.Matrix("K")); !mat.Equal(m, mat.NewDense(2, 2, k)) {
		t.Errorf("K = %v", m)
	}
	want := "K 2 × 2, lr 1 × 1; left ../none (an array of shape [0] has no number); left cube (an array of 3 dimensions, [1 2 2]: reshape it to two in Python before saving)"
	if s := run.String(); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	_, err := run.Matrix("cube")
	wantError(t, "left", err, `"cube"`, "3 dimensions")
	_, err = run.Matrix("k")
	wantError(t, "absent", err, `no array "k", only K, lr`)
	_, err = run.Scalar("K")
	wantError(t, "no scalar", err, "2 × 2")
	_, err = run.Scalar("none")
	wantError(t, "no array", err, `"none"`)
	var buf bytes.Buffer
	var back *data.Arrays
	if err := gob.NewEncoder(&buf).Encode(run); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&buf).Decode(&back); err != nil || back.String() != want {
		t.Errorf("after gob: %v, %v", back, err)
	}
	if err := npy.WriteArchive(path, members[2:]); err != nil {
		t.Fatal(err)
	}
	_, err = data.LoadNPZ(path)
	wantError(t, "nothing to read", err, path, "no array that can be read; left", "cube")
	if err := npy.WriteArchive(path, nil); err != nil {
		t.Fatal(err)
	}
	_, err = data.LoadNPZ(path)
	wantError(t, "nothing", err, path, "no array that can be read")
	t.Setenv("ATF_MEMORY", "20B")
	if err := npy.WriteArchive(path, members); err != nil {
		t.Fatal(err)
	}
	run = must(data.LoadNPZ(path))
	if len(run.Matrices) != 1 || !strings.Contains(run.Left["K"], "memory") {
		t.Errorf("beyond memory: %v", run)
	}
}
