package draw

import (
	"math"
	"strings"
)

// nameLine is the height of a line of an axis's name, nameRows how many there
// are at most.
const nameLine, nameRows = nameSize * 1.35, 2

// breakName breaks an axis's name to the room beside the axis; what two lines do
// not hold ends in an ellipsis.
func breakName(name string, room float64) []string {
	if name == "" {
		return nil
	}
	rows := TextRows(name, nameSize, room)
	if len(rows) > nameRows {
		rows[nameRows-1] = strings.Join(rows[nameRows-1:], " ")
		rows = rows[:nameRows]
	}
	for i, r := range rows {
		rows[i] = shorten(r, nameSize, room)
	}
	return rows
}

// shorten cuts a text to a width, at an ellipsis.
func shorten(s string, size, width float64) string {
	if TextWidth(s, size) <= width {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		if t := strings.TrimRight(string(runes[:n]), " ") + "…"; TextWidth(t, size) <= width {
			return t
		}
	}
	return "…"
}

// whole is true where lines hold all of a name.
func whole(rows []string, name string) bool {
	return strings.Join(rows, " ") == strings.Join(strings.Fields(name), " ")
}

// margins are the room around the grid in a place of a size, and the names of
// the axes as they are broken for it.
func (p *Pane) margins(w, h float64) (left, right, top, bottom float64, x, y []string) {
	left = p.Y.labelWidth() + 10
	if p.Y.title() != "" {
		left += 20
	}
	right = 14.0
	if n := len(p.X.Ticks); n > 0 {
		right = math.Max(right, TextWidth(p.X.Label(p.X.Ticks[n-1]), tickSize)/2)
	}
	if p.Under != nil {
		right += p.Under.barWidth()
	}
	// Names are centred on the frame and may be longer than its side.
	beside := func(before, after, length float64) float64 {
		return length - math.Abs(before-after) - 2
	}
	top = p.legendHeight(w-left) + 6 + p.Lead
	x = breakName(p.X.title(), beside(left, right, w))
	bottom = 22
	if len(x) > 0 {
		bottom += 20 + float64(len(x)-1)*nameLine
	}
	y = breakName(p.Y.title(), beside(top, bottom, h))
	if len(y) > 1 {
		left += float64(len(y)-1) * nameLine
		top = p.legendHeight(w-left) + 6 + p.Lead
		x = breakName(p.X.title(), beside(left, right, w))
		if len(x) > 0 {
			bottom = 42 + float64(len(x)-1)*nameLine
		}
	}
	return left, right, top, bottom, x, y
}
