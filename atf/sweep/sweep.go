package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"

	"github.com/tangentfeatures/gonb-atf/atf/internal/fingerprint"
	"github.com/tangentfeatures/gonb-atf/atf/internal/progress"
)

// Progress receives reports of long work.
type Progress = progress.Func

// Sweep is a set of independent runs in the making, each from settings of type S
// to a result of type R. Make it with Of. Setters return a changed copy, and
// what is wrong is reported by Run, Index and Results.
type Sweep[S, R any] struct {
	name     string
	settings []S
	run      func(context.Context, S) (R, error)
	folder   string
	also     []string
	workers  int
	cost     func(S) float64
	ctx      context.Context
	progress Progress
}

// Of is the sweep of that name over settings. run must depend on its settings
// alone: they and the name are what a result is known by, so a change of what
// run computes needs another name. Both S and R go through encoding/json and
// must come back as they were: exported fields of plain types.
func Of[S, R any](name string, settings []S, run func(ctx context.Context, of S) (R, error)) Sweep[S, R] {
	return Sweep[S, R]{name: name, settings: settings, run: run, ctx: context.Background()}
}

// EnvFolders is the environment variable that names the folders of results where
// In does not, in the form of PATH.
const EnvFolders = "ATF_SWEEP"

// In is the folder that results are written to and read from; it is made when
// it is not there. Default: the first of those in $ATF_SWEEP, of which the others
// are read as by Also; without them gonb-atf/sweep in the user's cache folder
// (os.UserCacheDir).
func (s Sweep[S, R]) In(folder string) Sweep[S, R] { s.folder = folder; return s }

// Also are further folders from which results are read, and to which nothing is
// written: what other machines computed. Of two results for the same settings
// the one in the earlier folder counts, that of In first.
func (s Sweep[S, R]) Also(folders ...string) Sweep[S, R] {
	s.also = append(append([]string(nil), s.also...), folders...)
	return s
}

// Workers is the number of runs at a time. Default: GOMAXPROCS. Runs that use
// BLAS with threads of its own (OPENBLAS_NUM_THREADS) are best kept to one
// thread each.
func (s Sweep[S, R]) Workers(n int) Sweep[S, R] { s.workers = n; return s }

// Cost is what a run takes compared with others, in any unit, for the time left
// in reports. Default: all take the same.
func (s Sweep[S, R]) Cost(of func(S) float64) Sweep[S, R] { s.cost = of; return s }

// Context lets a sweep be interrupted: no further run begins, and those under
// way are told by the context they were given. Default: none.
func (s Sweep[S, R]) Context(ctx context.Context) Sweep[S, R] {
	if ctx == nil {
		ctx = context.Background()
	}
	s.ctx = ctx
	return s
}

// Progress is told how many of the runs are done, at the beginning and after
// each, unless there is nothing to do, with an estimate of the seconds left as the value once it can be made.
func (s Sweep[S, R]) Progress(f Progress) Sweep[S, R] { s.progress = f; return s }

// Result is what is known of one run.
type Result[S, R any] struct {
	Settings S
	Value    R
	Done     bool    // Value is there
	Err      error   // why the run failed, or its file cannot be read; nil else
	Seconds  float64 // the run's wall time, when it was made
	File     string  // where the result is, or will be
}

// Len is the number of runs.
func (s Sweep[S, R]) Len() int { return len(s.settings) }

// Key is the fingerprint by which the result of these settings is known. It is
// an error when they cannot be written as JSON, or lose something by it.
func (s Sweep[S, R]) Key(of S) (string, error) {
	text, err := s.text(of)
	if err != nil {
		return "", err
	}
	return fingerprint.New("sweep.Result/1").String(s.name).String(string(text)).Sum(), nil
}

// text is the settings as JSON.
func (s Sweep[S, R]) text(of S) ([]byte, error) {
	text, err := json.Marshal(of)
	if err != nil {
		return nil, fmt.Errorf("sweep: settings %+v cannot be written as JSON: %w", of, err)
	}
	var back S
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(of, back) {
		return nil, fmt.Errorf("sweep: settings %+v do not come back from JSON as they were: give them exported fields of plain types", of)
	}
	return text, nil
}

// check says what is wrong with the sweep, and gives the keys of its runs.
func (s Sweep[S, R]) check() ([]string, error) {
	switch {
	case s.name == "":
		return nil, errors.New("sweep: the name is empty: results are known by it")
	case s.run == nil:
		return nil, errors.New("sweep: the function that makes a result is nil")
	case s.workers < 0:
		return nil, fmt.Errorf("sweep: Workers(%d): the number must be positive", s.workers)
	}
	keys, seen := make([]string, len(s.settings)), map[string]int{}
	for i, of := range s.settings {
		key, err := s.Key(of)
		if err != nil {
			return nil, fmt.Errorf("%w (index %d)", err, i)
		}
		if first, twice := seen[key]; twice {
			return nil, fmt.Errorf("sweep: indices %d and %d have the same settings %+v: leave one out", first, i, of)
		}
		seen[key], keys[i] = i, key
	}
	return keys, nil
}

// placed is the sweep with its folders known.
func (s Sweep[S, R]) placed() (Sweep[S, R], error) {
	if s.folder != "" {
		return s, nil
	}
	if named := filepath.SplitList(os.Getenv(EnvFolders)); len(named) > 0 {
		return s.In(named[0]).Also(named[1:]...), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return s, fmt.Errorf("sweep: no folder for the results: name one by In or in $%s: %w", EnvFolders, err)
	}
	return s.In(filepath.Join(cache, "gonb-atf", "sweep")), nil
}

func (s Sweep[S, R]) atOnce() int {
	if s.workers > 0 {
		return s.workers
	}
	return runtime.GOMAXPROCS(0)
}
