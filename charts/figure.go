package charts

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
	"github.com/tangentfeatures/gonb-atf/charts/internal/render"
)

// Part is a figure, or one of several composed into one.
type Part interface {
	sheet() *sheet
}

// body is what a kind of figure draws below its title.
type body interface {
	// Prepare checks the data and returns the notes to print below the figure.
	Prepare() (notes []string, err error)
	// Width is the natural width in pixels, height the height that goes with a
	// width; both after prepare.
	Width() float64
	Height(w float64) float64
	// Draw fills a place, after prepare, and says how much of its height it
	// took.
	Draw(c *draw.Canvas, at draw.Rect) float64
	// Facts says in lines of plain text what the figure holds.
	Facts() []string
}

// sheet is what every figure has: words, size, theme, errors.
type sheet struct {
	body            body
	title, subtitle string
	alt             string
	w, h            float64
	theme           Theme
	own             []string // the user's notes
	notes           []string // all notes, after prepare
	errs            []error
	inner           bool // one of several in a figure

	// Room above and below the body that lines it up with its neighbours.
	padTop, padBottom float64
}

func (s *sheet) sheet() *sheet { return s }

func (s *sheet) failf(format string, args ...any) {
	s.errs = append(s.errs, fmt.Errorf("charts: "+format, args...))
}

const (
	subtitleSize, noteSize = 12.5, 11.0
	edge                   = 12.0
)

func (s *sheet) prepare() error {
	notes, err := s.body.Prepare()
	if err = errors.Join(append(append([]error(nil), s.errs...), err)...); err != nil {
		return err
	}
	s.notes = append(notes, s.own...)
	return nil
}

// header is the height of title and subtitle over a width; footer of the notes.
func (s *sheet) header(w float64) float64 {
	h := 0.0
	if s.title != "" {
		h += float64(len(s.titleRows(w)))*s.titleSize()*1.35 + 6
	}
	if s.subtitle != "" {
		h += float64(len(draw.TextRows(s.subtitle, subtitleSize, w)))*subtitleSize*1.35 + 6
	}
	return h
}

func (s *sheet) footer(w float64) float64 {
	rows := 0
	for _, n := range s.notes {
		rows += len(draw.TextRows(n, noteSize, w))
	}
	if rows == 0 {
		return 0
	}
	return float64(rows)*noteSize*1.35 + 8
}

// natural is the size of the whole, title and notes included, without edges.
func (s *sheet) natural() (w, h float64) {
	w = s.wide()
	return w, s.tall(w)
}

func (s *sheet) wide() float64 {
	if s.w > 0 {
		return s.w - 2*edge
	}
	return s.body.Width()
}

// tall is the height of the whole for a width.
func (s *sheet) tall(w float64) float64 {
	if s.h > 0 {
		return s.h - 2*edge
	}
	return math.Ceil(s.body.Height(w) + s.header(w) + s.footer(w) + s.padTop + s.padBottom)
}

func (s *sheet) titleRows(w float64) []string {
	return draw.TextRows(s.title, s.titleSize(), w/draw.BoldWider)
}

func (s *sheet) titleSize() float64 {
	if s.inner {
		return 13.5
	}
	return 16
}

// place draws title, body and notes.
func (s *sheet) place(c *draw.Canvas, at draw.Rect) {
	y := at.Y
	if s.title != "" {
		y += c.Para(at.X, y, at.W, s.title, draw.Style{Size: s.titleSize(), Bold: true}) + 6
	}
	if s.subtitle != "" {
		y += c.Para(at.X, y, at.W, s.subtitle, draw.Style{Size: subtitleSize, Color: "@soft"}) + 6
	}
	y += s.padTop
	foot := s.footer(at.W) + s.padBottom
	room := draw.Rect{X: at.X, Y: y, W: at.W, H: at.Y + at.H - y - foot}
	y += s.body.Draw(c, room) + 8
	for _, n := range s.notes {
		y += c.Para(at.X, y, at.W, n, draw.Style{Size: noteSize, Color: "@soft"})
	}
}

// scene is the figure ready to be rendered.
func (s *sheet) scene() (*render.Figure, error) { return s.sceneOn(&draw.Canvas{}) }

func (s *sheet) sceneOn(c *draw.Canvas) (*render.Figure, error) {
	if err := s.prepare(); err != nil {
		return nil, err
	}
	w, h := s.natural()
	if w < 80 || h < 60 {
		return nil, fmt.Errorf("charts: a figure of %g × %g pixels has no room to draw", w+2*edge, h+2*edge)
	}
	w, h = math.Ceil(w), math.Ceil(h)
	whole := draw.Rect{X: edge, Y: edge, W: w, H: h}
	c.Block(whole, func() { s.place(c, whole) })
	if len(c.Errs) > 0 {
		return nil, errors.Join(c.Errs...)
	}
	facts := s.body.Facts()
	sc := rendered(c)
	sc.W, sc.H, sc.Theme = w+2*edge, h+2*edge, render.Theme(s.theme)
	head := s.title
	if head == "" {
		head = "Figure"
	}
	lines := []string{head}
	if s.subtitle != "" {
		lines = append(lines, s.subtitle)
	}
	for _, f := range facts {
		lines = append(lines, "  "+f)
	}
	lines = append(lines, s.notes...)
	sc.Plain = strings.Join(lines, "\n")
	sc.Alt = s.alt
	if sc.Alt == "" {
		sc.Alt = head + ". " + strings.Join(facts, "; ") + "."
	}
	return sc, nil
}

// figure is what every kind of figure has: its sheet, and the ways to see it.
// Each kind has setters of its own, which return that kind, so that calls
// chain.
type figure struct{ base sheet }

func (f *figure) sheet() *sheet { return &f.base }

func (s *sheet) note(text string) { s.own = append(s.own, text) }

// size sets width and height of the whole figure in pixels; 0 keeps the default.
func (s *sheet) size(w, h int) {
	if w < 0 || h < 0 || w > 4000 || h > 8000 {
		s.failf("a figure of %d × %d pixels: width goes up to 4000, height to 8000", w, h)
		return
	}
	s.w, s.h = float64(w), float64(h)
}

// Show displays the figure below the notebook's cell: an interactive chart,
// the same picture as SVG and, where rsvg-convert is installed, PNG, and plain
// text, in one message. It returns what is wrong with the data or the settings,
// and prints that in the figure's place too, so that it cannot go unseen.
// Outside a notebook it only checks.
func (f *figure) Show() error { return show(&f.base) }

// Save writes the figure to a file whose name ends in .svg, .png, .pdf, .html
// or .json: see package documentation.
func (f *figure) Save(path string) error {
	sc, err := f.base.scene()
	if err != nil {
		return err
	}
	return sc.Save(path, draw.Nonempty(f.base.title, "Figure"))
}

// SVG is the static picture; an error when ECharts is not at hand.
func (f *figure) SVG() (string, error) {
	sc, err := f.base.scene()
	if err != nil {
		return "", err
	}
	return sc.SVG()
}

// Text is what the figure holds, in plain text.
func (f *figure) Text() (string, error) {
	sc, err := f.base.scene()
	if err != nil {
		return "", err
	}
	return sc.Plain, nil
}

// Option is the ECharts option as JSON, light colours in place.
func (f *figure) Option() ([]byte, error) {
	sc, err := f.base.scene()
	if err != nil {
		return nil, err
	}
	return sc.JSON()
}

// rendered hands everything drawn to the room that renders it.
func rendered(c *draw.Canvas) *render.Figure {
	f := &render.Figure{Option: c.Option(), Images: c.Images, Look: houseLook,
		Table: func(k int) any { return c.Cells[k].Points() }}
	if len(c.Cells) > 0 {
		f.Tables = c.Cells
	}
	if len(c.Bands) > 0 {
		f.Bands = c.Bands
	}
	if len(c.Names) > 0 {
		f.Names = c.Names
	}
	if n := c.Narrow(edge); n != nil {
		f.Narrow = n
	}
	return f
}

// houseLook is what all figures share.
var houseLook = render.Look{Light: draw.LightColors, Dark: draw.DarkColors, Font: draw.FontFamily, Measure: func(text string, size float64, bold bool) float64 {
	if bold {
		size *= draw.BoldWider
	}
	return draw.TextWidth(text, size)
}}
