package render

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sort"
)

// shrinkPNG stores a picture with at most so many colours (up to 256), chosen by median cut
// (Heckbert 1982). A figure has few colours but for blended edges, which makes
// it two to five times smaller. The smaller of the two forms is returned.
func shrinkPNG(raw []byte, colors int) []byte {
	src, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return raw
	}
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	pixel := func(x, y int) color.RGBA {
		return color.RGBAModel.Convert(src.At(b.Min.X+x, b.Min.Y+y)).(color.RGBA)
	}
	switch m := src.(type) { // the decoder's own types, without a call a pixel
	case *image.RGBA:
		pixel = m.RGBAAt
	case *image.NRGBA:
		pixel = func(x, y int) color.RGBA { return color.RGBA(m.NRGBAAt(x, y)) }
	}
	// Colours fall into 2¹⁶ bins: 5, 6 and 5 bits of red, green and blue.
	var bins [1 << 16]bin
	keys := make([]uint16, w*h)
	for y := range h {
		for x := range w {
			p := pixel(x, y)
			if p.A != 0xff {
				return raw // our figures are opaque; others are left alone
			}
			k := uint16(p.R)>>3<<11 | uint16(p.G)>>2<<5 | uint16(p.B)>>3
			keys[y*w+x] = k
			c := &bins[k]
			c.n++
			c.sum[0] += uint64(p.R)
			c.sum[1] += uint64(p.G)
			c.sum[2] += uint64(p.B)
		}
	}
	var used []uint16
	for k := range bins {
		if bins[k].n > 0 {
			used = append(used, uint16(k))
		}
	}
	boxes := medianCut(used, bins[:], colors)
	var index [1 << 16]uint8
	palette := make(color.Palette, len(boxes))
	for i, box := range boxes {
		var n uint64
		var sum [3]uint64
		for _, k := range box {
			index[k] = uint8(i)
			n += bins[k].n
			for c := range sum {
				sum[c] += bins[k].sum[c]
			}
		}
		palette[i] = color.RGBA{uint8((sum[0] + n/2) / n), uint8((sum[1] + n/2) / n), uint8((sum[2] + n/2) / n), 0xff}
	}
	img := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	for i, k := range keys {
		img.Pix[i] = index[k]
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil || buf.Len() >= len(raw) {
		return raw
	}
	return buf.Bytes()
}

type bin struct {
	n   uint64
	sum [3]uint64
}

// channel of a bin's key, scaled to 6 bits.
func channel(k uint16, c int) int {
	switch c {
	case 0:
		return int(k>>11) << 1
	case 1:
		return int(k >> 5 & 63)
	}
	return int(k&31) << 1
}

// medianCut splits the bins into boxes, each time the one with the largest
// spread weighted by its pixels, at the median of its longest side.
func medianCut(used []uint16, bins []bin, limit int) [][]uint16 {
	type box struct {
		keys  []uint16
		side  int
		score float64
	}
	measure := func(keys []uint16) box {
		b := box{keys: keys}
		var n uint64
		for _, k := range keys {
			n += bins[k].n
		}
		longest := 0
		for c := range 3 {
			lo, hi := 64, -1
			for _, k := range keys {
				v := channel(k, c)
				lo, hi = min(lo, v), max(hi, v)
			}
			if hi-lo > longest {
				longest, b.side = hi-lo, c
			}
		}
		// The square keeps rare but distinct colours, such as a thin line's.
		b.score = float64(longest*longest) * (1 + float64(n)/1000)
		return b
	}
	boxes := []box{measure(used)}
	for len(boxes) < limit {
		best := -1
		for i, b := range boxes {
			if b.score > 0 && (best < 0 || b.score > boxes[best].score) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		b := boxes[best]
		sort.Slice(b.keys, func(i, j int) bool {
			x, y := channel(b.keys[i], b.side), channel(b.keys[j], b.side)
			return x < y || x == y && b.keys[i] < b.keys[j]
		})
		var n, half uint64
		for _, k := range b.keys {
			n += bins[k].n
		}
		cut := 1
		for i, k := range b.keys[:len(b.keys)-1] {
			half += bins[k].n
			cut = i + 1
			if 2*half >= n {
				break
			}
		}
		boxes[best] = measure(b.keys[:cut])
		boxes = append(boxes, measure(b.keys[cut:]))
	}
	out := make([][]uint16, len(boxes))
	for i, b := range boxes {
		out[i] = b.keys
	}
	return out
}

// FitPNG draws the picture at the highest resolution that leaves the message
// within its limit; room is in bytes of base64. Nil where rsvg-convert is
// missing or nothing fits.
func FitPNG(svg string, room int) []byte {
	last := 0
	for _, try := range []struct {
		scale  float64
		colors int
	}{{2, 256}, {1.5, 256}, {1.2, 128}, {1, 64}, {1, 32}, {0.8, 32}} {
		if last > 5*room/2 && try.scale > 1.2 {
			continue // a little smaller will not do
		}
		raw, err := Rasterize(svg, try.scale)
		if err != nil {
			return nil
		}
		png := shrinkPNG(raw, try.colors)
		if last = (len(png) + 2) / 3 * 4; last <= room {
			return png
		}
	}
	return nil
}
