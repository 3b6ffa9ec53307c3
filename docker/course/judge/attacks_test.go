package judge

import (
	"fmt"
	"strings"
	"testing"
)

const rightGram = `func Gram(phi *mat.Dense) *mat.Dense {
	n, _ := phi.Dims()
	k := mat.NewDense(n, n, nil)
	k.Mul(phi, phi.T())
	return k
}
`

const wrongGram = "func Gram(phi *mat.Dense) *mat.Dense { return mat.NewDense(1, 1, nil) }\n"

func gram(body string) string { return "func Gram(phi *mat.Dense) *mat.Dense {\n" + body + "\n}\n" }

// What is refused, with a reason, before anything is built. Where the answer is
// right beside the attack, it loses its points all the same.
func TestForbidden(t *testing.T) {
	for name, c := range map[string]struct{ source, says string }{
		"exit in init":                {wrongGram + "func init() { os.Exit(0) }", "os"},
		"init alone":                  {rightGram + "func init() {}", "init"},
		"exit in an initialiser":      {wrongGram + "var _ = func() int { os.Exit(0); return 0 }()", "os"},
		"a call in an initialiser":    {rightGram + "var x = fmt.Sprint(1)", "while the program starts"},
		"main":                        {rightGram + "func main() {}", "main"},
		"a persisted TestMain":        {rightGram + "func TestMain(m *testing.M) { os.Exit(0) }", "among the packages"},
		"a test function":             {rightGram + "func TestGram() {}", "TestGram"},
		"panic shadowed":              {rightGram + "func panic(any) {}", "panic"},
		"true shadowed":               {rightGram + "const true = false", "true"},
		"len shadowed":                {rightGram + "var len = 1", "len"},
		"an import named len":         {"import len \"math\"\n" + rightGram, "len"},
		"flag.Parse with -h":          {gram("flag.Parse(); return phi"), "flag"},
		"os":                          {"import \"os\"\n" + rightGram, "os"},
		"os by another name":          {"import math \"os\"\n" + rightGram, "os"},
		"os without import":           {gram(`os.WriteFile("go.mod", nil, 0o644); return phi`), "os"},
		"reading another submission":  {gram(`b, _ := os.ReadFile("/"); _ = b; return phi`), "os"},
		"syscall":                     {"import \"syscall\"\n" + rightGram, "syscall"},
		"unsafe":                      {"import \"unsafe\"\n" + rightGram, "unsafe"},
		"plugin":                      {"import \"plugin\"\n" + rightGram, "plugin"},
		"net":                         {"import \"net/http\"\n" + rightGram, "net/http"},
		"C":                           {"// int x;\nimport \"C\"\n" + rightGram, "C"},
		"a dot import":                {"import . \"math\"\n" + rightGram, "."},
		"a blank import":              {"import _ \"math\"\n" + rightGram, "_"},
		"the checker's own package":   {"import \"github.com/tangentfeatures/gonb-atf/docker/course/assignments\"\n" + rightGram, "assignments"},
		"the pipe's package":          {"import \"github.com/tangentfeatures/gonb-atf/docker/course/wire\"\n" + rightGram, "wire"},
		"linkname":                    {rightGram + "//go:linkname exit os.Exit\nfunc exit(int)", "directive"},
		"embed":                       {rightGram + "//go:embed reference.go\nvar s string", "directive"},
		"line":                        {"//line /tmp/x.go:1\n" + rightGram, "directive"},
		"a build tag":                 {"//go:build ignore\n" + rightGram, "directive"},
		"a function without a body":   {rightGram + "func outside()", "body"},
		"%env PATH":                   {"%env PATH=/tmp/evil\n" + rightGram, "command"},
		"%goflags -toolexec":          {"%goflags -toolexec=/tmp/evil\n" + rightGram, "command"},
		"%%":                          {rightGram + "%%\nfmt.Println()", "command"},
		"a command in a comment":      {"/*\n!touch /tmp/evil\n*/\n" + rightGram, "command"},
		"a command in a raw string":   {rightGram + "const s = `\n!touch /tmp/evil\n`", "command"},
		"a name of the grader":        {rightGram + "var atf__call = 1", "taken"},
		"a cell that is far too long": {rightGram + "// " + strings.Repeat("x", 70_000), "bytes"},
	} {
		teacher, a, answers := warm(t)
		answers["gram"] = c.source
		_, err := teacher.Program(a.Parts[0], answers)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a reason with %q", name, err, c.says)
		}
		if _, err := teacher.Program(a.Parts[1], answers); err != nil {
			t.Errorf("%s: another part suffers: %v", name, err)
		}
	}
}

// What runs and must not earn more than it is worth, with the status it gets.
func TestAttacks(t *testing.T) {
	w := isolated(t)
	for name, c := range map[string]struct {
		source string
		want   []Status
	}{
		"forged results on standard output": {gram(`fmt.Println("PASS"); fmt.Println("{\"r\":[{\"m\":{\"r\":2,\"c\":2,\"d\":[1,1,1,1]}}]}"); return mat.NewDense(1, 1, nil)`), []Status{Wrong}},
		"an endless loop":                   {gram("for {\n}"), []Status{TimedOut}},
		"100 GB of memory":                  {gram("x := make([]float64, 100<<27)\nfor i := range x { x[i] = 1 }\nreturn mat.NewDense(1, 1, x[:1])"), []Status{NoMemory, Crashed}},
		"memory little by little":           {gram("var all [][]byte\nfor {\n\tb := make([]byte, 64<<20)\n\tfor i := range b { b[i] = 1 }\n\tall = append(all, b)\n}"), []Status{NoMemory, TimedOut}},
		"a gigabyte of output":              {gram("s := strings.Repeat(\"x\", 1<<20)\nfor range 1024 { fmt.Println(s) }\nreturn phi"), []Status{Crashed, Wrong}},
		"goroutines without end":            {gram("for {\n\tgo func() { for { } }()\n}"), []Status{TimedOut, NoMemory, Crashed}},
		"a goroutine that outlives it":      {gram("go func() { for { } }()\nreturn mat.NewDense(1, 1, nil)"), []Status{Wrong, TimedOut}},
		"a recovered panic in a goroutine":  {gram("go func() { panic(\"x\") }()\nselect {}"), []Status{Crashed}},
		"a compile bomb":                    {gram("var x [1 << 40]byte\n_ = x\nreturn phi"), []Status{NoCompile, NoMemory, TimedOut}},
		"an array of all memory":            {"var x [1 << 36]byte\n" + gram("x[0] = 1\nreturn phi"), []Status{NoCompile, NoMemory, TimedOut, Crashed}},
		"a redefined checker":               {wrongGram + "func Alignment(phi *mat.Dense, y []float64) float64 { return 1 }\nvar functions = map[string]func(float64) float64{}", []Status{Wrong}},
		"a matrix that lies about its size": {gram("m := &mat.Dense{}\nm.SetRawMatrix(blas64.General{Rows: 1 << 20, Cols: 1 << 20, Stride: 1 << 20, Data: make([]float64, 1)})\nreturn m"), []Status{Crashed, NoMemory}},
	} {
		verdicts := judged(t, w, "gram", c.source)
		v := verdicts["gram"]
		ok := false
		for _, s := range c.want {
			ok = ok || v.Status == s
		}
		if !ok || v.Points != 0 {
			t.Errorf("%s: %s with %v points (%s), want %v: %s", name, v.Status, v.Points, v.Reason, c.want, v.Private)
		}
		for _, id := range []string{"alignment", "root"} {
			if verdicts[id].Status != Passed {
				t.Errorf("%s: %s is %s: %s", name, id, verdicts[id].Status, verdicts[id].Private)
			}
		}
	}
}

// Many generic types in few lines: the compiler is stopped, not the grader.
func TestCompilerIsLimited(t *testing.T) {
	var types strings.Builder
	types.WriteString("type T0[A any] struct{ a, b A }\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&types, "type T%d[A any] struct{ a, b T%d[T%d[A]] }\n", i, i-1, i-1)
	}
	v := one(t, isolated(t), types.String()+gram("var x T39[int]\n_ = x\nreturn phi"))
	if v.Points != 0 || v.Status == Review || v.Status == Passed {
		t.Errorf("%+v", v)
	}
}
