// Package judge builds a student's answer, calls it in isolation, and lets the
// checks of the part decide on what comes back.
package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/answer"
	"github.com/tangentfeatures/gonb-atf/docker/course/sandbox"
)

const wirePackage = "github.com/tangentfeatures/gonb-atf/docker/course/wire"

// Workshop holds what answers are built with: compiler, linker and the compiled
// packages that they may import, made from trusted sources alone. Answers are
// compiled and linked without the go command, so there is no module, no build
// cache and no tool of the go command that an answer could replace.
type Workshop struct {
	Box     *sandbox.Box
	GoBuild string // version of Go
	folder  string
}

// Options of a workshop.
type Options struct {
	Checkout    string             // the module's root
	Packages    []string           // that the teacher's notebook imports, besides those of answers
	Isolation   *sandbox.Isolation // nil: the best there is
	NoIsolation bool               // accept none where nothing else works
}

// NewWorkshop compiles what is not yet compiled and finds an isolation. Close
// removes its folder.
func NewWorkshop(ctx context.Context, o Options) (*Workshop, error) {
	folder, err := os.MkdirTemp("", "atf-course-")
	if err != nil {
		return nil, err
	}
	w := &Workshop{folder: folder, GoBuild: runtime.Version()}
	if err := w.fill(ctx, o); err != nil {
		w.Close()
		return nil, err
	}
	launcher := filepath.Join(folder, "tools", "launch")
	if o.Isolation != nil {
		w.Box, err = sandbox.With(*o.Isolation, launcher)
	} else {
		w.Box, err = sandbox.New(launcher, o.NoIsolation)
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Close removes the workshop.
func (w *Workshop) Close() { os.RemoveAll(w.folder) }

func (w *Workshop) fill(ctx context.Context, o Options) error {
	for _, name := range []string{"tools", "packages"} {
		if err := os.MkdirAll(filepath.Join(w.folder, name), 0o755); err != nil {
			return err
		}
	}
	// Other users than this one, as which jobs may run, read what lies there.
	if err := os.Chmod(w.folder, 0o755); err != nil {
		return err
	}
	tools, err := goCommand(ctx, o.Checkout, "env", "GOTOOLDIR")
	if err != nil {
		return err
	}
	for _, tool := range []string{"compile", "link"} {
		if err := copyFile(filepath.Join(strings.TrimSpace(string(tools)), tool), filepath.Join(w.folder, "tools", tool), 0o755); err != nil {
			return err
		}
	}
	if _, err := goCommand(ctx, o.Checkout, "build", "-trimpath", "-o", filepath.Join(w.folder, "tools", "launch"), "./docker/course/sandbox/launch"); err != nil {
		return err
	}
	packages := slices.Concat(answer.Packages(), o.Packages, []string{wirePackage, "os", "runtime", "runtime/debug"})
	slices.Sort(packages)
	raw, err := goCommand(ctx, o.Checkout, append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, slices.Compact(packages)...)...)
	if err != nil {
		return err
	}
	var config strings.Builder
	for decoder, i := json.NewDecoder(bytes.NewReader(raw)), 0; ; i++ {
		var p struct{ ImportPath, Export string }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("judge: go list: %w", err)
		}
		if p.Export == "" {
			continue // unsafe has no archive
		}
		archive := filepath.Join(w.folder, "packages", fmt.Sprintf("%d.a", i))
		if err := copyFile(p.Export, archive, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&config, "packagefile %s=%s\n", p.ImportPath, archive)
	}
	return os.WriteFile(filepath.Join(w.folder, "packages", "importcfg"), []byte(config.String()), 0o644)
}

// goCommand runs the go command on trusted sources, in pure Go.
func goCommand(ctx context.Context, folder string, arguments ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", arguments...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("judge: go %s: %w\n%s", arguments[0], err, failure.String())
	}
	return out, nil
}

func copyFile(from, to string, mode os.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Limits of building and of running. The compiler and the linker take some hundred
// megabytes for an ordinary answer.
var (
	buildLimits = sandbox.Limits{Memory: 4 << 30, CPU: 60, File: 128 << 20, Processes: 256, Output: 4 << 20, Wall: 90 * time.Second}
	runLimits   = sandbox.Limits{Memory: 2 << 30, CPU: 0, File: 0, Processes: 256, Output: 8 << 20}
)

// build compiles and links a program in a folder of its own and gives the path of
// what came out. A failed step's Ending tells why; err is the grader's own.
func (w *Workshop) build(ctx context.Context, p *answer.Program) (folder, binary string, end sandbox.Ending, err error) {
	folder, err = os.MkdirTemp("", "atf-build-")
	if err != nil {
		return "", "", end, err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		return folder, "", end, err
	}
	var sources []string
	for name, text := range p.Files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return folder, "", end, err
		}
		sources = append(sources, path)
	}
	slices.Sort(sources)
	packages := filepath.Join(w.folder, "packages")
	config := filepath.Join(packages, "importcfg")
	object := filepath.Join(folder, "answer.a")
	binary = filepath.Join(folder, "answer")
	steps := [][]string{
		append([]string{"compile", "-o", object, "-p", "main", "-complete", "-pack", "-c", "1", "-importcfg", config}, sources...),
		{"link", "-o", binary, "-importcfg", config, "-buildmode=exe", "-s", "-w", object},
	}
	for _, step := range steps {
		end, err = w.Box.Run(ctx, sandbox.Job{Program: filepath.Join(w.folder, "tools", step[0]), Arguments: step[1:],
			Readable: []string{packages}, Writable: folder, Limits: buildLimits, Merge: true})
		if err != nil || !end.OK {
			return folder, "", end, err
		}
	}
	// A link could name anything: only a file that was made here is run.
	if info, err := os.Lstat(binary); err != nil || !info.Mode().IsRegular() {
		return folder, "", end, errors.Join(fmt.Errorf("judge: the linker left no program"), err)
	}
	return folder, binary, end, nil
}
