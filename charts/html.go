package charts

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

// payload is what both renderings read: see runtime.js.
type payload struct {
	W      float64           `json:"w"`
	H      float64           `json:"h"`
	Theme  string            `json:"theme"`
	Option dict              `json:"option"`
	Cells  []cellBlock       `json:"cells,omitempty"`
	Bands  [][][3]num        `json:"bands,omitempty"`
	Names  []dict            `json:"names,omitempty"`
	Light  map[string]string `json:"light"`
	Dark   map[string]string `json:"dark"`
	Images []string          `json:"images,omitempty"`
}

func (s *scene) payload(images bool) ([]byte, error) {
	c := s.canvas
	p := payload{W: s.w, H: s.h, Theme: [...]string{"auto", "light", "dark"}[s.theme], Option: c.option(),
		Cells: c.cells, Bands: c.bands, Names: c.names, Light: lightColors, Dark: darkColors}
	if images {
		p.Images = c.images
	}
	raw, err := encode(p)
	if err != nil {
		return nil, fmt.Errorf("charts: writing the figure's option: %w", err)
	}
	return raw, nil
}

// stillTheme is the theme of the static picture.
func (s *scene) stillTheme() string {
	if s.theme == Dark {
		return "dark"
	}
	return "light"
}

// fragment is the HTML of a figure: the static picture and the script that
// puts the chart in its place. Images travel once: the script takes them out
// of the picture.
func (s *scene) fragment(still string) (string, error) {
	raw, err := s.payload(still == "")
	if err != nil {
		return "", err
	}
	id := fmt.Sprintf("gonb-atf-%016x", rand.Uint64())
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="gonb-atf-figure" data-gonb-atf="%s" role="img" aria-label="%s" style="position:relative;width:%gpx;max-width:100%%;margin:0.4em 0">`,
		id, html.EscapeString(s.alt), s.w)
	if still != "" {
		fmt.Fprintf(&b, `<img alt="%s" width="%g" height="%g" style="display:block;width:100%%;max-width:%gpx;height:auto;margin:0;border-radius:6px" src="%s">`,
			html.EscapeString(s.alt), s.w, s.h, s.w, dataURL(still))
	} else {
		fmt.Fprintf(&b, `<pre style="white-space:pre-wrap">%s</pre>`, html.EscapeString(s.plain))
	}
	b.WriteString("</div>\n<script>\n(function () {\n")
	b.WriteString(runtimeJS)
	config, err := json.Marshal(map[string]string{"id": id, "version": EChartsVersion, "integrity": echartsIntegrity,
		"cdn": echartsCDN, "file": echartsFile})
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "var spec = %s;\nvar config = %s;\n", inScript(string(raw)), inScript(string(config)))
	b.WriteString(frontendJS)
	b.WriteString("})();\n</script>")
	return b.String(), nil
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
func (s *scene) page(title, still, library string) (string, error) {
	fragment, err := s.fragment(still)
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
`, html.EscapeString(title), s.w, fontFamily, strings.ReplaceAll(library, "</script", `<\/script`), fragment), nil
}
