// Package render turns an ECharts option into what front ends and files hold:
// SVG by ECharts' own server-side rendering, PNG of it, HTML with the
// interactive chart, and JSON. It knows nothing of what the option draws.
package render

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Figure is an ECharts option, and what the names in it stand for: a string
// "@name" is a colour of the theme, "@f:name", "@n:digits" and "@z:zero:function"
// functions of runtime.js, "@i:k" the k-th image, "@d:k" the k-th table, "@t:text"
// the text.
type Figure struct {
	W, H   float64 // in pixels
	Theme  Theme
	Option any
	Images []string // data URLs
	Tables any      // as runtime.js reads them; nil for none
	Bands  any      // edges of bands, likewise
	Names  any      // names of the axes for tooltips, by series, likewise
	Narrow any      // the layout for narrow pages, likewise; nil for none
	Look   Look

	Alt   string // for those who cannot see it
	Plain string // what it holds, in plain text

	// Table gives a table as the data of a series: column, row, value.
	Table func(k int) any
}

// Theme says on which background a figure is drawn.
type Theme int

// Themes: as the page where scripts run, else light; always light; always dark.
const (
	Auto Theme = iota
	Light
	Dark
)

// Look is what all figures share: colours by name, the font, and the width of a
// text in it, which the server-side rendering cannot measure.
type Look struct {
	Light, Dark map[string]string
	Font        string
	Measure     func(text string, size float64, bold bool) float64
}

// payload is what both renderings read: see runtime.js.
type payload struct {
	W      float64           `json:"w"`
	H      float64           `json:"h"`
	Theme  string            `json:"theme"`
	Option any               `json:"option"`
	Tables any               `json:"cells,omitempty"`
	Bands  any               `json:"bands,omitempty"`
	Names  any               `json:"names,omitempty"`
	Narrow any               `json:"narrow,omitempty"`
	Light  map[string]string `json:"light"`
	Dark   map[string]string `json:"dark"`
	Images []string          `json:"images,omitempty"`
	Alt    string            `json:"alt,omitempty"` // of new data for a chart that stands
}

// payload is the figure as JSON, with its images or without.
func (s *Figure) payload(images bool) ([]byte, error) {
	p := payload{W: s.W, H: s.H, Theme: [...]string{"auto", "light", "dark"}[s.Theme], Option: s.Option,
		Tables: s.Tables, Bands: s.Bands, Names: s.Names, Narrow: s.Narrow, Light: s.Look.Light, Dark: s.Look.Dark}
	if images {
		p.Images, p.Alt = s.Images, s.Alt
	}
	raw, err := encode(p)
	if err != nil {
		return nil, fmt.Errorf("charts: writing the figure's option: %w", err)
	}
	return raw, nil
}

// encode writes JSON without escaping <, > and &; what puts it into a script
// escapes "<" itself.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// stillTheme is the theme of the static picture.
func (s *Figure) stillTheme() string {
	if s.Theme == Dark {
		return "dark"
	}
	return "light"
}
