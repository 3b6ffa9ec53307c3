package sweep

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// Results are what the folders hold, one for each of the settings, in their
// order; nothing is run. A file that cannot be read is in the result's Err, as it
// is for Run. Errors: no name, settings that are no plain data, two that are the
// same, and no folder where neither In nor $ATF_SWEEP names one and the user has
// no cache folder.
func (s Sweep[S, R]) Results() ([]Result[S, R], error) {
	s, err := s.placed()
	if err != nil {
		return nil, err
	}
	return s.results()
}

func (s Sweep[S, R]) results() ([]Result[S, R], error) {
	keys, err := s.check()
	if err != nil {
		return nil, err
	}
	results := make([]Result[S, R], len(keys))
	for i, key := range keys {
		results[i] = s.read(key, s.settings[i])
	}
	return results, nil
}

// Run makes every result that is not there yet, and returns all of them. Runs
// begin in the order of the settings. One that fails or panics ends no other:
// its error is in its result, it leaves no file, and the next Run tries again.
// The error joins those of the runs and, when the sweep was interrupted, the
// context's; the results that are there come back with it.
func (s Sweep[S, R]) Run() ([]Result[S, R], error) {
	s, err := s.placed()
	if err != nil {
		return nil, err
	}
	results, err := s.results()
	if err != nil {
		return nil, err
	}
	return results, s.fill(results)
}

// Index makes the result of one of the settings, counted from 0, unless it is
// there. Errors are those of Results, an index that is not one, and that of the
// run.
func (s Sweep[S, R]) Index(i int) (Result[S, R], error) {
	s, err := s.placed()
	if err != nil {
		return Result[S, R]{}, err
	}
	keys, err := s.check()
	if err != nil {
		return Result[S, R]{}, err
	}
	if i < 0 || i >= len(keys) {
		return Result[S, R]{}, fmt.Errorf("sweep: index %d of %d runs: they are counted from 0", i, len(keys))
	}
	// Only its own file is read: an array of jobs reads each file once.
	result := []Result[S, R]{s.read(keys[i], s.settings[i])}
	err = s.fill(result)
	return result[0], err
}

// fill makes what is not done.
func (s Sweep[S, R]) fill(results []Result[S, R]) error {
	if err := os.MkdirAll(s.folder, 0o755); err != nil {
		return fmt.Errorf("sweep: the folder for the results: %w", err)
	}
	watch := s.newClock(results)
	var next, done sync.Mutex
	at := 0
	take := func() (int, bool) {
		next.Lock()
		defer next.Unlock()
		for ; at < len(results) && s.ctx.Err() == nil; at++ {
			if results[at].Done || results[at].Err != nil {
				continue
			}
			at++
			return at - 1, true
		}
		return 0, false
	}
	var wg sync.WaitGroup
	for range min(s.atOnce(), len(results)) {
		wg.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				r := s.one(results[i])
				done.Lock()
				results[i] = r
				watch.ended(i, r.Done)
				done.Unlock()
			}
		})
	}
	wg.Wait()
	watch.close()
	var failed []error
	for _, r := range results {
		if r.Err != nil {
			failed = append(failed, fmt.Errorf("sweep: the run of %+v: %w", r.Settings, r.Err))
		}
	}
	if err := s.ctx.Err(); err != nil {
		failed = append(failed, fmt.Errorf("sweep: interrupted: %w", err))
	}
	return errors.Join(failed...)
}

// one makes a result, or finds that another process has made it meanwhile.
func (s Sweep[S, R]) one(r Result[S, R]) Result[S, R] {
	key, err := s.Key(r.Settings)
	if err != nil {
		r.Err = err
		return r
	}
	if there := s.read(key, r.Settings); there.Done || there.Err != nil {
		return there
	}
	start := time.Now()
	r.Value, err = s.guarded(r.Settings)
	if err == nil {
		r.Seconds = time.Since(start).Seconds()
		err = s.write(key, r.Settings, r.Value, r.Seconds)
	}
	r.Done, r.Err = err == nil, err
	if interrupted := s.ctx.Err(); err != nil && interrupted != nil && errors.Is(err, interrupted) {
		r.Err = nil // it did not fail, it was not let finish
	}
	return r
}

// guarded runs and makes a panic an error.
func (s Sweep[S, R]) guarded(of S) (value R, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return s.run(s.ctx, of)
}
