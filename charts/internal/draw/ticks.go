package draw

import "math"

const (
	// rounding is the relative difference up to which two numbers count as
	// equal: below it, sixteen digits would not tell the ticks of an axis apart.
	rounding = 1e-12
	// maxTicks bounds the ticks of an axis, whatever its data.
	MaxTicks = 400
)

// Alike is true where two numbers are equal up to rounding.
func Alike(lo, hi float64) bool {
	d := math.Abs(hi - lo)
	return d <= rounding*math.Max(math.Abs(lo), math.Abs(hi)) || d < 50*math.SmallestNonzeroFloat64
}

// Fraction is the place of v between lo and hi, 0 at lo and 1 at hi, also where
// hi − lo exceeds the largest float.
func Fraction(v, lo, hi float64) float64 {
	if d := hi - lo; !math.IsInf(d, 0) && !math.IsInf(v-lo, 0) {
		return (v - lo) / d
	}
	return (v/2 - lo/2) / (hi/2 - lo/2)
}

// Between is the number at the fraction t of the way from lo to hi.
func Between(lo, hi, t float64) float64 {
	if d := hi - lo; !math.IsInf(d, 0) {
		return lo + d*t
	}
	return lo*(1-t) + hi*t
}

// StepOf is an n-th of the way from lo to hi.
func StepOf(lo, hi float64, n int) float64 {
	if d := hi - lo; !math.IsInf(d, 0) {
		return d / float64(n)
	}
	return hi/float64(n) - lo/float64(n)
}

// RoundSteps are the multiples of step from lo to hi, at most most of them. The
// loop counts: adding a step to a float need not move it.
func RoundSteps(lo, hi, step float64, most int) []float64 {
	if !(step > 0) || math.IsInf(step, 0) {
		return nil
	}
	first, last := math.Ceil(lo/step-1e-9), math.Floor(hi/step+1e-9)
	if !(last >= first) {
		return nil
	}
	n := most
	if count := last - first + 1; count < float64(most) {
		n = int(count)
	}
	var out []float64
	for k := range n {
		v := tidy((first+float64(k))*step, step)
		if len(out) == 0 || v > out[len(out)-1] {
			out = append(out, v)
		}
	}
	return out
}

// roundNumbers are the multiples of step from lo to hi, or of the next smaller
// round step with two of them there.
func roundNumbers(lo, hi, step float64) (ticks []float64) {
	for range 4 {
		if ticks = RoundSteps(lo, hi, step, MaxTicks); len(ticks) >= 2 {
			break
		}
		step = NiceStep(math.Min(step, hi-lo) / 2)
	}
	return ticks
}

// tidy removes the dust of k*step: 0.30000000000000004.
func tidy(v, step float64) float64 {
	d := math.Pow(10, math.Floor(log10(step))-3)
	if d == 0 || math.IsInf(1/d, 0) {
		return v
	}
	r := math.Round(v/d) * d
	if d < 1 {
		r = math.Round(v/d) / math.Round(1/d)
	}
	if !Finite(r) {
		return v
	}
	return r
}

// NiceStep is the step of 1, 2 or 5 times a power of ten nearest to raw.
func NiceStep(raw float64) float64 {
	p := math.Pow(10, math.Floor(log10(raw)))
	switch f := raw / p; {
	case f < math.Sqrt2:
		return p
	case f < 3.16:
		return 2 * p
	case f < 7.07:
		return 5 * p
	}
	return 10 * p
}

// logTicks are round numbers between two positive ends, about n of them and no
// fewer than two: powers of ten, or 1, 2 and 5 times them over less than two
// decades, or equal steps where the ends are closer still, which even tells.
func logTicks(from, to float64, n int) (ticks []float64, even bool) {
	l, h := log10(from), log10(to)
	every := max(1, int(math.Ceil((h-l)/float64(n))))
	one, many := []float64{1}, []float64{1, 2, 5}
	for _, try := range []struct {
		marks []float64
		every int
		fits  bool
	}{{one, every, h-l >= 1.7}, {one, 1, h-l >= 1.7}, {many, 1, true}} {
		ticks = nil
		for e := int(math.Floor(l)); try.fits && e <= int(math.Ceil(h)); e++ {
			if e%try.every != 0 {
				continue
			}
			for _, m := range try.marks {
				v := m * math.Pow(10, float64(e))
				if v >= from*(1-1e-9) && v <= to*(1+1e-9) && v > 0 && Finite(v) {
					ticks = append(ticks, v)
				}
			}
		}
		if len(ticks) >= 2 {
			return ticks, false
		}
	}
	return roundNumbers(from, to, NiceStep((to-from)/float64(n))), true
}

// log10 is math.Log10, which is wrong below the smallest normal float.
func log10(v float64) float64 {
	if v > 0 && v < 0x1p-1022 {
		return math.Log10(v*0x1p200) - 200*math.Log10(2)
	}
	return math.Log10(v)
}
