package charts

import (
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"github.com/janpfeifer/gonb/gonbui/widgets"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// controlBank is the row of widgets of a live panel.
type controlBank struct {
	e      *Explorer
	id     string
	events chan func(*Setting)
	done   chan struct{}
}

// open shows the widgets; false when the front end does not answer.
func (b *controlBank) open() bool {
	b.id = "gonb-atf-controls-" + gonbui.UniqueId()
	var m strings.Builder
	fmt.Fprintf(&m, `<div id="%s" style="display:flex;flex-wrap:wrap;gap:0.4em 1.6em;align-items:center;font-size:13px">`, b.id)
	for i, c := range b.e.controls {
		label := html.EscapeString(c.name)
		switch c.kind {
		case buttonControl:
			label = ""
		case sliderControl:
			label += fmt.Sprintf(` <b id="%s-%dv" style="min-width:4em">%s</b>`, b.id, i, html.EscapeString(draw.FormatNumber(c.at, 3)))
		}
		fmt.Fprintf(&m, `<span id="%s-%d" style="display:inline-flex;gap:0.5em;align-items:center">%s</span>`, b.id, i, label)
	}
	fmt.Fprintf(&m, `<span id="%s-done"></span><span style="opacity:0.65">the cell runs until Done is pressed</span><span id="%s-say" style="color:#b3402a"></span></div>`, b.id, b.id)
	gonbui.UpdateHTML(b.id, m.String())
	gonbui.Sync()
	// Done of a widget waits for the browser and would wait for ever without one.
	ready := make(chan struct{})
	go func() {
		for i, c := range b.e.controls {
			b.widget(c, fmt.Sprintf("%s-%d", b.id, i))
		}
		end := widgets.Button("Done").AppendTo(b.id + "-done").Done().Listen()
		go func() {
			<-end.C
			close(b.done)
		}()
		close(ready)
	}()
	select {
	case <-ready:
		return true
	case <-time.After(widgetPatience):
		gonbui.UpdateHTML(b.id, "")
		return false
	}
}

// widget makes one control and passes on what it reports.
func (b *controlBank) widget(c control, parent string) {
	follow := func(ch *comms.AddressChan[int], f func(s *Setting, v int)) {
		go func() {
			for v := range ch.C {
				b.events <- func(s *Setting) { f(s, v) }
			}
		}()
	}
	switch c.kind {
	case sliderControl:
		w := widgets.Slider(0, sliderSteps, c.position(c.at)).AppendTo(parent).Done()
		follow(w.Listen(), func(s *Setting, v int) { s.numbers[c.name] = c.value(v) })
	case choiceControl:
		w := widgets.Select(c.options).AppendTo(parent).Done()
		follow(w.Listen(), func(s *Setting, v int) {
			if v >= 0 && v < len(c.options) {
				s.choices[c.name] = c.options[v]
			}
		})
	case buttonControl:
		w := widgets.Button(c.name).AppendTo(parent).Done()
		follow(w.Listen(), func(s *Setting, _ int) { s.presses[c.name]++ })
	}
}

// redraw sends the new figure to the chart that stands there: no new output,
// no static picture.
func (b *controlBank) redraw(figure string, s *sheet, now Setting) error {
	js, err := redrawScript(figure, s)
	if err != nil {
		return err
	}
	var labels strings.Builder
	for i, c := range b.e.controls {
		if c.kind == sliderControl {
			fmt.Fprintf(&labels, "set('%s-%dv', %q);", b.id, i, draw.FormatNumber(now.numbers[c.name], 3))
		}
	}
	dom.TransientJavascript(js + "\n(function(){function set(id,s){var n=document.getElementById(id);if(n)n.textContent=s;}" +
		labels.String() + fmt.Sprintf("set('%s-say','');", b.id) + "})();")
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

func (b *controlBank) say(what string) {
	dom.SetInnerText(b.id+"-say", what)
}

// close leaves the last setting where the controls stood.
func (b *controlBank) close(words string) {
	gonbui.UpdateHTML(b.id, `<div style="font-size:13px">`+html.EscapeString(words)+`</div>`)
	gonbui.Sync()
}
