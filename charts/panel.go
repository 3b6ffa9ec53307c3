package charts

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// controlBank is the row of controls of a live panel.
type controlBank struct {
	e     *Explorer
	id    string
	heard <-chan string // what the browser says, see panel.js
}

// frontEnd is what a panel asks of the notebook. Tests replace it.
var frontEnd = struct {
	listen func(address string) <-chan string
	markup func(id, html string)
	script func(js string)
}{
	listen: func(address string) <-chan string { return comms.Listen[string](address).C },
	markup: func(id, html string) { gonbui.UpdateHTML(id, html); gonbui.Sync() },
	script: dom.TransientJavascript,
}

//go:embed panel.js
var panelScript string

// open shows the controls; false when the front end does not answer.
func (b *controlBank) open(figure string) bool {
	b.id = "gonb-atf-controls-" + gonbui.UniqueId()
	address := "/gonb-atf/" + b.id
	b.heard = frontEnd.listen(address)
	frontEnd.markup(b.id, b.markup())
	frontEnd.script(b.script(address, figure))
	patience := time.After(widgetPatience)
	for {
		select {
		case what := <-b.heard:
			if what == "ready" {
				return true
			}
		case <-patience:
			frontEnd.markup(b.id, "")
			return false
		}
	}
}

func (b *controlBank) script(address, figure string) string {
	// A map of strings and a number: Marshal cannot fail.
	settings, _ := json.Marshal(map[string]any{"id": b.id, "address": address, "figure": figure, "seconds": int(b.e.patience / time.Second)})
	return strings.TrimSpace(panelScript) + string(settings) + ");"
}

// markup is the row: sliders take what width there is.
func (b *controlBank) markup() string {
	var m strings.Builder
	fmt.Fprintf(&m, `<div id="%s" style="display:flex;flex-wrap:wrap;gap:0.4em 1.6em;align-items:center;font-size:13px;max-width:900px">`, b.id)
	for i, c := range b.e.controls {
		name := html.EscapeString(c.name)
		switch c.kind {
		case sliderControl:
			values := make([]string, sliderSteps+1)
			for at := range values {
				values[at] = draw.FormatNumber(c.value(at), 3)
			}
			labels, _ := json.Marshal(values) // strings always can be
			start := html.EscapeString(draw.FormatNumber(c.at, 3))
			fmt.Fprintf(&m, `<label style="flex:1 1 420px;min-width:min(300px,100%%);display:flex;flex-wrap:wrap;gap:0.2em 0.7em;align-items:center;margin:0">`+
				`<span style="white-space:nowrap">%s <b id="%s-value-%d" style="display:inline-block;min-width:4.5em;font-variant-numeric:tabular-nums">%s</b></span>`+
				`<input type="range" data-control="%d" min="0" max="%d" value="%d" data-values="%s" aria-label="%s" aria-valuetext="%s" style="flex:1 1 300px;min-width:min(300px,100%%);width:100%%;margin:0"></label>`,
				name, b.id, i, start, i, sliderSteps, c.position(c.at), html.EscapeString(string(labels)), name, start)
		case choiceControl:
			fmt.Fprintf(&m, `<label style="display:inline-flex;gap:0.5em;align-items:center;margin:0">%s <select data-control="%d">`, name, i)
			for at, option := range c.options {
				fmt.Fprintf(&m, `<option value="%d">%s</option>`, at, html.EscapeString(option))
			}
			m.WriteString(`</select></label>`)
		case buttonControl:
			fmt.Fprintf(&m, `<button type="button" data-control="%d">%s</button>`, i, name)
		}
	}
	fmt.Fprintf(&m, `<span style="flex:1 0 100%%"><button type="button" data-control="done">Done</button> `+
		`<span id="%s-note" style="opacity:0.65"></span> <span id="%s-say" style="color:#b3402a"></span></span></div>`, b.id, b.id)
	return m.String()
}

// take brings the setting to what the browser said, and tells whether that was
// Done, and whether a control moved. What it does not understand it leaves.
func (b *controlBank) take(what string, s *Setting) (done, moved bool) {
	if what == "done" {
		return true, false
	}
	at, to, ok := strings.Cut(what, " ")
	i, err := strconv.Atoi(at)
	v, errTo := strconv.Atoi(to)
	if !ok || err != nil || errTo != nil || i < 0 || i >= len(b.e.controls) {
		return false, false
	}
	switch c := b.e.controls[i]; c.kind {
	case sliderControl:
		if v < 0 || v > sliderSteps {
			return false, false
		}
		s.numbers[c.name] = c.value(v)
	case choiceControl:
		if v < 0 || v >= len(c.options) {
			return false, false
		}
		s.choices[c.name] = c.options[v]
	case buttonControl:
		s.presses[c.name]++
	}
	return false, true
}

// redraw sends the new figure to the chart that stands there: no new output,
// no static picture.
func (b *controlBank) redraw(figure string, s *sheet) error {
	js, err := redrawScript(figure, s)
	if err != nil {
		return err
	}
	frontEnd.script(js + b.saying(""))
	return nil
}

// redrawScript is the script that hands a figure's new data to its chart.
func redrawScript(figure string, s *sheet) (string, error) {
	sc, err := s.sceneOn(&draw.Canvas{Live: true})
	if err != nil {
		return "", err
	}
	return sc.RedrawScript(figure)
}

// saying is the script that writes words beside the controls.
func (b *controlBank) saying(what string) string {
	id, _ := json.Marshal(b.id + "-say")
	text, _ := json.Marshal(what) // it escapes what would end the script
	return fmt.Sprintf("\n(function(){var n=document.getElementById(%s);if(n)n.textContent=%s;})();", id, text)
}

func (b *controlBank) say(what string) { frontEnd.script(b.saying(what)) }

// close takes the controls away; the figure says the last setting.
func (b *controlBank) close() { frontEnd.markup(b.id, "") }
