package report

import (
	"bytes"
	"html/template"

	"github.com/tangentfeatures/gonb-atf/docker/course/judge"
)

// page has no script and loads nothing; html/template escapes all that is not the
// grader's own, and the policy forbids what might slip through.
var page = template.Must(template.New("feedback").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Round.Assignment}}: {{.Student.ID}}</title>
<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}pre{background:#f4f4f4;padding:.7em;overflow:auto}
h2{border-top:1px solid #ccc;padding-top:.7em}.holds{color:#176b2c}.fails{color:#a3221b}.meta{color:#555}</style></head><body>
<h1>{{.Round.Assignment}}</h1>
<p>{{.Student.ID}}: <b>{{.Score}} of {{.Most}} points</b>{{if .Student.HandOpen}}, without the answers that are still to be read{{end}}</p>
{{with .Student.Problem}}<p>The file could not be graded: {{.}}</p>{{end}}
{{range .Student.Warnings}}<p>Note: {{.}}</p>{{end}}
{{range .Parts}}<h2>{{.V.Part}}: {{.V.Status}}, {{.V.Points}} of {{.V.Most}}</h2>
<p style="white-space:pre-line">{{.V.Reason}}</p>
{{range .V.Warnings}}<p>Note: {{.}}</p>{{end}}
<ul>{{range .V.Checks}}<li class="{{.Result}}">{{.Name}}: {{.Result}}{{with .Hint}}. Hint: {{.}}{{end}}</li>{{end}}</ul>
{{with .Code}}<details><summary>your answer</summary><pre>{{.}}</pre></details>{{end}}
{{end}}
<p class="meta">Graded {{.Round.Graded.Format "2006-01-02 15:04"}} with {{.Round.Go}}, seed {{.Round.Seed}}, isolation: {{.Round.Isolation}}</p>
</body></html>
`))

type shownPart struct {
	V    judge.Verdict
	Code string
}

// feedback is the page of one student: names of checks, hints and their own code,
// without what Verdict.Private holds.
func (r Round) feedback(s Student) ([]byte, error) {
	var parts []shownPart
	for _, v := range s.Parts {
		parts = append(parts, shownPart{v, s.Answers[v.Part]})
	}
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{"Round": r, "Student": s, "Parts": parts,
		"Score": number(s.Score()), "Most": number(r.MaxScore())})
	return out.Bytes(), err
}
