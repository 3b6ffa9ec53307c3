package data

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// batchBytes makes the records of a file: labels 0 … 9 in turn, and pixels that
// tell the file, the record, the channel and the place apart.
func batchBytes(file, records int) []byte {
	b := make([]byte, records*recordSize)
	for k := range records {
		rec := b[k*recordSize:][:recordSize]
		rec[0] = byte(k % 10)
		for p := range colourSize {
			rec[1+p] = byte(7*file + 13*k + 80*(p/1024) + p%1024*3)
		}
	}
	return b
}

const testRecords = 20

// batchFiles are all six files, with few records.
func batchFiles() map[string][]byte {
	files := map[string][]byte{}
	for k, name := range allParts.batches() {
		files[name] = batchBytes(k, testRecords)
	}
	return files
}

// FakeCIFAR10 writes the test part in CIFAR-10's form into dir.
func FakeCIFAR10(dir string) error {
	return os.WriteFile(filepath.Join(dir, testBatch), batchBytes(0, fullRecords), 0o644)
}

type tarEntry struct {
	name string
	kind byte
	body []byte
}

// tarBytes makes a gzip-compressed archive.
func tarBytes(entries ...tarEntry) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644, Size: int64(len(e.body))}
		if e.kind == tar.TypeSymlink {
			h.Linkname = "/etc/passwd"
		}
		w.WriteHeader(h)
		w.Write(e.body)
	}
	w.Close()
	z.Close()
	return b.Bytes()
}

// cifarTar is the archive with these files, in the order of the official one.
func cifarTar(files map[string][]byte) []byte {
	list := []tarEntry{{"cifar-10-batches-bin/", tar.TypeDir, nil}, {"cifar-10-batches-bin/readme.html", tar.TypeReg, []byte("<p>")}}
	names := allParts.batches()
	slices.Reverse(names)
	for _, name := range names {
		if b, ok := files[name]; ok {
			list = append(list, tarEntry{"./cifar-10-batches-bin/" + name, tar.TypeReg, b})
		}
	}
	return tarBytes(list...)
}

func write(t *testing.T, dir string, files map[string][]byte) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func homeCIFAR(t *testing.T, k Images) (Images, string) {
	t.Helper()
	m, dir := home(t, k)
	m.records = testRecords
	m.fetch = &fetcher{files: officialCIFAR, set: "CIFAR-10"}
	return m, dir
}

func TestCIFARPlaces(t *testing.T) {
	m, _ := homeCIFAR(t, CIFAR10())
	files := batchFiles()
	inner := write(t, filepath.Join(t.TempDir(), batchFolder), files)
	packed := write(t, t.TempDir(), map[string][]byte{archiveName: cifarTar(files)})
	want := load(t, m.Dir(inner).All())
	if want.N() != 120 || want.Inputs() != 3072 || want.Outputs() != 10 || want.Rows != 32 || want.Cols != 32 || want.Channels != 3 {
		t.Errorf("the set is %v", want)
	}
	if want.Source != "CIFAR-10 from the folder given (100 train, 20 test)" {
		t.Errorf("source %q", want.Source)
	}
	// Channel c of the pixel (y, x) of record 3 of data_batch_2.
	record := files["data_batch_2.bin"][3*recordSize:]
	for _, at := range [][3]int{{0, 0, 0}, {0, 1, 2}, {5, 31, 1}, {31, 31, 2}} {
		y, x, c := at[0], at[1], at[2]
		v := record[1+c*1024+y*32+x]
		if got := want.Image(23)[(y*32+x)*3+c]; got != v {
			t.Errorf("pixel %v is %d, want %d", at, got, v)
		}
		if got := want.X.At(23, (y*32+x)*3+c); got != float64(v)/255 {
			t.Errorf("input %v is %v, want %v", at, got, float64(v)/255)
		}
	}
	for name, dir := range map[string]string{"outer": filepath.Dir(inner), "packed": packed, "archive": filepath.Join(packed, archiveName)} {
		for place, c := range map[string]Images{"dir": m.Dir(dir), "env": m} {
			if t.Setenv(EnvDir, ""); place == "env" {
				t.Setenv(EnvDir, dir)
			}
			if s := load(t, c.All()); s.Fingerprint() != want.Fingerprint() {
				t.Errorf("%s by %s gives another set: %v", name, place, s)
			}
		}
	}
	s := load(t, m.Dir(packed).Classes(5, 3).Test())
	if s.Name != "CIFAR-10 dog, cat (test)" || !slices.Equal(s.ClassNames, []string{"dog", "cat"}) || s.Outputs() != 1 || s.Y.At(0, 0) != 1 ||
		!strings.Contains(s.String(), "2 of dog, 2 of cat") {
		t.Errorf("dogs and cats: %v, %v", s, s.ClassNames)
	}
	few := load(t, m.Dir(packed).Seed(3).Take(4))
	if more := load(t, m.Dir(packed).Seed(3).Take(50)); more.Head(4).Fingerprint() != few.Fingerprint() {
		t.Error("Take of fewer is not the beginning of Take of more")
	}
}

func TestCIFARGob(t *testing.T) {
	m, _ := homeCIFAR(t, CIFAR10())
	s := load(t, m.Dir(write(t, t.TempDir(), batchFiles())).Test())
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		t.Fatal(err)
	}
	var back Set
	if err := gob.NewDecoder(&b).Decode(&back); err != nil {
		t.Fatal(err)
	}
	if back.Fingerprint() != s.Fingerprint() || back.String() != s.String() || !slices.Equal(back.Image(7), s.Image(7)) || back.Channels != 3 {
		t.Error("the set changed on its way")
	}
	s.ClassNames = s.ClassNames[:3]
	raw, err := s.GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	if err := back.GobDecode(raw); err == nil || !strings.Contains(err.Error(), "3 names for 10 classes") {
		t.Errorf("three names: %v", err)
	}
	s.ClassNames, s.Channels = nil, 2
	if raw, err = s.GobEncode(); err != nil {
		t.Fatal(err)
	}
	if err := back.GobDecode(raw); err == nil || !strings.Contains(err.Error(), "2 channels") {
		t.Errorf("two channels: %v", err)
	}
}

func TestPictures(t *testing.T) {
	s := load(t, Textures().Take(3))
	px, grey := s.Image(2), s.Grey()
	r, g, b, a := s.Picture(2).At(5, 9).RGBA()
	at := (9*32 + 5) * 3
	if byte(r>>8) != px[at] || byte(g>>8) != px[at+1] || byte(b>>8) != px[at+2] || a != 0xffff {
		t.Error("the picture has other colours")
	}
	want := (0.299*float64(px[at]) + 0.587*float64(px[at+1]) + 0.114*float64(px[at+2])) / 255
	if got := grey.At(2, 9*32+5); got != want {
		t.Errorf("grey %v, want %v", got, want)
	}
	d := load(t, Digits().Take(2))
	if r, _, _, _ := d.Picture(1).At(14, 12).RGBA(); byte(r>>8) != d.Image(1)[12*28+14] || d.Grey().At(1, 300) != d.X.At(1, 300) {
		t.Error("a digit changed")
	}
	n := load(t, Gaussian(3, 4))
	if n.Picture(0) != nil || n.Grey() != nil {
		t.Error("a set without images has some")
	}
}

func TestCIFARAbsent(t *testing.T) {
	m, cache := homeCIFAR(t, CIFAR10())
	var notices bytes.Buffer
	either := m
	either.kind, either.notices = cifarOrTextures, &notices
	python := write(t, t.TempDir(), map[string][]byte{"cifar-10-python.tar.gz": nil})
	_, err := m.Dir(python).Load()
	if !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "CIFAR-10 is not there") || !strings.Contains(err.Error(), "get the binary version") {
		t.Errorf("the Python version: %v", err)
	}
	s := load(t, either.Dir(python).Take(5))
	if want := "textures drawn by gonb-atf (no CIFAR-10: the folder given holds none of its files)"; s.Source != want {
		t.Errorf("source %q", s.Source)
	}
	if !strings.HasPrefix(notices.String(), "NOT CIFAR-10: textures are drawn") {
		t.Errorf("notice %q", notices.String())
	}
	if s.Fingerprint() != load(t, Textures().Take(5)).Fingerprint() {
		t.Error("the textures that stand in are others")
	}
	if s := load(t, either.Offline().Take(2)); !strings.Contains(s.Source, "downloads are switched off") {
		t.Errorf("source %q", s.Source)
	}
	// What is there in part, or damaged, is never replaced.
	part := batchFiles()
	delete(part, "data_batch_4.bin")
	delete(part, testBatch)
	broken := batchFiles()
	broken[testBatch][recordSize] = 10
	dir := write(t, t.TempDir(), nil)
	os.Mkdir(filepath.Join(dir, testBatch), 0o755)
	arch := write(t, t.TempDir(), nil)
	os.Mkdir(filepath.Join(arch, archiveName), 0o755)
	for says, c := range map[string]Images{
		"lacks data_batch_4.bin, test_batch.bin": either.Dir(write(t, t.TempDir(), part)).All(),
		"record 1 has label 10":                  either.Dir(write(t, t.TempDir(), broken)).Test(),
		"is not a file but a folder":             either.Dir(dir).Test(),
		"put cifar-10-batches-bin into":          either.Dir(arch),
		"class 10 is no class of CIFAR-10":       either.Classes(10),
		"textures come from no folder":           Textures().Dir("x"),
	} {
		if _, err := c.Load(); err == nil || errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error with %q", err, says)
		}
	}
	if _, err := either.Dir(filepath.Join(dir, "gone")).Load(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := either.Context(ctx).Load(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	t.Setenv("ATF_MEMORY", "100KiB")
	if _, err := m.Dir(write(t, t.TempDir(), batchFiles())).Load(); err == nil || !strings.Contains(err.Error(), "reading CIFAR-10") {
		t.Errorf("without memory: %v", err)
	}
	if got := entries(t, cache); len(got) != 0 {
		t.Errorf("the cache holds %v", got)
	}
}

func TestCIFARDownload(t *testing.T) {
	archive := cifarTar(batchFiles())
	sum := sha256.Sum256(archive)
	list := []remote{{archiveName, int64(len(archive)), hex.EncodeToString(sum[:])}}
	files := map[string][]byte{archiveName: archive}
	m, dir := homeCIFAR(t, CIFAR10OrTextures())
	for name, h := range map[string]http.HandlerFunc{"wrong": wrong(files), "long": long(files)} {
		m.fetch = newFetcher(list, mirror(t, h))
		if _, err := m.Load(); !errors.Is(err, ErrChecksum) || len(entries(t, dir)) != 0 {
			t.Errorf("%s: %v, %v", name, err, entries(t, dir))
		}
	}
	m.fetch = newFetcher(list, mirror(t, http.NotFound))
	if s := load(t, m.Take(2)); !strings.Contains(s.Source, "mirrors cannot be reached") {
		t.Errorf("source %q", s.Source)
	}
	asked := 0
	m.fetch = newFetcher(list, mirror(t, func(w http.ResponseWriter, r *http.Request) { asked++; good(files)(w, r) }))
	m.fetch.set = "CIFAR-10"
	task, last := "", 0
	s := load(t, m.Progress(func(r Report) { task, last = r.Task, r.Done }))
	if s.Source != "CIFAR-10 from the download cache (100 train)" || task != "download CIFAR-10" || last != len(archive) {
		t.Errorf("source %q, task %q, %d bytes of %d", s.Source, task, last, len(archive))
	}
	load(t, m.Test())
	if got := entries(t, dir); asked != 1 || !slices.Equal(got, []string{archiveName}) {
		t.Errorf("%d downloads, the cache holds %v", asked, got)
	}
	to := t.TempDir()
	if err := m.Download(to); err != nil || !slices.Equal(entries(t, to), []string{archiveName}) {
		t.Errorf("%v, %v", entries(t, to), err)
	}
	if err := m.Download(write(t, t.TempDir(), batchFiles())); err != nil || asked != 2 {
		t.Errorf("files that are there were downloaded again: %d, %v", asked, err)
	}
	if err := Textures().Download(to); err == nil || !strings.Contains(err.Error(), "choose CIFAR10") {
		t.Errorf("textures: %v", err)
	}
	os.WriteFile(filepath.Join(dir, archiveName), archive[:len(archive)/2], 0o644)
	if _, err := m.Load(); err == nil || !strings.Contains(err.Error(), "delete the cached file") {
		t.Errorf("half a file in the cache: %v", err)
	}
}
