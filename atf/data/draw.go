package data

import (
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

const (
	side   = 28          // pixels along an edge of a digit image
	pixels = side * side // pixels of a digit image

	over = 2           // the outline is drawn at this many times the size
	fine = over * side // pixels along an edge of that drawing
)

// A pen draws typeset digits; it keeps its buffers between images and belongs
// to one goroutine.
type pen struct {
	raster *vector.Rasterizer
	mask   *image.Alpha
	a, b   []float32 // fine × fine
	small  [pixels]float32
}

func newPen() *pen {
	return &pen{
		raster: vector.NewRasterizer(fine, fine),
		mask:   image.NewAlpha(image.Rect(0, 0, fine, fine)),
		a:      make([]float32, fine*fine),
		b:      make([]float32, fine*fine),
	}
}

func uniform(r *rand.Rand, lo, hi float64) float32 { return float32(lo + (hi-lo)*r.Float64()) }

// A warp bends the plane by two slow waves per axis.
type warp struct{ fx, fy, phase, size [4]float32 }

func newWarp(r *rand.Rand) (w warp) {
	for k := range w.fx {
		w.fx[k] = uniform(r, -4, 4)
		w.fy[k] = uniform(r, -4, 4)
		w.phase[k] = uniform(r, 0, 2*math.Pi)
		w.size[k] = uniform(r, 0.015, 0.05)
	}
	return w
}

func (w *warp) at(p point) point {
	q := p
	for k := range 2 {
		q.x += w.size[k] * sin(w.fx[k]*p.x+w.fy[k]*p.y+w.phase[k])
		q.y += w.size[k+2] * sin(w.fx[k+2]*p.x+w.fy[k+2]*p.y+w.phase[k+2])
	}
	return q
}

func sin(v float32) float32 { return float32(math.Sin(float64(v))) }

// draw makes one image of glyph g in dst, with the style taken from r: warp,
// width, slant, rotation, size, stroke weight, blur, ink, grain and place.
// Like MNIST's digits the result keeps to about 20 × 20 of the 28 × 28 pixels,
// with its centre of mass near the middle and a black background.
func (p *pen) draw(dst []uint8, g *glyph, r *rand.Rand) {
	w := newWarp(r)
	height := uniform(r, 16.5, 20.5)
	breadth := uniform(r, 0.85, 1.35)
	slant := uniform(r, -0.12, 0.3)
	sn, cs := math.Sincos(float64(uniform(r, -0.2, 0.2)))
	s, c := float32(sn), float32(cs)
	breadth = min(breadth, (21/height-max(slant, -slant))/g.width)
	place := func(q point) point {
		q = w.at(q)
		x, y := breadth*q.x-slant*q.y, q.y
		x, y = c*x-s*y, s*x+c*y
		return point{over * (side/2 + height*x), over * (side/2 + height*y)}
	}

	p.raster.Reset(fine, fine)
	p.raster.DrawOp = draw.Src // Reset has set it back to draw.Over
	open := false
	for i := range g.curves {
		k := &g.curves[i]
		end := place(k.end)
		if k.start {
			if open {
				p.raster.ClosePath()
			}
			p.raster.MoveTo(end.x, end.y)
			open = true
			continue
		}
		ctrl := place(k.ctrl)
		p.raster.QuadTo(ctrl.x, ctrl.y, end.x, end.y)
	}
	p.raster.ClosePath()
	p.raster.Draw(p.mask, p.mask.Rect, image.Opaque, image.Point{})
	for i, v := range p.mask.Pix {
		p.a[i] = float32(v) / 255
	}

	// A blur followed by a steep ramp moves the edge: a ramp centred low makes
	// the stroke heavier, one centred high makes it lighter.
	gauss(p.a, p.b, fine, uniform(r, 1, 1.7))
	weight := uniform(r, 0.2, 0.58)
	width := min(uniform(r, 0.2, 0.5), 2*weight) // black stays black
	for i, v := range p.a {
		p.a[i] = clamp((v-weight)/width + 0.5)
	}
	var mass, mx, my float32
	left, right, top, bottom := side, 0, side, 0 // where there is ink
	for y := range side {
		for x := range side {
			i := over*y*fine + over*x
			v := (p.a[i] + p.a[i+1] + p.a[i+fine] + p.a[i+fine+1]) / 4
			p.small[y*side+x] = v
			mass, mx, my = mass+v, mx+v*float32(x), my+v*float32(y)
			if v > 1.0/16 {
				left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
			}
		}
	}
	shiftX := side/2 - 0.5 - mx/mass + uniform(r, -1, 1)
	shiftY := side/2 - 0.5 - my/mass + uniform(r, -1, 1)
	p.finish(dst, within(shiftX, left, right), within(shiftY, top, bottom), r)
}

// within rounds the shift and keeps ink from lo to hi off the frame's edge.
func within(shift float32, lo, hi int) int {
	s := int(math.Round(float64(shift)))
	return max(1-lo, min(s, side-2-hi))
}

// finish moves the small drawing by whole pixels and adds blur and grain.
func (p *pen) finish(dst []uint8, dx, dy int, r *rand.Rand) {
	img := p.a[:pixels]
	clear(img)
	for y := max(0, -dy); y < min(side, side-dy); y++ {
		for x := max(0, -dx); x < min(side, side-dx); x++ {
			img[(y+dy)*side+x+dx] = p.small[y*side+x]
		}
	}
	gauss(img, p.b, side, uniform(r, 0.3, 0.6))
	ink, grain := uniform(r, 0.85, 1.15), uniform(r, 0, 0.12)
	for i, v := range img {
		if v < 1.0/64 {
			dst[i] = 0
			continue
		}
		v = clamp(v*ink + v*grain*float32(r.NormFloat64()))
		dst[i] = uint8(v*255 + 0.5)
	}
}

func clamp(v float32) float32 { return min(max(v, 0), 1) }

// gauss blurs the n × n image a in place by a Gaussian of standard deviation
// sigma in pixels, cut off at three; b is scratch of the same size. Beyond the
// edge the image is black.
func gauss(a, b []float32, n int, sigma float32) {
	var weights [8]float32
	reach := min(int(math.Ceil(float64(3*sigma))), len(weights)-1)
	total := float32(0)
	for k := 0; k <= reach; k++ {
		weights[k] = float32(math.Exp(-float64(k*k) / (2 * float64(sigma) * float64(sigma))))
		total += weights[k]
		if k > 0 {
			total += weights[k]
		}
	}
	for k := range weights {
		weights[k] /= total
	}
	for y := range n {
		row, out := a[y*n:(y+1)*n], b[y*n:(y+1)*n]
		for x := range out {
			out[x] = weights[0] * row[x]
		}
		for k := 1; k <= reach; k++ {
			for x := range n - k {
				out[x] += weights[k] * row[x+k]
				out[x+k] += weights[k] * row[x]
			}
		}
	}
	for y := range n {
		out := a[y*n : (y+1)*n]
		for x := range out {
			out[x] = weights[0] * b[y*n+x]
		}
		for k := 1; k <= reach; k++ {
			if y >= k {
				up := b[(y-k)*n : (y-k+1)*n]
				for x := range out {
					out[x] += weights[k] * up[x]
				}
			}
			if y+k < n {
				down := b[(y+k)*n : (y+k+1)*n]
				for x := range out {
					out[x] += weights[k] * down[x]
				}
			}
		}
	}
}
