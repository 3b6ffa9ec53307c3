package draw

import (
	"math"
	"strings"
)

// A figure of several parts has two layouts: the one it is drawn in, and one
// with its parts below one another, for pages too narrow to read them side by
// side. The second one is the first with every part moved: the browser needs no
// more than how far.

const (
	// NarrowBelow is the width of a page, in pixels, below which the second
	// layout serves.
	NarrowBelow = 600.0
	// narrowRoom is the width that small parts, such as maps, may share.
	narrowRoom = 480.0
	// narrowLeast is the least width that titles and notes are broken to.
	narrowLeast = 340.0
	// narrowGain is the share of the width above which a second layout helps
	// little.
	narrowGain             = 0.8
	narrowGapX, narrowGapY = 18.0, 22.0
)

// block is a part of the figure that keeps together, or one of such parts and
// words around them.
type block struct {
	at          Rect
	first, last counts
	kids        []*block
	paras       []para // words of its own that break to its width
}

// counts are how many grids, graphic elements and legends were drawn.
type counts [3]int

var countedKinds = [3]string{"grid", "graphic", "legend"}

// para is a text broken to a width.
type para struct {
	graphic int // its number among the graphic elements
	y       float64
	text    string
	style   Style
	rows    int
}

func (c *Canvas) counts() counts { return counts{len(c.grids), len(c.graphics), len(c.legends)} }

// Block draws a part of the figure at a place; a narrow page may have it
// elsewhere. Blocks within a block move with it and among each other.
func (c *Canvas) Block(at Rect, paint func()) {
	b, outer := &block{at: at, first: c.counts()}, c.block
	if outer == nil {
		c.root = b
	} else {
		outer.kids = append(outer.kids, b)
	}
	c.block = b
	paint()
	c.block, b.last = outer, c.counts()
}

// Para writes s broken to a width, and says how much height it takes.
func (c *Canvas) Para(x, y, width float64, s string, st Style) float64 {
	if s == "" {
		return 0
	}
	rows := paraRows(s, st, width)
	if c.block != nil {
		c.block.paras = append(c.block.paras, para{len(c.graphics), y, s, st, len(rows)})
	}
	c.Text(x, y, strings.Join(rows, "\n"), st)
	return float64(len(rows)) * st.Size * 1.35
}

func paraRows(s string, st Style, width float64) []string {
	if st.Bold {
		width /= BoldWider
	}
	return TextRows(s, st.Size, width)
}

// Narrow is the layout for narrow pages, as runtime.js reads it.
type Narrow struct {
	Below num      `json:"below"` // the width of the page
	W     num      `json:"w"`
	H     num      `json:"h"`
	Moves [][5]any `json:"moves"` // kind, first and one after the last of its elements, how far right and down
	Texts [][2]any `json:"texts"` // number of a graphic element, its words
}

// Narrow gives the layout for narrow pages; nil where there is one part, or
// where its parts are as wide as the figure.
func (c *Canvas) Narrow(edge float64) *Narrow {
	b := c.root
	if b == nil || len(b.kids) < 2 && (len(b.kids) == 0 || len(b.kids[0].kids) < 2) || b.at.W+2*edge < NarrowBelow {
		return nil
	}
	room := math.Max(b.flow(math.Max(b.widest(), narrowRoom), nil), math.Max(b.widest(), narrowLeast))
	if room > narrowGain*b.at.W {
		return nil
	}
	n := &Narrow{Below: NarrowBelow}
	h := n.place(c, b, edge, edge, room)
	n.W, n.H = round1(room+2*edge), round1(h+2*edge)
	return n
}

// widest is the width of the widest part.
func (b *block) widest() float64 {
	if len(b.kids) == 0 {
		return b.at.W
	}
	w := 0.0
	for _, k := range b.kids {
		w = math.Max(w, k.widest())
	}
	return w
}

// flow sets the parts of a block in rows no wider than room, calls put with
// each one's place and the room it has, and gives the width of the widest row.
// put says how tall a part came out.
func (b *block) flow(room float64, put func(k *block, x, y, room float64) float64) (used float64) {
	x, y, tall := 0.0, 0.0, 0.0
	for _, k := range b.kids {
		w := math.Min(k.at.W, room)
		if len(k.kids) > 0 {
			w = math.Max(k.flow(room, nil), math.Min(w, narrowLeast))
		}
		if x > 0 && x+narrowGapX+w > room {
			x, y, tall = 0, y+tall+narrowGapY, 0
		}
		if x > 0 {
			x += narrowGapX
		}
		if put != nil {
			tall = math.Max(tall, put(k, x, y, w))
		}
		x += w
		used = math.Max(used, x)
	}
	return used
}

// place lays a block out at (x, y) and gives its height.
func (n *Narrow) place(c *Canvas, b *block, x, y, room float64) float64 {
	if len(b.kids) == 0 {
		n.move(b.first, b.last, x-b.at.X, y-b.at.Y)
		return b.at.H
	}
	top, bottom := math.Inf(1), 0.0
	for _, k := range b.kids {
		top, bottom = math.Min(top, k.at.Y), math.Max(bottom, k.at.Y+k.at.H)
	}
	grown := n.words(c, b, func(at float64) bool { return at < top }, x-b.at.X, y-b.at.Y, room)
	begin, end := y+top-b.at.Y+grown, 0.0
	b.flow(room, func(k *block, kx, ky, kroom float64) float64 {
		h := n.place(c, k, x+kx, begin+ky, kroom)
		end = math.Max(end, begin+ky+h)
		return h
	})
	grown = n.words(c, b, func(at float64) bool { return at >= top }, x-b.at.X, end-bottom, room)
	return end + b.at.Y + b.at.H - bottom + grown - y
}

// words moves a block's own texts that stand where picked says, breaks them to
// the room, and says how much taller they came out.
func (n *Narrow) words(c *Canvas, b *block, picked func(y float64) bool, dx, dy, room float64) (grown float64) {
	for g := b.first[1]; g < b.last[1]; g++ {
		el := c.graphics[g].(dict)
		at, isText := el["y"].(num)
		if b.within(g) || !isText || !picked(float64(at)) {
			continue
		}
		right := dx
		if el["style"].(dict)["align"] == "center" {
			right += room/2 - b.at.W/2
		}
		n.Moves = append(n.Moves, [5]any{"graphic", g, g + 1, round1(right), round1(dy + grown)})
		for _, p := range b.paras {
			if p.graphic != g {
				continue
			}
			rows := paraRows(p.text, p.style, room)
			var again Canvas
			again.Text(0, 0, strings.Join(rows, "\n"), p.style)
			n.Texts = append(n.Texts, [2]any{g, again.graphics[0].(dict)["style"].(dict)["text"]})
			grown += float64(len(rows)-p.rows) * p.style.Size * 1.35
		}
	}
	return grown
}

// within is true for graphic elements of the block's parts.
func (b *block) within(g int) bool {
	for _, k := range b.kids {
		if g >= k.first[1] && g < k.last[1] {
			return true
		}
	}
	return false
}

// move moves all that was drawn between two counts.
func (n *Narrow) move(first, last counts, dx, dy float64) {
	for k, kind := range countedKinds {
		if first[k] < last[k] {
			n.Moves = append(n.Moves, [5]any{kind, first[k], last[k], round1(dx), round1(dy)})
		}
	}
}
