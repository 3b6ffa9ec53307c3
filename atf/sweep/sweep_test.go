package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

type size struct {
	N    int
	Seed uint64
	Rate float64
}

type outcome struct {
	Error  float64
	Epochs []int
}

func sizes(n int) []size {
	of := make([]size, n)
	for i := range of {
		of[i] = size{N: 100 * i, Seed: uint64(i), Rate: 0.1 * float64(i)}
	}
	return of
}

// made is what a run is to make: numbers that only exact storage gives back.
func made(s size) outcome { return outcome{math.Sqrt(s.Rate) / 3, []int{s.N, int(s.Seed)}} }

// counted is a sweep that counts how often its runs are made.
func counted(t *testing.T, n int, folder string) (Sweep[size, outcome], *atomic.Int64) {
	t.Helper()
	var count atomic.Int64
	return Of("test", sizes(n), func(_ context.Context, s size) (outcome, error) {
		count.Add(1)
		return made(s), nil
	}).In(folder), &count
}

func checkAll(t *testing.T, results []Result[size, outcome], n int) {
	t.Helper()
	if len(results) != n {
		t.Fatalf("%d results, wanted %d", len(results), n)
	}
	for i, r := range results {
		if of := sizes(n)[i]; !r.Done || r.Err != nil || r.Settings != of || !reflect.DeepEqual(r.Value, made(of)) {
			t.Errorf("result %d is %+v", i, r)
		}
		if _, err := os.Stat(r.File); err != nil {
			t.Errorf("result %d: %v", i, err)
		}
	}
}

// Every result is made once, whatever the number of workers, and read back to
// the bit; more settings need only what is new.
func TestRunsOnce(t *testing.T) {
	for _, workers := range []int{1, 3, 50} {
		folder := filepath.Join(t.TempDir(), "new", "results")
		s, count := counted(t, 9, folder)
		for range 2 {
			results, err := s.Workers(workers).Run()
			if err != nil {
				t.Fatal(err)
			}
			checkAll(t, results, 9)
		}
		read, err := s.Results()
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, read, 9)
		if count.Load() != 9 {
			t.Errorf("%d workers: 9 results took %d runs", workers, count.Load())
		}
		more, extra := counted(t, 12, folder)
		results, err := more.Run()
		if err != nil || extra.Load() != 3 {
			t.Errorf("three settings more took %d runs: %v", extra.Load(), err)
		}
		checkAll(t, results, 12)
	}
}

// Indices spread over folders, as over machines, make one sweep.
func TestIndicesAndFoldersMerge(t *testing.T) {
	a, b, c := t.TempDir(), t.TempDir(), t.TempDir()
	total := 0
	for i := range 8 {
		folder := a
		if i%3 == 0 {
			folder = b
		}
		s, count := counted(t, 8, folder)
		for range 2 {
			if r, err := s.Index(i); err != nil || !r.Done || !reflect.DeepEqual(r.Value, made(sizes(8)[i])) {
				t.Errorf("index %d: %+v, %v", i, r, err)
			}
		}
		total += int(count.Load())
	}
	s, count := counted(t, 9, c)
	results, err := s.Also(a).Also(b).Run()
	if err != nil || count.Load() != 1 || total != 8 {
		t.Errorf("%d runs at the indices, %d afterwards: %v", total, count.Load(), err)
	}
	checkAll(t, results, 9)
	if results[0].File[:len(b)] != b || results[1].File[:len(a)] != a || results[8].File[:len(c)] != c {
		t.Error("results are read from other folders")
	}
	for _, i := range []int{-1, 9} {
		if _, err := s.Index(i); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("index %d of 9", i)) {
			t.Errorf("index %d: %v", i, err)
		}
	}
}

// A run that fails or panics ends no other, leaves no file and is tried again.
func TestFailuresEndNoOther(t *testing.T) {
	folder, broken := t.TempDir(), true
	s := Of("test", sizes(6), func(_ context.Context, of size) (outcome, error) {
		switch {
		case broken && of.Seed == 1:
			return outcome{}, errors.New("out of luck")
		case broken && of.Seed == 2:
			panic("out of range")
		case broken && of.Seed == 3:
			return outcome{Error: math.NaN()}, nil
		}
		return made(of), nil
	}).In(folder).Workers(2)
	results, err := s.Run()
	for i, says := range map[int]string{1: "out of luck", 2: "panic: out of range", 3: "NaN"} {
		if r := results[i]; r.Done || r.Err == nil || !strings.Contains(r.Err.Error(), says) || !strings.Contains(err.Error(), says) {
			t.Errorf("run %d: %v; the sweep: %v", i, r.Err, err)
		}
		if results[i].Settings != sizes(6)[i] {
			t.Errorf("run %d lost its settings", i)
		}
	}
	if files, _ := os.ReadDir(folder); len(files) != 3 {
		t.Errorf("%d files for 3 results", len(files))
	}
	if _, err := s.Index(1); err == nil || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("index 1: %v", err)
	}
	broken = false
	results, err = s.Run()
	if err != nil {
		t.Error(err)
	}
	checkAll(t, results, 6)
}

// An interrupted sweep begins nothing more, does not call what it stopped
// failed, and goes on later.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var runs atomic.Int64
	s := Of("test", sizes(7), func(ctx context.Context, of size) (outcome, error) {
		if runs.Add(1) == 3 {
			cancel()
			<-ctx.Done()
			return outcome{}, fmt.Errorf("stopped: %w", ctx.Err())
		}
		return made(of), nil
	}).In(t.TempDir()).Workers(1)
	results, err := s.Context(ctx).Run()
	if !errors.Is(err, context.Canceled) || runs.Load() != 3 {
		t.Errorf("%d runs, %v", runs.Load(), err)
	}
	for i, r := range results {
		if r.Done != (i < 2) || r.Err != nil {
			t.Errorf("result %d: %+v", i, r)
		}
	}
	var none context.Context
	results, err = s.Context(none).Run()
	if err != nil || runs.Load() != 3+5 {
		t.Errorf("%d runs, %v", runs.Load(), err)
	}
	checkAll(t, results, 7)
}

func TestProgress(t *testing.T) {
	var reports []progress.Report
	folder := t.TempDir()
	s, _ := counted(t, 4, folder)
	if _, err := s.Index(0); err != nil {
		t.Fatal(err)
	}
	fail := Of("test", sizes(4), func(_ context.Context, of size) (outcome, error) {
		if of.Seed == 2 {
			return outcome{}, errors.New("out of luck")
		}
		return made(of), nil
	}).In(folder).Workers(1).Cost(func(of size) float64 { return float64(of.N) })
	_, err := fail.Progress(func(r progress.Report) { reports = append(reports, r) }).Run()
	if err == nil {
		t.Fatal("no error")
	}
	for i, want := range []int{1, 2, 2, 3, 3} {
		r := reports[i]
		if r.Task != "sweep" || r.Done != want || r.Total != 4 || r.Ended != (i == 4) || (r.Measure == "") != (i == 0) || !(r.Value >= 0) {
			t.Errorf("report %d: %+v", i, r)
		}
	}
	whole, _ := counted(t, 2, folder)
	if _, err := whole.Progress(func(progress.Report) { t.Error("a report where there is nothing to do") }).Run(); err != nil {
		t.Error(err)
	}
	if len(reports) != 5 || reports[1].Value == 0 || reports[3].Value != 0 {
		t.Errorf("%+v", reports)
	}
}

// A file that is damaged, or another's, is an error that names it, and is
// neither used nor overwritten.
func TestDamagedFiles(t *testing.T) {
	s, count := counted(t, 3, t.TempDir())
	results, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(results[1].File)
	if err != nil {
		t.Fatal(err)
	}
	for what, raw := range map[string]string{
		"cut":            string(whole[:len(whole)/2]),
		"empty":          "",
		"other settings": strings.Replace(string(whole), `"N": 100`, `"N": 101`, 1),
		"other sweep":    strings.Replace(string(whole), `"test"`, `"best"`, 1),
		"more fields":    strings.Replace(string(whole), `"Seconds"`, `"Minutes": 1, "Seconds"`, 1),
	} {
		if raw == string(whole) {
			t.Fatalf("%s: nothing is changed", what)
		}
		if err := os.WriteFile(results[1].File, []byte(raw), 0o644); err != nil {
			t.Fatal(err)
		}
		again, err := s.Run()
		if err == nil || !strings.Contains(err.Error(), results[1].File) || !strings.Contains(err.Error(), "remove the file") {
			t.Errorf("%s: %v", what, err)
		}
		if r := again[1]; r.Done || r.Err == nil || !again[0].Done || !again[2].Done {
			t.Errorf("%s: %+v", what, again)
		}
	}
	if count.Load() != 3 {
		t.Errorf("%d runs", count.Load())
	}
	if err := os.Remove(results[1].File); err != nil {
		t.Fatal(err)
	}
	again, err := s.Run()
	if err != nil {
		t.Error(err)
	}
	checkAll(t, again, 3)
}

func TestRefuses(t *testing.T) {
	run := func(context.Context, size) (outcome, error) { return outcome{}, nil }
	of := Of("test", sizes(3), run)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for says, s := range map[string]Sweep[size, outcome]{
		"name is empty":           Of("", sizes(3), run).In(t.TempDir()),
		"nil":                     Of[size, outcome]("test", sizes(3), nil).In(t.TempDir()),
		"Workers(-1)":             of.In(t.TempDir()).Workers(-1),
		"indices 0 and 3":         Of("test", append(sizes(3), sizes(1)...), run).In(t.TempDir()),
		"cannot be written":       Of("test", []size{{Rate: math.Inf(1)}}, run).In(t.TempDir()),
		"folder for the results:": of.In(file),
	} {
		if _, err := s.Run(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
		if _, err := s.Index(0); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("index: %v, want %q", err, says)
		}
	}
	type hidden struct{ n int }
	h := Of("test", []hidden{{1}}, func(context.Context, hidden) (int, error) { return 1, nil }).In(t.TempDir())
	if _, err := h.Results(); err == nil || !strings.Contains(err.Error(), "exported fields") {
		t.Errorf("hidden fields: %v", err)
	}
	if s := of.In(t.TempDir()); s.Len() != 3 {
		t.Errorf("%d runs", s.Len())
	}
}

// Where In names no folder, $ATF_SWEEP does, and else the user's cache.
func TestFoldersByDefault(t *testing.T) {
	a, b, cache := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	s, count := counted(t, 4, "")
	for _, c := range [][2]string{
		{a, a}, {b + string(os.PathListSeparator) + a, b}, {"", filepath.Join(cache, "gonb-atf", "sweep")},
	} {
		first := c[1]
		t.Setenv(EnvFolders, c[0])
		results, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, results, 4)
		if _, err := os.Stat(first); err != nil {
			t.Error(err)
		}
	}
	if count.Load() != 8 { // those of a are read from it the second time
		t.Errorf("%d runs", count.Load())
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := s.Index(0); err == nil || !strings.Contains(err.Error(), "name one by In") {
		t.Errorf("no cache folder: %v", err)
	}
}

// Sizes rise, and what is not done or not asked for is left out.
func TestGroup(t *testing.T) {
	of := []Result[size, outcome]{
		{Settings: size{N: 9, Seed: 1}, Value: outcome{Error: 3}, Done: true},
		{Settings: size{N: 4, Seed: 1}, Value: outcome{Error: 1}, Done: true},
		{Settings: size{N: 9, Seed: 2}, Value: outcome{Error: 5}, Done: true},
		{Settings: size{N: 9, Seed: 3}, Value: outcome{Error: 7}},
		{Settings: size{N: 16, Seed: 9}, Value: outcome{Error: 8}, Done: true},
	}
	n, values := Group(of, func(s size, r outcome) (int, float64, bool) { return s.N, r.Error, s.Seed < 9 })
	if !reflect.DeepEqual(n, []float64{4, 9}) || !reflect.DeepEqual(values, [][]float64{{1}, {3, 5}}) {
		t.Errorf("%v: %v", n, values)
	}
}

// Other settings, or another name, are other results.
func TestKeysDiffer(t *testing.T) {
	a, _ := counted(t, 1, t.TempDir())
	b := a
	b.name = "other"
	keys := map[string]bool{}
	for _, s := range []Sweep[size, outcome]{a, b} {
		for _, of := range []size{{}, {N: 1}, {Seed: 1}, {Rate: math.Nextafter(0, 1)}} {
			key, err := s.Key(of)
			if err != nil {
				t.Fatal(err)
			}
			keys[key] = true
		}
	}
	if len(keys) != 8 {
		t.Errorf("8 settings have %d keys", len(keys))
	}
}
