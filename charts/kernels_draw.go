package charts

import (
	"math"
)

const (
	kernelWidth              = 860.0 // of a full row
	kernelMax                = 300.0 // largest side of a map
	leastSide                = 24.0
	kernelGap                = 18.0
	kernelHead, kernelCapton = 22.0, 20.0
	barSize                  = 11.0
	barRoom                  = 70.0 // colour bar with its labels
	tooltipCells             = 36   // pooled rows of a map's tooltips
	liveCells                = 24   // the same in a live panel, where the browser redraws them each time
)

// rows and columns of maps.
func (b *kernelsBody) layout() (cols, rows int) {
	cols = b.columns
	if cols == 0 {
		cols = min(4, len(b.maps))
		if len(b.maps) > 4 { // balanced rows
			lines := (len(b.maps) + 3) / 4
			cols = (len(b.maps) + lines - 1) / lines
		}
	}
	cols = min(cols, len(b.maps))
	return cols, (len(b.maps) + cols - 1) / cols
}

// side is the edge of a map when the row has a width; it may come out below
// leastSide, which draw reports.
func (b *kernelsBody) side(width float64) float64 {
	cols, _ := b.layout()
	n := float64(cols)
	if b.shared {
		return math.Floor((width - barRoom - (n-1)*kernelGap) / n)
	}
	return math.Floor((width - n*barRoom - (n-1)*kernelGap*0.5) / n)
}

func (b *kernelsBody) line() float64 {
	h := kernelHead + 6
	for _, m := range b.maps {
		if m.caption != "" {
			return h + kernelCapton
		}
	}
	return h
}

// wide is the width of the maps and bars with maps of a side.
func (b *kernelsBody) wide(side float64) float64 {
	cols, _ := b.layout()
	n := float64(cols)
	if b.shared {
		return n*side + barRoom + (n-1)*kernelGap
	}
	return n*side + n*barRoom + (n-1)*kernelGap*0.5
}

func (b *kernelsBody) width() float64 { return b.wide(math.Min(kernelMax, b.side(kernelWidth))) }

func (b *kernelsBody) height(w float64) float64 {
	_, rows := b.layout()
	h := float64(rows)*(b.side(w)+b.line()) + float64(rows-1)*kernelGap
	if b.axis != "" {
		h += 20
	}
	return h
}

func (b *kernelsBody) draw(c *canvas, at rect) {
	cols, rows := b.layout()
	below := 0.0
	if b.axis != "" {
		below = 20
	}
	side := math.Min(b.side(at.w), math.Floor((at.h-below-float64(rows-1)*kernelGap)/float64(rows)-b.line()))
	if side < leastSide {
		c.failf("%d kernel maps in %d rows have no room in %g × %g pixels: make the figure larger, or set fewer Columns", len(b.maps), rows, at.w, at.h)
		return
	}
	step := side + kernelGap
	if !b.shared {
		step = side + barRoom + kernelGap*0.5
	}
	for i := range b.maps {
		x := at.x + float64(i%cols)*step
		y := at.y + float64(i/cols)*(side+b.line()+kernelGap) + kernelHead
		b.drawMap(c, &b.maps[i], rect{x, y, side, side})
		if !b.shared {
			b.bar(c, rect{x + side + 8, y, barSize, side}, b.maps[i:i+1])
		}
	}
	if b.shared {
		y := at.y + kernelHead
		h := float64(rows)*(side+b.line()) + float64(rows-1)*kernelGap - b.line()
		b.bar(c, rect{at.x + float64(cols)*step - kernelGap + 8, y, barSize, h}, b.maps)
	}
	if b.axis != "" {
		w := float64(cols)*step - (step - side)
		c.text(at.x+w/2, at.y+at.h-16, b.axis, style{size: 12, color: "@soft", align: "center"})
	}
}

func (b *kernelsBody) drawMap(c *canvas, m *kernelMap, at rect) {
	n := b.shown()
	c.text(at.x+at.w/2, at.y-kernelHead, m.name, style{size: 14, bold: true, align: "center"})
	if m.caption != "" {
		if textWidth(m.caption, 12) > at.w { // keep it within the figure
			c.text(at.x, at.y+at.h+7, m.caption, style{size: 12, color: "@soft"})
		} else {
			c.text(at.x+at.w/2, at.y+at.h+7, m.caption, style{size: 12, color: "@soft", align: "center"})
		}
	}
	value := func(i, j int) float64 { return m.k.At(b.index(i), b.index(j)) }
	png, err := c.pixels(tile{rows: n, cols: n, value: value, lo: -m.limit, hi: m.limit, ramp: b.ramp, target: at.w}, len(b.maps))
	if err == nil {
		c.image(pngURL(png), at)
	}
	c.frame(at, 1, "@axis")
	for _, k := range b.at {
		d := float64(k) / float64(n) * at.w
		c.line(at.x+d, at.y, at.x+d, at.y+at.h, 1, "rgba(255,255,255,0.65)")
		c.line(at.x, at.y+d, at.x+at.w, at.y+d, 1, "rgba(255,255,255,0.65)")
	}
	cells := tooltipCells
	if c.live {
		cells = liveCells
	}
	k := (n + cells - 1) / cells
	rows, _, v := pool(n, n, k, value)
	half := true
	for i := range rows {
		for j := range i {
			x, y := v[i*rows+j], v[j*rows+i]
			if x != y && math.Abs(x-y) > 1e-9*m.limit {
				half = false
			}
		}
	}
	block := cellBlock{M: rows, Side: k, Rows: n, Cols: n, Half: half}
	for i := range rows {
		j := 0
		if half {
			j = i
		}
		for ; j < rows; j++ {
			block.Values = append(block.Values, short(v[i*rows+j]))
		}
	}
	c.carrier(m.name, at, block)
}

// carrier lays a transparent cell over each pooled value of a map: only the
// mouse finds it.
func (c *canvas) carrier(name string, at rect, block cellBlock) {
	// The last row and column may cover fewer entries than the others.
	xs, ys := float64(block.Cols)/float64(block.Side), float64(block.Rows)/float64(block.Side)
	hidden := dict{"show": false, "type": "value", "min": -0.5}
	g := c.grid(at, with(hidden, dict{"max": num(xs - 0.5)}), with(hidden, dict{"max": num(ys - 0.5), "inverse": block.Xs == nil}))
	// Nothing is seen of it: a curve of the same name keeps its legend's colour.
	s := scatterSeries(c.alias(name, "none"), "@d:"+itoa(len(c.cells)))
	c.cells = append(c.cells, block)
	s["symbol"] = "rect"
	s["symbolSize"] = []num{round1(at.w / xs), round1(at.h / ys)}
	s["itemStyle"] = dict{"color": "rgba(0,0,0,0)"}
	s["emphasis"] = dict{"scale": false, "itemStyle": dict{"color": "rgba(0,0,0,0)", "borderColor": "#ffffff", "borderWidth": 1.5}}
	s["tooltip"] = dict{"trigger": "item", "formatter": "@f:cell"}
	s["atfLive"] = true
	s["z"] = 6
	c.add(g, s, dict{"quiet": true})
}

// bar draws the colour bar of maps with one scale.
func (b *kernelsBody) bar(c *canvas, at rect, maps []kernelMap) {
	limit, below, above := maps[0].limit, "", ""
	for _, m := range maps {
		if m.hi > limit {
			above = "≥ "
		}
		if m.lo < -limit {
			below = "≤ "
		}
	}
	bar(c, at, b.ramp, -limit, limit, below, above)
}

// bar draws an upright colour bar with labels at its ends, each behind a
// prefix, and at its middle.
func bar(c *canvas, at rect, ramp Ramp, lo, hi float64, below, above string) {
	png, err := rampImage(ramp)
	if err == nil {
		c.image(pngURL(png), at)
	}
	c.frame(at, 1, "@axis")
	prefix := []string{above, "", below}
	for k, v := range []float64{hi, (lo + hi) / 2, lo} {
		y := at.y + at.h*float64(k)/2
		c.line(at.x+at.w, y, at.x+at.w+3, y, 1, "@axis")
		c.text(at.x+at.w+6, y-7-[]float64{-5, 0, 5}[k], prefix[k]+formatNumber(v, 3), style{size: 11, color: "@soft"})
	}
}
