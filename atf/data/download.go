package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/tangentfeatures/gonb-atf/atf/internal/budget"
	"github.com/tangentfeatures/gonb-atf/atf/internal/wholefile"
)

// ErrChecksum is wrapped by the error of a download that came through but is
// not the official file.
var ErrChecksum = errors.New("SHA-256 differs from the official file's")

// A remote is one official file.
type remote struct {
	name   string
	size   int64
	sha256 string
}

var official = []remote{
	{"train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
	{"train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
	{"t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
	{"t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
}

var mirrors = []string{
	"https://ossci-datasets.s3.amazonaws.com/mnist/",
	"https://storage.googleapis.com/cvdf-datasets/mnist/",
}

// A fetcher downloads official files; tests give it their own server.
type fetcher struct {
	mirrors []string
	files   []remote
	set     string // what they are the files of
	client  *http.Client
	stall   time.Duration // longest wait for the next bytes
}

func defaultFetcher(k kind) *fetcher {
	t := http.DefaultTransport.(*http.Transport).Clone()
	// The files are gzip themselves: what arrives must be what is stored.
	t.DisableCompression = true
	// Short, since a notebook without a network asks again in every cell.
	t.DialContext = (&net.Dialer{Timeout: 5 * time.Second}).DialContext
	t.TLSHandshakeTimeout = 10 * time.Second
	t.ResponseHeaderTimeout = 15 * time.Second
	f := &fetcher{mirrors: mirrors, files: official, set: k.form().set, client: &http.Client{Transport: t}, stall: 30 * time.Second}
	if k == cifar || k == cifarOrTextures {
		f.mirrors, f.files = mirrorsCIFAR, officialCIFAR
	}
	return f
}

// Download fetches MNIST's official files of the chosen part (with All the four
// of both, 11.6 MB) that dir does not hold yet from the public mirrors, each
// checked against its SHA-256 before anything is written, each put in place by
// one rename: a file in dir is either whole or not there, and two downloads into
// the same dir do not disturb each other. Files that dir holds already, plain or
// with .gz, are left as they are. Of CIFAR-10 it fetches the archive (170 MB,
// held in memory until it is checked) unless dir holds that or the chosen part's
// files. Load does this by itself, into the cache.
//
// The error wraps ErrChecksum when some mirror sent something else than the
// official file and none sent the right one, ErrAbsent when no mirror could be
// reached or downloads are switched off, and the context's error when it was
// cancelled. For Digits and Textures, which come from no files, it is an error.
func (m Images) Download(dir string) error {
	if m.kind.drawn() {
		return fmt.Errorf("%s are drawn, there is nothing to download: choose %s", m.kind.form().set, m.kind.filed())
	}
	if err := m.check(); err != nil {
		return err
	}
	if off, err := offline(); err != nil {
		return err
	} else if off || m.offline {
		return fmt.Errorf("%w: downloads are switched off, by Offline or $%s", ErrAbsent, EnvOffline)
	}
	missing, err := m.missing(dir)
	if err != nil {
		return err
	}
	return m.fetch.fetch(m.ctx, dir, missing, m.report)
}

// fetch downloads files into dir.
func (f *fetcher) fetch(ctx context.Context, dir string, files []remote, report Progress) error {
	var total, done int64
	for _, r := range files {
		total += r.size
	}
	for _, r := range files {
		if err := budget.Check("download of "+r.name, r.size, 0, "get the file another way and name its place through Dir or $"+EnvDir); err != nil {
			return err
		}
		body, err := f.one(ctx, r, func(n int64) {
			report.Send(Report{Task: "download " + f.set, Done: int(done + n), Total: int(total)})
		})
		if err != nil {
			return err
		}
		if err := place(dir, r.name, body); err != nil {
			return fmt.Errorf("%s was downloaded but cannot be kept: %w", r.name, err)
		}
		done += r.size
	}
	return nil
}

// one gets a file from the first mirror that has it.
func (f *fetcher) one(ctx context.Context, r remote, seen func(int64)) ([]byte, error) {
	var tried []error
	wrong := false
	for _, m := range f.mirrors {
		body, err := f.get(ctx, m+r.name, r, seen)
		if err == nil {
			return body, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("download of %s stopped: %w", r.name, context.Cause(ctx))
		}
		wrong = wrong || errors.Is(err, ErrChecksum)
		tried = append(tried, fmt.Errorf("%s%s: %w", m, r.name, err))
	}
	all := errors.Join(tried...)
	if wrong {
		return nil, fmt.Errorf("download of %s failed: something between here and the mirrors changes the file; get it another way and name its folder through Dir or $%s\n%w", r.name, EnvDir, all)
	}
	return nil, fmt.Errorf("%w: download of %s failed; get it another way and name its folder through Dir or $%s\n%w", ErrAbsent, r.name, EnvDir, all)
}

// get reads one address into memory, so that an interrupted download has
// written nothing, and checks what came.
func (f *fetcher) get(ctx context.Context, url string, r remote, seen func(int64)) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := fmt.Errorf("nothing arrived for %v", f.stall)
	watch := time.AfterFunc(f.stall, func() { cancel(stalled) })
	defer watch.Stop()
	explain := func(err error) error {
		if cause := context.Cause(ctx); errors.Is(cause, stalled) {
			return cause
		}
		return err
	}

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, explain(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", resp.Status)
	}
	body := make([]byte, 0, r.size+1)
	for int64(len(body)) <= r.size {
		n, err := resp.Body.Read(body[len(body):min(cap(body), len(body)+1<<17)])
		body = body[:len(body)+n]
		watch.Reset(f.stall)
		if n > 0 {
			seen(min(int64(len(body)), r.size))
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, explain(fmt.Errorf("the connection broke after %d of %d bytes: %w", len(body), r.size, err))
		}
	}
	if int64(len(body)) > r.size {
		return nil, fmt.Errorf("%w: more than its %d bytes arrived", ErrChecksum, r.size)
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != r.sha256 {
		return nil, fmt.Errorf("%w: %d bytes with %x arrived, %d bytes with %s were expected", ErrChecksum, len(body), sum, r.size, r.sha256)
	}
	return body, nil
}

const tempPattern = ".atf-download-*"

// place writes dir/name by way of a temporary file of its own and a rename. It
// also clears away what a process killed between the two may have left.
func place(dir, name string, body []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	wholefile.Clear(dir, tempPattern)
	return wholefile.Write(filepath.Join(dir, name), tempPattern, 0o644, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}
