// Package sandbox runs a program of unknown intent: without network, without
// other processes and files than those it is given, within limits of memory, time,
// processes, file size and output, and ends its whole tree of processes.
//
// It uses bubblewrap where that works, else the kernel's user, network, process,
// mount, host name and IPC namespaces directly, and without either nothing but the
// limits, which must be asked for.
package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Isolation is what keeps a program from the rest of the machine.
type Isolation string

// The kinds of isolation, the best first.
const (
	Bubblewrap Isolation = "bubblewrap"
	Namespaces Isolation = "namespaces"
	None       Isolation = "none"
)

// Limits of one job. Memory and CPU hold for each of its processes.
type Limits struct {
	Memory    uint64 // bytes of address space
	CPU       uint64 // seconds
	File      uint64 // bytes of the longest file it may write
	Processes uint64 // processes and threads together
	Output    int64  // bytes of standard output and error together
	Wall      time.Duration
}

// Job is a program with what it may see.
type Job struct {
	Program   string   // its path on this machine
	Arguments []string // behind its name
	Readable  []string // files and folders on this machine, seen at the same paths
	Writable  string   // a folder for it alone, its working directory; "" for none
	Limits
	Merge  bool     // Text holds its standard output too
	Input  *os.File // its descriptor 3
	Answer *os.File // its descriptor 4
}

// Box starts jobs.
type Box struct {
	Isolation Isolation
	launcher  string
	bwrap     string
}

// Ending tells how a job came to its end.
type Ending struct {
	OK       bool
	TimedOut bool   // by wall clock or CPU
	NoMemory bool   // it said so, or the kernel ended it
	Flooded  bool   // too much output
	Text     string // the beginning of its standard error (and output: Job.Merge)
	How      string // such as "exit status 2"
}

// New finds an isolation that works here, by trying. launcher is the program
// sandbox/launch. With allowNone it falls back to None instead of refusing.
func New(launcher string, allowNone bool) (*Box, error) {
	var reasons []string
	for _, isolation := range []Isolation{Bubblewrap, Namespaces} {
		box, err := With(isolation, launcher)
		if err == nil {
			return box, nil
		}
		reasons = append(reasons, err.Error())
	}
	if allowNone {
		return With(None, launcher)
	}
	return nil, fmt.Errorf("sandbox: programs cannot be isolated here (%s): install bubblewrap, or allow user namespaces, "+
		"or accept the risk with --no-isolation", strings.Join(reasons, "; "))
}

// With makes a box of one kind and tries it.
func With(isolation Isolation, launcher string) (*Box, error) {
	box := &Box{Isolation: isolation, launcher: launcher}
	if isolation == Bubblewrap {
		path, err := exec.LookPath("bwrap")
		if err != nil {
			return nil, fmt.Errorf("bubblewrap: %w", err)
		}
		box.bwrap = path
	}
	// The launcher that starts itself without a job says so and succeeds.
	end, err := box.Run(context.Background(), Job{Program: launcher, Arguments: []string{"try"}, Limits: Limits{Memory: 4 << 30, CPU: 10, File: 1 << 20, Processes: 256, Output: 1 << 16, Wall: 20 * time.Second}})
	if err == nil && !end.OK {
		err = fmt.Errorf("%s: %s", end.How, end.Text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", isolation, err)
	}
	return box, nil
}

// Order is what the launcher is told, as JSON in its first argument.
type Order struct {
	Root      string   // make this folder the root, with the binds; "" leaves the root
	Readable  []string // folders and files to bind below Root
	Writable  string
	Program   string
	Arguments []string
	Limits    Limits
}

// Run starts a job and waits for its end. Cancelling the context ends it.
func (b *Box) Run(ctx context.Context, job Job) (Ending, error) {
	var end Ending
	ctx, cancel := context.WithTimeout(ctx, job.Wall)
	defer cancel()
	cmd, cleanup, err := b.command(job)
	if err != nil {
		return end, err
	}
	defer cleanup()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return end, err
	}
	defer null.Close()
	output := &limited{left: job.Output, flooded: func() { cancel() }}
	cmd.Stdin = null
	cmd.Stdout = writerFunc(func(p []byte) (int, error) { output.count(len(p)); return len(p), nil })
	if job.Merge {
		cmd.Stdout = output
	}
	cmd.Stderr = output
	cmd.WaitDelay = 2 * time.Second
	for _, f := range []*os.File{job.Input, job.Answer} {
		if f == nil {
			f = null
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return end, fmt.Errorf("sandbox: %w", err)
	}
	stopped := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			kill(cmd.Process.Pid)
		case <-stopped:
		}
	}()
	err = cmd.Wait()
	close(stopped)
	kill(cmd.Process.Pid) // what it left behind, where no namespace ends it
	end.OK = err == nil
	end.Text = output.text()
	if err != nil {
		end.How = err.Error()
	}
	code := -1
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			code = 128 + int(status.Signal())
		}
	} else if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return end, fmt.Errorf("sandbox: %w", err)
	}
	end.Flooded = output.over.Load()
	end.NoMemory = !end.OK && (strings.Contains(end.Text, "out of memory") || strings.Contains(end.Text, "cannot allocate memory") || strings.Contains(end.Text, "failed to reserve"))
	// At the hard limit of CPU time the kernel kills, as it does when memory is short.
	// Its account of a tree of processes is not whole, but jobs have one processor
	// (launch sets GOMAXPROCS): one that ended sooner than its CPU seconds was not at
	// the limit.
	killed := code == 128+int(syscall.SIGKILL) && ctx.Err() == nil
	atLimit := killed && time.Since(started) >= time.Duration(job.CPU)*time.Second
	end.NoMemory = end.NoMemory || killed && !atLimit
	overCPU := atLimit || code == 128+int(syscall.SIGXCPU) || strings.Contains(end.Text, "SIGXCPU")
	end.TimedOut = !end.Flooded && (errors.Is(ctx.Err(), context.DeadlineExceeded) || overCPU)
	return end, nil
}

// kill ends a process and its group.
func kill(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL)
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

// command prepares the process that becomes the job.
func (b *Box) command(job Job) (*exec.Cmd, func(), error) {
	order := Order{Program: job.Program, Arguments: job.Arguments, Limits: job.Limits,
		Readable: append(slices.Clone(job.Readable), job.Program), Writable: job.Writable}
	cleanup := func() {}
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	user := os.Getuid()
	if user == 0 {
		// Root escapes limits on processes: the job runs as a user of its own.
		user = 1_900_000_000 + rand.IntN(100_000_000)
		if job.Writable != "" {
			if err := os.Chown(job.Writable, user, user); err != nil {
				return nil, nil, fmt.Errorf("sandbox: %w", err)
			}
		}
	}
	arguments := []string{b.launcher}
	switch b.Isolation {
	case Bubblewrap:
		arguments = []string{b.bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv",
			"--hostname", "box", "--cap-drop", "ALL", "--ro-bind", b.launcher, b.launcher}
		for _, path := range order.Readable {
			arguments = append(arguments, "--ro-bind", path, path)
		}
		if job.Writable != "" {
			arguments = append(arguments, "--bind", job.Writable, job.Writable)
		}
		arguments = append(arguments, "--remount-ro", "/", "--", b.launcher)
		if os.Getuid() == 0 {
			attributes.Credential = &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}
		}
	case Namespaces:
		root, err := os.MkdirTemp("", "atf-root-")
		if err != nil {
			return nil, nil, err
		}
		if err := os.Chmod(root, 0o755); err != nil {
			return nil, nil, err
		}
		order.Root = root
		cleanup = func() { os.Remove(root) }
		attributes.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID |
			syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC
		group := os.Getgid()
		if os.Getuid() == 0 {
			group = user
		}
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: user, Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: group, Size: 1}}
		if os.Getuid() == 0 {
			attributes.Credential = &syscall.Credential{NoSetGroups: true}
		}
	case None:
		if os.Getuid() == 0 {
			attributes.Credential = &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}
		}
	}
	text, err := json.Marshal(order)
	if err != nil {
		return nil, nil, err
	}
	arguments = append(arguments, string(text))
	cmd := exec.Command(arguments[0], arguments[1:]...)
	cmd.SysProcAttr = attributes
	cmd.Env = []string{}
	cmd.Dir = "/"
	if b.Isolation == None && job.Writable != "" {
		cmd.Dir = filepath.Clean(job.Writable)
	}
	return cmd, cleanup, nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

var _ io.Writer = (*limited)(nil)

// limited keeps the beginning of what is written and counts all of it.
type limited struct {
	mu      sync.Mutex
	left    int64
	kept    bytes.Buffer
	over    atomic.Bool
	flooded func()
}

// kept of standard error, in bytes.
const keptText = 16 << 10

func (l *limited) count(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left -= int64(n); l.left < 0 && !l.over.Swap(true) {
		l.flooded()
	}
}

func (l *limited) Write(p []byte) (int, error) {
	l.count(len(p))
	l.mu.Lock()
	defer l.mu.Unlock()
	if room := keptText - l.kept.Len(); room > 0 {
		l.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (l *limited) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.String()
}
