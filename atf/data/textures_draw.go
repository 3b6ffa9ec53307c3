package data

import (
	"math"
	"math/rand/v2"
)

// between draws uniformly from lo to hi.
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// wave is a sine of period 1.
func wave(v float64) float64 { return math.Sin(2 * math.Pi * v) }

// A pattern gives a number, negative on one colour and positive on the other,
// for a point of the plane measured in periods.
type pattern func(u, v float64) float64

// drawTexture makes one image of a class in dst, pixel by pixel, with all else
// taken from r: the plane is turned, scaled and moved, the pattern goes from one
// colour to another more or less sharply, light falls from a side, and every
// channel of every pixel has its grain.
func drawTexture(dst []uint8, class int, r *rand.Rand) {
	period := between(r, 6, 11)
	sn, cs := math.Sincos(between(r, 0, 2*math.Pi))
	// The middle of the plane lies in the picture: there rings and rays begin.
	ox, oy := between(r, 0.2, 0.8)*edge, between(r, 0.2, 0.8)*edge
	at := newPattern(class, edge*math.Sqrt2/period, r)

	sharp := between(r, 1.5, 5)
	if r.IntN(2) == 0 {
		sharp = -sharp // the colours change places
	}
	var middle, half [3]float64
	norm := 0.0
	for c := range half {
		middle[c] = between(r, 0.35, 0.65)
		half[c] = r.NormFloat64()
		norm += half[c] * half[c]
	}
	size := between(r, 0.25, 0.5) / math.Sqrt(norm)
	lightX, lightY := between(r, -0.15, 0.15), between(r, -0.15, 0.15)
	grain := between(r, 0.01, 0.08)
	for y := range edge {
		for x := range edge {
			dx, dy := (float64(x)-ox)/period, (float64(y)-oy)/period
			v := math.Tanh(sharp * at(cs*dx+sn*dy, cs*dy-sn*dx))
			light := lightX*(2*float64(x)/(edge-1)-1) + lightY*(2*float64(y)/(edge-1)-1)
			for c := range half {
				z := middle[c] + size*half[c]*v + light + grain*r.NormFloat64()
				dst[(y*edge+x)*3+c] = uint8(255*min(max(z, 0), 1) + 0.5)
			}
		}
	}
}

// newPattern draws a pattern of a class that is good to the distance reach, in
// periods, from the middle of the plane.
func newPattern(class int, reach float64, r *rand.Rand) pattern {
	// Moved by parts of a period, so that only rings and rays show the middle.
	pu, pv := r.Float64(), r.Float64()
	switch textureClasses[class] {
	case "stripes":
		return func(u, v float64) float64 { return wave(u + pu) }
	case "waves":
		bend, length := between(r, 0.25, 0.4), between(r, 1.4, 2.2)
		return func(u, v float64) float64 { return wave(u + pu + bend*wave(v/length+pv)) }
	case "checks":
		return func(u, v float64) float64 { return 1.5 * wave((u+pu)/1.4) * wave((v+pv)/1.4) }
	case "grid":
		line := between(r, 0.75, 0.88)
		return func(u, v float64) float64 { return 3 * (max(wave(u+pu), wave(v+pv)) - line) }
	case "dots":
		radius := between(r, 0.24, 0.36)
		return func(u, v float64) float64 { return 4 * (radius - math.Hypot(toCell(u+pu), toCell(v+pv))) }
	case "bricks":
		long, joint := between(r, 1.8, 2.4), between(r, 0.08, 0.14)
		return func(u, v float64) float64 {
			v += pv
			shift := math.Mod(math.Abs(math.Floor(v+0.5)), 2) / 2
			gapU, gapV := long*(0.5-math.Abs(toCell((u+pu)/long+shift))), 0.5-math.Abs(toCell(v))
			return 5 * (min(gapU, gapV) - joint)
		}
	case "rings":
		return func(u, v float64) float64 { return wave(math.Hypot(u, v) + pu) }
	case "rays":
		arms := float64(5 + r.IntN(6))
		return func(u, v float64) float64 { return math.Sin(arms*math.Atan2(v, u) + 2*math.Pi*pu) }
	case "mosaic":
		return mosaic(reach, r)
	}
	return clouds(r)
}

// toCell gives the place of v in its period, −½ … ½ from the middle.
func toCell(v float64) float64 { return v - math.Floor(v+0.5) }

// mosaic is the Voronoi diagram of a grid of points, each moved at random: a
// point of the plane has the value of the nearest of them.
func mosaic(reach float64, r *rand.Rand) pattern {
	n := int(math.Ceil(reach)) + 1
	width := 2*n + 1
	type stone struct{ u, v, value float64 }
	stones := make([]stone, width*width)
	for i := range stones {
		stones[i] = stone{float64(i%width-n) + between(r, -0.45, 0.45), float64(i/width-n) + between(r, -0.45, 0.45), between(r, -0.7, 0.7)}
	}
	return func(u, v float64) float64 {
		near, value := math.Inf(1), 0.0
		iu, iv := int(math.Round(u))+n, int(math.Round(v))+n
		for b := max(iv-2, 0); b <= min(iv+2, width-1); b++ {
			for a := max(iu-2, 0); a <= min(iu+2, width-1); a++ {
				s := &stones[b*width+a]
				if d := (u-s.u)*(u-s.u) + (v-s.v)*(v-s.v); d < near {
					near, value = d, s.value
				}
			}
		}
		return value
	}
}

// clouds is noise whose amplitude falls with the frequency: a sum of waves in
// all directions, of lengths from half a period to six.
func clouds(r *rand.Rand) pattern {
	const waves = 24
	var fu, fv, phase, size [waves]float64
	for k := range waves {
		length := 0.5 * math.Pow(12, r.Float64())
		sn, cs := math.Sincos(between(r, 0, 2*math.Pi))
		fu[k], fv[k], phase[k] = cs/length, sn/length, r.Float64()
		size[k] = 0.12 * math.Sqrt(length)
	}
	return func(u, v float64) float64 {
		sum := 0.0
		for k := range waves {
			sum += size[k] * wave(fu[k]*u+fv[k]*v+phase[k])
		}
		return sum
	}
}
