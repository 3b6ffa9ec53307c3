package render

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
)

//go:embed frontend.js
var frontendJS string

// Fragment is the HTML of a figure: the static picture and the script that
// puts the chart in its place. Images travel once: the script takes them out
// of the picture.
func (s *Figure) Fragment(still string) (string, error) {
	raw, err := s.payload(still == "")
	if err != nil {
		return "", err
	}
	id := fmt.Sprintf("gonb-atf-%016x", rand.Uint64())
	var b strings.Builder
	// As wide as the figure, or as what it stands in where that is narrower. A
	// width would widen the table cells that exported notebooks consist of;
	// min-width does not.
	fmt.Fprintf(&b, `<div class="gonb-atf-figure" data-gonb-atf="%s" role="img" aria-label="%s" style="position:relative;width:0;min-width:min(100%%,%gpx);margin:0.4em 0">`,
		id, html.EscapeString(s.Alt), s.W)
	if still != "" {
		fmt.Fprintf(&b, `<img class="gonb-atf-still" alt="%s" width="%g" height="%g" style="display:block;width:100%%;max-width:%gpx;height:auto;margin:0;border-radius:6px" src="%s">`,
			html.EscapeString(s.Alt), s.W, s.H, s.W, dataURL(still))
	} else {
		fmt.Fprintf(&b, `<pre style="white-space:pre-wrap">%s</pre>`, html.EscapeString(s.Plain))
	}
	b.WriteString("</div>\n<script>\n(function () {\n")
	b.WriteString(runtimeJS)
	config, err := json.Marshal(map[string]string{"id": id, "version": EChartsVersion, "integrity": echartsIntegrity,
		"cdn": echartsCDN, "file": EChartsFile})
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "var spec = %s;\nvar config = %s;\n", inScript(string(raw)), inScript(string(config)))
	b.WriteString(frontendJS)
	b.WriteString("})();\n</script>")
	return b.String(), nil
}

// RedrawScript is the script that hands the figure's new data to the chart of
// an earlier one, which stands in a page under an id.
func (s *Figure) RedrawScript(id string) (string, error) {
	raw, err := s.payload(true)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`(function(){var spec=%s;var l=document.querySelectorAll('[data-gonb-atf="%s"]');for(var i=0;i<l.length;i++)if(l[i].gonbAtfUpdate)l[i].gonbAtfUpdate(spec);})();`,
		inScript(string(raw)), id), nil
}

// inScript keeps JSON from ending the script element it stands in.
func inScript(s string) string {
	return strings.NewReplacer("<", `\u003c`, "\u2028", `\u2028`, "\u2029", `\u2029`).Replace(s)
}

// dataURL writes an SVG into an address. Percent signs cost a third of base64,
// and the images inside an SVG are base64 already.
func dataURL(svg string) string {
	return "data:image/svg+xml;charset=utf-8," + strings.NewReplacer("%", "%25", "#", "%23", "<", "%3C", ">", "%3E", `"`, "'",
		"'", "%26%2339;", "&", "%26", "\n", "%0A", "\t", "%09").Replace(svg)
}

// page is a whole HTML document that needs no network.
func (s *Figure) page(title, still, library string) (string, error) {
	fragment, err := s.Fragment(still)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>body{margin:1.5em auto;max-width:%gpx;padding:0 1em;font-family:%s;background:#fff}@media(prefers-color-scheme:dark){body{background:#16181c}}</style>
<script>%s</script>
</head>
<body>
%s
</body>
</html>
`, html.EscapeString(title), s.W, s.Look.Font, strings.ReplaceAll(library, "</script", `<\/script`), fragment), nil
}
