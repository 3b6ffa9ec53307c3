// Command launch is the first program within a sandbox: it makes the root, gives
// up what it was allowed, sets the limits and becomes the program that was ordered.
// Package sandbox starts it; its argument is a sandbox.Order.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/tangentfeatures/gonb-atf/docker/course/sandbox"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "try" {
		return
	}
	// What is given up and the limits hold for a thread: the one that executes.
	runtime.LockOSThread()
	if err := launch(); err != nil {
		fmt.Fprintln(os.Stderr, "launch:", err)
		os.Exit(126)
	}
}

func launch() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("it is started by the grader, with one argument")
	}
	var order sandbox.Order
	if err := json.Unmarshal([]byte(os.Args[1]), &order); err != nil {
		return err
	}
	if order.Root != "" {
		if err := makeRoot(order); err != nil {
			return err
		}
	}
	if order.Writable != "" {
		if err := os.Chdir(order.Writable); err != nil {
			return err
		}
	}
	if err := giveUp(order.Root != ""); err != nil {
		return err
	}
	l := order.Limits
	for _, limit := range []struct {
		resource int
		value    uint64
	}{
		{syscall.RLIMIT_CORE, 0},
		{syscall.RLIMIT_FSIZE, l.File},
		{syscall.RLIMIT_NOFILE, 128},
		{rlimitProcesses, l.Processes},
		{syscall.RLIMIT_CPU, l.CPU},
		{syscall.RLIMIT_AS, l.Memory},
	} {
		hard := limit.value
		if limit.resource == syscall.RLIMIT_CPU {
			hard++
		}
		if err := syscall.Setrlimit(limit.resource, &syscall.Rlimit{Cur: limit.value, Max: hard}); err != nil {
			return fmt.Errorf("limit %d: %w", limit.resource, err)
		}
	}
	environment := []string{"PATH=/nowhere", "HOME=/", "TMPDIR=" + order.Writable, "GOMAXPROCS=1", "GOTRACEBACK=single"}
	return syscall.Exec(order.Program, append([]string{filepath.Base(order.Program)}, order.Arguments...), environment)
}

// Numbers of Linux that package syscall lacks.
const (
	rlimitProcesses  = 6
	prSetNoNewPrivs  = 38
	prCapBSetDrop    = 24
	lastCapability   = 63
	prCapAmbient     = 47
	capAmbientClear  = 4
	prSetSecureBits  = 28
	secureNoRoot     = 1<<0 | 1<<1 // SECBIT_NOROOT and its lock
	recursivePrivate = syscall.MS_REC | syscall.MS_PRIVATE
)

// giveUp drops every capability, now and for what is executed, and the way to get
// new ones.
func giveUp(capable bool) error {
	if capable {
		if _, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, prSetSecureBits, secureNoRoot, 0); e != 0 {
			return fmt.Errorf("secure bits: %w", e)
		}
		for capability := range uintptr(lastCapability + 1) {
			if _, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, prCapBSetDrop, capability, 0); e != 0 && e != syscall.EINVAL {
				return fmt.Errorf("capability %d: %w", capability, e)
			}
		}
	}
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, prCapAmbient, capAmbientClear, 0, 0, 0, 0); e != 0 && e != syscall.EINVAL {
		return fmt.Errorf("ambient capabilities: %w", e)
	}
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetNoNewPrivs, 1, 0, 0, 0, 0); e != 0 {
		return fmt.Errorf("no new privileges: %w", e)
	}
	return nil
}

// makeRoot replaces the root by an empty one with the binds of the order.
func makeRoot(order sandbox.Order) error {
	if err := syscall.Mount("", "/", "", recursivePrivate, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := syscall.Mount("tmpfs", order.Root, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, "size=1m,mode=755"); err != nil {
		return fmt.Errorf("root: %w", err)
	}
	for _, path := range order.Readable {
		if err := bind(order.Root, path, syscall.MS_RDONLY); err != nil {
			return err
		}
	}
	if order.Writable != "" {
		if err := bind(order.Root, order.Writable, 0); err != nil {
			return err
		}
	}
	old := filepath.Join(order.Root, "old")
	if err := os.Mkdir(old, 0o700); err != nil {
		return err
	}
	if err := syscall.PivotRoot(order.Root, old); err != nil {
		return fmt.Errorf("pivot: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	if err := syscall.Unmount("/old", syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("old root: %w", err)
	}
	if err := os.Remove("/old"); err != nil {
		return err
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REMOUNT|syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV, "size=1m"); err != nil {
		return fmt.Errorf("read-only root: %w", err)
	}
	return nil
}

func bind(root, path string, flags uintptr) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	target := filepath.Join(root, path)
	if info.IsDir() {
		err = os.MkdirAll(target, 0o755)
	} else if err = os.MkdirAll(filepath.Dir(target), 0o755); err == nil {
		err = os.WriteFile(target, nil, 0o644)
	}
	if err != nil {
		return err
	}
	if err := syscall.Mount(path, target, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s: %w", path, err)
	}
	// What the mount it comes from says of access times is locked and must be said again.
	var from syscall.Statfs_t
	if err := syscall.Statfs(path, &from); err != nil {
		return err
	}
	flags |= uintptr(from.Flags) & (syscall.MS_NOATIME | syscall.MS_NODIRATIME)
	if err := syscall.Mount("", target, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_NOSUID|syscall.MS_NODEV|flags, ""); err != nil {
		return fmt.Errorf("bind %s: %w", path, err)
	}
	return nil
}
