package charts

import (
	"fmt"
	"math"
	"slices"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
)

// LevelSetsPlot draws level sets of a function of two variables, and lines,
// paths and points among them. Made by LevelSets.
type LevelSetsPlot struct {
	figure
	p              draw.Pane
	g              func(x, y float64) float64
	x0, x1, y0, y1 float64
	levels         []float64
	count          int
	placed         []placed
}

// LevelSets draws the level sets of g on the rectangle [x0, x1] × [y0, y1],
// with equal scales on both axes. The levels are those of g at equal steps
// outwards from its smallest value, unless Levels gives them.
func LevelSets(g func(x, y float64) float64, x0, x1, y0, y1 float64) *LevelSetsPlot {
	f := &LevelSetsPlot{g: g, x0: x0, x1: x1, y0: y0, y1: y1, count: 10, p: draw.NewPane("level sets")}
	f.base.body = &f.p
	f.p.Empty = "give LevelSets a function"
	f.p.W, f.p.H = 520, 480
	f.p.Equal, f.p.X.Tight, f.p.Y.Tight = true, true, true
	switch {
	case g == nil:
		f.p.Failf("the level sets have no function")
	case !(x1 > x0) || !(y1 > y0) || draw.Alike(x0, x1) || draw.Alike(y0, y1) || !draw.Finite(x0) || !draw.Finite(x1) || !draw.Finite(y0) || !draw.Finite(y1):
		f.p.Failf("level sets need a rectangle, not [%g, %g] × [%g, %g]", x0, x1, y0, y1)
	default:
		f.p.Computed = []draw.Computed{f}
		f.p.X.Lo, f.p.X.Hi, f.p.Y.Lo, f.p.Y.Hi = x0, x1, y0, y1
	}
	return f
}

// Levels sets the levels themselves.
func (f *LevelSetsPlot) Levels(levels ...float64) *LevelSetsPlot { f.levels = levels; return f }

// Count sets how many levels are drawn. Default: 10.
func (f *LevelSetsPlot) Count(n int) *LevelSetsPlot {
	if n < 1 || n > 60 {
		f.p.Failf("%d levels: 1 to 60 can be drawn", n)
		return f
	}
	f.count = n
	return f
}

// Line draws a straight line a·x + b·y = c, such as a constraint.
func (f *LevelSetsPlot) Line(name string, a, b, c float64) *LevelSetsPlot {
	if a == 0 && b == 0 || !draw.Finite(a) || !draw.Finite(b) || !draw.Finite(c) {
		f.p.Failf("line %q: %g x + %g y = %g is no line", name, a, b, c)
		return f
	}
	var x, y []float64
	if math.Abs(b) >= math.Abs(a) {
		x = []float64{f.x0, f.x1}
		y = []float64{(c - a*f.x0) / b, (c - a*f.x1) / b}
	} else {
		y = []float64{f.y0, f.y1}
		x = []float64{(c - b*f.y0) / a, (c - b*f.y1) / a}
	}
	return f.place(&draw.Line{Dots: draw.Dots{Look: draw.Look{Name: name, Ink: "@ink"}, X: x, Y: y}, Width: 1.8}, x, y, true, false)
}

// Path draws the steps of an iteration, its end marked.
func (f *LevelSetsPlot) Path(name string, x, y []float64) *LevelSetsPlot {
	return f.place(&draw.Path{Dots: draw.Dots{Look: draw.Look{Name: name, Color: f.p.Used() + 1}, X: x, Y: y}}, x, y, true, true) // the levels have the first colour
}

// Point marks a point, such as a solution.
func (f *LevelSetsPlot) Point(name string, x, y float64) *LevelSetsPlot {
	n := f.p.Used()
	d := draw.Dots{Look: draw.Look{Name: name, Color: n + 1}, X: []float64{x}, Y: []float64{y}}
	return f.place(&draw.Points{Dots: d, Symbol: draw.Symbols[n%len(draw.Symbols)], Size: 12}, d.X, d.Y, false, true)
}

// placed is what was drawn among the level sets: their labels keep away from it.
type placed struct {
	name   string
	x, y   []float64
	joined bool
	inside bool // it should lie inside the rectangle
}

func (f *LevelSetsPlot) place(m draw.Mark, x, y []float64, joined, inside bool) *LevelSetsPlot {
	if f.p.AddPoints(m, x, y, nil, nil) {
		f.placed = append(f.placed, placed{m.Base().Name, x, y, joined, inside})
	}
	return f
}

// levelGrid is how many samples g is taken at along each axis.
const levelGrid = 161

func (f *LevelSetsPlot) Marks(*draw.Pane) (made []draw.Mark, notes []string, err error) {
	notes = f.outside()
	n := levelGrid
	blank := 0
	v := make([]float64, n*n)
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range n {
		for j := range n {
			z := f.g(draw.GridAt(f.x0, f.x1, float64(j), n), draw.GridAt(f.y0, f.y1, float64(i), n))
			v[i*n+j] = z
			if draw.Finite(z) {
				lo, hi = math.Min(lo, z), math.Max(hi, z)
			} else {
				blank++
			}
		}
	}
	if !(hi > lo) || draw.Alike(lo, hi) {
		return nil, nil, fmt.Errorf("charts: the function of the level sets has no two finite values on the rectangle")
	}
	if blank > 0 {
		notes = append(notes, fmt.Sprintf("The function is not finite on %s %% of the rectangle, which stays blank.", draw.FormatNumber(100*float64(blank)/float64(n*n), 2)))
	}
	levels := f.levels
	if len(levels) == 0 {
		levels = f.equalSteps(lo, hi)
	}
	taken := f.occupied()
	for k, z := range levels {
		if !draw.Finite(z) {
			return nil, nil, fmt.Errorf("charts: level %d is %g", k+1, z)
		}
		x, y := draw.Contour(v, n, z, f.x0, f.x1, f.y0, f.y1)
		if len(x) == 0 {
			continue
		}
		level := draw.Look{Name: "level " + draw.FormatNumber(z, 4), Faint: 0.75, Quiet: true}
		made = append(made, &draw.ContourLine{Line: draw.Line{Dots: draw.Dots{Look: level, X: x, Y: y}, Width: 1.2}})
		// Every other level is named.
		if k%2 == 1 || len(levels) <= 6 {
			if at := f.labelAt(x, y, taken); at >= 0 {
				word := draw.Dots{Look: draw.Look{Ink: "@soft", Quiet: true}, X: x[at : at+1], Y: y[at : at+1]}
				made = append(made, &draw.Label{Dots: word, Text: draw.FormatNumber(z, 3)})
				taken = append(taken, f.unit(x[at], y[at]))
			}
		}
	}
	return made, notes, nil
}

// equalSteps are the levels at equal round steps between the smallest and the
// largest value.
func (f *LevelSetsPlot) equalSteps(lo, hi float64) []float64 {
	// In units of 10^power, since hi − lo may be no float.
	a := draw.Axis{Power: draw.UnitPower(lo, hi)}
	l, h := a.Scaled(lo), a.Scaled(hi)
	levels := draw.RoundSteps(l, h, draw.NiceStep((h-l)/float64(f.count+1)), draw.MaxTicks)
	back := draw.Axis{Power: -a.Power}
	inside := levels[:0]
	for _, z := range levels {
		if z = back.Scaled(z); z > lo && z < hi {
			inside = append(inside, z)
		}
	}
	return inside
}

// outside names the points and paths that leave the rectangle.
func (f *LevelSetsPlot) outside() []string {
	var out []string
	for _, l := range f.placed {
		for i := range l.x {
			if u := f.unit(l.x[i], l.y[i]); l.inside && math.Max(math.Abs(u[0]), math.Abs(u[1])) > 1+1e-9 {
				out = append(out, fmt.Sprintf("“%s” leaves the rectangle: (%s, %s) is not drawn.", l.name, draw.FormatNumber(l.x[i], 3), draw.FormatNumber(l.y[i], 3)))
				break
			}
		}
	}
	return out
}

// unit gives a point's place in the frame, both coordinates from −1 to 1.
func (f *LevelSetsPlot) unit(x, y float64) [2]float64 {
	return [2]float64{2*draw.Fraction(x, f.x0, f.x1) - 1, 2*draw.Fraction(y, f.y0, f.y1) - 1}
}

// occupied are places of the frame that labels keep away from: marked points,
// and the lines and paths sampled.
func (f *LevelSetsPlot) occupied() [][2]float64 {
	var out [][2]float64
	for _, l := range f.placed {
		for i := range l.x {
			out = append(out, f.unit(l.x[i], l.y[i]))
			if i > 0 && l.joined {
				for t := range 40 {
					s := float64(t) / 40
					out = append(out, f.unit(l.x[i-1]*(1-s)+l.x[i]*s, l.y[i-1]*(1-s)+l.y[i]*s))
				}
			}
		}
	}
	return out
}

// labelAt finds where a curve can carry its label: clear of the frame and of
// what is drawn already, best near a ray at 60° from the middle, where the
// labels of nested curves line up.
func (f *LevelSetsPlot) labelAt(x, y []float64, taken [][2]float64) int {
	const ray, clear = math.Pi / 3, 0.11
	best, least := -1, math.Inf(1)
	for i := range x {
		p := f.unit(x[i], y[i])
		if !(math.Max(math.Abs(p[0]), math.Abs(p[1])) < 0.92) {
			continue
		}
		off := math.Abs(math.Remainder(math.Atan2(p[1], p[0])-ray, 2*math.Pi))
		if off >= least {
			continue
		}
		if !slices.ContainsFunc(taken, func(q [2]float64) bool { return math.Hypot(p[0]-q[0], p[1]-q[1]) < clear }) {
			best, least = i, off
		}
	}
	return best
}

// Title sets the title, drawn above the figure.
func (f *LevelSetsPlot) Title(s string) *LevelSetsPlot { f.base.title = s; return f }

// Subtitle sets a line under the title.
func (f *LevelSetsPlot) Subtitle(s string) *LevelSetsPlot { f.base.subtitle = s; return f }

// Alt sets the text read to those who cannot see the figure. Default: title
// and a summary of the data.
func (f *LevelSetsPlot) Alt(s string) *LevelSetsPlot { f.base.alt = s; return f }

// Note prints a line below the figure.
func (f *LevelSetsPlot) Note(s string) *LevelSetsPlot { f.base.note(s); return f }

// Theme sets the colours of the page it is drawn for. Default: Auto.
func (f *LevelSetsPlot) Theme(t Theme) *LevelSetsPlot { f.base.theme = t; return f }

// Width sets the width of the whole figure in pixels; the height follows.
func (f *LevelSetsPlot) Width(w int) *LevelSetsPlot { return f.Size(w, 0) }

// Size sets width and height of the whole figure in pixels, up to 4000 × 8000;
// 0 keeps the default.
func (f *LevelSetsPlot) Size(w, h int) *LevelSetsPlot { f.base.size(w, h); return f }

// X names the x axis; a unit, where there is one, follows in brackets.
func (f *LevelSetsPlot) X(name string, unit ...string) *LevelSetsPlot {
	f.p.X.Name = axisName(name, unit)
	return f
}

// Y names the y axis; a unit, where there is one, follows in brackets.
func (f *LevelSetsPlot) Y(name string, unit ...string) *LevelSetsPlot {
	f.p.Y.Name = axisName(name, unit)
	return f
}

// HLine draws a dashed horizontal line at y.
func (f *LevelSetsPlot) HLine(y float64, name string) *LevelSetsPlot {
	f.p.Rule(y, name, false)
	return f
}

// VLine draws a dashed vertical line at x.
func (f *LevelSetsPlot) VLine(x float64, name string) *LevelSetsPlot {
	f.p.Rule(x, name, true)
	return f
}

// NoLegend leaves the legend out.
func (f *LevelSetsPlot) NoLegend() *LevelSetsPlot { f.p.Legend = false; return f }
