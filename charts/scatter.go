package charts

// Scatter draws points: Add(name, x, y) a group of them, Groups one for each
// label. Line adds a curve, such as a fit, Mark rings points.
func Scatter() *Plot {
	f := newPlot(preset{
		kind: "scatter", empty: "call Add(name, x, y) before Show", columns: "x and y", least: 2, most: 2,
		add: func(p *Plot, name string, c [][]float64) { p.Points(name, c[0], c[1]) },
	})
	f.p.Lone = true
	return f
}
