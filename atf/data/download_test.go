package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// served holds the four files as a mirror has them.
func served() (map[string][]byte, []remote) {
	files := map[string][]byte{}
	var list []remote
	for k, p := range []string{"train", "t10k"} {
		im, lb := tiny(30-k*10, uint64(k))
		files[p+"-images-idx3-ubyte.gz"] = pack(im)
		files[p+"-labels-idx1-ubyte.gz"] = pack(lb)
	}
	for _, r := range official {
		sum := sha256.Sum256(files[r.name])
		list = append(list, remote{r.name, int64(len(files[r.name])), hex.EncodeToString(sum[:])})
	}
	return files, list
}

// A mirror answers requests by a rule of the test.
func mirror(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL + "/"
}

func good(files map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { w.Write(files[filepath.Base(r.URL.Path)]) }
}

func wrong(files map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Write(edit(files[filepath.Base(r.URL.Path)], 20, 1))
	}
}

func cut(files map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := files[filepath.Base(r.URL.Path)]
		w.Header().Set("Content-Length", "999999")
		w.Write(b[:len(b)/2])
	}
}

func long(files map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Write(append(bytes.Clone(files[filepath.Base(r.URL.Path)]), 0))
	}
}

func newFetcher(list []remote, urls ...string) *fetcher {
	return &fetcher{mirrors: urls, files: list, client: &http.Client{}, stall: 10 * time.Second}
}

// entries lists a folder; one that is not there is empty.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestDownload(t *testing.T) {
	files, list := served()
	for name, first := range map[string]http.HandlerFunc{
		"good": good(files), "404": http.NotFound, "wrong": wrong(files), "cut": cut(files), "long": long(files),
	} {
		t.Run(name, func(t *testing.T) {
			m, dir := home(t, MNIST())
			m.fetch = newFetcher(list, mirror(t, first), mirror(t, good(files)))
			last, total := 0, 0
			s := load(t, m.All().Progress(func(r Report) { last, total = r.Done, r.Total }))
			if s.N() != 50 || !strings.Contains(s.Source, "cache (30 train, 20 t10k)") {
				t.Errorf("%d images, source %q", s.N(), s.Source)
			}
			if got := entries(t, dir); len(got) != 4 {
				t.Errorf("the cache holds %v", got)
			}
			if last != total || total == 0 {
				t.Errorf("progress ended at %d of %d", last, total)
			}
			m.fetch = &fetcher{files: list} // now the cache must do
			if again := load(t, m.All()); again.Fingerprint() != s.Fingerprint() || again.Source != s.Source {
				t.Error("the cache gives something else than the download")
			}
		})
	}
}

func TestDownloadInto(t *testing.T) {
	files, list := served()
	m, _ := home(t, MNIST())
	m.fetch = newFetcher(list, mirror(t, good(files)))
	dir := t.TempDir()
	if err := m.Test().Download(dir); err != nil || len(entries(t, dir)) != 2 {
		t.Errorf("the test part: %v, %v", entries(t, dir), err)
	}
	mine := filepath.Join(dir, "train-labels-idx1-ubyte")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := m.All().Download(dir); err != nil || len(entries(t, dir)) != 4 {
		t.Errorf("both parts: %v, %v", entries(t, dir), err)
	}
	if raw, err := os.ReadFile(mine); err != nil || string(raw) != "mine" {
		t.Errorf("a file that was there is now %q, %v", raw, err)
	}
	m.fetch = newFetcher(list, mirror(t, http.NotFound))
	for name, c := range map[string]struct {
		choice Images
		says   string
	}{
		"typeset": {Digits(), "nothing to download"}, "offline": {m.Offline(), "switched off"},
		"nowhere": {m, "404"}, "choice": {m.Classes(), "at least one digit"},
	} {
		if err := c.choice.Download(t.TempDir()); err == nil || !strings.Contains(err.Error(), c.says) ||
			errors.Is(err, ErrAbsent) != (name == "offline" || name == "nowhere") {
			t.Errorf("%s: %v, want an error with %q", name, err, c.says)
		}
	}
}

func TestDownloadFails(t *testing.T) {
	files, list := served()
	for name, c := range map[string]struct {
		h      http.HandlerFunc
		is     error
		absent bool
		says   string
	}{
		"404":   {http.NotFound, ErrAbsent, true, "404"},
		"wrong": {wrong(files), ErrChecksum, false, "SHA-256"},
		"long":  {long(files), ErrChecksum, false, "more than its"},
		"cut":   {cut(files), ErrAbsent, true, "connection broke after"},
	} {
		t.Run(name, func(t *testing.T) {
			m, dir := home(t, MNIST())
			m.fetch = newFetcher(list, mirror(t, c.h), mirror(t, c.h))
			_, err := m.Load()
			if !errors.Is(err, c.is) || errors.Is(err, ErrAbsent) != c.absent || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			if got := entries(t, dir); len(got) != 0 {
				t.Errorf("left behind: %v", got)
			}
			m.kind = mnistOrTypeset
			s, err := m.Take(3).Load()
			if c.absent && (err != nil || !strings.Contains(s.Source, "mirrors cannot be reached") || strings.Contains(s.Source, "127.0.0.1")) {
				t.Errorf("no fall-back: %v, %v", s, err)
			}
			if !c.absent && !errors.Is(err, ErrChecksum) {
				t.Errorf("a wrong download fell back: %v, %v", s, err)
			}
		})
	}
}

func TestDownloadCancelledAndStalled(t *testing.T) {
	_, list := served()
	hang := func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte{0x1f})
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	m, dir := home(t, MNISTOrDigits())
	m.fetch = newFetcher(list, mirror(t, hang))
	ctx, cancel := context.WithCancel(context.Background())
	_, err := m.Context(ctx).Progress(func(Report) { cancel() }).Load()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	m.fetch.stall = 50 * time.Millisecond
	m.kind = mnist
	if _, err = m.Load(); !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "nothing arrived for 50ms") {
		t.Errorf("stalled: got %v", err)
	}
	if got := entries(t, dir); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestConcurrentDownloads(t *testing.T) {
	files, list := served()
	dir := t.TempDir()
	url := mirror(t, good(files))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := newFetcher(list, url).fetch(context.Background(), dir, list, nil); err != nil {
				t.Error(err)
			}
			if _, err := openPart(filepath.Join(dir, list[0].name), filepath.Join(dir, list[1].name)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := entries(t, dir); len(got) != 4 {
		t.Errorf("the folder holds %v", got)
	}
}

func TestPartialCacheIsCompleted(t *testing.T) {
	files, list := served()
	m, dir := home(t, MNIST())
	if err := place(dir, list[0].name, files[list[0].name]); err != nil {
		t.Fatal(err)
	}
	var asked []string
	m.fetch = newFetcher(list, mirror(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, filepath.Base(r.URL.Path))
		good(files)(w, r)
	}))
	load(t, m)
	if len(asked) != 1 || asked[0] != list[1].name {
		t.Errorf("asked for %v", asked)
	}
}

func TestPlaceClearsOldRemains(t *testing.T) {
	dir := t.TempDir()
	old, young := filepath.Join(dir, ".atf-download-1"), filepath.Join(dir, ".atf-download-2")
	os.WriteFile(old, nil, 0o644)
	os.WriteFile(young, nil, 0o644)
	past := time.Now().Add(-2 * time.Hour)
	os.Chtimes(old, past, past)
	if err := place(dir, "f", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(entries(t, dir), " "); got != ".atf-download-2 f" {
		t.Errorf("the folder holds %s", got)
	}
	if err := place(filepath.Join(dir, "f"), "g", nil); err == nil {
		t.Error("a file served as folder")
	}
}
