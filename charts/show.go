package charts

import (
	"html"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
)

// send displays one message and waits until the kernel has it; a cell's
// process may end right after. Tests replace it.
var send = func(data map[protocol.MIMEType]any, id string) {
	if !gonbui.IsNotebook {
		return
	}
	gonbui.SendData(&protocol.DisplayData{Data: data, DisplayID: id})
	gonbui.Sync()
}

var inNotebook = func() bool { return gonbui.IsNotebook }

func show(s *sheet) error {
	flushBars()
	if !inNotebook() {
		_, err := s.scene()
		return err
	}
	data, err := message(s)
	if err != nil {
		send(errorMessage(err), "")
		return err
	}
	send(data, "")
	return nil
}

// message is a figure in every form a front end may choose from.
func message(s *sheet) (map[protocol.MIMEType]any, error) {
	sc, err := s.scene()
	if err != nil {
		return nil, err
	}
	data := map[protocol.MIMEType]any{}
	still, err := sc.SVG()
	if err != nil {
		// Without the static picture the figure still draws where scripts run
		// and the network or the notebook server gives them ECharts.
		sc.Plain += "\n(no static picture: " + strings.TrimPrefix(err.Error(), "charts: ") + ")"
		still = ""
	}
	if still != "" {
		data[protocol.MIMEImageSVG] = still
	}
	data[protocol.MIMETextPlain] = sc.Plain
	markup, err := sc.Fragment(still)
	if err != nil {
		return nil, err
	}
	data[protocol.MIMETextHTML] = markup
	if still != "" {
		if png := render.FitPNG(still, draw.MessageLimit-len(markup)-len(still)-len(sc.Plain)-500); png != nil {
			data[protocol.MIMEImagePNG] = png
		}
	}
	return data, nil
}

// errorMessage shows an error in the figure's place.
func errorMessage(err error) map[protocol.MIMEType]any {
	return map[protocol.MIMEType]any{
		protocol.MIMETextHTML: `<div class="gonb-atf-error" style="border-left:4px solid #b3402a;padding:0.4em 0.8em;white-space:pre-wrap">` +
			html.EscapeString(err.Error()) + `</div>`,
		protocol.MIMETextPlain: err.Error(),
	}
}
