package npy

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func onDisk(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.npz")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestArchiveOfNumPy reads what can be read, by name, and is told of the rest
// why not.
func TestArchiveOfNumPy(t *testing.T) {
	raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(numpyArchive, "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(onDisk(t, raw))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	names := []string{"K", "lr", "steps", "big", "name", "layers", "z", "obj", "cube", "none", "day", "rec"}
	if got := a.Names(); !slices.Equal(got, names) {
		t.Errorf("names %v", got)
	}
	for name, want := range map[string]*Array{
		"K": {[]int{2, 2}, []float64{2, 1, 1, 3}}, "lr": {[]int{}, []float64{0.1}}, "steps": {[]int{}, []float64{1000}},
		"layers": {[]int{2}, []float64{784, 256}}, "cube": {[]int{2, 2, 2}, make([]float64, 8)}, "none": {[]int{0, 3}, nil},
	} {
		got, err := a.Read(name)
		if err != nil || !slices.Equal(got.Shape, want.Shape) || !slices.Equal(got.Data, want.Data) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, why := range map[string]string{
		"big": "9007199254740993", "name": "<U5: text", "z": "complex", "obj": "Python objects", "day": "dates", "rec": "records (2 fields)", "none of these": "no array",
	} {
		_, err := a.Read(name)
		wantError(t, name, err, why)
		if errors.As(err, new(*DamagedError)) {
			t.Errorf("%s is called damaged", name)
		}
	}
}

func TestArchiveWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npz")
	in := []Named{{"z", &Array{[]int{2}, []float64{1, 2}}}, {"a/../b", &Array{[]int{}, []float64{3}}}}
	if err := WriteArchive(path, in); err != nil {
		t.Fatal(err)
	}
	first, _ := os.ReadFile(path)
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got := a.Names(); !slices.Equal(got, []string{"z", "a/../b"}) || !a.Has("z") || a.Has("y") {
		t.Errorf("names %v", got)
	}
	if b, err := a.Read("a/../b"); err != nil || b.Data[0] != 3 {
		t.Errorf("%v, %v", b, err)
	}
	if err := WriteArchive(path, in); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(path); !bytes.Equal(first, again) {
		t.Error("the same arrays give another file")
	}
	wantError(t, "no folder", WriteArchive(filepath.Join(path, "no", "a.npz"), in), "writing", "no")
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

// packed is a zip archive of the members.
func packed(members ...[2]string) []byte {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, m := range members {
		w, err := z.Create(m[0])
		if err != nil {
			panic(err)
		}
		if _, err := w.Write([]byte(m[1])); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func TestArchiveDamage(t *testing.T) {
	good := numpyFiles[0].bytes
	for what, c := range map[string]struct{ b, says string }{
		"empty":    {"", "no valid .npz archive"},
		"an array": {good, ".npy"},
		"text":     {strings.Repeat("no archive ", 20), "no valid .npz archive"},
		"torch":    {string(packed([2]string{"model/data.pkl", "\x80"}, [2]string{"model/data/0", "1234"})), "torch.save"},
		"twice":    {string(packed([2]string{"a.npy", good}, [2]string{"a.npy", good})), `two arrays are named "a"`},
	} {
		_, err := Open(onDisk(t, []byte(c.b)))
		wantError(t, what, err, c.says)
	}
	// Bytes that have changed are damage wherever they are; an odd member is none.
	path := filepath.Join(t.TempDir(), "a.npz")
	if err := WriteArchive(path, []Named{{"a", &Array{[]int{2, 3}, make([]float64, 6)}}}); err != nil {
		t.Fatal(err)
	}
	whole, _ := os.ReadFile(path)
	start := bytes.Index(whole, []byte(magic))
	for _, at := range []int{0, 7, 20, 22, 70, 130} {
		b := slices.Clone(whole)
		b[start+at] ^= 0x55
		a, err := Open(onDisk(t, b))
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Read("a")
		if a.Close(); !errors.As(err, new(*DamagedError)) {
			t.Errorf("byte %d: %v", at, err)
		}
		wantError(t, "damage", err, `"a" is damaged`)
	}
	a, err := Open(onDisk(t, packed([2]string{"notes.txt", "hello"}, [2]string{"empty.npy", ""}, [2]string{"folder/", ""}, [2]string{"b.npy", good})))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, err = a.Read("notes.txt")
	wantError(t, "a text", err, "no .npy file")
	_, err = a.Read("empty")
	wantError(t, "empty", err, "empty")
	if b, err := a.Read("b"); err != nil || len(b.Data) != 6 || len(a.Names()) != 3 {
		t.Errorf("%v, %v, %v", b, err, a.Names())
	}
	// A directory that claims terabytes.
	b := packed([2]string{"a.npy", good})
	at := bytes.Index(b, []byte("PK\x01\x02"))
	copy(b[at+24:], "\xfe\xff\xff\xff")
	_, err = Open(onDisk(t, b))
	wantError(t, "a claim", err, "4294967294 bytes cannot come from")
}

// FuzzArchive: any bytes give arrays or errors.
func FuzzArchive(f *testing.F) {
	raw, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(numpyArchive, "\n", ""))
	f.Add(raw)
	f.Add(raw[:len(raw)/2])
	f.Add(packed([2]string{"a.npy", numpyFiles[0].bytes}, [2]string{"../../b.npy", numpyFiles[3].bytes}))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := openReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, name := range a.Names() {
			if v, err := a.Read(name); err == nil && v == nil {
				t.Error("neither an array nor an error")
			}
		}
	})
}
