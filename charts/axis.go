package charts

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// axis is one axis of a plot.
type axis struct {
	name   string
	log    bool
	lo, hi float64 // asked for; NaN when the data decide
	tight  bool    // ends at the data instead of the next tick
	floor0 bool    // begins at 0 when all data are positive
	whole  bool    // its numbers are whole: so are its ticks
	top    float64 // where positive, what lies above need not be seen

	// after fit, in units of 10^power:
	power    int // 0 but for numbers near the ends of what a float can hold
	from, to float64
	ticks    []float64
	even     bool // equal steps on a logarithmic axis
	digits   int  // of its numbers
}

func newAxis() axis { return axis{lo: math.NaN(), hi: math.NaN()} }

// fit chooses ends, ticks and digits for data between lo and hi, about n ticks.
func (a *axis) fit(lo, hi float64, n int) {
	a.fitEnds(lo, hi, n)
	a.digits = a.tellApart()
}

func (a *axis) fitEnds(lo, hi float64, n int) {
	if math.IsInf(lo, 1) { // no data at all
		lo, hi = 0, 1
		if a.log {
			lo, hi = 1, 10
		}
	}
	if !math.IsNaN(a.lo) {
		lo = a.lo
	}
	if !math.IsNaN(a.hi) {
		hi = a.hi
	}
	a.even = false
	if a.log {
		a.fitLog(lo, hi, n)
		return
	}
	a.power = unitPower(lo, hi)
	lo, hi = a.scaled(lo), a.scaled(hi)
	if !(hi > lo) || alike(lo, hi) {
		lo, hi = a.widen(lo, hi)
	}
	a.from, a.to = lo, hi
	if !a.tight { // room, so that nothing is cut at the frame
		room := 0.025 * (hi - lo)
		if math.IsNaN(a.lo) && lo != 0 && (lo < 0 || lo > room) {
			lo -= room
		}
		if math.IsNaN(a.hi) && hi != 0 && a.top == 0 {
			hi += room
		}
	}
	step := niceStep((hi - lo) / float64(n))
	if a.whole && a.power == 0 {
		step = math.Max(step, 1)
	}
	if !a.tight {
		if math.IsNaN(a.lo) {
			a.from = math.Min(a.from, math.Floor(lo/step+1e-9)*step)
		}
		if math.IsNaN(a.hi) {
			a.to = math.Max(a.to, math.Ceil(hi/step-1e-9)*step)
		}
	}
	a.ticks = roundNumbers(a.from, a.to, step)
}

// widen gives room to data that are one number: a tenth of it to both sides, or
// on the side whose end nobody asked for.
func (a *axis) widen(lo, hi float64) (float64, float64) {
	d := math.Max(math.Abs(lo), math.Abs(hi)) * 0.1
	if d == 0 {
		d = 1
	}
	if a.whole {
		d = math.Max(d, 1)
	}
	switch {
	case math.IsNaN(a.lo) && math.IsNaN(a.hi):
		return lo - d, hi + d
	case math.IsNaN(a.lo):
		return hi - d, hi
	}
	return lo, lo + d
}

// unitPower is the power of ten in whose units an axis is drawn: 0, unless its
// numbers are so large that their differences are no floats, or so small that
// they lose their digits.
func unitPower(lo, hi float64) int {
	m := math.Max(math.Abs(lo), math.Abs(hi))
	if m == 0 || m <= 1e300 && m >= 1e-290 {
		return 0
	}
	return int(math.Floor(log10(m)))
}

// scaled is v in the units the axis is drawn in.
func (a *axis) scaled(v float64) float64 {
	if a.power == 0 {
		return v
	}
	half := a.power / 2 // 10^power itself may be no float
	return v * math.Pow(10, float64(-half)) * math.Pow(10, float64(half-a.power))
}

// fraction is the place of v on a linear axis, 0 at its lower end.
func (a *axis) fraction(v float64) float64 { return fraction(a.scaled(v), a.from, a.to) }

// title is the axis's name with the unit it is drawn in.
func (a *axis) title() string {
	if a.power == 0 {
		return a.name
	}
	return strings.TrimSpace(a.name + " / 10" + superscripts.Replace(strconv.Itoa(a.power)))
}

// length is how far the axis reaches, in its units: powers of ten on a
// logarithmic one.
func (a *axis) length() float64 {
	if a.log {
		return log10(a.to) - log10(a.from)
	}
	return a.to - a.from
}

// times is how many times as far a reaches as b.
func (a *axis) times(b *axis) float64 {
	ratio := a.length() / b.length()
	if a.log || b.log { // powers of ten are as long in any unit
		return ratio
	}
	return ratio * math.Pow(10, float64(a.power-b.power))
}

// fitLog keeps to the data with a little room, and has ticks at round numbers.
func (a *axis) fitLog(lo, hi float64, n int) {
	a.power = 0
	if hi < 1e-15 { // ECharts rounds the ends of a logarithmic axis to 20 decimals
		a.power = int(math.Floor(log10(hi)))
		lo, hi = a.scaled(lo), a.scaled(hi)
	}
	l, h := log10(lo), log10(hi)
	room := math.Max((h-l)*0.03, 0.02)
	a.from, a.to = lo, hi
	if math.IsNaN(a.lo) && !a.tight {
		a.from = math.Min(lo, math.Pow(10, snap(l-room, math.Floor(l+1e-9), l)))
	}
	if math.IsNaN(a.hi) && !a.tight {
		a.to = math.Max(hi, math.Pow(10, snap(h+room, math.Ceil(h-1e-9), h)))
	}
	a.from, a.to = math.Max(a.from, math.SmallestNonzeroFloat64), math.Min(a.to, math.MaxFloat64)
	if !(a.to > a.from) || alike(a.from, a.to) {
		switch {
		case math.IsNaN(a.lo) && math.IsNaN(a.hi):
			a.from, a.to = a.from/2, math.Min(a.to, math.MaxFloat64/2)*2
		case math.IsNaN(a.lo):
			a.from = a.to / 4
		default:
			a.to = a.from * 4
		}
	}
	a.ticks, a.even = logTicks(a.from, a.to, n)
}

// snap takes the power of ten next to the data when it is near.
func snap(padded, power, data float64) float64 {
	if math.Abs(power-data) < 0.2 {
		return power
	}
	return padded
}

// plain is true for a log axis that spans little: 200 reads better than 2·10².
func (a *axis) plain() bool {
	if a.even {
		return true
	}
	for _, v := range a.ticks {
		if v < 1e-3 || v >= 1e5 {
			return false
		}
	}
	return len(a.ticks) > 1 && a.ticks[1] < 9*a.ticks[0]
}

func (a *axis) label(v float64) string {
	if a.log && !a.plain() {
		return formatPower(v)
	}
	return formatNumber(v, a.digits)
}

// tellApart gives the digits that tell the ticks apart: more than six when the
// axis spans little beside the size of its numbers.
func (a *axis) tellApart() int {
	most, least := 0.0, math.Inf(1)
	for i, v := range a.ticks {
		most = math.Max(most, math.Abs(v))
		if i > 0 {
			least = math.Min(least, v-a.ticks[i-1])
		}
	}
	if most == 0 || !finite(least) || !(least > 0) {
		return 6
	}
	return min(max(6, int(math.Ceil(log10(most/least)))+2), 16)
}

// number is a coordinate on the axis.
func (a *axis) number(v float64) any { return a.drawn(a.scaled(v)) }

// shows is true for numbers that the axis has a place for.
func (a *axis) shows(v float64) bool { return finite(v) && !(a.log && v <= 0) }

// atLeast is a coordinate, at the axis's lower end where a logarithmic one has
// no place for it.
func (a *axis) atLeast(v float64) any {
	if a.log && v <= 0 {
		return a.drawn(a.from)
	}
	return a.number(v)
}

// drawn writes a coordinate in the axis's units: with all digits where seven
// could not tell it from its neighbours.
func (a *axis) drawn(v float64) any {
	if a.digits > 6 && (!a.log || a.even) {
		return exact(v)
	}
	return num(v)
}

// labelWidth is the width of the widest tick label.
func (a *axis) labelWidth() float64 {
	w := 0.0
	for _, v := range a.ticks {
		w = math.Max(w, textWidth(a.label(v), tickSize))
	}
	return w
}

const tickSize, nameSize = 11.5, 12.5

// option is the axis of ECharts; the name is drawn apart.
func (a *axis) option(zoom bool) dict {
	kind, format := "value", "@n:"+itoa(a.digits)
	if a.log {
		kind = "log"
		if !a.plain() {
			format = "@f:log"
		}
	}
	o := with(opts.XAxis{Type: kind}, dict{
		"min": a.drawn(a.from), "max": a.drawn(a.to),
		"axisLine":  dict{"show": true, "onZero": false, "lineStyle": dict{"color": "@axis"}},
		"axisTick":  dict{"show": true, "length": 4, "lineStyle": dict{"color": "@axis"}},
		"axisLabel": dict{"color": "@soft", "fontSize": tickSize, "formatter": format, "hideOverlap": true},
		"splitLine": dict{"show": true, "lineStyle": dict{"color": "@grid"}},
	})
	if a.whole && !a.log {
		o["minInterval"] = 1
	}
	if len(a.ticks) > 0 && !a.log && zoom {
		// An end between two ticks bears no number.
		near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), a.to-a.from) }
		label := o["axisLabel"].(dict)
		label["showMinLabel"], label["showMaxLabel"] = near(a.from, a.ticks[0]), near(a.to, a.ticks[len(a.ticks)-1])
	}
	if a.log || !zoom {
		// Ticks are given: on a log axis ECharts knows powers of ten only. While
		// zooming on a linear axis it chooses its own.
		values := make([]any, len(a.ticks))
		for i, v := range a.ticks {
			values[i] = a.drawn(v)
		}
		for _, part := range []string{"axisTick", "axisLabel", "splitLine"} {
			o[part].(dict)["customValues"] = values
		}
	} else if len(a.ticks) > 1 {
		o["splitNumber"] = int(math.Round((a.to - a.from) / (a.ticks[1] - a.ticks[0])))
	}
	return o
}

// check reports an axis that cannot be.
func (a *axis) check(which string) error {
	if a.log && (a.lo <= 0 || a.hi <= 0) {
		return fmt.Errorf("charts: a logarithmic %s axis cannot reach from %g to %g: both ends must be positive", which, a.lo, a.hi)
	}
	if a.log && a.lo > math.MaxFloat64/4 {
		return fmt.Errorf("charts: a logarithmic %s axis cannot begin at %g: there are no numbers above it", which, a.lo)
	}
	if math.IsInf(a.lo, 0) || math.IsInf(a.hi, 0) {
		return fmt.Errorf("charts: the %s axis runs from %g to %g: its ends must be finite; NaN leaves an end to the data", which, a.lo, a.hi)
	}
	if a.lo >= a.hi || alike(a.lo, a.hi) {
		return fmt.Errorf("charts: the %s axis runs from %g to %g: its lower end must lie below its upper, by more than rounding", which, a.lo, a.hi)
	}
	return nil
}
