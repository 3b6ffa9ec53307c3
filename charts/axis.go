package charts

import (
	"fmt"
	"math"

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

	// after fit:
	from, to float64
	ticks    []float64
	digits   int // of its numbers
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
	if a.log {
		a.fitLog(lo, hi, n)
		return
	}
	if !(hi > lo) {
		d := math.Abs(lo) * 0.1
		if d == 0 {
			d = 1
		}
		lo, hi = lo-d, hi+d
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
	if a.whole {
		step = math.Max(step, 1)
	}
	if !a.tight {
		if math.IsNaN(a.lo) {
			a.from = math.Floor(lo/step+1e-9) * step
		}
		if math.IsNaN(a.hi) {
			a.to = math.Ceil(hi/step-1e-9) * step
		}
	}
	a.ticks = a.ticks[:0]
	for k := math.Ceil(a.from/step - 1e-9); k*step <= a.to+1e-9*step; k++ {
		a.ticks = append(a.ticks, tidy(k*step, step))
	}
}

// length is how far the axis reaches: powers of ten on a logarithmic one.
func (a *axis) length() float64 {
	if a.log {
		return math.Log10(a.to / a.from)
	}
	return a.to - a.from
}

// tidy removes the dust of k*step: 0.30000000000000004.
func tidy(v, step float64) float64 {
	d := math.Pow(10, math.Floor(math.Log10(step))-3)
	if d == 0 || math.IsInf(1/d, 0) {
		return v
	}
	if d < 1 {
		return math.Round(v/d) / math.Round(1/d)
	}
	return math.Round(v/d) * d
}

// fitLog keeps to the data with a little room, and has ticks at powers of ten,
// or at 1, 2 and 5 times them when the data span little.
func (a *axis) fitLog(lo, hi float64, n int) {
	l, h := math.Log10(lo), math.Log10(hi)
	room := math.Max((h-l)*0.03, 0.02)
	a.from, a.to = lo, hi
	if math.IsNaN(a.lo) && !a.tight {
		a.from = math.Pow(10, snap(l-room, math.Floor(l+1e-9), l))
	}
	if math.IsNaN(a.hi) && !a.tight {
		a.to = math.Pow(10, snap(h+room, math.Ceil(h-1e-9), h))
	}
	if !(a.to > a.from) {
		a.from, a.to = a.from/2, a.to*2
	}
	l, h = math.Log10(a.from), math.Log10(a.to)
	marks := []float64{1}
	if h-l < 1.7 {
		marks = []float64{1, 2, 5}
	}
	every := max(1, int(math.Ceil((h-l)/float64(n))))
	a.ticks = a.ticks[:0]
	for e := int(math.Floor(l)); e <= int(math.Ceil(h)); e++ {
		if e%every != 0 {
			continue
		}
		for _, m := range marks {
			v := m * math.Pow(10, float64(e))
			if v >= a.from*(1-1e-9) && v <= a.to*(1+1e-9) {
				a.ticks = append(a.ticks, v)
			}
		}
	}
	if len(a.ticks) < 2 {
		a.ticks = []float64{a.from, a.to}
	}
}

// snap takes the power of ten next to the data when it is near.
func snap(padded, power, data float64) float64 {
	if math.Abs(power-data) < 0.2 {
		return power
	}
	return padded
}

// niceStep is the step of 1, 2 or 5 times a power of ten nearest to raw.
func niceStep(raw float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(raw)))
	switch f := raw / p; {
	case f < math.Sqrt2:
		return p
	case f < 3.16:
		return 2 * p
	case f < 7.07:
		return 5 * p
	}
	return 10 * p
}

// plain is true for a log axis that spans little: 200 reads better than 2·10².
func (a *axis) plain() bool {
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
	return min(max(6, int(math.Ceil(math.Log10(most/least)))+2), 16)
}

// number is a coordinate on the axis: with all digits where seven could not
// tell it from its neighbours.
func (a *axis) number(v float64) any {
	if !a.log && a.digits > 6 {
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
		"min": a.number(a.from), "max": a.number(a.to),
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
			values[i] = a.number(v)
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
	if a.lo >= a.hi {
		return fmt.Errorf("charts: the %s axis runs from %g to %g: its lower end must lie below its upper", which, a.lo, a.hi)
	}
	return nil
}
