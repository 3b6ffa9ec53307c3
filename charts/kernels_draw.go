package charts

import (
	"math"
	"strings"
)

const (
	kernelWidth          = 860.0 // of a full row
	kernelMax            = 300.0 // largest side of a map
	leastSide            = 24.0
	kernelGap            = 18.0
	kernelHead           = 22.0
	mapTitle, mapCaption = 14.0, 12.0
	barRoom              = 70.0 // colour bar with its labels
	tooltipCells         = 36   // pooled rows of a map's tooltips
	liveCells            = 24   // the same in a live panel, where the browser redraws them each time
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

// rowsOf breaks a map's title or caption to the room beside it: its colour bar's
// or part of the gap.
func (b *kernelsBody) rowsOf(s string, size, side float64) []string {
	room := side + kernelGap - 4
	if !b.shared {
		room = side + barRoom - 6
	}
	return textRows(s, size, room)
}

// head and foot are the heights of the titles above the maps of a side and of
// the captions below.
func (b *kernelsBody) head(side float64) float64 {
	rows := 1
	for _, m := range b.maps {
		rows = max(rows, len(b.rowsOf(m.name, mapTitle*boldWider, side)))
	}
	return kernelHead + float64(rows-1)*mapTitle*1.35
}

func (b *kernelsBody) foot(side float64) float64 {
	rows := 0
	for _, m := range b.maps {
		if m.caption != "" {
			rows = max(rows, len(b.rowsOf(m.caption, mapCaption, side)))
		}
	}
	return 6 + float64(rows)*mapCaption*1.35 + float64(min(rows, 1))*4
}

func (b *kernelsBody) line(side float64) float64 { return b.head(side) + b.foot(side) }

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
	side := b.side(w)
	h := float64(rows)*(side+b.line(side)) + float64(rows-1)*kernelGap
	if b.axis != "" {
		h += 20
	}
	return h
}

func (b *kernelsBody) draw(c *canvas, at rect) float64 {
	cols, rows := b.layout()
	below := 0.0
	if b.axis != "" {
		below = 20
	}
	full := b.side(at.w)
	line, head := b.line(full), b.head(full)
	side := math.Min(full, math.Floor((at.h-below-float64(rows-1)*kernelGap)/float64(rows)-line))
	if side < leastSide {
		c.failf("%d kernel maps in %d rows have no room in %g × %g pixels: make the figure larger, or set fewer Columns", len(b.maps), rows, at.w, at.h)
		return at.h
	}
	step := side + kernelGap
	if !b.shared {
		step = side + barRoom + kernelGap*0.5
	}
	for i := range b.maps {
		x := at.x + float64(i%cols)*step
		y := at.y + float64(i/cols)*(side+line+kernelGap) + head
		b.drawMap(c, &b.maps[i], rect{x, y, side, side}, full)
		if !b.shared {
			b.bar(c, rect{x + side + 8, y, barSize, side}, b.maps[i:i+1])
		}
	}
	if b.shared {
		y := at.y + head
		h := float64(rows)*(side+line) + float64(rows-1)*kernelGap - line
		b.bar(c, rect{at.x + float64(cols)*step - kernelGap + 8, y, barSize, h}, b.maps)
	}
	if b.axis != "" {
		w := float64(cols)*step - (step - side)
		c.text(at.x+w/2, at.y+at.h-16, b.axis, style{size: 12, color: "@soft", align: "center"})
	}
	return at.h
}

// beside writes a title or caption of a map: in its middle, from its left edge
// where it is wider and has the colour bar's room too.
func (b *kernelsBody) beside(c *canvas, rows []string, at rect, y float64, st style) {
	wide := 0.0
	for _, r := range rows {
		wide = math.Max(wide, textWidth(r, st.size))
	}
	x := at.x
	if wide <= at.w || b.shared {
		x, st.align = at.x+at.w/2, "center"
	}
	c.text(x, y, strings.Join(rows, "\n"), st)
}

// drawMap draws one map; full is the side its words are broken for.
func (b *kernelsBody) drawMap(c *canvas, m *kernelMap, at rect, full float64) {
	n := b.shown()
	title := b.rowsOf(m.name, mapTitle*boldWider, full)
	b.beside(c, title, at, at.y-kernelHead-float64(len(title)-1)*mapTitle*1.35, style{size: mapTitle, bold: true})
	if m.caption != "" {
		b.beside(c, b.rowsOf(m.caption, mapCaption, full), at, at.y+at.h+7, style{size: mapCaption, color: "@soft"})
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

// bar draws the colour bar of maps with one scale.
func (b *kernelsBody) bar(c *canvas, at rect, maps []kernelMap) {
	least, most := math.Inf(1), math.Inf(-1)
	for _, m := range maps {
		if m.missing < b.shown()*b.shown() {
			least, most = math.Min(least, m.lo), math.Max(most, m.hi)
		}
	}
	c.colorBar(at, b.ramp, -maps[0].limit, maps[0].limit, least, most)
}
