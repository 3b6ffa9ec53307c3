package sandbox_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tangentfeatures/gonb-atf/docker/course/sandbox"
)

// hostile is a program that does what its argument says: what an answer would do if
// nothing had refused it.
const hostile = `package main

import ("fmt"; "net"; "os"; "os/exec"; "os/signal"; "syscall"; "time")

func main() {
	switch os.Args[1] {
	case "network":
		c, err := net.DialTimeout("tcp", os.Args[2], time.Second)
		if err == nil { c.Close(); fmt.Fprint(os.Stderr, "CONNECTED") }
	case "read":
		if raw, err := os.ReadFile(os.Args[2]); err == nil { fmt.Fprint(os.Stderr, "READ ", string(raw)) }
	case "write":
		if err := os.WriteFile(os.Args[2], []byte("evil"), 0o644); err == nil { fmt.Fprint(os.Stderr, "WROTE") }
	case "signals":
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		for { time.Sleep(time.Second) }
	case "bomb":
		for i := 0; i < 2000; i++ {
			c := exec.Command(os.Args[2], "sleep")
			if err := c.Start(); err != nil { fmt.Fprintf(os.Stderr, "STOPPED %d", i); break }
		}
		time.Sleep(time.Minute)
	case "sleep":
		syscall.Setsid()
		time.Sleep(time.Minute)
	case "see":
		if err := syscall.Kill(1, 0); err == syscall.ESRCH { fmt.Fprint(os.Stderr, "NOBODY") }
		if _, err := os.ReadDir("/proc"); err == nil { fmt.Fprint(os.Stderr, "SEES") }
		fmt.Fprint(os.Stderr, "UID ", os.Getuid(), os.Environ())
	case "mount":
		if err := syscall.Mount("tmpfs", "/", "tmpfs", 0, ""); err == nil { fmt.Fprint(os.Stderr, "MOUNTED") }
		if err := syscall.Unshare(syscall.CLONE_NEWNS); err == nil { fmt.Fprint(os.Stderr, "UNSHARED") }
	case "flood":
		b := make([]byte, 1<<20)
		for { os.Stdout.Write(b) }
	case "cpu":
		for {}
	}
}
`

func build(t *testing.T) (launcher, program string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "atf-hostile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(folder, "hostile.go")
	if err := os.WriteFile(source, []byte(hostile), 0o644); err != nil {
		t.Fatal(err)
	}
	launcher, program = filepath.Join(folder, "launch"), filepath.Join(folder, "hostile")
	for to, what := range map[string]string{launcher: "./launch", program: source} {
		cmd := exec.Command("go", "build", "-o", to, what)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return launcher, program
}

// Each isolation that this machine has keeps a hostile program in.
func TestIsolation(t *testing.T) {
	launcher, program := build(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("the answer"), 0o644); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, isolation := range []sandbox.Isolation{sandbox.Bubblewrap, sandbox.Namespaces} {
		box, err := sandbox.With(isolation, launcher)
		if err != nil {
			t.Logf("not here: %v", err)
			continue
		}
		tried++
		run := func(wall time.Duration, arguments ...string) (sandbox.Ending, time.Duration) {
			t.Helper()
			work, err := os.MkdirTemp("", "atf-work-")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(work)
			started := time.Now()
			end, err := box.Run(context.Background(), sandbox.Job{Program: program, Arguments: arguments, Writable: work,
				Limits: sandbox.Limits{Memory: 2 << 30, CPU: 3, File: 1 << 20, Processes: 64, Output: 1 << 20, Wall: wall}})
			if err != nil {
				t.Fatal(err)
			}
			return end, time.Since(started)
		}
		for _, c := range []struct {
			arguments []string
			never     string
		}{
			{[]string{"network", "127.0.0.1:22"}, "CONNECTED"},
			{[]string{"read", secret}, "READ"},
			{[]string{"read", "/etc/passwd"}, "READ"},
			{[]string{"write", secret}, "WROTE"},
			{[]string{"write", program}, "WROTE"},
			{[]string{"write", "/here"}, "WROTE"},
			{[]string{"mount"}, "MOUNTED"},
			{[]string{"see"}, "SEES"},
			{[]string{"see"}, "HOME=/root"},
		} {
			if end, _ := run(20*time.Second, c.arguments...); strings.Contains(end.Text, c.never) || end.TimedOut {
				t.Errorf("%s: %v: %+v", isolation, c.arguments, end)
			}
		}
		if end, took := run(2*time.Second, "signals"); !end.TimedOut || took > 15*time.Second {
			t.Errorf("%s: a program that ignores signals ended after %v: %+v", isolation, took, end)
		}
		if end, _ := run(20*time.Second, "cpu"); !end.TimedOut {
			t.Errorf("%s: a busy program: %+v", isolation, end)
		}
		if end, _ := run(20*time.Second, "flood"); !end.Flooded || end.OK {
			t.Errorf("%s: a flood: %+v", isolation, end)
		}
		if end, _ := run(8*time.Second, "bomb", program); !end.TimedOut || !strings.Contains(end.Text, "STOPPED") {
			t.Errorf("%s: a fork bomb: %+v", isolation, end)
		}
		// Nothing of it is left, also what made a session of its own.
		time.Sleep(time.Second)
		if out, _ := exec.Command("pgrep", "-f", program).Output(); len(out) > 0 {
			t.Errorf("%s: processes are left: %s", isolation, out)
		}
		work := t.TempDir()
		end, err := box.Run(context.Background(), sandbox.Job{Program: program, Arguments: []string{"write", filepath.Join(work, "x")}, Writable: work,
			Limits: sandbox.Limits{Memory: 2 << 30, CPU: 3, File: 1 << 20, Processes: 64, Output: 1 << 20, Wall: 20 * time.Second}})
		if err != nil || (os.Getuid() != 0 && !strings.Contains(end.Text, "WROTE")) {
			t.Errorf("%s: its own folder is not writable: %+v, %v", isolation, end, err)
		}
	}
	if tried == 0 {
		t.Skip("neither bubblewrap nor namespaces work here")
	}
}

func TestRefusesWithoutIsolation(t *testing.T) {
	launcher, _ := build(t)
	// Without PATH there is no bubblewrap; a launcher that is not there isolates nothing.
	t.Setenv("PATH", "")
	if _, err := sandbox.New(launcher+"-gone", false); err == nil || !strings.Contains(err.Error(), "--no-isolation") {
		t.Errorf("without isolation: %v", err)
	}
	box, err := sandbox.With(sandbox.None, launcher)
	if err != nil || box.Isolation != "none" {
		t.Errorf("none, when asked for: %v, %v", box, err)
	}
}
