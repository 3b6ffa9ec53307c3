package data

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
)

func TestChoices(t *testing.T) {
	m, _ := home(t, MNIST())
	m = m.Dir(tinyDir(t))
	s := load(t, m)
	if s.N() != 40 || s.Inputs() != 784 || s.Outputs() != 10 || s.Labels[13] != 3 || s.Y.At(13, 3) != 1 || floats.Sum(s.Y.RawRowView(13)) != 1 {
		t.Errorf("the defaults give %v with labels %v", s, s.Labels)
	}
	if s.Source != "MNIST from the folder given (40 train)" {
		t.Errorf("source %q", s.Source)
	}
	if got, want := s.X.At(5, 100), float64(s.Image(5)[100])/255; got != want {
		t.Errorf("scaled pixel %v, want %v", got, want)
	}

	pair := m.Classes(3, 2).All()
	s = load(t, pair)
	if s.N() != 12 || s.Outputs() != 1 || !slices.Equal(s.Labels, []int{2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3}) {
		t.Errorf("%v with labels %v", s, s.Labels)
	}
	for i, v := range s.Labels {
		if want := map[int]float64{3: -1, 2: 1}[v]; s.Y.At(i, 0) != want {
			t.Errorf("target %v for a %d, want %v", s.Y.At(i, 0), v, want)
		}
	}
	if !strings.Contains(s.Source, "(40 train, 20 t10k)") {
		t.Errorf("source %q", s.Source)
	}
	if test := load(t, pair.Test()); !slices.Equal(test.Image(3), s.Image(11)) {
		t.Error("the test part does not follow the train part")
	}
	if s = load(t, pair.OneHot()); s.Outputs() != 2 || s.Y.At(0, 0) != 0 || s.Y.At(0, 1) != 1 {
		t.Error("one-hot columns do not follow the order of the classes")
	}
	if s = load(t, m.Raw()); s.X.At(5, 100) != float64(s.Image(5)[100]) {
		t.Error("raw pixels differ")
	}
	if s = load(t, m.Classes(4)); s.Outputs() != 1 || s.Y.At(0, 0) != 1 || s.N() != 4 {
		t.Error("one class")
	}
}

func TestUnitNorm(t *testing.T) {
	m, _ := home(t, MNIST())
	s := load(t, m.Dir(tinyDir(t)).UnitNorm())
	for i := range s.N() {
		x := s.X.RawRowView(i)
		if v := floats.Norm(x, 2); v < 1-1e-14 || v > 1+1e-14 {
			t.Fatalf("image %d has norm %v", i, v)
		}
		if v := floats.Sum(x); v < -1e-12 || v > 1e-12 {
			t.Fatalf("image %d has sum %v", i, v)
		}
	}
	dir := t.TempDir()
	px := make([]byte, 3*pixels)
	for i := range px {
		px[i] = byte(i % 7)
	}
	for i := range pixels {
		px[pixels+i] = 9
	}
	os.WriteFile(filepath.Join(dir, "train-images-idx3-ubyte"), idxBytes(px, 3, 28, 28), 0o644)
	os.WriteFile(filepath.Join(dir, "train-labels-idx1-ubyte"), idxBytes([]byte{1, 2, 3}, 3), 0o644)
	if _, err := m.Dir(dir).UnitNorm().Load(); err == nil || !strings.Contains(err.Error(), "image 1 (a 2) is of one grey") {
		t.Errorf("a grey image: %v", err)
	}
	load(t, m.Dir(dir))
}

func TestOrderAndTake(t *testing.T) {
	m, _ := home(t, MNIST())
	m = m.Dir(tinyDir(t)).All()
	whole, few := load(t, m.Seed(3)), load(t, m.Seed(3).Take(7))
	if !slices.Equal(whole.Labels[:7], few.Labels) || whole.Head(7).Fingerprint() != few.Fingerprint() {
		t.Error("a smaller Take is not the beginning of a larger one")
	}
	if load(t, m.Seed(4)).Fingerprint() == whole.Fingerprint() || load(t, m).Fingerprint() == whole.Fingerprint() {
		t.Error("the seed does not change the order")
	}
	if !slices.Equal(load(t, m.Take(3)).Labels, []int{0, 1, 2}) {
		t.Error("without a seed the order is not that of the files")
	}
	if few.Fingerprint() != load(t, m.Seed(3).UpTo(7)).Fingerprint() {
		t.Error("UpTo differs from Take where there are enough")
	}
	if all := load(t, m.Seed(3).Take(99).UpTo(10_000)); all.Fingerprint() != whole.Fingerprint() {
		t.Errorf("UpTo of more than there are gives %d of %d", all.N(), whole.N())
	}
}

func TestBadChoices(t *testing.T) {
	m, _ := home(t, MNIST())
	dir := tinyDir(t)
	m = m.Dir(dir)
	t.Setenv("ATF_MEMORY", "1MiB")
	for says, c := range map[string]Images{
		"at least one digit":        m.Classes(),
		"class 10 is no digit":      m.Classes(1, 10),
		"class -1 is no digit":      m.Classes(-1),
		"chosen twice":              m.Classes(2, 3, 2),
		"0 images to take":          m.Take(0),
		"-1 images to take":         m.UpTo(-1),
		"5 images of 2 in":          m.Classes(2).UpTo(1).Take(5),
		"need two classes, not 10":  m.Signs(),
		"need two classes, not 3":   m.Classes(1, 2, 3).Signs(),
		"9 images of 2, 3 in train": m.Classes(2, 3).Take(9),
		"come from no folder":       Digits().Dir(dir),
		"70,000 images":             Digits().All(),
	} {
		if s, err := c.Load(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error with %q, got %v, %v", says, s, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	m, cache := home(t, MNIST())
	either := m
	either.kind = mnistOrTypeset
	empty := t.TempDir()

	// Nowhere, and downloads forbidden in either way.
	for k, off := range []Images{m.Offline(), m} {
		if k == 1 {
			t.Setenv(EnvOffline, "1")
		}
		if _, err := off.Load(); !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "switched off") {
			t.Errorf("offline: %v", err)
		}
	}
	s := load(t, either.Take(5))
	if !strings.HasPrefix(s.Source, "typeset digits") || !strings.Contains(s.Source, "$ATF_DATA is not set") {
		t.Errorf("source %q", s.Source)
	}
	if s.Fingerprint() != load(t, Digits().Take(5)).Fingerprint() {
		t.Error("the fall-back differs from Digits")
	}
	t.Setenv(EnvOffline, "perhaps")
	if _, err := either.Load(); err == nil || !strings.Contains(err.Error(), "perhaps") {
		t.Errorf("a bad $%s: %v", EnvOffline, err)
	}
	t.Setenv(EnvOffline, "1")

	// Empty folders are absence; missing ones are mistakes.
	if _, err := m.Dir(empty).Load(); !errors.Is(err, ErrAbsent) {
		t.Errorf("an empty folder: %v", err)
	}
	s = load(t, either.Dir(empty).Take(5))
	if !strings.Contains(s.Source, "the folder given holds none") || strings.Contains(s.Source, empty) {
		t.Errorf("source %q", s.Source)
	}
	t.Setenv(EnvDir, empty)
	if s = load(t, either.Take(5)); !strings.Contains(s.Source, "the folder in $ATF_DATA holds none") {
		t.Errorf("source %q", s.Source)
	}
	gone := filepath.Join(empty, "gone")
	if _, err := either.Dir(gone).Load(); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrAbsent) {
		t.Errorf("a missing folder: %v", err)
	}
	t.Setenv(EnvDir, gone)
	if _, err := either.Load(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "$ATF_DATA") {
		t.Errorf("a missing $%s: %v", EnvDir, err)
	}

	// $ATF_DATA comes before the cache, Dir before both.
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := TinyMNIST(cache); err != nil {
		t.Fatal(err)
	}
	t.Setenv(EnvDir, "")
	if s = load(t, m); !strings.Contains(s.Source, "cache (40 train)") {
		t.Errorf("source %q", s.Source)
	}
	t.Setenv(EnvDir, tinyDir(t))
	if s = load(t, either); s.Source != "MNIST from $ATF_DATA (40 train)" {
		t.Errorf("source %q", s.Source)
	}
	if s = load(t, either.Dir(os.Getenv(EnvDir))); s.Source != "MNIST from the folder given (40 train)" {
		t.Errorf("source %q", s.Source)
	}
	either.cache = func() (string, error) { return "", errors.New("no home") }
	t.Setenv(EnvDir, "")
	if s = load(t, either.Take(5)); !strings.Contains(s.Source, "no folder for a cache") {
		t.Errorf("source %q", s.Source)
	}
}

// TestNoSilentFallBack damages a folder in every way: typeset digits must not
// take its place.
func TestNoSilentFallBack(t *testing.T) {
	for says, spoil := range map[string]func(dir string) error{
		"lacks train-labels": func(d string) error { return os.Remove(filepath.Join(d, "train-labels-idx1-ubyte.gz")) },
		"ends inside":        func(d string) error { return os.Truncate(filepath.Join(d, "t10k-labels-idx1-ubyte"), 3) },
		"is not a file": func(d string) error {
			return errors.Join(os.Remove(filepath.Join(d, "train-images-idx3-ubyte.gz")), os.Mkdir(filepath.Join(d, "train-images-idx3-ubyte"), 0o755))
		},
		"more bytes follow": func(d string) error { return os.Truncate(filepath.Join(d, "t10k-images-idx3-ubyte"), 99999) },
		"the gzip stream":   func(d string) error { return shorten(filepath.Join(d, "train-images-idx3-ubyte.gz"), 4) },
		"is not a folder":   func(d string) error { return errors.Join(os.RemoveAll(d), os.WriteFile(d, nil, 0o644)) },
		"the magic number is": func(d string) error {
			return os.WriteFile(filepath.Join(d, "t10k-images-idx3-ubyte"), make([]byte, 99), 0o644)
		},
	} {
		m, _ := home(t, MNISTOrDigits())
		dir := tinyDir(t)
		if err := spoil(dir); err != nil {
			t.Fatal(err)
		}
		t.Setenv(EnvDir, dir)
		if s, err := m.All().Load(); err == nil || errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), dir) {
			t.Errorf("want an error with %q and the file's path, got %v, %v", says, s, err)
		}
	}
}

func shorten(path string, by int64) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()-by)
}

// TestRealMNIST reads the files in $ATF_DATA where it names some.
func TestRealMNIST(t *testing.T) {
	dir := os.Getenv(EnvDir)
	if dir == "" {
		t.Skip("$" + EnvDir + " names no folder")
	}
	s, err := MNIST().Dir(dir).Classes(2, 3).Test().UnitNorm().Load()
	if errors.Is(err, ErrAbsent) {
		t.Skip("$" + EnvDir + " holds no MNIST")
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Counts(); !slices.Equal(got, []int{1032, 1010}) {
		t.Errorf("the test part has %v twos and threes, not 1,032 and 1,010", got)
	}
}
