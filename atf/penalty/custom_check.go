package penalty

import (
	"fmt"
	"math"
	"strings"
)

// A ShapeError says where a custom ω is not what the theorems assume.
type ShapeError struct {
	Name   string    // of the penalty
	Reason string    // what is wrong
	S      []float64 // the offending points, in the order of the check
	Values []float64 // ω there
}

func (e *ShapeError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "penalty: custom %q %s:", e.Name, e.Reason)
	const shown = 8
	for i, s := range e.S {
		if i == shown {
			fmt.Fprintf(&b, " and %d more", len(e.S)-shown)
			break
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " ω(%.10g) = %.10g", s, e.Values[i])
	}
	return b.String()
}

// check walks from s = 1 outwards on both sides and asks that ω rises. Falls
// within 1e-12 of the larger of ω(s) and ω(2), or ω(1/2) on the left, count as
// rounding errors, and so do equal values below s = 0.1: (s²−1)² is 1 to all
// digits below 1e-8.
func (p *custom) check(first int) error {
	if w := p.omega(0); w != 0 {
		reason := "must be 0 at its minimum s = 1"
		if !math.IsNaN(w) && !math.IsInf(w, 0) {
			reason += ", subtract ω(1)"
		}
		return &ShapeError{Name: p.name, Reason: reason, S: []float64{1}, Values: []float64{w}}
	}
	for _, e := range []float64{1, -0.5} {
		if w := p.omega(e); !(w > 0) || math.IsInf(w, 1) {
			return &ShapeError{Name: p.name, Reason: fmt.Sprintf("must be positive and finite at s = %v", 1+e), S: []float64{1 + e}, Values: []float64{w}}
		}
	}
	var right, left []float64
	for i := range (lastDecade-first)*perDecade + 1 {
		right = append(right, gridPoint(first, i))
	}
	for _, e := range right {
		if e < 0.5 {
			left = append(left, -e)
		}
	}
	for i := range 12*perDecade + 1 {
		left = append(left, 0.5*math.Pow(10, -float64(i)/perDecade)-1)
	}
	if err := p.climb(right, p.omega(1), "to the right of 1"); err != nil {
		return err
	}
	return p.climb(left, p.omega(-0.5), "to the left of 1")
}

func (p *custom) climb(es []float64, unit float64, where string) error {
	fall := &ShapeError{Name: p.name, Reason: "is not strictly quasi-convex with its minimum at 1, it falls " + where}
	flat := &ShapeError{Name: p.name, Reason: "is not strictly quasi-convex, it is constant " + where}
	before, at := 0.0, 0.0
	for _, e := range es {
		w := p.omega(e)
		if math.IsNaN(w) || math.IsInf(w, -1) || math.IsInf(w, 1) && before < 1e100 {
			return &ShapeError{Name: p.name, Reason: "is not finite and continuous " + where, S: []float64{1 + at, 1 + e}, Values: []float64{before, w}}
		}
		noise := 1e-12 * max(before, unit)
		switch {
		case w < before-noise:
			fall.add(at, before)
			fall.add(e, w)
		case w == before && before > 100*noise && !math.IsInf(w, 1) && 1+e >= 0.1:
			flat.add(at, before)
			flat.add(e, w)
		}
		before, at = w, e
	}
	switch {
	case len(fall.S) > 0:
		return fall
	case len(flat.S) > 0:
		return flat
	}
	return nil
}

func (e *ShapeError) add(excess, w float64) {
	if n := len(e.S); n > 0 && e.S[n-1] == 1+excess {
		return
	}
	e.S = append(e.S, 1+excess)
	e.Values = append(e.Values, w)
}

// checkSlope compares the derivative with differences where those are good. A
// few disagreements may be kinks.
func (p *custom) checkSlope(first int) error {
	plain := &custom{omega: p.omega}
	wrong := &ShapeError{Name: p.name, Reason: "contradicts its derivative"}
	checked := 0
	for i := range (lastDecade-first)*perDecade + 1 {
		e := gridPoint(first, i)
		if e < 1e-3 || e > 1e3 || p.cost(2*e) > 1e200 {
			continue
		}
		checked++
		given, found := p.slope(e), plain.rise(e)
		if !(math.Abs(given-found) <= 1e-3*math.Abs(found)) {
			wrong.add(e, p.cost(e))
		}
	}
	if 10*len(wrong.S) > checked {
		return wrong
	}
	return nil
}
