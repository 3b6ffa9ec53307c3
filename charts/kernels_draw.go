package charts

import (
	"math"
	"strings"

	"github.com/tangentfeatures/gonb-atf/charts/internal/draw"
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
	return draw.TextRows(s, size, room)
}

// head and foot are the heights of the titles above the maps of a side and of
// the captions below.
func (b *kernelsBody) head(side float64) float64 {
	rows := 1
	for _, m := range b.maps {
		rows = max(rows, len(b.rowsOf(m.name, mapTitle*draw.BoldWider, side)))
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

func (b *kernelsBody) Width() float64 { return b.wide(math.Min(kernelMax, b.side(kernelWidth))) }

func (b *kernelsBody) Height(w float64) float64 {
	_, rows := b.layout()
	side := b.side(w)
	h := float64(rows)*(side+b.line(side)) + float64(rows-1)*kernelGap
	if b.axis != "" {
		h += 20
	}
	return h
}

func (b *kernelsBody) Draw(c *draw.Canvas, at draw.Rect) float64 {
	cols, rows := b.layout()
	below := 0.0
	if b.axis != "" {
		below = 20
	}
	full := b.side(at.W)
	line, head := b.line(full), b.head(full)
	side := math.Min(full, math.Floor((at.H-below-float64(rows-1)*kernelGap)/float64(rows)-line))
	if side < leastSide {
		c.Failf("%d kernel maps in %d rows have no room in %g × %g pixels: make the figure larger, or set fewer Columns", len(b.maps), rows, at.W, at.H)
		return at.H
	}
	step := side + kernelGap
	if !b.shared {
		step = side + barRoom + kernelGap*0.5
	}
	for i := range b.maps {
		x := at.X + float64(i%cols)*step
		y := at.Y + float64(i/cols)*(side+line+kernelGap) + head
		part := draw.Rect{X: x, Y: y - head, W: side, H: side + line}
		if !b.shared {
			part.W += barRoom
		}
		c.Block(part, func() {
			b.drawMap(c, &b.maps[i], draw.Rect{X: x, Y: y, W: side, H: side}, full)
			if !b.shared {
				b.bar(c, draw.Rect{X: x + side + 8, Y: y, W: draw.BarSize, H: side}, b.maps[i:i+1])
			}
		})
	}
	if b.shared {
		y := at.Y + head
		h := float64(rows)*(side+line) + float64(rows-1)*kernelGap - line
		x := at.X + float64(cols)*step - kernelGap
		c.Block(draw.Rect{X: x, Y: at.Y, W: barRoom, H: head + h}, func() {
			b.bar(c, draw.Rect{X: x + 8, Y: y, W: draw.BarSize, H: h}, b.maps)
		})
	}
	if b.axis != "" {
		w := float64(cols)*step - (step - side)
		c.Text(at.X+w/2, at.Y+at.H-16, b.axis, draw.Style{Size: 12, Color: "@soft", Align: "center"})
	}
	return at.H
}

// beside writes a title or caption of a map: in its middle, from its left edge
// where it is wider and has the colour bar's room too.
func (b *kernelsBody) beside(c *draw.Canvas, rows []string, at draw.Rect, y float64, st draw.Style) {
	wide := 0.0
	for _, r := range rows {
		wide = math.Max(wide, draw.TextWidth(r, st.Size))
	}
	x := at.X
	if wide <= at.W || b.shared {
		x, st.Align = at.X+at.W/2, "center"
	}
	c.Text(x, y, strings.Join(rows, "\n"), st)
}

// drawMap draws one map; full is the side its words are broken for.
func (b *kernelsBody) drawMap(c *draw.Canvas, m *kernelMap, at draw.Rect, full float64) {
	n := b.shown()
	title := b.rowsOf(m.name, mapTitle*draw.BoldWider, full)
	b.beside(c, title, at, at.Y-kernelHead-float64(len(title)-1)*mapTitle*1.35, draw.Style{Size: mapTitle, Bold: true})
	if m.caption != "" {
		b.beside(c, b.rowsOf(m.caption, mapCaption, full), at, at.Y+at.H+7, draw.Style{Size: mapCaption, Color: "@soft"})
	}
	value := func(i, j int) float64 { return m.k.At(b.index(i), b.index(j)) }
	png, err := c.Pixels(draw.Tile{Rows: n, Cols: n, Value: value, Lo: m.from, Hi: m.limit, Ramp: b.ramp, Target: at.W}, len(b.maps))
	if err == nil {
		c.Image(draw.PNGURL(png), at)
	}
	c.Frame(at, 1, "@axis")
	for _, k := range b.at {
		d := float64(k) / float64(n) * at.W
		c.Line(at.X+d, at.Y, at.X+d, at.Y+at.H, 1, "rgba(255,255,255,0.65)")
		c.Line(at.X, at.Y+d, at.X+at.W, at.Y+d, 1, "rgba(255,255,255,0.65)")
	}
	cells := tooltipCells
	if c.Live {
		cells = liveCells
	}
	k := (n + cells - 1) / cells
	rows, _, v := draw.Pool(n, n, k, value)
	half := true
	for i := range rows {
		for j := range i {
			x, y := v[i*rows+j], v[j*rows+i]
			if x != y && math.Abs(x-y) > 1e-9*m.limit {
				half = false
			}
		}
	}
	block := draw.CellBlock{M: rows, Side: k, Rows: n, Cols: n, Half: half}
	for i := range rows {
		j := 0
		if half {
			j = i
		}
		for ; j < rows; j++ {
			block.Values = append(block.Values, draw.Short(v[i*rows+j]))
		}
	}
	c.Carrier(m.name, at, block)
}

// bar draws the colour bar of maps with one scale.
func (b *kernelsBody) bar(c *draw.Canvas, at draw.Rect, maps []kernelMap) {
	least, most := math.Inf(1), math.Inf(-1)
	for _, m := range maps {
		if m.missing < b.shown()*b.shown() {
			most = math.Max(most, m.hi)
			if m.below(m.lo) {
				least = math.Min(least, m.lo)
			}
		}
	}
	c.ColorBar(at, b.ramp, maps[0].from, maps[0].limit, least, most)
}
