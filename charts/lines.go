package charts

// Lines draws curves: Add(name, x, y) joins points in their order. AddDashed,
// AddMarked, Band and Func draw curves in other ways.
func Lines() *Plot {
	f := newPlot(preset{
		kind: "lines", empty: "call Add(name, x, y) before Show", columns: "x and y", least: 2, most: 2,
		add:   func(p *Plot, name string, c [][]float64) { p.Line(name, c[0], c[1]) },
		curve: func(p *Plot, name string, c [][]float64, style curve) { p.line(name, c[0], c[1], style) },
	})
	f.p.Hover = "axis"
	f.p.X.Tight = true
	return f
}
