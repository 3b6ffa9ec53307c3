package charts

import (
	"fmt"
	"strings"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// Plot is a pair of axes and the marks drawn between them. Lines, Scatter,
// Spectra, Convergence, History, Penalties, SampleComplexity and Histogram each
// make one with axes set and an own meaning of Add; every plot has every mark
// and every setter.
type Plot struct {
	figure
	p   draw.Pane
	own preset

	spectra   spectra
	histogram histogram
	penalties penalties
}

// preset is what tells one kind of plot from another beside its axes.
type preset struct {
	kind    string // for messages
	columns string // what Add takes, for messages
	least   int    // fewest columns
	most    int
	add     func(p *Plot, name string, columns [][]float64)
	curve   func(p *Plot, name string, columns [][]float64, c curve) // add in another style; nil where it draws no curves
	empty   string                                                   // what to do when nothing was added
	ring    float64                                                  // size of the rings of Mark
}

// curve is the style of a line.
type curve struct {
	dash   string
	symbol float64 // size of the circles at its points
}

func newPlot(own preset) *Plot {
	f := &Plot{own: own, p: draw.NewPane(own.kind)}
	if f.p.Empty = own.empty; own.ring == 0 {
		f.own.ring = 12
	}
	f.base.body = &f.p
	f.p.Computed = []draw.Computed{&f.spectra, &f.histogram, &f.penalties}
	return f
}

// Add draws data in the plot's own way. The columns, equally long, are
//
//	Lines, Scatter                   x, y
//	Spectra, Histogram               values
//	Convergence, History             values, one for each iteration or epoch
//	SampleComplexity                 n, mean, and a spread where there is one
//
// Penalties takes a penalty instead: see Penalty. NaN and ±Inf leave gaps, with
// a note. Another number of columns, no values or columns of different length
// are errors.
func (f *Plot) Add(name string, columns ...[]float64) *Plot {
	if f.takes("Add", name, columns) {
		f.own.add(f, name, columns)
	}
	return f
}

// AddDashed does as Add with a dashed curve, for a prediction beside a
// measurement: in the colour of the curve of the same name, or of one whose
// name begins its own ("width 64" and "width 64, predicted").
func (f *Plot) AddDashed(name string, columns ...[]float64) *Plot {
	return f.styled("AddDashed", name, columns, curve{dash: "dashed"})
}

// AddMarked does as Add with the curve's points marked, for few points.
func (f *Plot) AddMarked(name string, columns ...[]float64) *Plot {
	return f.styled("AddMarked", name, columns, curve{symbol: 7})
}

func (f *Plot) styled(call, name string, columns [][]float64, c curve) *Plot {
	switch {
	case !f.takes(call, name, columns):
	case f.own.curve == nil:
		f.p.Failf("%s %q: %s draws curves, which Add of this plot does not", f.own.kind, name, call)
	default:
		f.own.curve(f, name, columns, c)
	}
	return f
}

// takes checks the number of columns.
func (f *Plot) takes(call, name string, columns [][]float64) bool {
	n := len(columns)
	if n >= f.own.least && n <= f.own.most {
		return true
	}
	f.p.Failf("%s %q: %s takes %s after the name, not %s", f.own.kind, name, call, f.own.columns, counted(n, "column"))
	return false
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Title sets the title, drawn above the figure.
func (f *Plot) Title(s string) *Plot { f.base.title = s; return f }

// Subtitle sets a line under the title.
func (f *Plot) Subtitle(s string) *Plot { f.base.subtitle = s; return f }

// Alt sets the text read to those who cannot see the figure. Default: title
// and a summary of the data.
func (f *Plot) Alt(s string) *Plot { f.base.alt = s; return f }

// Note prints a line below the figure.
func (f *Plot) Note(s string) *Plot { f.base.note(s); return f }

// Theme sets the colours of the page it is drawn for. Default: Auto.
func (f *Plot) Theme(t Theme) *Plot { f.base.theme = t; return f }

// Width sets the width of the whole figure in pixels; the height follows.
func (f *Plot) Width(w int) *Plot { return f.Size(w, 0) }

// Size sets width and height of the whole figure in pixels, up to 4000 × 8000;
// 0 keeps the default.
func (f *Plot) Size(w, h int) *Plot { f.base.size(w, h); return f }

// X names the x axis; a unit, where there is one, follows in brackets.
func (f *Plot) X(name string, unit ...string) *Plot { f.p.X.Name = axisName(name, unit); return f }

// Y names the y axis; a unit, where there is one, follows in brackets.
func (f *Plot) Y(name string, unit ...string) *Plot { f.p.Y.Name = axisName(name, unit); return f }

// HLine draws a dashed horizontal line at y.
func (f *Plot) HLine(y float64, name string) *Plot { f.p.Rule(y, name, false); return f }

// VLine draws a dashed vertical line at x.
func (f *Plot) VLine(x float64, name string) *Plot { f.p.Rule(x, name, true); return f }

// Palette gives series their colours by name, so that one keeps its colour in
// all figures of a notebook whatever stands beside it: the first name the first
// of the eight colours (blue, vermilion, green, pink, amber, sky, gray, violet),
// and so on. A name stands for what begins with it too: "y" for "y, predicted"
// and "y: fit", not for "y₁"; several curves of one name look alike. Series that are not named take the colours left
// over. It may stand anywhere in the chain. More than eight names, an empty and
// a repeated one are errors.
//
//	var series = []string{"y", "sign(y)"} // once in the notebook
//	charts.Lines().Palette(series...).Add("sign(y)", t, a).Show()
func (f *Plot) Palette(names ...string) *Plot { f.p.SetPalette(names); return f }

// NoLegend leaves the legend out.
func (f *Plot) NoLegend() *Plot { f.p.Legend = false; return f }

// LogX makes the x axis logarithmic. What is exactly 0, such as the step at which
// training begins, is drawn left of the positive numbers, marked 0, behind a
// dotted line that says that the axis breaks there; a note counts it. Where
// XRange sets the lower end, or nothing is positive, it is a gap with a note, as
// what is negative always is.
func (f *Plot) LogX() *Plot { f.p.X.Log = true; return f }

// LogY makes the y axis logarithmic; what is 0 or negative is a gap, with a note.
func (f *Plot) LogY() *Plot { f.p.Y.Log = true; return f }

// LogLog makes both axes logarithmic: LogX and LogY.
func (f *Plot) LogLog() *Plot { return f.LogX().LogY() }

// LinearX takes back the logarithmic x axis some plots begin with.
func (f *Plot) LinearX() *Plot { f.p.X.Log = false; return f }

// LinearY takes back the logarithmic y axis some plots begin with.
func (f *Plot) LinearY() *Plot { f.p.Y.Log = false; return f }

// XRange sets the ends of the x axis; what lies outside is cut at the frame.
// NaN leaves an end to the data.
func (f *Plot) XRange(lo, hi float64) *Plot { f.p.X.Lo, f.p.X.Hi = lo, hi; return f }

// YRange sets the ends of the y axis; what lies outside is cut at the frame.
// NaN leaves an end to the data.
func (f *Plot) YRange(lo, hi float64) *Plot { f.p.Y.Lo, f.p.Y.Hi = lo, hi; return f }

// Equal gives both axes the same scale.
func (f *Plot) Equal() *Plot { f.p.Equal = true; return f }

func axisName(name string, unit []string) string {
	if len(unit) > 0 && unit[0] != "" {
		return name + " [" + strings.Join(unit, " ") + "]"
	}
	return name
}
