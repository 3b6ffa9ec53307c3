package kept

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
)

// counted is a maker that counts how often it was called.
func counted[T any](v T) (func() (T, error), *int) {
	n := 0
	return func() (T, error) { n++; return v, nil }, &n
}

// folder keeps values in a folder of the test's own.
func folder(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "kept")
	t.Setenv(Env, dir)
	return dir
}

// files are those of all names.
func files(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// printed is what f writes to stdout.
func printed(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = file
	defer func() { os.Stdout = old }()
	f()
	raw, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// A value is made once for a name, a type, a source and the values it is made
// from, and comes back as it was.
func TestValue(t *testing.T) {
	folder(t)
	m := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	make, made := counted(m)
	for range 2 {
		got, err := Value("m", "", make, 1, "a")
		if err != nil || !mat.Equal(got, m) {
			t.Fatalf("%v, %v", got, err)
		}
	}
	if *made != 1 {
		t.Errorf("made %d times", *made)
	}
	for i, again := range []func() error{
		func() error { _, err := Value("m", "", make, 2, "a"); return err },
		func() error { _, err := Value("m", "", make); return err },
		func() error { _, err := Value("m", "code", make, 1, "a"); return err },
		func() error { _, err := Value("n", "", make, 1, "a"); return err },
	} {
		if err := again(); err != nil || *made != i+2 {
			t.Errorf("case %d: made %d times, %v", i, *made, err)
		}
	}
}

// Values that encoding/gob alone would not write, or not tell apart.
func TestValueOfOddTypes(t *testing.T) {
	folder(t)
	text, texts := counted[fmt.Stringer](time.Second)
	_, err := Value("interface", "", text)
	if err == nil || *texts != 1 || !strings.Contains(err.Error(), "not registered") {
		t.Errorf("an unregistered type in an interface: %v", err)
	}
	null, nulls := counted[*mat.Dense](nil)
	list, lists := counted([]*mat.Dense{mat.NewDense(1, 1, []float64{5})})
	zero, zeros := counted(0)
	for range 2 {
		if v, err := Value("nil", "", null); v != nil || err != nil {
			t.Errorf("nil became %v, %v", v, err)
		}
		if v, err := Value("list", "", list); len(v) != 1 || v[0].At(0, 0) != 5 || err != nil {
			t.Errorf("a list became %v, %v", v, err)
		}
		if v, err := Value("zero", "", zero); v != 0 || err != nil {
			t.Errorf("0 became %v, %v", v, err)
		}
	}
	if *nulls != 1 || *lists != 1 || *zeros != 1 {
		t.Errorf("made %d, %d and %d times", *nulls, *lists, *zeros)
	}
}

// Another type under the same name is made anew, also where encoding/gob would
// take the old bytes for it.
func TestValueOfChangedType(t *testing.T) {
	folder(t)
	small, _ := counted(struct{ A int }{1})
	large, made := counted(struct{ A, B int }{2, 3})
	if _, err := Value("x", "", small); err != nil {
		t.Fatal(err)
	}
	if v, err := Value("x", "", large); v.A != 2 || v.B != 3 || err != nil || *made != 1 {
		t.Errorf("%v, %v", v, err)
	}
}

// A failure is not kept, and leaves no file.
func TestValueThatFails(t *testing.T) {
	dir := folder(t)
	broken := errors.New("no data")
	if _, err := Value("x", "", func() (int, error) { return 1, broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = Value("x", "", func() (int, error) { panic("stop") })
	}()
	if all := files(t, dir); len(all) > 0 {
		t.Errorf("there is %v", all)
	}
}

// What is damaged is made anew, whatever is left of it.
func TestValueDamaged(t *testing.T) {
	dir := folder(t)
	make, made := counted([]float64{1, 2, 3})
	for i, damage := range []func(raw []byte) []byte{
		func(raw []byte) []byte { return raw },
		func(raw []byte) []byte { return nil },
		func(raw []byte) []byte { return raw[:20] },
		func(raw []byte) []byte { return raw[:len(raw)-1] },
		func(raw []byte) []byte { raw[len(raw)-1]++; return raw },
		func(raw []byte) []byte { raw[0]++; return raw },
		func(raw []byte) []byte { return append(raw, 0) },
	} {
		if v, err := Value("x", "", make); err != nil || len(v) != 3 || *made != max(i, 1) {
			t.Fatalf("damage %d: %v, made %d times, %v", i, v, *made, err)
		}
		file := files(t, dir)[0]
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, damage(raw), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestValueRefuses(t *testing.T) {
	folder(t)
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"no name":      {second(Value("", "", func() (int, error) { return 1, nil })), "1 to 80"},
		"a long name":  {second(Value(strings.Repeat("a", 81), "", func() (int, error) { return 1, nil })), "1 to 80"},
		"a function":   {second(Value("x", "", func() (func(), error) { return nil, nil })), "cannot be written"},
		"a field":      {second(Value("x", "", func() ([]struct{ a int }, error) { return nil, nil })), "capital letter"},
		"a deep field": {second(Value("x", "", func() (map[string]struct{ A chan int }, error) { return nil, nil })), "field A"},
		"no value":     {second(Value("x", "", func() (int, error) { return 1, nil }, func() {})), "has no value to compare"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Work of an hour is not lost because the disk is full.
func TestValueThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv(Env, file) // no folder
	v, err := Value("x", "", func() (int, error) { return 7, nil })
	var unkept *NotKeptError
	if v != 7 || !errors.As(err, &unkept) || unkept.Name != "x" {
		t.Errorf("%d, %v", v, err)
	}
}

// Several that make and read the same value at a time all get it, whole.
func TestValueAtATime(t *testing.T) {
	dir := folder(t)
	large := make([]float64, 1<<16)
	for i := range large {
		large[i] = float64(i)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 4 {
				v, err := Value("x", "", func() ([]float64, error) { return large, nil })
				if err != nil || len(v) != len(large) || v[len(v)-1] != large[len(v)-1] {
					t.Errorf("%d numbers, %v", len(v), err)
				}
				if err := write(files(t, dir)[0], []byte("other")); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	all.Wait()
}

// What an ended process left half written is no value, and goes in the end.
func TestParts(t *testing.T) {
	dir := folder(t)
	make, _ := counted(1)
	if _, err := Value("x", "", make); err != nil {
		t.Fatal(err)
	}
	old, young := filepath.Join(dir, "x", partPrefix+"1"), filepath.Join(dir, "x", partPrefix+"2")
	for _, part := range []string{old, young} {
		if err := os.WriteFile(part, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	if all, err := List(); err != nil || len(all) != 1 || all[0].Values != 1 {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := Value("x", "", make, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("the old part is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("the part of a process that may still write is gone")
	}
}

func TestForget(t *testing.T) {
	folder(t)
	if all, err := List(); len(all) != 0 || err != nil {
		t.Errorf("at first: %v, %v", all, err)
	}
	make, made := counted(1)
	names := []string{"a/b", "..", "λ = 0.1", "x"}
	for _, name := range names {
		for i := range 2 {
			if _, err := Value(name, "", make, i); err != nil {
				t.Fatal(err)
			}
		}
	}
	all, err := List()
	if err != nil || len(all) != len(names) {
		t.Fatalf("%v, %v", all, err)
	}
	for i, want := range []string{"..", "a/b", "x", "λ = 0.1"} {
		if e := all[i]; e.Name != want || e.Values != 2 || e.Bytes <= 0 || time.Since(e.Last) > time.Minute {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	if err := Forget("y"); err == nil || !strings.Contains(err.Error(), `"a/b"`) {
		t.Errorf("%v", err)
	}
	if err := Forget("..", "a/b"); err != nil {
		t.Fatal(err)
	}
	before := *made
	for _, name := range names {
		if _, err := Value(name, "", make, 0); err != nil {
			t.Fatal(err)
		}
	}
	if *made != before+2 {
		t.Errorf("%d of two forgotten were made anew", *made-before)
	}
}

// In a notebook a line says what was made, and once a session what was kept; in
// the runs of docker/lab neither.
func TestLines(t *testing.T) {
	dir := folder(t)
	t.Setenv("GONB_PIPE", "pipe")
	t.Setenv("GONB_TMP_DIR", t.TempDir())
	t.Setenv("ATF_SETTING", "")
	make, _ := counted(1)
	cell := func() string {
		return printed(t, func() {
			if _, err := Value("x", "", make); err != nil {
				t.Error(err)
			}
		})
	}
	want := func(what, got, line string) {
		t.Helper()
		if got != line {
			t.Errorf("%s: %q, want %q", what, got, line)
		}
	}
	want("at first", cell(), "x: made anew\n")
	want("in the next cell", cell(), "")
	t.Setenv("GONB_TMP_DIR", t.TempDir())
	want("in the next session", cell(), "x: kept\n")
	want("and a cell later", cell(), "")
	if err := os.WriteFile(files(t, dir)[0], []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	want("damaged", cell(), "x: made anew (what was kept cannot be read: the file is damaged)\n")
	t.Setenv("ATF_SETTING", "quick")
	t.Setenv("GONB_TMP_DIR", t.TempDir())
	want("in a run of lab", cell(), "")
}
