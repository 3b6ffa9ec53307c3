package notebook

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// file gives a notebook's text with the given cells.
func file(cells ...string) []byte {
	return []byte(`{"cells":[` + strings.Join(cells, ",") + `],"metadata":{"kernelspec":{"name":"gonb"}},"nbformat":4,"nbformat_minor":5}`)
}

func cellText(kind, source, grader string) string {
	text, _ := json.Marshal(source)
	metadata := "{}"
	if grader != "" {
		metadata = `{"nbgrader":` + grader + `}`
	}
	outputs := ""
	if kind == "code" {
		outputs = `"outputs":[{"output_type":"stream","name":"stdout","text":["<script>"]}],"execution_count":3,`
	}
	return fmt.Sprintf(`{"cell_type":%q,"id":"x",%s"metadata":%s,"source":%s}`, kind, outputs, metadata, text)
}

func grader(id string, grade, solution, locked bool, points float64) string {
	return fmt.Sprintf(`{"grade_id":%q,"grade":%v,"solution":%v,"locked":%v,"task":false,"points":%v,"schema_version":3}`, id, grade, solution, locked, points)
}

func TestRelease(t *testing.T) {
	nb, err := Parse(file(
		cellText("code", "// F doubles x.\nfunc F(x int) int {\n\ty := x\n\t// BEGIN SOLUTION\n\treturn y + x\n\t// END SOLUTION\n}", grader("f", false, true, false, 0)),
		cellText("code", "%%\nfmt.Println(F(1))\n// BEGIN HIDDEN TESTS\nsecret()\n// END HIDDEN TESTS", grader("f-test", true, false, true, 2)),
		cellText("markdown", "Because it is so.", grader("why", true, true, false, 1.5)),
		cellText("code", "fmt.Println()", ""),
	))
	if err != nil {
		t.Fatal(err)
	}
	if err := nb.Release(); err != nil {
		t.Fatal(err)
	}
	want := "// F doubles x.\nfunc F(x int) int {\n\ty := x\n\t// YOUR CODE HERE\n\tpanic(\"not written yet\")\n}"
	if nb.Cells[0].Source != want {
		t.Errorf("the stub is %q", nb.Cells[0].Source)
	}
	raw, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"return y + x", "secret", "HIDDEN", "Because", "<script>", `"execution_count": 3`} {
		if strings.Contains(string(raw), gone) {
			t.Errorf("the students' copy still has %q", gone)
		}
	}
	again, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if problems := again.Problems(); len(problems) > 0 {
		t.Errorf("the students' copy: %v", problems)
	}
	for _, c := range again.Cells {
		if c.Grade != nil && c.Grade.Checksum != c.Sum() {
			t.Errorf("%s: checksum %s, want %s", c.Grade.ID, c.Grade.Checksum, c.Sum())
		}
	}
	// nbgrader's checksum: source, type, grade, solution, locked, id, points, as Python
	// writes them.
	sum := md5.Sum([]byte("YOUR ANSWER HERE" + "markdown" + "True" + "True" + "False" + "why" + "1.5"))
	if got := again.Cells[2].Grade.Checksum; got != hex.EncodeToString(sum[:]) {
		t.Errorf("the checksum of the question is %s", got)
	}
	second, err := again.Bytes()
	if err != nil || string(second) != string(raw) {
		t.Errorf("written again it differs: %v", err)
	}
}

func TestProblems(t *testing.T) {
	for says, cells := range map[string][]string{
		"letters, digits":             {cellText("code", "x", grader("a b", false, true, false, 0))},
		"twice":                       {cellText("code", "x", grader("a", false, true, false, 0)), cellText("code", "x", grader("a", false, true, false, 0))},
		"schema_version is 2":         {cellText("code", "x", `{"grade_id":"a","grade":false,"solution":true,"locked":false,"schema_version":2}`)},
		"0 points":                    {cellText("code", "x", grader("a", true, false, true, 0))},
		"no nbgrader metadata":        {cellText("code", "// BEGIN SOLUTION\n// END SOLUTION", "")},
		"not marked as one":           {cellText("code", "// BEGIN SOLUTION\n// END SOLUTION", grader("a", false, false, true, 0))},
		"no test cell":                {cellText("code", "// BEGIN HIDDEN TESTS\n// END HIDDEN TESTS", grader("a", false, true, false, 0))},
		"neither a test":              {cellText("markdown", "x", grader("a", true, false, true, 1))},
		"an answer and locked":        {cellText("code", "x", grader("a", false, true, true, 0))},
		"cells of type":               {cellText("raw", "x", grader("a", false, true, false, 0))},
		"a task":                      {cellText("markdown", "x", `{"grade_id":"a","task":true,"points":1,"schema_version":3}`)},
		`"// BEGIN SOLUTION" without`: {cellText("code", "// BEGIN SOLUTION", grader("a", false, true, false, 0))},
		`"// END SOLUTION" without`:   {cellText("code", "// END SOLUTION", grader("a", false, true, false, 0))},
		"a second":                    {cellText("code", "// BEGIN SOLUTION\n// BEGIN SOLUTION", grader("a", false, true, false, 0))},
	} {
		nb, err := Parse(file(cells...))
		if err != nil {
			t.Fatal(err)
		}
		if err := nb.Release(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for says, text := range map[string]string{
		"no JSON":        "<html>",
		"nbformat is 3":  `{"nbformat":3,"cells":[]}`,
		"list of cells":  `{"nbformat":4,"cells":{}}`,
		"no object":      `{"nbformat":4,"cells":[1]}`,
		"no source":      `{"nbformat":4,"cells":[{"cell_type":"code"}]}`,
		"else than text": `{"nbformat":4,"cells":[{"cell_type":"code","source":[1]}]}`,
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
	// Nesting without end is refused, not followed.
	if _, err := Parse([]byte(strings.Repeat("[", 1<<20))); err == nil {
		t.Error("a million brackets were taken")
	}
}
