package draw

import (
	"fmt"
	"math"
	"slices"
)

// A logarithmic x axis has a place for exactly 0, where training begins: left of
// its positive numbers, behind a dotted line that says that the axis breaks
// there.

const (
	// zeroGap is how far left of the least positive number 0 stands, as a share
	// of the axis.
	zeroGap = 0.09
	// leastBeside is the least number that leaves floats for the place of 0.
	leastBeside = 1e-280
)

// placeZero makes room for 0 left of the fitted ends of a logarithmic axis.
func (a *Axis) placeZero() {
	a.zeroAt, a.breakAt = 0, 0
	if !a.zero || !a.Log {
		return
	}
	decades := log10(a.To) - log10(a.From)
	a.zeroAt = a.From * math.Pow(10, -zeroGap*decades)
	a.breakAt = math.Sqrt(a.zeroAt) * math.Sqrt(a.From)
	a.From = a.zeroAt
	if !a.Tight {
		a.From *= math.Pow(10, -0.03*decades)
	}
}

// takesZero says whether the axis has a place for 0 beside positive numbers from
// lo: a logarithmic one whose lower end nobody asked for.
func (a *Axis) takesZero(lo float64) bool {
	return a.Log && math.IsNaN(a.Lo) && lo >= leastBeside && Finite(lo)
}

// labels are the places of the axis that bear numbers.
func (a *Axis) labels() []float64 {
	if a.zeroAt > 0 {
		return slices.Concat([]float64{a.zeroAt}, a.Ticks)
	}
	return a.Ticks
}

// labelFormat is the function of runtime.js that writes the numbers.
func (a *Axis) labelFormat() string {
	format := "n:" + itoa(a.digits)
	if a.Log && !a.plain() {
		format = "f:log"
	}
	if a.zeroAt > 0 {
		return fmt.Sprintf("@z:%v:%s", a.drawn(a.zeroAt), format)
	}
	return "@" + format
}

// axisBreak is the dotted line between 0 and the positive numbers.
func (p *Pane) axisBreak() dict {
	x := p.X.drawn(p.X.breakAt)
	s := lineSeries("", []pair{{x, p.Y.drawn(p.Y.From)}, {x, p.Y.drawn(p.Y.To)}})
	s["lineStyle"], s["silent"], s["z"], s["symbol"] = dict{"color": "@axis", "width": 1, "type": "dotted"}, true, 1, "none"
	return s
}
