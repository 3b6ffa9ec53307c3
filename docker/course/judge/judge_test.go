package judge

import (
	"context"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/tangentfeatures/gonb-atf/docker/course/answer"
	"github.com/tangentfeatures/gonb-atf/docker/course/exam"
	"github.com/tangentfeatures/gonb-atf/docker/course/internal/warmup"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
	"github.com/tangentfeatures/gonb-atf/docker/course/sandbox"
)

var shop struct {
	once sync.Once
	*Workshop
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shop.Workshop != nil {
		shop.Close()
	}
	os.Exit(code)
}

// workshop is one for all tests: the best isolation there is.
func workshop(t *testing.T) *Workshop {
	t.Helper()
	shop.once.Do(func() {
		shop.Workshop, shop.err = NewWorkshop(context.Background(), Options{Checkout: "../../..", NoIsolation: true})
	})
	if shop.err != nil {
		t.Fatal(shop.err)
	}
	return shop.Workshop
}

// isolated skips a test where the machine has no isolation to test.
func isolated(t *testing.T) *Workshop {
	t.Helper()
	w := workshop(t)
	if w.Box.Isolation == sandbox.None {
		t.Skip("neither bubblewrap nor namespaces work here")
	}
	return w
}

// warm gives the teacher of the warm-up and all right answers.
func warm(t *testing.T) (*answer.Teacher, exam.Assignment, map[string]string) {
	t.Helper()
	read := func() *notebook.Notebook {
		nb, err := notebook.Parse(warmup.Notebook)
		if err != nil {
			t.Fatal(err)
		}
		return nb
	}
	released := read()
	if err := released.Release(); err != nil {
		t.Fatal(err)
	}
	a := warmup.Assignment()
	teacher, err := answer.NewTeacher(read(), released, a)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, p := range a.Parts {
		answers[p.ID] = teacher.Solution(p.ID)
	}
	return teacher, a, answers
}

// judged gives the verdict on each part with one answer replaced.
func judged(t *testing.T, w *Workshop, id, source string) map[string]Verdict {
	t.Helper()
	teacher, a, answers := warm(t)
	if id != "" {
		answers = maps.Clone(answers)
		answers[id] = source
	}
	verdicts := map[string]Verdict{}
	for _, p := range a.Parts {
		verdicts[p.ID] = w.Part(context.Background(), teacher, p, answers, 7)
	}
	return verdicts
}

// one gives the verdict on the Gram part for a source.
func one(t *testing.T, w *Workshop, source string) Verdict {
	t.Helper()
	teacher, a, answers := warm(t)
	answers["gram"] = source
	return w.Part(context.Background(), teacher, a.Parts[0], answers, 7)
}

func TestTeacherHasAllPoints(t *testing.T) {
	for id, v := range judged(t, workshop(t), "", "") {
		if v.Status != Passed || v.Points != v.Most {
			t.Errorf("%s: %+v", id, v)
		}
	}
}

// One wrong answer loses its own points, and its part's only.
func TestOneMistakeCostsOnePart(t *testing.T) {
	for id, source := range map[string]string{
		"gram":      "func Gram(phi *mat.Dense) *mat.Dense {\n\t_, d := phi.Dims()\n\tk := mat.NewDense(d, d, nil)\n\tk.Mul(phi.T(), phi)\n\treturn k\n}",
		"alignment": "func Alignment(phi *mat.Dense, y []float64) float64 {\n\tk := Gram(phi)\n\tv := mat.NewVecDense(len(y), y)\n\treturn mat.Inner(v, k, v) / (mat.Dot(v, v) * mat.Trace(k))\n}",
		"root":      "func Root(f func(float64) float64, low, high float64) float64 { return (low + high) / 2 }",
	} {
		for other, v := range judged(t, workshop(t), id, source) {
			want := Passed
			if other == id {
				want = Wrong
			}
			if v.Status != want || (v.Points == v.Most) != (want == Passed) {
				t.Errorf("with a wrong %s, %s is %s with %v points: %s", id, other, v.Status, v.Points, v.Private)
			}
			if other == id && strings.ContainsAny(v.Reason, "±") {
				t.Errorf("%s: the reason %q tells values", id, v.Reason)
			}
		}
	}
}

func TestStatuses(t *testing.T) {
	w := workshop(t)
	gram := func(body string) string { return "func Gram(phi *mat.Dense) *mat.Dense {\n" + body + "\n}" }
	for name, c := range map[string]struct {
		source string
		want   Status
		says   string
	}{
		"the stub":              {"// My own comment.\nfunc Gram(phi *mat.Dense) *mat.Dense {\n\tpanic(\"not written yet\")\n}", NotAttempted, "handed out"},
		"nothing":               {" \n", Absent, "empty"},
		"another name":          {"func gram(phi *mat.Dense) *mat.Dense { return phi }", Absent, "Gram"},
		"no Go":                 {"func Gram(phi *mat.Dense *mat.Dense {", NoCompile, "line 1"},
		"an unknown name":       {gram("\tvar unused int\n\treturn phis"), NoCompile, "line 3: undefined: phis"},
		"another signature":     {"func Gram(phi []float64) []float64 { return phi }", NoCompile, "signature"},
		"nil":                   {gram("return nil"), Wrong, ""},
		"an empty matrix":       {gram("return &mat.Dense{}"), Wrong, ""},
		"NaN":                   {gram("k := mat.NewDense(2, 2, nil)\nk.Set(0, 0, math.NaN())\nreturn k"), Wrong, ""},
		"an index out of range": {gram("return mat.NewDense(1, 1, []float64{1, 2}[3:])"), Crashed, "panic: "},
		"an endless recursion":  {gram("return Gram(phi)"), Crashed, "stack"},
		"a deadlock":            {gram("select {}"), Crashed, "deadlock"},
		"an import of its own":  {"import \"gonum.org/v1/gonum/mat\"\nimport \"fmt\"\n" + gram("n, _ := phi.Dims()\nk := mat.NewDense(n, n, nil)\nk.Mul(phi, phi.T())\nreturn k"), Passed, ""},
		"a helper":              {gram("return times(phi)") + "\nfunc times(phi *mat.Dense) *mat.Dense { n, _ := phi.Dims(); k := mat.NewDense(n, n, nil); k.Mul(phi, phi.T()); return k }", Passed, ""},
		"shadows within":        {gram("len, max := phi.Dims()\n_ = max\nk := mat.NewDense(len, len, nil)\nk.Mul(phi, phi.T())\nreturn k"), Passed, ""},
	} {
		v := one(t, w, c.source)
		if v.Status != c.want || !strings.Contains(v.Reason, c.says) || (v.Points == 2) != (c.want == Passed) {
			t.Errorf("%s: %s (%s), want %s: %s", name, v.Status, v.Reason, c.want, v.Private)
		}
	}
}

// A helper in another answer's cell is found, as in the kernel.
func TestHelpersOfOtherAnswers(t *testing.T) {
	teacher, a, answers := warm(t)
	answers["gram"] = "func Gram(phi *mat.Dense) *mat.Dense { return times(phi) }"
	answers["root"] += "\nfunc times(phi *mat.Dense) *mat.Dense { n, _ := phi.Dims(); k := mat.NewDense(n, n, nil); k.Mul(phi, phi.T()); return k }"
	for _, p := range a.Parts {
		if v := workshop(t).Part(context.Background(), teacher, p, answers, 3); v.Status != Passed {
			t.Errorf("%s: %+v", p.ID, v)
		}
	}
}

// A check that cannot decide is for a person to look at, never a silent 0.
func TestGradersOwnError(t *testing.T) {
	teacher, a, answers := warm(t)
	for name, run := range map[string]func(*exam.Trial) error{
		"panics":      func(*exam.Trial) error { panic("a mistake of the check") },
		"wrong types": func(t *exam.Trial) error { var k float64; return t.Call([]any{&k}, t.Matrix(2, 2)) },
	} {
		p := a.Parts[0]
		p.Checks = []exam.Check{{Name: name, Hint: "none", Run: run}}
		if v := workshop(t).Part(context.Background(), teacher, p, answers, 3); v.Status != Review || v.Private == "" {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
