package atf_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/atf"
	"github.com/tangentfeatures/gonb-atf/atf/penalty"
)

// A solution is computed once; with another λ it is another one.
func ExampleKeep() {
	folder := atf.Must(os.MkdirTemp("", "kept"))
	defer os.RemoveAll(folder)
	atf.Check(os.Setenv("ATF_KEEP", folder)) // in a notebook: the user's cache
	defer os.Unsetenv("ATF_KEEP")

	x, y := circle(12)
	solve := func(lambda float64) *atf.Solution {
		problem := atf.Tangent(smallNet(), x).Targets(y).Layerwise(penalty.Squared(lambda))
		return atf.Keep("adaptive", func() (*atf.Solution, error) {
			fmt.Println("solving with λ =", lambda)
			return problem.Solve()
		}, problem)
	}
	first, again := solve(0.1), solve(0.1)
	fmt.Println("the same:", first.Final() == again.Final())
	solve(1)
	kept := atf.Must(atf.Kept())
	fmt.Println(kept.Names[0].Name, kept.Names[0].Values, kept.Bytes() > 1000)
	// Output:
	// solving with λ = 0.1
	// the same: true
	// solving with λ = 1
	// adaptive 2 true
}

func TestKeepFails(t *testing.T) {
	t.Setenv("ATF_KEEP", t.TempDir())
	broken := errors.New("no data")
	if _, err := atf.TryKeep("x", func() (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, broken) {
			t.Errorf("Keep ended with %v", err)
		}
	}()
	atf.Keep("x", func() (int, error) { return 0, broken })
}

// Keep gives what it cannot write, TryKeep with an error.
func TestKeepCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATF_KEEP", file)
	make := func() (int, error) { return 7, nil }
	if v := atf.Keep("x", make); v != 7 {
		t.Errorf("Keep gave %d", v)
	}
	if v, err := atf.TryKeep("x", make); v != 7 || err == nil || !strings.Contains(err.Error(), "is not kept") {
		t.Errorf("TryKeep gave %d, %v", v, err)
	}
}

func TestForget(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("ATF_KEEP", folder)
	make := func() (int, error) { return 7, nil }
	atf.Keep("a", make)
	atf.Keep("b", make, 1)
	text := atf.Must(atf.Kept()).String()
	if !strings.Contains(text, "a  1  ") || !strings.HasSuffix(text, " in "+folder) {
		t.Errorf("the list is\n%s", text)
	}
	if err := atf.Forget("c"); err == nil || !strings.Contains(err.Error(), `"a", "b"`) {
		t.Errorf("%v", err)
	}
	atf.Check(atf.Forget("a"))
	if kept := atf.Must(atf.Kept()); len(kept.Names) != 1 || kept.Names[0].Name != "b" {
		t.Errorf("%v", kept)
	}
	atf.Check(atf.Forget())
	if kept := atf.Must(atf.Kept()); kept.Bytes() != 0 {
		t.Errorf("%v", kept)
	}
}
