package draw

import (
	"fmt"
	"math"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Axis is one axis of a plot.
type Axis struct {
	Name   string
	Log    bool
	Lo, Hi float64 // asked for; NaN when the data decide
	Tight  bool    // ends at the data instead of the next tick
	Floor0 bool    // begins at 0 when all data are positive
	Whole  bool    // its numbers are whole: so are its ticks
	Top    float64 // where positive, what lies above need not be seen

	// after fit, in units of 10^power:
	Power    int // 0 but for numbers near the ends of what a float can hold
	From, To float64
	Ticks    []float64
	even     bool // equal steps on a logarithmic axis
	digits   int  // of its numbers

	zero            bool    // there are data at 0 that a logarithmic axis shows
	zeroAt, breakAt float64 // where, after fit; and the end of the positive numbers
}

// NewAxis is a linear axis whose ends the data decide.
func NewAxis() Axis { return Axis{Lo: math.NaN(), Hi: math.NaN()} }

// Fit chooses ends, ticks and digits for data between lo and hi, about n ticks.
func (a *Axis) Fit(lo, hi float64, n int) {
	a.fitEnds(lo, hi, n)
	a.digits = a.tellApart()
}

func (a *Axis) fitEnds(lo, hi float64, n int) {
	if math.IsInf(lo, 1) { // no data at all
		lo, hi = 0, 1
		if a.Log {
			lo, hi = 1, 10
		}
	}
	if !math.IsNaN(a.Lo) {
		lo = a.Lo
	}
	if !math.IsNaN(a.Hi) {
		hi = a.Hi
	}
	a.even = false
	if a.Log {
		a.fitLog(lo, hi, n)
		return
	}
	a.Power = UnitPower(lo, hi)
	lo, hi = a.Scaled(lo), a.Scaled(hi)
	if !(hi > lo) || Alike(lo, hi) {
		lo, hi = a.widen(lo, hi)
	}
	a.From, a.To = lo, hi
	if !a.Tight { // room, so that nothing is cut at the frame
		room := 0.025 * (hi - lo)
		if math.IsNaN(a.Lo) && lo != 0 && (lo < 0 || lo > room) {
			lo -= room
		}
		if math.IsNaN(a.Hi) && hi != 0 && a.Top == 0 {
			hi += room
		}
	}
	step := NiceStep((hi - lo) / float64(n))
	if a.Whole && a.Power == 0 {
		step = math.Max(step, 1)
	}
	if !a.Tight {
		if math.IsNaN(a.Lo) {
			a.From = math.Min(a.From, math.Floor(lo/step+1e-9)*step)
		}
		if math.IsNaN(a.Hi) {
			a.To = math.Max(a.To, math.Ceil(hi/step-1e-9)*step)
		}
	}
	a.Ticks = roundNumbers(a.From, a.To, step)
}

// widen gives room to data that are one number: a tenth of it to both sides, or
// on the side whose end nobody asked for.
func (a *Axis) widen(lo, hi float64) (float64, float64) {
	d := math.Max(math.Abs(lo), math.Abs(hi)) * 0.1
	if d == 0 {
		d = 1
	}
	if a.Whole {
		d = math.Max(d, 1)
	}
	switch {
	case math.IsNaN(a.Lo) && math.IsNaN(a.Hi):
		return lo - d, hi + d
	case math.IsNaN(a.Lo):
		return hi - d, hi
	}
	return lo, lo + d
}

// UnitPower is the power of ten in whose units an axis is drawn: 0, unless its
// numbers are so large that their differences are no floats, or so small that
// they lose their digits.
func UnitPower(lo, hi float64) int {
	m := math.Max(math.Abs(lo), math.Abs(hi))
	if m == 0 || m <= 1e300 && m >= 1e-290 {
		return 0
	}
	return int(math.Floor(log10(m)))
}

// Scaled is v in the units the axis is drawn in.
func (a *Axis) Scaled(v float64) float64 {
	if a.Power == 0 {
		return v
	}
	half := a.Power / 2 // 10^power itself may be no float
	return v * math.Pow(10, float64(-half)) * math.Pow(10, float64(half-a.Power))
}

// fraction is the place of v on a linear axis, 0 at its lower end.
func (a *Axis) fraction(v float64) float64 { return Fraction(a.Scaled(v), a.From, a.To) }

// title is the axis's name with the unit it is drawn in.
func (a *Axis) title() string {
	if a.Power == 0 {
		return a.Name
	}
	unit := "10" + superscripts.Replace(strconv.Itoa(a.Power))
	if a.Name == "" {
		return "in " + unit
	}
	return a.Name + " / " + unit
}

// Length is how far the axis reaches, in its units: powers of ten on a
// logarithmic one.
func (a *Axis) Length() float64 {
	if a.Log {
		return log10(a.To) - log10(a.From)
	}
	return a.To - a.From
}

// times is how many times as far a reaches as b.
func (a *Axis) times(b *Axis) float64 {
	ratio := a.Length() / b.Length()
	if a.Log || b.Log { // powers of ten are as long in any unit
		return ratio
	}
	return ratio * math.Pow(10, float64(a.Power-b.Power))
}

// fitLog keeps to the data with a little room, and has ticks at round numbers.
func (a *Axis) fitLog(lo, hi float64, n int) {
	a.Power = 0
	if hi < 1e-15 { // ECharts rounds the ends of a logarithmic axis to 20 decimals
		a.Power = int(math.Floor(log10(hi)))
		lo, hi = a.Scaled(lo), a.Scaled(hi)
	}
	l, h := log10(lo), log10(hi)
	room := math.Max((h-l)*0.03, 0.02)
	a.From, a.To = lo, hi
	if math.IsNaN(a.Lo) && !a.Tight {
		a.From = math.Min(lo, math.Pow(10, snap(l-room, math.Floor(l+1e-9), l)))
	}
	if math.IsNaN(a.Hi) && !a.Tight {
		a.To = math.Max(hi, math.Pow(10, snap(h+room, math.Ceil(h-1e-9), h)))
	}
	a.From, a.To = math.Max(a.From, math.SmallestNonzeroFloat64), math.Min(a.To, math.MaxFloat64)
	if !(a.To > a.From) || Alike(a.From, a.To) {
		switch {
		case math.IsNaN(a.Lo) && math.IsNaN(a.Hi):
			a.From, a.To = a.From/2, math.Min(a.To, math.MaxFloat64/2)*2
		case math.IsNaN(a.Lo):
			a.From = a.To / 4
		default:
			a.To = a.From * 4
		}
	}
	a.Ticks, a.even = logTicks(a.From, a.To, n)
	a.placeZero()
}

// snap takes the power of ten next to the data when it is near.
func snap(padded, power, data float64) float64 {
	if math.Abs(power-data) < 0.2 {
		return power
	}
	return padded
}

// plain is true for a log axis that spans little: 200 reads better than 2·10².
func (a *Axis) plain() bool {
	if a.even {
		return true
	}
	for _, v := range a.Ticks {
		if v < 1e-3 || v >= 1e5 {
			return false
		}
	}
	return len(a.Ticks) > 1 && a.Ticks[1] < 9*a.Ticks[0]
}

// Label is the number at a tick.
func (a *Axis) Label(v float64) string {
	if a.Log && !a.plain() {
		return formatPower(v)
	}
	return FormatNumber(v, a.digits)
}

// tellApart gives the digits that tell the ticks apart: more than six when the
// axis spans little beside the size of its numbers.
func (a *Axis) tellApart() int {
	most, least := 0.0, math.Inf(1)
	for i, v := range a.Ticks {
		most = math.Max(most, math.Abs(v))
		if i > 0 {
			least = math.Min(least, v-a.Ticks[i-1])
		}
	}
	if most == 0 || !Finite(least) || !(least > 0) {
		return 6
	}
	return min(max(6, int(math.Ceil(log10(most/least)))+2), 16)
}

// number is a coordinate on the axis.
func (a *Axis) number(v float64) any {
	if v == 0 && a.zeroAt > 0 {
		return a.drawn(a.zeroAt)
	}
	return a.drawn(a.Scaled(v))
}

// shows is true for numbers that the axis has a place for.
func (a *Axis) shows(v float64) bool { return Finite(v) && (!a.Log || v > 0 || v == 0 && a.zero) }

// atLeast is a coordinate, at the axis's lower end where a logarithmic one has
// no place for it.
func (a *Axis) atLeast(v float64) any {
	if a.Log && v <= 0 {
		return a.drawn(a.From)
	}
	return a.number(v)
}

// drawn writes a coordinate in the axis's units: with all digits where seven
// could not tell it from its neighbours.
func (a *Axis) drawn(v float64) any {
	if a.digits > 6 && (!a.Log || a.even) {
		return exact(v)
	}
	return num(v)
}

// labelWidth is the width of the widest tick label.
func (a *Axis) labelWidth() float64 {
	w := 0.0
	for _, v := range a.Ticks {
		w = math.Max(w, TextWidth(a.Label(v), tickSize))
	}
	return w
}

const tickSize, nameSize = 11.5, 12.5

// option is the axis of ECharts; the name is drawn apart.
func (a *Axis) option(zoom bool) dict {
	kind := "value"
	if a.Log {
		kind = "log"
	}
	o := with(opts.XAxis{Type: kind}, dict{
		"min": a.drawn(a.From), "max": a.drawn(a.To),
		"axisLine":  dict{"show": true, "onZero": false, "lineStyle": dict{"color": "@axis"}},
		"axisTick":  dict{"show": true, "length": 4, "lineStyle": dict{"color": "@axis"}},
		"axisLabel": dict{"color": "@soft", "fontSize": tickSize, "formatter": a.labelFormat(), "hideOverlap": true},
		"splitLine": dict{"show": true, "lineStyle": dict{"color": "@grid"}},
	})
	if a.Whole && !a.Log {
		o["minInterval"] = 1
	}
	if len(a.Ticks) > 0 && !a.Log && zoom {
		// An end between two ticks bears no number.
		near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), a.To-a.From) }
		label := o["axisLabel"].(dict)
		label["showMinLabel"], label["showMaxLabel"] = near(a.From, a.Ticks[0]), near(a.To, a.Ticks[len(a.Ticks)-1])
	}
	if a.Log || !zoom {
		// Ticks are given: on a log axis ECharts knows powers of ten only. While
		// zooming on a linear axis it chooses its own.
		values := make([]any, len(a.labels()))
		for i, v := range a.labels() {
			values[i] = a.drawn(v)
		}
		for _, part := range []string{"axisTick", "axisLabel", "splitLine"} {
			o[part].(dict)["customValues"] = values
		}
	} else if len(a.Ticks) > 1 {
		o["splitNumber"] = int(math.Round((a.To - a.From) / (a.Ticks[1] - a.Ticks[0])))
	}
	return o
}

// Check reports an axis that cannot be.
func (a *Axis) Check(which string) error {
	if a.Log && (a.Lo <= 0 || a.Hi <= 0) {
		return fmt.Errorf("charts: a logarithmic %s axis cannot reach from %g to %g: both ends must be positive; NaN leaves an end to the data", which, a.Lo, a.Hi)
	}
	if a.Log && a.Lo > math.MaxFloat64/4 {
		return fmt.Errorf("charts: a logarithmic %s axis cannot begin at %g: there are no numbers above it", which, a.Lo)
	}
	if math.IsInf(a.Lo, 0) || math.IsInf(a.Hi, 0) {
		return fmt.Errorf("charts: the %s axis runs from %g to %g: its ends must be finite; NaN leaves an end to the data", which, a.Lo, a.Hi)
	}
	if a.Lo >= a.Hi || Alike(a.Lo, a.Hi) {
		return fmt.Errorf("charts: the %s axis runs from %g to %g: its lower end must lie below its upper, by more than rounding", which, a.Lo, a.Hi)
	}
	return nil
}
