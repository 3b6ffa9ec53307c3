package data

import (
	"fmt"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomediumitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typefaces are the Go fonts whose digits differ; the two small-caps fonts have
// the digits of Go Regular and Go Italic.
var typefaces = []struct {
	name string
	ttf  []byte
}{
	{"Go Regular", goregular.TTF},
	{"Go Italic", goitalic.TTF},
	{"Go Medium", gomedium.TTF},
	{"Go Medium Italic", gomediumitalic.TTF},
	{"Go Bold", gobold.TTF},
	{"Go Bold Italic", gobolditalic.TTF},
	{"Go Mono", gomono.TTF},
	{"Go Mono Italic", gomonoitalic.TTF},
	{"Go Mono Bold", gomonobold.TTF},
	{"Go Mono Bold Italic", gomonobolditalic.TTF},
}

type point struct{ x, y float32 }

// A curve is one piece of an outline: the start of a contour, or a quadratic
// Bézier curve through ctrl to end (straight lines have ctrl in the middle).
type curve struct {
	start     bool
	ctrl, end point
}

// A glyph is the outline of one digit, scaled to height 1 with its bounding
// box centred at 0; y grows downwards.
type glyph struct {
	curves []curve
	width  float32
}

// forms is the number of outlines of each digit in a typeface.
const forms = 2

// glyphs holds the outlines by typeface, digit and form. The second form of 0
// is the capital O, since the digit of these fonts has a stroke inside; that
// of 1 is the plain bar; the other digits have one form only.
var glyphs = sync.OnceValues(func() ([][10][forms]glyph, error) {
	all := make([][10][forms]glyph, len(typefaces))
	for t, face := range typefaces {
		font, err := sfnt.Parse(face.ttf)
		if err != nil {
			return nil, fmt.Errorf("embedded font %s: %w", face.name, err)
		}
		for d := range 10 {
			g, err := outline(font, rune('0'+d))
			if err != nil {
				return nil, fmt.Errorf("embedded font %s, digit %d: %w", face.name, d, err)
			}
			all[t][d] = [forms]glyph{g, g}
		}
		o, err := outline(font, 'O')
		if err != nil {
			return nil, fmt.Errorf("embedded font %s, letter O: %w", face.name, err)
		}
		all[t][0][1] = o.widen(all[t][0][0].width)
		bar, err := outline(font, '|')
		if err != nil {
			return nil, fmt.Errorf("embedded font %s, bar: %w", face.name, err)
		}
		all[t][1][1] = bar.widen(max(0.14, 1.5*bar.width))
	}
	return all, nil
})

// pieces is the number of curves that each piece of an outline is cut into, so
// that straight strokes can bend when the outline is warped.
const pieces = 4

func outline(font *sfnt.Font, r rune) (glyph, error) {
	var buf sfnt.Buffer
	at, err := font.GlyphIndex(&buf, r)
	if err != nil {
		return glyph{}, err
	}
	segments, err := font.LoadGlyph(&buf, at, fixed.I(1024), nil)
	if err != nil {
		return glyph{}, err
	}
	box := segments.Bounds()
	height := float32(box.Max.Y - box.Min.Y)
	if height <= 0 {
		return glyph{}, fmt.Errorf("the outline is empty")
	}
	place := func(p fixed.Point26_6) point {
		return point{
			(float32(p.X) - float32(box.Min.X+box.Max.X)/2) / height,
			(float32(p.Y) - float32(box.Min.Y+box.Max.Y)/2) / height,
		}
	}
	g := glyph{width: float32(box.Max.X-box.Min.X) / height}
	var pen point
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			pen = place(s.Args[0])
			g.curves = append(g.curves, curve{start: true, end: pen})
		case sfnt.SegmentOpLineTo:
			end := place(s.Args[0])
			g.cut(pen, middle(pen, end, 0.5), end)
			pen = end
		case sfnt.SegmentOpQuadTo:
			end := place(s.Args[1])
			g.cut(pen, place(s.Args[0]), end)
			pen = end
		default:
			return glyph{}, fmt.Errorf("the outline has a cubic curve, which TrueType fonts do not")
		}
	}
	return g, nil
}

// widen scales the outline along x to the given width.
func (g glyph) widen(width float32) glyph {
	s := width / g.width
	for i := range g.curves {
		g.curves[i].ctrl.x *= s
		g.curves[i].end.x *= s
	}
	g.width = width
	return g
}

func middle(a, b point, t float32) point {
	return point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}
}

// cut appends the quadratic curve a, b, c in pieces, each split off by de
// Casteljau's construction.
func (g *glyph) cut(a, b, c point) {
	for k := pieces; k > 1; k-- {
		t := 1 / float32(k)
		ab, bc := middle(a, b, t), middle(b, c, t)
		p := middle(ab, bc, t)
		g.curves = append(g.curves, curve{ctrl: ab, end: p})
		a, b = p, bc
	}
	g.curves = append(g.curves, curve{ctrl: b, end: c})
}
