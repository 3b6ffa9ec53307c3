package data

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// put writes files into a new folder, by their paths in it; a name that ends in
// a slash makes a folder.
func put(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The layouts in which archives of MNIST are found unpacked.
func TestUnpackedArchives(t *testing.T) {
	im, lb := tiny(30, 5)
	other, _ := tiny(30, 6)
	m, _ := home(t, MNIST())
	want := load(t, m.Dir(put(t, map[string][]byte{"train-images-idx3-ubyte": im, "train-labels-idx1-ubyte": lb})))
	for name, files := range map[string]map[string][]byte{
		"a folder beside the file": {
			"train-images-idx3-ubyte/": nil, "train-images.idx3-ubyte": im,
			"train-labels-idx1-ubyte/": nil, "train-labels.idx1-ubyte": lb},
		"a folder beside the packed file": {
			"train-images-idx3-ubyte/": nil, "train-images-idx3-ubyte.gz": pack(im), "train-labels-idx1-ubyte": lb},
		"the file in the folder": {
			"train-images-idx3-ubyte/train-images-idx3-ubyte": im, "train-labels-idx1-ubyte/train-labels-idx1-ubyte": lb},
		"another name in the folder": {
			"train-images.idx3-ubyte/train-images-idx3-ubyte.gz": pack(im), "train-labels-idx1-ubyte/train-labels.idx1-ubyte": lb},
		"both, as Kaggle's": {
			"train-images-idx3-ubyte/train-images-idx3-ubyte": im, "train-images.idx3-ubyte": im,
			"train-labels-idx1-ubyte/train-labels-idx1-ubyte": lb, "train-labels.idx1-ubyte": lb},
		"plain before packed": {
			"train-images-idx3-ubyte.gz": pack(other), "train-images.idx3-ubyte": im, "train-labels-idx1-ubyte": lb},
	} {
		if s, err := m.Dir(put(t, files)).Load(); err != nil || s.Fingerprint() != want.Fingerprint() {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	for says, files := range map[string]map[string][]byte{
		"not a file but a folder without train-images-idx3-ubyte in it": {
			"train-images-idx3-ubyte/other": im, "train-labels-idx1-ubyte": lb},
		"a folder in a folder": {
			"train-images-idx3-ubyte/train-images-idx3-ubyte/train-images-idx3-ubyte": im, "train-labels-idx1-ubyte": lb},
	} {
		if s, err := m.Dir(put(t, files)).Load(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v, %v", says, s, err)
		}
	}
}

// Where a folder was named and nothing in it is MNIST, a line says so; it names
// each file with its reason, and no path.
func TestTypesetInPlaceOfAFolderIsSaid(t *testing.T) {
	im, lb := tiny(30, 5)
	for name, c := range map[string]struct {
		files map[string][]byte
		says  []string
	}{
		"empty": {nil, []string{"train-images-idx3-ubyte: the folder is empty", "train-labels-idx1-ubyte: the folder is empty"}},
		"other files": {map[string][]byte{"notes.txt": nil}, []string{
			"train-images-idx3-ubyte: not there;", "train-labels-idx1-ubyte: not there."}},
		"packed": {map[string][]byte{"archive.zip": nil}, []string{"unless in archive.zip: unpack it"}},
		"renamed": {map[string][]byte{"train-images-idx3-ubyte (1).gz": im, "train-labels.zip": lb}, []string{
			"not there, but train-images-idx3-ubyte (1).gz: give it the usual name", "not there, but train-labels.zip"}},
	} {
		for _, named := range []string{"$ATF_DATA", "the folder given"} {
			m, _ := home(t, MNISTOrDigits())
			m = m.Offline().Take(3)
			var said bytes.Buffer
			m.notices = &said
			dir := put(t, c.files)
			if named == "$ATF_DATA" {
				t.Setenv(EnvDir, dir)
			} else {
				m = m.Dir(dir)
			}
			s := load(t, m)
			load(t, m)
			got := said.String()
			for _, want := range append(c.says, "NOT MNIST: typeset digits", named+" holds none of its files", "or choose Digits.") {
				if !strings.Contains(got, want) && !(strings.HasPrefix(want, "$") && strings.Contains(got, "the folder in "+want)) {
					t.Errorf("%s, %s: %q lacks %q", name, named, got, want)
				}
			}
			if strings.Count(got, "\n") != 1 || strings.Contains(got, dir) {
				t.Errorf("%s, %s: want one line without the path, got %q", name, named, got)
			}
			if !strings.HasPrefix(s.Source, "typeset digits") {
				t.Errorf("source %q", s.Source)
			}
			m.kind = mnist
			if _, err := m.Load(); err == nil || !strings.Contains(err.Error(), c.says[0]) {
				t.Errorf("%s, %s: without typeset digits the error is %v, want %q in it", name, named, err, c.says[0])
			}
		}
	}

	// Nobody named a folder: the set's Source is enough.
	m, _ := home(t, MNISTOrDigits())
	var said bytes.Buffer
	m.notices = &said
	if load(t, m.Offline().Take(3)); said.Len() > 0 {
		t.Errorf("without a folder it says %q", said.String())
	}
}
