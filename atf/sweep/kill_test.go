package sweep

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// slow is a sweep of short runs that writes to a log when it begins one.
func slow(folder, log string) Sweep[size, outcome] {
	return Of("test", sizes(30), func(_ context.Context, of size) (outcome, error) {
		f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return outcome{}, err
		}
		defer f.Close()
		if _, err := fmt.Fprintf(f, "%d\n", of.Seed); err != nil {
			return outcome{}, err
		}
		time.Sleep(10 * time.Millisecond)
		return made(of), nil
	}).In(folder).Workers(2)
}

// TestMain is also the process that TestKilled kills.
func TestMain(m *testing.M) {
	if folder := os.Getenv("ATF_TEST_SWEEP"); folder != "" {
		if _, err := slow(folder, os.Getenv("ATF_TEST_LOG")).Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A sweep that is killed, and killed again, goes on where it stopped: what was
// there before a kill is made by no later process, nothing is damaged, and in
// the end all is there.
func TestKilled(t *testing.T) {
	folder, log := t.TempDir(), filepath.Join(t.TempDir(), "log")
	results := func() []string {
		files, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	begun := func() []string {
		raw, err := os.ReadFile(log)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return strings.Fields(string(raw))
	}
	killed := 0
	for kill := range 4 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "ATF_TEST_SWEEP="+folder, "ATF_TEST_LOG="+log)
		before := len(results())
		there := map[string]bool{}
		read, err := slow(folder, log).Results()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range read {
			if r.Err != nil {
				t.Errorf("after %d kills: %v", kill, r.Err)
			}
			if r.Done {
				there[fmt.Sprint(r.Settings.Seed)] = true
			}
		}
		logged := len(begun())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for wait := 0; len(results()) < before+3 && wait < 6000; wait++ {
			time.Sleep(5 * time.Millisecond)
		}
		if err := cmd.Process.Kill(); err != nil { // SIGKILL
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil && strings.Contains(err.Error(), "killed") {
			killed++
		}
		for _, seed := range begun()[logged:] {
			if there[seed] {
				t.Errorf("run %s was made again after kill %d", seed, kill)
			}
		}
	}
	if killed < 2 {
		t.Errorf("only %d processes were killed at work", killed)
	}
	done := len(results())
	if done >= 30 {
		t.Fatal("nothing was left to do")
	}
	logged := len(begun())
	all, err := slow(folder, log).Run()
	if err != nil {
		t.Fatal(err)
	}
	checkAll(t, all, 30)
	if made := len(begun()) - logged; made != 30-done {
		t.Errorf("%d of 30 were there, %d were made", done, made)
	}
}
