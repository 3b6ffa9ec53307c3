package charts

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// Explorer is a figure that is drawn anew when its controls move. Made by
// Explore.
type Explorer struct {
	controls []control
	draw     func(Setting) (Part, error)
	patience time.Duration
	errs     []error
}

// Setting is the state of an explorer's controls.
type Setting struct {
	numbers map[string]float64
	choices map[string]string
	presses map[string]int
}

// Number is the value of a slider. It panics when there is none of that name.
func (s Setting) Number(name string) float64 {
	v, ok := s.numbers[name]
	if !ok {
		panic(fmt.Sprintf("charts: the explorer has no slider %q", name))
	}
	return v
}

// Choice is what is selected. It panics when there is no selection of that
// name.
func (s Setting) Choice(name string) string {
	v, ok := s.choices[name]
	if !ok {
		panic(fmt.Sprintf("charts: the explorer has no choice %q", name))
	}
	return v
}

// Presses counts how often a button was pressed; it may serve as a seed. It
// panics when there is no button of that name.
func (s Setting) Presses(name string) int {
	v, ok := s.presses[name]
	if !ok {
		panic(fmt.Sprintf("charts: the explorer has no button %q", name))
	}
	return v
}

// clone is a copy that does not change with the setting.
func (s Setting) clone() Setting {
	return Setting{maps.Clone(s.numbers), maps.Clone(s.choices), maps.Clone(s.presses)}
}

type controlKind int

const (
	sliderControl controlKind = iota
	choiceControl
	buttonControl
)

type control struct {
	kind       controlKind
	name       string
	lo, hi, at float64
	log        bool
	options    []string
}

// sliderSteps is how finely a slider moves.
const sliderSteps = 100

// Explore makes a live panel: draw is called with the state of the controls,
// first with the default and again whenever one moves, and returns the figure
// (several by Compose). It may keep what it solved last to start from there.
//
// The panel is live in classic Notebook and JupyterLab; once it is touched, its
// cell runs until "Done" is pressed, and the saved notebook keeps the last state.
// While nobody touches it a countdown runs (see Patience), after which the cell
// ends with the default setting, so that "Run all" goes on by itself. Where there
// are no widgets (headless runs, VS Code) the cell ends at once, and the figure
// says so.
//
// The kernel's stop button ends the panel with the setting it has, and the cell
// as interrupted.
func Explore(draw func(Setting) (Part, error)) *Explorer {
	e := &Explorer{draw: draw, patience: 20 * time.Second}
	if draw == nil {
		e.errs = append(e.errs, fmt.Errorf("charts: the explorer has nothing that draws"))
	}
	return e
}

// Slider adds a slider from lo to hi that begins at start.
func (e *Explorer) Slider(name string, lo, hi, start float64) *Explorer {
	if !(lo < hi) || !(start >= lo && start <= hi) || math.IsInf(hi-lo, 0) {
		e.errs = append(e.errs, fmt.Errorf("charts: slider %q runs from %g to %g and begins at %g", name, lo, hi, start))
	}
	return e.add(control{kind: sliderControl, name: name, lo: lo, hi: hi, at: start})
}

// LogSlider adds a slider that moves by equal factors, such as for λ.
func (e *Explorer) LogSlider(name string, lo, hi, start float64) *Explorer {
	if !(lo > 0) {
		e.errs = append(e.errs, fmt.Errorf("charts: slider %q is logarithmic and begins at %g: it must be positive", name, lo))
	}
	e.Slider(name, lo, hi, start)
	e.controls[len(e.controls)-1].log = true
	return e
}

// Select adds a choice; the first option is the default.
func (e *Explorer) Select(name string, options ...string) *Explorer {
	if len(options) == 0 {
		e.errs = append(e.errs, fmt.Errorf("charts: choice %q has no options", name))
		options = []string{""}
	}
	return e.add(control{kind: choiceControl, name: name, options: options})
}

// Button adds a button that counts how often it is pressed.
func (e *Explorer) Button(name string) *Explorer {
	return e.add(control{kind: buttonControl, name: name})
}

// Patience is how long the panel waits for its first touch. Default: 20 s. A time
// of less than a second is an error.
func (e *Explorer) Patience(d time.Duration) *Explorer {
	if d < time.Second {
		e.errs = append(e.errs, fmt.Errorf("charts: the explorer waits %v for its first touch: it must be 1 s at least", d))
	}
	e.patience = d
	return e
}

func (e *Explorer) add(c control) *Explorer {
	for _, other := range e.controls {
		if other.name == c.name {
			e.errs = append(e.errs, fmt.Errorf("charts: two controls are named %q", c.name))
		}
	}
	e.controls = append(e.controls, c)
	return e
}

// Default is the setting before anything moved.
func (e *Explorer) Default() Setting {
	s := Setting{map[string]float64{}, map[string]string{}, map[string]int{}}
	for _, c := range e.controls {
		switch c.kind {
		case sliderControl:
			s.numbers[c.name] = c.at
		case choiceControl:
			s.choices[c.name] = c.options[0]
		case buttonControl:
			s.presses[c.name] = 0
		}
	}
	return s
}

// value of a slider's position, and position of a value.
func (c control) value(position int) float64 {
	t := float64(position) / sliderSteps
	if c.log {
		return c.lo * math.Pow(c.hi/c.lo, t)
	}
	return c.lo + (c.hi-c.lo)*t
}

func (c control) position(v float64) int {
	t := (v - c.lo) / (c.hi - c.lo)
	if c.log {
		t = math.Log(v/c.lo) / math.Log(c.hi/c.lo)
	}
	return int(math.Round(t * sliderSteps))
}

// words says a setting in a line.
func (e *Explorer) words(s Setting) string {
	var out []string
	for _, c := range e.controls {
		switch c.kind {
		case sliderControl:
			out = append(out, c.name+" = "+draw.FormatNumber(s.numbers[c.name], 3))
		case choiceControl:
			out = append(out, c.name+": "+s.choices[c.name])
		case buttonControl:
			if n := s.presses[c.name]; n > 0 {
				out = append(out, fmt.Sprintf("%s pressed %d×", c.name, n))
			}
		}
	}
	return strings.Join(out, ", ")
}

// part draws a setting, with errors as such.
func (e *Explorer) part(s Setting) (*sheet, error) {
	p, err := e.draw(s)
	if err != nil {
		return nil, fmt.Errorf("charts: drawing %s: %w", e.words(s), err)
	}
	if p == nil {
		return nil, fmt.Errorf("charts: drawing %s gave no figure", e.words(s))
	}
	return p.sheet(), nil
}

// widgetPatience is how long the front end may take to answer for its first
// control.
const widgetPatience = 6 * time.Second

// headless is true where nobody can move a control: docker/lab sets the
// variable when it runs notebooks.
func headless() bool { return os.Getenv("ATF_SETTING") != "" }

// Show draws the panel. Outside a notebook it draws the default setting once,
// to check it.
func (e *Explorer) Show() error {
	flushBars()
	if len(e.errs) > 0 {
		err := errors.Join(e.errs...)
		send(errorMessage(err), "")
		return err
	}
	now := e.Default()
	s, err := e.part(now)
	if err != nil {
		send(errorMessage(err), "")
		return err
	}
	if !inNotebook() {
		_, err := s.scene()
		return err
	}
	id := "gonb-atf-explore-" + gonbui.UniqueId()
	still := func(s *sheet, why string) error {
		last := *s
		last.own = append(append([]string(nil), s.own...), why)
		data, err := message(&last)
		if err != nil {
			data = errorMessage(err)
		}
		send(data, id)
		return err
	}
	if headless() {
		return still(s, "Setting drawn: "+e.words(now)+" (the default: no controls here).")
	}
	data, err := message(s)
	if err != nil {
		send(errorMessage(err), id)
		return err
	}
	send(data, id)
	bank := &controlBank{e: e}
	if !bank.open(figureID(data)) {
		return still(s, "Setting drawn: "+e.words(now)+" (the default; the front end has no widgets).")
	}
	s, end := bank.run(figureID(data), s, &now)
	words := "Setting drawn: " + e.words(now) + end.why(e) + "."
	bank.close()
	err = still(s, words)
	if end == interrupted {
		interruptSelf()
	}
	return err
}

// figureID finds the name by which scripts know a figure.
func figureID(data map[protocol.MIMEType]any) string {
	markup, _ := data[protocol.MIMETextHTML].(string)
	_, rest, _ := strings.Cut(markup, `data-gonb-atf="`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}
