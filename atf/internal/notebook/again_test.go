package notebook

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// session runs programs as GoNB runs cells, in one session of the kernel.
type session struct {
	t      *testing.T
	folder string
}

func (s session) cell(body string, env ...string) string {
	s.t.Helper()
	program := `package main

import (
	"fmt"
	"time"

	_ "github.com/tangentfeatures/gonb-atf/atf/data"
	"github.com/tangentfeatures/gonb-atf/atf"
)

func work(ms int) int { time.Sleep(time.Duration(ms) * time.Millisecond); return ms }

var _, _ = atf.Setting, fmt.Sprint

` + body
	file := filepath.Join(s.folder, "main.go")
	binary := filepath.Join(s.folder, "cell")
	if old, err := os.ReadFile(file); err != nil || string(old) != program {
		if err := os.WriteFile(file, []byte(program), 0o644); err != nil {
			s.t.Fatal(err)
		}
		if out, err := exec.Command("go", "build", "-o", binary, file).CombinedOutput(); err != nil {
			s.t.Fatalf("%v: %s", err, out)
		}
	}
	cmd := exec.Command(binary)
	cmd.Env = append(append(os.Environ(), "GONB_PIPE=pipe", "GONB_TMP_DIR="+s.folder, "ATF_SETTING="), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// A variable that takes more than two seconds in a later cell is named there,
// once a session, also when the cell itself ends at once.
func TestSlowVariablesAreNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds programs and lets them wait")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	s := session{t, t.TempDir()}
	declared := `
var (
	slow = func() int {
		return work(2600)
	}()
	quick = work(10)
	some  = work(500)
)
`
	if out := s.cell(declared + `func main() { fmt.Println("own", slow) }`); out != "own 2600\n" {
		t.Errorf("the cell that declares it says %q", out)
	}
	if out := s.cell(declared+`func main() { fmt.Println("hello") }`, "ATF_SETTING=quick"); out != "hello\n" {
		t.Errorf("in a run of lab: %q", out)
	}
	out := s.cell(declared + `func main() { fmt.Println("hello") }`)
	if !regexp.MustCompile(`^computed again, as in every cell: slow \(2\.\d s\)(, some \(0\.\d s\))?\. var slow = atf\.Keep\("slow", …\).*\nhello\n$`).MatchString(out) {
		t.Errorf("a later cell says %q", out)
	}
	if out := s.cell(declared + `func main() { fmt.Println("hello") }`); out != "hello\n" {
		t.Errorf("once more: %q", out)
	}
	changed := strings.Replace(declared, "2600", "2601", 1)
	if out := s.cell(changed + `func main() { work(2500) }`); out != "" {
		t.Errorf("a cell that declares it anew says %q", out)
	}
}

func TestInitialising(t *testing.T) {
	const stacks = "goroutine 18 [running]:\nx()\n\t/a.go:1\n\n"
	for name, c := range map[string]struct {
		stack   string
		line    int
		running bool
	}{
		"a variable":     {"goroutine 1 [sleep]:\ntime.Sleep(0x1)\n\t/time.go:5 +0x1\nmain.init.func1(...)\n\t/t/main.go:9\nmain.init()\n\t/t/main.go:13 +0x7ca\nruntime.doInit1()\n\t/proc.go:7\n\n", 13, true},
		"a package":      {"goroutine 1 [runnable]:\nother.init()\n\t/o.go:4 +0x1\n\n", 0, true},
		"main":           {"goroutine 1 [runnable]:\nmain.main()\n\t/t/main.go:30 +0x1\n", 0, false},
		"main has ended": {"", 0, false},
	} {
		if _, line, running := initialising(stacks + c.stack); line != c.line || running != c.running {
			t.Errorf("%s: line %d, %v", name, line, running)
		}
	}
}
