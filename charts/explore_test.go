package charts

import (
	"errors"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// capture stands for a notebook and keeps what is sent.
func capture(t *testing.T) *[]map[protocol.MIMEType]any {
	t.Helper()
	var sent []map[protocol.MIMEType]any
	oldSend, oldIn := send, inNotebook
	send = func(data map[protocol.MIMEType]any, _ string) { sent = append(sent, data) }
	inNotebook = func() bool { return true }
	t.Cleanup(func() { send, inNotebook = oldSend, oldIn })
	return &sent
}

func drawSetting(s Setting) (Part, error) {
	x := ramp(5)
	return Lines().Add("y", x, []float64{s.Number("λ"), 2, 3, 4, 5}).Title(s.Choice("penalty")), nil
}

func TestExploreHeadless(t *testing.T) {
	sent := capture(t)
	t.Setenv("ATF_SETTING", "quick")
	err := Explore(drawSetting).LogSlider("λ", 0.01, 10, 0.1).Select("penalty", "squared", "absolute").Button("again").Show()
	if err != nil {
		t.Fatal(err)
	}
	if len(*sent) != 1 {
		t.Fatalf("%d messages, want 1", len(*sent))
	}
	plain := (*sent)[0][protocol.MIMETextPlain].(string)
	if !strings.Contains(plain, "λ = 0.1, penalty: squared") || !strings.Contains(plain, "no controls") {
		t.Errorf("plain text %q does not say the setting", plain)
	}
}

func TestExploreErrors(t *testing.T) {
	fails(t, Explore(nil).Show, "nothing that draws")
	fails(t, Explore(drawSetting).Slider("λ", 1, 0, 0).Show, "from 1 to 0")
	fails(t, Explore(drawSetting).LogSlider("λ", 0, 1, 1).Show, "positive")
	fails(t, Explore(drawSetting).Select("p").Show, "no options")
	fails(t, Explore(drawSetting).Button("a").Button("a").Show, `two controls are named "a"`)
	fails(t, Explore(func(Setting) (Part, error) { return nil, errors.New("solver failed") }).Slider("λ", 0, 1, 0.5).Show, "λ = 0.5", "solver failed")
	fails(t, Explore(func(Setting) (Part, error) { return nil, nil }).Show, "no figure")
}

func TestSliderPositions(t *testing.T) {
	for _, c := range []control{{lo: -2, hi: 3}, {lo: 1e-4, hi: 100, log: true}} {
		for p := 0; p <= sliderSteps; p++ {
			if got := c.position(c.value(p)); got != p {
				t.Errorf("%+v: position %d became %d", c, p, got)
			}
		}
	}
}
