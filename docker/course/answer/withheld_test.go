package answer

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/tangentfeatures/gonb-atf/docker/course/assignments"
	"github.com/tangentfeatures/gonb-atf/docker/course/notebook"
)

// Answers may not call the library for what they are to write, under no name.
func TestWithheldPackages(t *testing.T) {
	a, err := assignments.Find("2_effective_penalties")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../../../notebooks/assignments/" + a.Name + ".ipynb")
	if err != nil {
		t.Fatal(err)
	}
	teachers, err := notebook.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	released, err := notebook.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := released.Release(); err != nil {
		t.Fatal(err)
	}
	teacher, err := NewTeacher(teachers, released, a)
	if err != nil {
		t.Fatal(err)
	}
	const path = "github.com/tangentfeatures/gonb-atf/atf/penalty"
	const call = "func Effective(v, lambda float64) float64 { return penalty.Squared(lambda).Effective(v) }"
	for _, source := range []string{call, "import \"" + path + "\"\n" + call,
		"import p \"" + path + "\"\n" + strings.Replace(call, "penalty.", "p.", 1)} {
		var refused Forbidden
		if _, err := teacher.Program(a.Parts[1], map[string]string{"effective": source}); !errors.As(err, &refused) {
			t.Errorf("%q: the error is %v, want a refusal", source, err)
		} else if !strings.Contains(refused.Reason, path) {
			t.Errorf("%q: %q does not name the package", source, refused.Reason)
		}
	}
	own := "func Effective(v, lambda float64) float64 { penalty := Eta(v, lambda); return penalty }"
	if _, err := teacher.Program(a.Parts[1], map[string]string{"effective": own}); err != nil {
		t.Errorf("a variable that is called penalty: %v", err)
	}
}
